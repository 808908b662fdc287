"""Each row answers what its case lines say: they were written from the source, the row from nothing else."""

from collections.abc import Iterable

import pytest

from aldes.administration.decide import word_of
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Worse
from aldes.protocols.compile import compiled, twice
from aldes.protocols.read import read
from aldes.protocols.row import Protocol, Row, RowKind
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import ask
from aldes.questions.tree import names
from cases import FAR, PROTOCOLS, Cell, Line, absolutes, decided, disagreements, extreme, lines, relative, resume_of

ALL = [line for protocol in PROTOCOLS for line in lines(protocol)]


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.name)
def test_the_row_answers_as_the_line_says(line: Line) -> None:
    assert list(disagreements(line, line.site(), vocabulary())) == []


# ── no orphans ──


def asked_rows(protocol: str) -> dict[str, Row]:
    """Every row that can hold or stop, under any counting rule, those for unnamed support and grave events included.

    Not those that only ask whether a required measurement is known: they are never yes, and have their own test.
    """
    resolved = read(protocol, "demo")
    own = {row.id: row for row in resolved.rows}
    return own | {id: row for id, row in compiled(resolved).rows.items() if not id.startswith("REQUIRED-")}


def said(line: Line) -> set[str]:
    """Which answers a line shows."""
    if line.block == "series":
        side = {"yes": "resume"}.get(line.table["expect"], "stays") if "onset" in line.table else line.table["expect"]
        return {side}
    return {key for key in ("yes", "no", "unknown", "resume", "stays") if line.table.get(key)}


def answers_shown(protocol: str, rows: Iterable[str]) -> dict[str, set[str]]:
    """For each row, which answers its lines show."""
    return {id: {each for line in lines(protocol) if line.row == id for each in said(line)} for id in rows}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_row_has_a_yes_and_a_no_line(protocol: str) -> None:
    shown = answers_shown(protocol, asked_rows(protocol))
    tests = {row.id for row in read(protocol, "demo").cycle2 if row.question is None}  # never yes: known or unknown

    for id, answers in shown.items():
        assert ({"no", "unknown"} if id in tests else {"yes", "no"}) - answers == set(), id


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_resume_question_of_its_own_has_a_line_that_lifts_and_one_that_stays(protocol: str) -> None:
    shown = answers_shown(protocol, {id: row for id, row in asked_rows(protocol).items() if row.resume})

    assert {id: answers for id, answers in shown.items() if not {"resume", "stays"} <= answers} == {}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_line_speaks_of_a_row_that_is_not_there(protocol: str) -> None:
    known = set(asked_rows(protocol)) | {""}

    assert {line.row for line in lines(protocol)} - known == set()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_counting_rule_has_lines_for_each_decision_that_it_can_make(protocol: str) -> None:
    rules = {count.rule for count in read(protocol, "demo").counts}
    shown = {(line.table["rule"], line.table["expect"]) for line in lines(protocol) if line.block == "count"}

    assert shown == {(rule, word) for rule in rules for word in ("give", "hold", "stop")}


# ── missing is not permission ──

EVERY_ROW = [(protocol, id) for protocol in PROTOCOLS for id in asked_rows(protocol)]


def asked_of(row: Row) -> list[str]:
    return sorted({name.finding for name in names(row.question)})


def answer(row: Row, cells: dict[str, Cell]) -> object:
    return ask(twice(row), lambda name: cells.get(name.finding))


def at(row: Row, *, worst: bool) -> dict[str, Cell]:
    late = {"dose_number": 8.0, "doses_in_cycle": 7.0}
    return late | {name: extreme(vocabulary()[name], worst=worst) for name in asked_of(row)}


def either(name: str) -> tuple[Cell, ...]:
    """Both ends of a finding, of a target or baseline too."""
    if vocabulary()[name].worse is Worse.NONE:
        return (-2 * FAR, 2 * FAR)
    return (extreme(vocabulary()[name], worst=False), extreme(vocabulary()[name], worst=True))


@pytest.mark.parametrize(("protocol", "id"), EVERY_ROW)
def test_one_missing_finding_never_makes_the_row_no_by_itself(protocol: str, id: str) -> None:
    row = asked_rows(protocol)[id]
    assert answer(row, at(row, worst=False)) is NO
    for name in asked_of(row):
        if vocabulary()[name].group is Group.COURSE:
            continue  # always known to the record
        could_be = [answer(row, at(row, worst=False) | {name: value}) for value in either(name)]

        missing = answer(row, at(row, worst=False) | {name: None})

        assert missing is (UNKNOWN if YES in could_be else NO), name


@pytest.mark.parametrize(("protocol", "id"), EVERY_ROW)
def test_one_missing_finding_never_clears_a_row_that_all_else_makes_likely(protocol: str, id: str) -> None:
    row = asked_rows(protocol)[id]
    if answer(row, at(row, worst=True)) is YES:  # else a row of the record, which always knows
        for name in asked_of(row):
            assert answer(row, at(row, worst=True) | {name: None}) is not NO, name


@pytest.mark.parametrize(("protocol", "id"), EVERY_ROW)
def test_a_row_of_which_nothing_is_known_is_unknown(protocol: str, id: str) -> None:
    assert answer(asked_rows(protocol)[id], {}) is UNKNOWN


@pytest.mark.parametrize(("protocol", "id"), EVERY_ROW)
def test_a_hold_of_which_nothing_is_known_is_not_lifted(protocol: str, id: str) -> None:
    assert ask(resume_of(asked_rows(protocol)[id]), lambda name: None) is UNKNOWN


# ── counting ──


def under(rule: str, protocol: str = "institution-2015") -> Protocol:
    return next(line.site() for line in lines(protocol) if line.block == "count" and line.table["rule"] == rule)


def word(protocol: Protocol, *rows: str, reversed_: bool | None = False) -> str:
    stop, hold = decided(compiled(protocol), frozenset(rows), vocabulary(), reversed_)
    return word_of(stop, hold).value


def test_one_oliguria_counts_once_though_it_is_printed_per_shift_and_per_hour() -> None:
    two_groups = ("CONS-REN-01-R", "CONS-REN-02-R", "CONS-REN-03-R")

    assert word(under("spr15"), *two_groups) == "hold"
    assert word(under("spr15"), *two_groups, "CONS-BLD-02-R") == "stop"


def test_phenylephrine_before_and_at_dosing_counts_once() -> None:
    two_groups = ("CONS-HEMO-01-R", "CONS-HEMO-02-R", "CONS-REN-03-R")

    assert word(under("spr15", "consensus-2014"), *two_groups) == "hold"


def test_three_relative_criteria_of_which_nobody_said_whether_they_reverse_are_held_and_not_given() -> None:
    three = ("CONS-REN-01-R", "CONS-REN-03-R", "CONS-BLD-02-R")

    assert word(under("card-2007", "consensus-2014"), *three, reversed_=None) == "hold"


def test_the_third_held_slot_is_asked_only_under_the_rule_that_prints_it() -> None:
    assert "COUNT-05" in compiled(under("spr15", "consensus-2014")).rows
    assert "COUNT-05" not in compiled(under("card-2007", "consensus-2014")).rows


def test_without_a_chosen_counting_rule_nothing_is_given() -> None:
    unset = read("consensus-2014")

    stop, hold = decided(compiled(unset), frozenset(), vocabulary())

    assert word_of(stop, hold).value == "insufficient"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_criteria_that_are_counted_are_the_rows_of_the_protocol(protocol: str) -> None:
    groups: dict[str, list[str]] = {}
    for row in read(protocol, "demo").of_kind(RowKind.RELATIVE):
        groups.setdefault(row.group, []).append(row.id)

    assert relative(protocol) == list(groups.values())
    assert absolutes(protocol) == [row.id for row in read(protocol, "demo").of_kind(RowKind.ABSOLUTE)]


def test_the_rows_that_a_count_is_made_of_are_yes_at_their_worst() -> None:
    for protocol, id in EVERY_ROW:
        row = asked_rows(protocol)[id]
        if row.kind in (RowKind.RELATIVE, RowKind.ABSOLUTE):
            assert answer(row, at(row, worst=True)) is YES, id


# ── required measurements ──


@pytest.mark.parametrize(("protocol", "name"), [(each, name) for each in PROTOCOLS for name in read(each).required])
def test_a_required_measurement_is_no_reason_once_it_is_known_and_unknown_until_then(protocol: str, name: str) -> None:
    row = compiled(read(protocol, "demo")).rows[f"REQUIRED-{name}"]
    later: dict[str, Cell] = {"dose_number": 8.0, "doses_in_cycle": 7.0}

    for value in vocabulary()[name].codes or (1.0,):
        assert answer(row, later | {name: value}) is NO
    assert answer(row, later | {name: None}) is UNKNOWN
    assert answer(row, {"dose_number": 1.0, name: None}) is (NO if row.from_dose > 1 else UNKNOWN)
