"""Each case line agrees with its ladder, and each ladder has lines for each of its grades."""

import pytest
from grade_cases import VERSIONS, Line, disagreements, lines

from aldes.evidence.register import cite
from aldes.toxicity.ctcae.ladder import Criteria
from aldes.toxicity.ctcae.read import read

EVERY = [pytest.param(line, id=line.name) for version in VERSIONS for line in lines(version)]


@pytest.mark.parametrize("line", EVERY)
def test_a_line_and_its_ladder_agree(line: Line) -> None:
    ladder = read(line.version).ladder(line.term)
    assert ladder is not None, line.term
    assert list(disagreements(line, ladder)) == []


@pytest.mark.parametrize("line", EVERY)
def test_a_line_has_words_a_source_and_known_findings(line: Line) -> None:
    assert cite(line.table["source"])
    assert len(line.table["words"].split()) >= 3
    assert any(line.table[key] for key in line.table if key[0] in "012345?")


@pytest.mark.parametrize("ladder", [pytest.param(each, id=each.name) for each in read("5.0").ladders])
def test_every_grade_of_every_term_has_a_line(ladder) -> None:
    written = {key for line in lines("5.0") if line.term == ladder.name for key in line.table if line.table[key]}
    exempt = {"5"} if not any("5" in line.table for line in lines("5.0") if line.term == ladder.name) else set()
    assert {str(rung.grade) for rung in ladder.rungs} | {"0"} <= written | exempt


def test_every_term_that_version_6_changes_has_a_line() -> None:
    old, new = read("5.0"), read("6.0")
    changed = {each.name for each in new.ladders if _questions(new, each.name) != _questions(old, each.name)}
    assert changed <= {line.term for line in lines("6.0")}


def _questions(criteria: Criteria, name: str) -> object:
    ladder = criteria.ladder(name)
    return None if ladder is None else [each.question for each in ladder.rungs]
