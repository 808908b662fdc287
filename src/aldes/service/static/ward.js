// What every page does by itself: count down, say that the stream is silent, let an answer grow old, listen to keys.
"use strict";
(() => {
  const SILENT_S = 30;
  let heard = Date.now();

  const hear = () => { heard = Date.now(); };
  document.addEventListener("htmx:sseMessage", hear);
  document.addEventListener("htmx:sseOpen", (event) => {
    hear();
    event.detail.source.addEventListener("beat", hear);
    event.detail.source.addEventListener("course", hear);
  });

  const span = (ms) => {
    const minutes = Math.floor(Math.abs(ms) / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (days) return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
    return hours ? `${hours} h ${minutes % 60} min` : `${minutes % 60} min`;
  };

  const tick = () => {
    const now = Date.now();
    document.querySelectorAll("[data-countdown]").forEach((time) => {
      const at = Date.parse(time.getAttribute("datetime")), shown = time.parentElement.querySelector(".countdown");
      if (shown && !Number.isNaN(at)) shown.textContent = at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`;
    });
    document.querySelectorAll("[data-valid-until]").forEach((part) => {
      const until = Date.parse(part.dataset.validUntil);
      if (Number.isNaN(until) || now <= until || part.classList.contains("is-old")) return;
      const card = part.closest(".card");
      card.classList.add("is-old");
      const stands = card.querySelector("[data-stands]") || part;
      stands.textContent = "This answer is too old. Ask again: load the page, and look at what is new.";
    });
    const silence = document.getElementById("silence"), silent = Math.floor((now - heard) / 1000);
    if (silence && document.body.hasAttribute("sse-connect")) {
      silence.hidden = silent < SILENT_S;
      silence.querySelector("[data-silent-for]").textContent = String(silent);
    }
  };
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", tick);
  tick();

  // A button with a key of its own, while nobody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    if (button.matches("input, select")) button.focus(); else button.click();
  });

  // Day and night.
  document.querySelectorAll("[data-theme-toggle]").forEach((button) => {
    const root = document.documentElement;
    const night = () => root.dataset.theme === "night" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    const show = () => { button.textContent = night() ? "day" : "night"; button.setAttribute("aria-pressed", String(night())); };
    button.addEventListener("click", () => {
      root.dataset.theme = night() ? "day" : "night";
      localStorage.setItem("aldes-theme", root.dataset.theme);
      show();
    });
    show();
  });

  // What was refused is said where it is seen; its button takes the next key once it is ready for it.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "said") return;
    event.detail.target.scrollIntoView({ block: "center" });
    const first = event.detail.target.querySelector("button");
    if (first) first.focus();
  });
})();
