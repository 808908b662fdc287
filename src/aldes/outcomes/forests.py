"""The lines of a forest: independent series and what they give together, then what may not stand beside them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from aldes.evidence.context import NewerTrial
from aldes.evidence.independence import LeftOut
from aldes.evidence.outcomes import Outcomes
from aldes.evidence.said import value_words
from aldes.evidence.series import Endpoint, EndpointKind, Series
from aldes.outcomes.limits import wilson
from aldes.outcomes.pictures.forest import ForestRow
from aldes.outcomes.pooled_series import Pools, Stratum

TIMES = (EndpointKind.SURVIVAL, EndpointKind.MEDIAN_PROGRESSION_FREE, EndpointKind.DURATION)
NEWER_WORDS = {EndpointKind.RESPONSE: ("ORR",), EndpointKind.COMPLETE: ("CR",), EndpointKind.SURVIVAL: ("median OS",)}


def tenth(value: float) -> str:
    """A number to one decimal, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def proportion_rows(pools: Pools) -> Iterator[ForestRow]:
    """Each pool with its series and diamond, then the figures that share patients or answer another question."""
    whole, *eras = pools.strata
    yield ForestRow(label="Independent series under the high-dose bolus")
    yield from _stratum(whole)
    for each in eras:
        if len(each.choice.chosen) > 1 and {c.name for c in each.choice.chosen} != {
            c.name for c in whole.choice.chosen
        }:
            yield ForestRow(label=f"Treated {each.name}")
            yield from _stratum(each)
    yield from _others("May share patients with those above: not pooled with them", whole.choice.left_out)
    yield from _others("Another question: not comparable", pools.unfit)


def _stratum(stratum: Stratum) -> Iterator[ForestRow]:
    for each in stratum.choice.chosen:
        yield _counted(each.endpoint, each.name)
    pooled = stratum.pooled
    if pooled:
        shown = pooled.proportion
        yield ForestRow(
            label="together (random effects)",
            value=100 * shown.value,
            lower=100 * shown.lower,
            upper=100 * shown.upper,
            reach=(100 * pooled.prediction.lower, 100 * pooled.prediction.upper),
            count=f"{pooled.events} of {pooled.patients:,}",
            said=f"{tenth(100 * shown.value)} ({tenth(100 * shown.lower)} to {tenth(100 * shown.upper)})",
            pooled=True,
        )


def _others(heading: str, those: Iterable[LeftOut]) -> Iterator[ForestRow]:
    rows = [each for each in those if each.endpoint.is_share]
    if rows:
        yield ForestRow(label=heading)
    for each in rows:
        yield _counted(each.endpoint, _named(each), chosen=False)


def _named(out: LeftOut) -> str:
    """The series with what sets it apart: its cohort or risk, and a short reason."""
    each = out.endpoint
    part = each.cohort or each.risk
    name = f"{each.series}/{part}" if part else each.series
    why = out.why.removeprefix("regimen: ").removeprefix("setting: ")
    if "overlap" in why or "not printed" in why:  # said by the heading, or beside the label
        return name
    return f"{each.series}: {why}" if why.startswith(("chosen", "superseded")) else f"{name}: {why}"


def _counted(each: Endpoint, name: str, *, chosen: bool = True) -> ForestRow:
    """A share with Wilson's interval where the count is known, else the point alone."""
    count = each.count()
    share = 100 * float(Decimal(str(each.value)))
    if count is None:
        return ForestRow(
            label=name, value=share, count="not printed", said=f"{tenth(share)} (no interval)", chosen=chosen
        )
    lower, upper = (100 * end for end in wilson(count.events, count.patients))
    about = "" if count.stated else "≈ "
    return ForestRow(
        label=name,
        value=share,
        lower=lower,
        upper=upper,
        count=f"{about}{count.events} of {count.patients:,}",
        said=f"{tenth(share)} ({tenth(lower)} to {tenth(upper)})",
        chosen=chosen,
    )


def time_rows(outcomes: Outcomes, figures: Sequence[Endpoint]) -> Iterator[ForestRow]:
    """Medians or survival at a time, one line each, never pooled: curves cannot be added by their medians."""
    last = ""
    for each in figures:
        if each.series != last:
            series = outcomes.series[each.series]
            yield ForestRow(label=f"{each.series}: {series.class_of()}{_years(series)}")
            last = each.series
        yield _timed(each)


def _years(series: Series) -> str:
    first, last = series.years()
    if last is None:
        return ""
    return f", until {last}" if first is None else f", {first} to {last}"


def _timed(each: Endpoint) -> ForestRow:
    whom = ", ".join(part for part in (each.cohort, each.group, each.risk) if part) or "all"
    at = f" at {each.at_months} months" if each.at_months is not None else ""
    scale = 100 if each.is_share else 12 if each.unit == "years" else 1
    value = float(each.value) * scale if isinstance(each.value, Decimal) else None
    lower, upper = (float(end) * scale for end in each.ci) if each.ci else (None, None)
    return ForestRow(
        label=f"   {whom}{at}",
        value=value,
        lower=lower,
        upper=upper,
        count=f"of {each.of:,}" if each.of is not None else "",
        said=value_words(each) + ("" if each.ci or value is None else " (no interval)"),
        chosen=not each.superseded_by,
    )


def newer_rows(trials: Iterable[NewerTrial], kind: EndpointKind) -> Iterator[ForestRow]:
    """Both arms of the trials of newer therapies, at each data cut, under a heading that says what they are."""
    names = NEWER_WORDS.get(kind, ())
    rows = [(trial, row) for trial in trials for row in trial.rows if row.words in names]
    if rows:
        yield ForestRow(label="Newer therapies (second-hand): beside, not compared")
    for trial, row in rows:
        scale = 100 if row.unit == "proportion" else 1
        for arm, value in (("newer", row.newer), ("control", row.control)):
            if value is not None:
                shown = float(value) * scale
                yield ForestRow(
                    label=f"   {trial.id} {arm}, {row.population}",
                    value=shown,
                    said=f"{tenth(shown)} (no interval)",
                    count=row.cut,
                    chosen=False,
                )
