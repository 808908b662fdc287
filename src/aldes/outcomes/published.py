"""Published figures reckoned again from what is published beside them: shares, intervals, sums, odds, medians."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from aldes.evidence.context import Dataset
from aldes.evidence.outcomes import Outcomes
from aldes.evidence.series import Endpoint, range_of
from aldes.numbers import number
from aldes.outcomes.kaplan_meier import kaplan_meier, landmark, quantile
from aldes.outcomes.limits import clopper_pearson, wilson
from aldes.outcomes.sample import Sample

SUMS = (  # a response rate, and the complete and partial ones that it is made of
    ("fda_pool_rcc.orr_1995", "fda_pool_rcc.cr_1995", "fda_pool_rcc.pr_1995"),
    ("fda_pool_rcc.orr_upd", "fda_pool_rcc.cr_upd", "fda_pool_rcc.pr_upd"),
    ("nci_klapper2008.orr", "nci_klapper2008.cr", "nci_klapper2008.pr"),
    ("select.orr", "select.cr", "select.pr"),
    ("proclaim_2015.orr_retro", "proclaim_2015.cr_retro", "proclaim_2015.pr_retro"),
    ("proclaim_2015.orr_pro", "proclaim_2015.cr_pro", "proclaim_2015.pr_pro"),
    ("post_pd1.orr_rcc", "post_pd1.cr_rcc", "post_pd1.pr_rcc"),
    ("fda_pool_mel.orr", "fda_pool_mel.cr", "fda_pool_mel.pr"),
    ("til_il2.orr", "til_il2.cr", "til_il2.pr"),
)
ODDS = ("caix_atkins.or", "caix_atkins.resp_high", "caix_atkins.nonresp_high")
MEDIANS_APART_BY = 1.0  # months: what the rebuilding of a curve may move a median, docs/decisions/0023


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One published figure beside what we reckon; `agrees` to the last printed digit unless said otherwise."""

    id: str
    what: str
    published: str
    computed: str
    agrees: bool


def checks(outcomes: Outcomes) -> Iterator[Check]:
    """Every figure of the register that can be reckoned again from other figures of it."""
    for each in outcomes.endpoints():
        yield from _share(each)
        yield from _interval(each)
        yield from _derived(each)
    for whole, *parts in SUMS:
        yield _sum(outcomes, whole, parts)
    yield _odds(outcomes)


def _share(each: Endpoint) -> Iterator[Check]:
    count = each.count()
    if count and count.stated and isinstance(each.value, Decimal):
        share = count.events / count.patients
        agrees = count.events in range_of(each.value, count.patients)
        yield Check(
            id=each.id,
            what=f"{each.kind}: share of its count",
            published=f"{each.value}",
            computed=f"{count.events}/{count.patients} = {share:.4f}",
            agrees=agrees,
        )


def _interval(each: Endpoint) -> Iterator[Check]:
    """The printed interval by the exact method, and by Wilson's where that one is nearer."""
    count = each.count()
    if each.ci is None or each.ci_level is None or count is None:
        return
    level = float(each.ci_level)
    methods: dict[str, Callable[[int, int, float], tuple[float, float]]] = {
        "exact": clopper_pearson,
        "Wilson": wilson,
    }
    found = {name: method(count.events, count.patients, level) for name, method in methods.items()}
    matching = [name for name, limits in found.items() if _same(each.ci, limits)]
    name = matching[0] if matching else "exact"
    about = "" if count.stated else "≈ "
    yield Check(
        id=each.id,
        what=f"{number(each.ci_level * 100)} % interval, {name}",
        published=f"{each.ci[0]} to {each.ci[1]}",
        computed=f"{about}{found[name][0]:.4f} to {found[name][1]:.4f}",
        agrees=bool(matching),
    )


def _same(printed: tuple[Decimal, Decimal], limits: tuple[float, float]) -> bool:
    return all(_rounds_to(one, other) for one, other in zip(printed, limits, strict=True))


def _rounds_to(printed: Decimal, value: float) -> bool:
    """Whether a value rounds to what is printed, in whole per cent at least."""
    exponent = min(int(printed.as_tuple().exponent), -2)
    half = 0.5 * 10.0**exponent
    return abs(value - float(printed)) <= half * (1 + 1e-9)


def _derived(each: Endpoint) -> Iterator[Check]:
    count = each.count()
    if each.derived_95 and count:
        limits = wilson(count.events, count.patients)
        near = all(abs(float(one) - other) < 6e-5 for one, other in zip(each.derived_95, limits, strict=True))
        yield Check(
            id=each.id,
            what="derived 95 % interval, Wilson",
            published=f"{each.derived_95[0]} to {each.derived_95[1]}",
            computed=f"{limits[0]:.4f} to {limits[1]:.4f}",
            agrees=near,
        )


def _sum(outcomes: Outcomes, whole: str, parts: list[str]) -> Check:
    """Counts where all are printed, else shares within what their last digits allow."""
    total, *some = (outcomes.endpoint(each) for each in (whole, *parts))
    if total.n is not None and all(each.n is not None for each in some):
        reckoned = sum(each.n or 0 for each in some)
        return Check(
            id=whole,
            what="complete and partial together",
            published=f"{total.n}",
            computed=" + ".join(f"{each.n}" for each in some) + f" = {reckoned}",
            agrees=reckoned == total.n,
        )
    values = [Decimal(str(each.value)) for each in (total, *some)]
    return Check(
        id=whole,
        what="complete and partial together",
        published=f"{values[0]}",
        computed=f"{values[1]} + {values[2]} = {values[1] + values[2]}",
        agrees=abs(values[1] + values[2] - values[0]) <= Decimal("0.01"),
    )


def _odds(outcomes: Outcomes) -> Check:
    ratio, ill, well = (outcomes.endpoint(each) for each in ODDS)
    a, b = ill.n or 0, (ill.of or 0) - (ill.n or 0)
    c, d = well.n or 0, (well.of or 0) - (well.n or 0)
    found = a * d / (b * c)
    return Check(
        id=ratio.id,
        what="odds ratio of its counts",
        published=f"{ratio.value}",
        computed=f"({a} × {d}) / ({b} × {c}) = {found:.2f}",
        agrees=abs(found - float(Decimal(str(ratio.value)))) <= 0.05,
    )


def rebuilt(data: Dataset, arm: str, patients: Sample) -> Iterator[Check]:
    """The curve of rebuilt patients beside what the fact base found in them, and the median that the trial printed."""
    known, curve = data.rebuilt[arm], kaplan_meier(patients)
    median = quantile(curve).value
    counted = (patients.size, int(patients.event.sum()))
    yield Check(
        id=f"{arm}.patients",
        what="patients and events of the rebuilt arm",
        published=f"{known.n}, {known.events}",
        computed=f"{counted[0]}, {counted[1]}",
        agrees=counted == (known.n, known.events),
    )
    yield _value(f"{arm}.median", "median of the rebuilt arm, months", known.km_median_months, median, 0.005)
    for name, months, printed in (("os12", 12, known.os12), ("os24", 24, known.os24)):
        found = landmark(curve, months)
        share = found.survival.value if found else float("nan")
        yield _value(f"{arm}.{name}", f"survival of the rebuilt arm at {months} months", printed, share, 0.0005)
    printed = data.published_medians[arm]
    yield _value(f"{arm}.published", "median that the trial printed, months", printed, median, MEDIANS_APART_BY)


def _value(id: str, what: str, printed: Decimal, found: float, within: float) -> Check:
    return Check(
        id=id,
        what=what,
        published=f"{printed}",
        computed=f"{found:.3f}",
        agrees=abs(found - float(printed)) <= within * (1 + 1e-9),
    )
