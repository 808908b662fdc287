"""The situations that the protocols answer differently, side by side: what the evidence prints, what is answered."""

from collections.abc import Mapping
from typing import Any

from aldes.protocols.situations import NOT_COVERED, Cell, Column, Situation, situations
from manual.asking import finding, linked, value
from manual.content import path_of
from manual.page import Cell as Shown
from manual.page import Code, Line, Link, Page, Section, Table, lines, run

WORDS = {"give": "no listed reason to hold", NOT_COVERED: "no listed reason to hold, topic not covered"}
LEAD = (
    "Each patient is well but for what is charted. A cell says what the comparison in the evidence prints, then what "
    "the program answers; the tests ask every cell, and one that is answered otherwise has its reason here."
)


def differences_page() -> Page:
    """One table: a line for each situation, a column for each protocol."""
    table = situations()
    missed = [(each, cell) for each in table.situations for cell in each.cells if cell.missed]
    return Page(
        path="differences.html",
        title="Where answers differ",
        part="Patients",
        lead=LEAD,
        sections=(
            Section(id="situations", title="Situations", blocks=(_situations(table.columns, table.situations),)),
            Section(id="missed", title="Answered otherwise, with the reason", blocks=(_missed(missed),)),
            Section(id="well", title="The well patient", blocks=(_well(table.well),)),
        ),
    )


def _situations(columns: tuple[Column, ...], rows: tuple[Situation, ...]) -> Table:
    heads = ("situation", *(each.protocol for each in columns))
    body = tuple(
        Line(id=each.id, cells=(_situation(each), *(_cell(each, column) for column in columns))) for each in rows
    )
    return Table(caption="Situations", heads=heads, lines=body)


def _situation(each: Situation) -> Shown:
    charted = [
        run(finding(one["finding"]), f" {value(one['value'], one['finding'])}, {_ago(one)}") for one in each.charted
    ]
    return lines(run(Code(each.id), f" {each.words}"), *charted, _asked(each))


def _ago(charted: Mapping[str, Any]) -> str:
    return f"{charted['hours_ago']:g} h before"


def _asked(each: Situation) -> str:
    """When it is asked more than once: before which slots, an earlier one of which was held."""
    if len(each.asked_h_ago) == 1:
        return ""
    return "asked " + ", ".join(f"{hours:g} h before" if hours else "now" for hours in each.asked_h_ago)


def _cell(each: Situation, column: Column) -> Shown:
    found = next((cell for cell in each.cells if cell.pack == column.pack), None)
    if found is None:
        return "not in the evidence"
    counting = f"under the counting rule {column.counting}" if column.counting else ""
    otherwise = Link("why not as expected", f"#missed-{each.id}-{found.pack}") if found.missed else ""
    return lines(run("evidence: ", linked(found.printed)), f"answer: {_answers(found)}", otherwise, counting)


def _answers(cell: Cell) -> str:
    return _said(cell.ours or cell.expect) + (f", {cell.scope}" if cell.scope and not cell.ours else "")


def _said(answers: tuple[str, ...]) -> str:
    """The answers one after the other; one that stays the same once."""
    words = [WORDS.get(each, each) for each in answers]
    return f"{words[0]} each time" if len(words) > 1 and len(set(words)) == 1 else ", then ".join(words)


def _missed(missed: list[tuple[Situation, Cell]]) -> Table:
    protocols = {each.pack: each.protocol for each in situations().columns}
    body = tuple(
        Line(
            id=f"missed-{each.id}-{cell.pack}",
            cells=(
                Code(each.id),
                Link(protocols[cell.pack], path_of(protocols[cell.pack])),
                _said(cell.expect) + (f", {cell.scope}" if cell.scope else ""),
                _said(cell.ours),
                linked(cell.missed),
            ),
        )
        for each, cell in missed
    )
    heads = ("situation", "protocol", "expected", "answered", "why")
    return Table(caption="Answered otherwise, with the reason", heads=heads, lines=body)


def _well(well: Mapping[str, Any]) -> Table:
    body = tuple(Line(cells=(finding(name), value(held, name))) for name, held in well.items())
    return Table(caption="The well patient", heads=("finding", "charted"), lines=body, narrow=True)
