"""Published outcomes: each series with its figures, newer therapies, and what stands beside them."""

from collections.abc import Iterator

from aldes.evidence.context import NOT_COMPARABLE, NewerRow, NewerTrial
from aldes.evidence.outcomes import Outcomes, read_outcomes
from aldes.evidence.said import basis_words, value_words, whom_words
from aldes.evidence.series import Endpoint, Series
from aldes.numbers import number
from manual.page import Card, Cell, Line, Link, Mark, Page, Section, Table, joined, lines, run
from manual.status import legend

HEADS = ("figure", "in whom", "value", "rests on", "source and place", "status", "said with it")


def outcome_pages() -> Iterator[Page]:
    """The series, the newer therapies, and the rest."""
    outcomes = read_outcomes()
    yield _series_page(outcomes)
    yield _newer_page(outcomes)
    yield _beside_page(outcomes)


def _series_page(outcomes: Outcomes) -> Page:
    meanings = Table(
        caption="What the figures mean",
        heads=("term", "meaning"),
        lines=tuple(Line(cells=(each.term, each.words)) for each in outcomes.definitions),
    )
    shared = Table(
        caption="Series that share patients, or may: they are never pooled",
        heads=("series", "how sure", "why"),
        lines=tuple(Line(cells=(", ".join(each.series), each.certainty, each.why)) for each in outcomes.overlaps),
    )
    return Page(
        path="outcomes.html",
        title="Published outcomes",
        part="Evidence",
        lead="What was published of patients under interleukin-2, every figure with the group it is of and its place.",
        sections=(
            Section(id="meanings", title="Meanings", blocks=(meanings, legend())),
            Section(id="overlaps", title="Patients in common", blocks=(shared,)),
            Section(id="series", title="Series", blocks=tuple(map(_series, outcomes.series.values()))),
        ),
    )


def _series(series: Series) -> Card:
    treated = series.treated
    entries: tuple[tuple[str, Cell], ...] = (
        ("patients", f"{series.patients:,}" if series.patients else ""),
        ("who", series.population),
        ("treated", f"{treated[0]} to {treated[1]}" if treated else series.era),
        ("design", series.design),
        ("setting", series.setting),
        ("regimen", "; ".join(part for part in (series.regimen.of_class, series.regimen.drug) if part)),
        ("schedule", series.regimen.schedule),
        ("cohorts", ", ".join(series.cohorts)),
        ("sources", joined(tuple(Link(each, f"sources.html#{each}") for each in series.sources))),
    )
    return Card(
        id=series.id,
        title=series.population or series.id,
        label=series.id,
        entries=tuple(each for each in entries if each[1] != ""),
        tables=(
            Table(
                caption=f"Figures of {series.id}", heads=HEADS, lines=tuple(map(_figure, series.endpoints)), folded=True
            ),
        )
        if series.endpoints
        else (),
    )


def _figure(each: Endpoint) -> Line:
    place = run(Link(each.source.source, f"sources.html#{each.source.source}"), f" {each.source.place}")
    superseded = f"superseded by {each.superseded_by}" if each.superseded_by else ""
    derived = f"derived: {each.derivation}" if each.derivation else ""
    beside = lines(*(part for part in (each.definition, each.follow_up, each.note, derived, superseded) if part))
    cells = (each.words, whom_words(each), value_words(each), basis_words(each), place, Mark(each.status.value), beside)
    return Line(id=each.id, cells=cells)


def _newer_page(outcomes: Outcomes) -> Page:
    return Page(
        path="newer-therapies.html",
        title="Newer therapies",
        part="Evidence",
        lead=NOT_COMPARABLE,
        sections=(
            Section(id="legend", title="How surely", blocks=(legend(),)),
            Section(id="trials", title="Trials", blocks=tuple(map(_newer, outcomes.newer))),
        ),
    )


def _newer(trial: NewerTrial) -> Card:
    entries: tuple[tuple[str, Cell], ...] = (
        ("line", trial.line),
        ("population", trial.population),
        ("arms", " against ".join(trial.arms)),
        ("read", lines(*trial.pages)),
        ("status", Mark(trial.status.value)),
    )
    heads = ("figure", "in whom", "newer therapy", "control", "hazard ratio", "cut", "said with it")
    table = Table(caption=f"Figures of {trial.id}", heads=heads, lines=tuple(map(_newer_row, trial.rows)), folded=True)
    return Card(id=trial.id, title=trial.name, label=trial.id, entries=entries, tables=(table,))


def _newer_row(row: NewerRow) -> Line:
    share = row.unit == "proportion"
    shown = [
        "" if each is None else f"{number(each * 100)} %" if share else f"{number(each)} {row.unit}".strip()
        for each in (row.newer, row.control)
    ]
    limits = f" ({number(row.hr_ci[0])} to {number(row.hr_ci[1])})" if row.hr_ci else ""
    ratio = f"{number(row.hr)}{limits}" if row.hr is not None else ""
    beside = "; ".join(part for part in (row.finding, row.missing or "", row.note) if part)
    return Line(cells=(row.words, row.population, *shown, ratio, row.cut, beside))


def _beside_page(outcomes: Outcomes) -> Page:
    def table(caption: str, heads: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Table:
        return Table(caption=caption, heads=heads, lines=tuple(Line(cells=cells) for cells in rows))

    conflicts: list[tuple[Cell, ...]] = [(each.topic, each.words) for each in outcomes.conflicts]
    guidelines: list[tuple[Cell, ...]] = [
        (run(each.body, f" {each.edition}"), each.words, each.strength, each.note, Mark(each.status.value))
        for each in outcomes.guidelines
    ]
    datasets: list[tuple[Cell, ...]] = [
        (each.name, each.words, each.use, each.licence, each.seen, each.note) for each in outcomes.datasets
    ]
    checks: list[tuple[Cell, ...]] = [(each.topic, each.targets, each.why) for each in outcomes.checks]
    blocks = (
        table("Where reports disagree", ("topic", "what they say"), conflicts),
        table("Guidelines on interleukin-2", ("body", "what it says", "strength", "note", "status"), guidelines),
        table("Data", ("name", "what it holds", "use", "licence", "how far it was looked at", "note"), datasets),
        table("What a model is held against", ("topic", "figures", "why"), checks),
        table("What nobody has found", ("gap",), [(each,) for each in outcomes.gaps]),
    )
    return Page(
        path="beside-outcomes.html",
        title="Beside the figures",
        part="Evidence",
        lead="Where reports disagree, what guidelines say, which data can be had, what is not known.",
        sections=(Section(id="beside", title="Beside the figures", blocks=blocks),),
    )
