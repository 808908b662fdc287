"""The grades as a page of plain text: what is graded first, then what is not settled, then the days."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Document = Mapping[str, Any]

WIDTH = 100
NOTHING = ("not charted", "not printed with the result", "nothing charted in its window")
TERM = 34  # characters of a term in the grid of days


def page(document: Document) -> str:
    """The whole document, for reading."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from document["alert"]
    asked = datetime.fromisoformat(document["asked_at"])
    demo = " (DEMO: invented settings)" if document["demo"] else ""
    yield f"{document['criteria']} grades at {asked:%Y-%m-%d %H:%M}; site {document['site'] or 'none'}{demo}"
    if document["version_assumed"]:
        yield f"No version was set; asked with {document['version']}. A site sets its own: ctcae."
    every = document["grades"]
    yield from _part("graded", [_graded(each) for each in every if each["grade"]])
    unsettled = [each for each in every if each["grade"] is None and each["at_least"]]
    yield from _part("not settled", [[*_graded(each), *_missing(each)] for each in unsettled])
    open_ones = [each for each in every if each["grade"] is None and not each["at_least"]]
    charted = [each for each in open_ones if not _nothing_charted(each)]
    yield from _part("unknown", [[f"{each['term']}: unknown", *_missing(each)] for each in charted])
    yield from _named("grade 0", [each for each in every if each["grade"] == 0])
    yield from _named("not charted", [each for each in open_ones if _nothing_charted(each)])
    yield from _part("not graded", [[f"{each['term']}: {each['why']}"] for each in document["not_graded"]])
    yield from _recorded(document)
    yield from _days(document)
    yield from _compared(document)
    yield from _part("basis", [[document["engine"]], [document["scope_statement"]]])


def _nothing_charted(grade: Document) -> bool:
    return not grade["used"] and all(each["why"].endswith(NOTHING) for each in grade["missing"])


def _graded(grade: Document) -> list[str]:
    at = f" at {datetime.fromisoformat(grade['time']):%Y-%m-%d %H:%M}" if grade["time"] else ""
    note = [f"note: {grade['note']}"] if grade["note"] else []
    return [
        f"{grade['term']}: {grade['words']}{at}: {grade['meaning']}",
        *[_used(each) for each in grade["used"] if each["sort"] != "multiple"],
        f"source: {grade['source']}; {grade['status']}; version {grade['version']}",
        *note,
    ]


def _used(used: Document) -> str:
    held = f", {used['held_against']}" if used["held_against"] else ""
    return f"{used['words']}: {used['charted'] or used['value_words']}{held}"


def _missing(grade: Document) -> list[str]:
    return [
        f"grade {', '.join(map(str, each['grades']))} waits for {each['words']}: "
        f"{each['why'].removeprefix(each['words'] + ': ')}"
        for each in grade["missing"]
    ]


def _named(title: str, found: Sequence[Document]) -> Iterator[str]:
    yield from _part(title, [[", ".join(each["term"] for each in found)]] * bool(found))


def _recorded(document: Document) -> Iterator[str]:
    yield from _part(
        "recorded",
        [
            [f"{each['name']}: grade {each['grade']} by version {each['version']}, {each['time']}, {each['by']}"]
            for each in document["recorded"]
        ],
    )


def _days(document: Document) -> Iterator[str]:
    """The worst grade of each day; a blank is a day on which nothing was charted for the term."""
    by_day = sorted({cell["day"] for row in document["days"] for cell in row["cells"]})
    if not by_day:
        return
    yield "  days: the worst grade; 2? is 2 or more, not settled; ? is unknown; . is nothing charted"
    yield " " * (TERM + 4) + " ".join(f"{day[5:]:>5}" for day in by_day)
    for row in document["days"]:
        cells = {cell["day"]: cell["words"] for cell in row["cells"]}
        yield f"    {row['term'][:TERM]:<{TERM}}" + " ".join(f"{cells.get(day, '.'):>5}" for day in by_day)


def _compared(document: Document) -> Iterator[str]:
    found = document["differences"]
    if found is None:
        return
    title = f"{document['against']} → {document['version']}"
    lines = [
        [
            f"{each['day']}  {each['term']}: {_cell(each['before'])} → {_cell(each['after'])}"
            + (" (recorded)" if each["recorded"] else "")
            + (f": {each['why']}" if each["why"] else "")
        ]
        for each in found
    ]
    yield from _part(title, lines or [["no grade differs"]])


def _cell(cell: Document | None) -> str:
    return "not graded" if cell is None else str(cell["words"])


def _part(title: str, items: Sequence[Sequence[str]]) -> Iterator[str]:
    """A titled list: each item's first line at the margin, its further lines indented under it."""
    for item in items:
        for place, line in enumerate(item):
            head = f"  {title:<12}" + "  " * bool(place)
            yield from textwrap.wrap(line, WIDTH, initial_indent=head, subsequent_indent=" " * 18)
            title = ""
