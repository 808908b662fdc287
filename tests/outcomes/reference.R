# What R `survival` and `metafor` say of the tables of a folder, as lines of table, quantity, place, value.
# Usage: Rscript reference.R FOLDER
suppressMessages({library(survival); library(metafor)})
folder <- commandArgs(trailingOnly = TRUE)[1]
out <- file(file.path(folder, "answers.txt"), "w")
say <- function(table, quantity, values) {
  values <- as.numeric(values)
  if (length(values)) writeLines(sprintf("%s,%s,%d,%.17g", table, quantity, seq_along(values), values), out)
}

sharp <- coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 100)

curve <- function(name, d, fit) {
  say(name, "time", fit$time); say(name, "n.risk", fit$n.risk); say(name, "n.event", fit$n.event)
  say(name, "surv", fit$surv); say(name, "lower", fit$lower); say(name, "upper", fit$upper)
  # std.err is of the cumulative hazard where Greenwood's, of the survival where robust
  say(name, "error", if (isTRUE(fit$logse)) fit$std.err * fit$surv else fit$std.err)
  q <- quantile(fit, probs = c(0.25, 0.5, 0.75))
  say(name, "quantile", q$quantile); say(name, "quantile.lower", q$lower); say(name, "quantile.upper", q$upper)
  horizon <- 0.6 * max(d$time)
  say(name, "rmean", summary(fit, rmean = horizon)$table[c("rmean", "se(rmean)")])
}

incidence <- function(name, d) {
  states <- factor(d$cause, levels = 0:max(d$cause))
  fit <- survfit(Surv(entry, time, states) ~ 1, data = d, weights = weight, id = seq_len(nrow(d)), conf.type = "log-log")
  for (k in seq_len(max(d$cause))) {
    say(name, paste0("incidence.", k), fit$pstate[, k + 1]); say(name, paste0("incidence.error.", k), fit$std.err[, k + 1])
    say(name, paste0("incidence.lower.", k), fit$lower[, k + 1]); say(name, paste0("incidence.upper.", k), fit$upper[, k + 1])
  }
}

hazards <- function(name, d) {
  model <- Surv(entry, time, cause > 0) ~ factor(group) + x
  plain <- coxph(model, data = d, weights = weight, ties = "efron", control = sharp, robust = FALSE)
  say(name, "cox", plain$coefficients); say(name, "cox.var", plain$var)
  say(name, "cox.loglik", plain$loglik); say(name, "cox.score", plain$score)
  robust <- coxph(model, data = d, weights = weight, ties = "efron", control = sharp, cluster = seq_len(nrow(d)))
  say(name, "cox.robust", robust$var)
}

for (path in sort(list.files(folder, pattern = "[.]csv$", full.names = TRUE))) {
  name <- sub("[.]csv$", "", basename(path))
  d <- read.csv(path)
  if (startsWith(name, "pool-")) {
    fit <- rma(measure = "PLO", xi = events, ni = patients, data = d, method = "REML", test = "adhoc",
               control = list(threshold = 1e-12, maxiter = 1000))
    ahead <- predict(fit)
    say(name, "pool", c(fit$beta, fit$se, fit$ci.lb, fit$ci.ub, ahead$pi.lb, ahead$pi.ub, fit$tau2, fit$QE, fit$QEp))
    plain <- rma(measure = "PLO", xi = events, ni = patients, data = d, method = "REML", test = "knha",
                 control = list(threshold = 1e-12, maxiter = 1000))
    say(name, "pool.knha", c(plain$se, plain$ci.lb, plain$ci.ub))
    next
  }
  d$entry[d$entry == 0] <- -1  # at risk from the origin, events at the origin included
  late <- any(d$entry > 0)
  surv <- if (late) with(d, Surv(entry, time, cause > 0)) else with(d, Surv(time, cause > 0))
  curve(name, d, survfit(surv ~ 1, data = d, weights = weight, conf.type = "log-log"))
  if (any(d$cause > 0)) incidence(name, d)
  if (sum(d$cause > 0) > 10) {
    hazards(name, d)
    # coxph enumerates the ways in which tied events could have come: with many tied it would not end
    if (all(d$weight == 1) && (!late || max(table(d$time[d$cause > 0])) <= 4)) {
      say(name, "log.rank", if (late) suppressWarnings(coxph(surv ~ factor(group), data = d, ties = "exact", control = coxph.control(iter.max = 0)))$score
                            else survdiff(surv ~ group, data = d)$chisq)
    }
  }
}
close(out)
