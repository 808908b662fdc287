"""Published outcomes on the terminal: listed, filtered, pooled over independent series, drawn as a forest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aldes import __version__
from aldes.cli.outcomes_paper import p_words
from aldes.cli.paper import section
from aldes.errors import AldesError, ProtocolError
from aldes.evidence.context import NOT_COMPARABLE, NewerRow, NewerTrial
from aldes.evidence.filtering import Wanted, found, wanted
from aldes.evidence.outcomes import Outcomes, read_outcomes
from aldes.evidence.said import basis_words, value_words, whom_words
from aldes.evidence.series import Endpoint, EndpointKind, Series
from aldes.numbers import json_number, number

NEEDED = "Pools and forests need NumPy, SciPy and Matplotlib; run: pip install 'aldes[outcomes]'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks of the published outcomes."""

    endpoint: str | None
    regimen: str | None
    tumour: str | None
    risk: str | None
    series: str | None
    era: str | None
    newer: bool
    pool: bool
    cut: int | None
    plot: str | None
    as_json: bool


def show_trials(asked: Asked) -> int:
    """Print the published figures that fit; with `pool` their pools, with `plot` a forest."""
    outcomes = read_outcomes()
    filter = wanted(
        kind=asked.endpoint,
        regimen=asked.regimen,
        tumour=asked.tumour,
        risk=asked.risk,
        series=asked.series,
        era=asked.era,
    )
    listed = list(found(outcomes, filter))
    pools = _pools(outcomes, filter, asked) if asked.pool else None
    if asked.plot:
        _draw(outcomes, filter, listed, asked)
    newer = outcomes.newer if asked.newer else ()
    if asked.as_json:
        print(json.dumps(_document(listed, newer, pools), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*_page(listed, newer), *_pool_page(pools)]))
    return 0


def _pools(outcomes: Outcomes, filter: Wanted, asked: Asked) -> dict[str, Any]:
    try:
        from aldes.outcomes.pooled_series import CUT, POOLABLE, pools
        from aldes.outcomes.pools_document import document
    except ModuleNotFoundError:
        raise AldesError(NEEDED) from None
    if filter.kind not in POOLABLE:
        raise ProtocolError(f"Only counted proportions are pooled: give --endpoint {', '.join(POOLABLE)}.")
    return document(pools(outcomes, filter.kind, filter.tumour or "mRCC", asked.cut or CUT))


def _draw(outcomes: Outcomes, filter: Wanted, listed: Sequence[tuple[Series, list[Endpoint]]], asked: Asked) -> None:
    try:
        from aldes.outcomes.forests import TIMES, newer_rows, proportion_rows, time_rows
        from aldes.outcomes.pictures import draw_forest
        from aldes.outcomes.pictures.paper import check_path
        from aldes.outcomes.pooled_series import CUT, POOLABLE, pools
    except ModuleNotFoundError:
        raise AldesError(NEEDED) from None
    kind, path = filter.kind, check_path(Path(str(asked.plot)))
    notes = ["Squares: as published.", NOT_COMPARABLE, _source()]
    if kind in POOLABLE:
        made = pools(outcomes, kind, filter.tumour or "mRCC", asked.cut or CUT)
        rows = [*proportion_rows(made), *(newer_rows(outcomes.newer, kind) if asked.newer else ())]
        notes[0] += (
            " Open: not in a pool above. Lines: Wilson's 95 % interval of the count (≈: reckoned from the share)."
        )
        notes.insert(1, "Diamond: Hartung–Knapp 95 % interval; dotted: where a further series is expected (95 %).")
        title, axis = f"{str(kind).capitalize()}, {filter.tumour or 'mRCC'}, % of patients", "% of patients"
    elif kind in (*TIMES, EndpointKind.LANDMARK):
        figures = [each for _, part in listed for each in part]
        rows = [*time_rows(outcomes, figures), *(newer_rows(outcomes.newer, kind) if asked.newer else ())]
        notes[0] += " Open: superseded, or a newer therapy. Lines: intervals as printed; most papers print none."
        axis = "% of patients" if kind is EndpointKind.LANDMARK else "months"
        title = f"{str(kind).capitalize()}, {axis}"
    else:
        raise ProtocolError(
            "A forest shows response, complete response, partial response, treatment death, median survival, "
            "survival at a time, duration of response or median progression-free. Give one with --endpoint."
        )
    ends = [end for row in rows for end in (row.value, row.upper if not row.pooled else None) if end is not None]
    most = (
        min(100.0, 10 * (int(max(ends, default=10)) // 10 + 1))
        if axis.startswith("%")
        else 1.05 * max(ends, default=10)
    )
    draw_forest(rows, title=title, axis=axis, most=most, notes=notes, path=path)


def _source() -> str:
    return f"Source: register of aldes {__version__} (aldes evidence trials), each figure with its paper and place."


def _page(listed: Sequence[tuple[Series, list[Endpoint]]], newer: Sequence[NewerTrial]) -> Iterator[str]:
    count = sum(len(figures) for _, figures in listed)
    yield f"{count} PUBLISHED FIGURES of {len(listed)} series"
    for series, figures in listed:
        yield ""
        years = f", treated {series.treated[0]} to {series.treated[1]}" if series.treated else ""
        size = f", {series.patients:,} patients" if series.patients else ""
        yield f"  {series.id}: {series.regimen.of_class}, {series.tumour}{size}{years}"
        if series.setting:
            yield f"      setting: {series.setting}"
        for each in figures:
            yield from _figure(each)
    for trial in newer:
        yield ""
        yield f"  {trial.name}: {' against '.join(trial.arms)}; {trial.population}; {trial.status}"
        for row in trial.rows:
            yield f"    {row.population}, {row.words}: {_newer_words(row)}"
    if newer:
        yield ""
        yield f"  {NOT_COMPARABLE}"


def _figure(each: Endpoint) -> Iterator[str]:
    basis = basis_words(each)
    yield f"    {each.id:<34} {value_words(each)}" + (f"  ({basis})" if basis else "")
    whom = whom_words(each)
    yield f"      {each.words}" + (f"; {whom}" if whom else "")
    said = [each.definition, each.follow_up, each.note, each.derivation and f"derived: {each.derivation}"]
    superseded = f"superseded by {each.superseded_by}" if each.superseded_by else ""
    for part in (*said, superseded):
        if part:
            yield f"      {part}"
    yield f"      source: {each.source}; {each.status}"


def _newer_words(row: NewerRow) -> str:
    share = row.unit == "proportion"
    arms = [
        "–" if each is None else f"{number(each * 100)} %" if share else f"{number(each)} {row.unit}".strip()
        for each in (row.newer, row.control)
    ]
    limits = f" ({number(row.hr_ci[0])} to {number(row.hr_ci[1])})" if row.hr_ci else ""
    ratio = f"hazard ratio {number(row.hr)}{limits}" if row.hr is not None else ""
    values = " against ".join(arms) if (row.newer, row.control) != (None, None) else ""
    parts = (values, ratio, row.finding, row.missing or "", row.cut and f"cut {row.cut}", row.note)
    return "; ".join(part for part in parts if part)


def _pool_page(pools: dict[str, Any] | None) -> Iterator[str]:
    if pools is None:
        return
    yield ""
    yield f"POOLED, {pools['kind']}: independent series under the high-dose bolus"
    for each in pools["strata"]:
        yield from section("by risk" if each["risk"] else each["name"], [[line] for line in _lines(each)])
    why = [[f"{each['id']}: {each['why']}"] for each in pools["unfit"]]
    yield from section("not pooled", why)


def _lines(each: dict[str, Any]) -> Iterator[str]:
    if each["risk"]:
        yield f"{each['name']}:"
    yield from _stratum(each)


def _stratum(each: dict[str, Any]) -> Iterator[str]:
    together = " + ".join(f"{one['name']} {one['events']}/{one['patients']}" for one in each["series"])
    pooled = each["pooled"]
    if pooled is None:
        yield f"nothing to pool: {together or 'no series prints counts'}"
    else:
        yield (
            f"{_range(pooled['proportion'])}; a further series {_ends(pooled['prediction'])} %; "
            f"{pooled['series']} series, {pooled['events']} of {pooled['patients']:,}"
        )
        spread = f"tau² {pooled['tau2']:.2g}, I² {100 * pooled['i2']:.0f} %, Q {pooled['q']:.1f}"
        yield f"between series: {spread}, {p_words(pooled['q_p'])}"
        yield together
    if each["others"]:
        yield f"other independent choices would give {', '.join(_tenth(one) for one in each['others'])} %"
    for out in each["left_out"]:
        yield f"left out {out['id']}: {out['why']}"


def _range(found: dict[str, float]) -> str:
    return f"{_tenth(found['value'])} % ({_ends(found)})"


def _ends(found: dict[str, float]) -> str:
    return f"{_tenth(found['lower'])} to {_tenth(found['upper'])}"


def _tenth(share: float) -> str:
    """A share in per cent to one decimal, without a trailing zero."""
    return f"{100 * share:.1f}".removesuffix(".0")


def _document(
    listed: Sequence[tuple[Series, list[Endpoint]]], newer: Sequence[NewerTrial], pools: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "figures": [_figure_document(each) for _, figures in listed for each in figures],
        "newer": [_newer_document(trial, row) for trial in newer for row in trial.rows],
        "pools": pools,
        "not_comparable": NOT_COMPARABLE,
        "engine": f"aldes {__version__}",
    }


def _figure_document(each: Endpoint) -> dict[str, Any]:
    plain = (str, int, type(None))
    found: dict[str, Any] = {}
    for name in each.__slots__:
        value = getattr(each, name)
        if isinstance(value, tuple):
            found[name] = [json_number(part) for part in value]
        elif isinstance(value, plain) and not hasattr(value, "value"):
            found[name] = value
        else:
            found[name] = json_number(value) if hasattr(value, "to_integral_value") else str(value)
    return found


def _newer_document(trial: NewerTrial, row: NewerRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("newer", "control", "hr")}
    return {
        "trial": trial.id,
        "population": row.population,
        "words": row.words,
        **{name: None if value is None else json_number(value) for name, value in values.items()},
        "hr_ci": [json_number(each) for each in row.hr_ci] if row.hr_ci else None,
        "unit": row.unit,
        "cut": row.cut,
        "status": str(trial.status),
    }
