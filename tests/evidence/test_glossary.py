"""The glossary decides the words, two sentences a term."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")
TERMS = dict(re.findall(r"^\*\*(.+?)\*\* · (.+)$", PAGE, re.MULTILINE))
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")

OWED = """
    dose, cycle, course, slot, hold, standing hold, resume question, stop, scope, unconfirmed, relative criterion,
    absolute criterion, group, counting rule, finding, charted, valid, view, reported finding, required finding,
    system statement, residual, measure, would give if, unverified, not covered, coverage, recalled, pin, protocol,
    site, setting, baseline, nadir, fresh, stale, survivable, companion hold, entry, event, fold, journal, CTCAE grade,
    RECIST, capillary leak, give, insufficient
"""


@pytest.mark.parametrize("term", [term.strip() for term in OWED.split(",")])
def test_every_word_of_the_decision_is_explained(term: str) -> None:
    assert term in TERMS


def test_terms_stand_in_order_and_once() -> None:
    printed = re.findall(r"^\*\*(.+?)\*\*", PAGE, re.MULTILINE)
    assert printed == sorted(set(printed), key=str.casefold)
    assert printed == list(TERMS)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_two_sentences(term: str) -> None:
    assert len(SENTENCE_END.findall(TERMS[term])) == 2


@pytest.mark.parametrize("term", TERMS)
def test_a_term_in_italics_has_its_own_entry(term: str) -> None:
    entries = {re.sub(" (criterion|finding)$", "", each.casefold()) for each in TERMS}
    named = [each.casefold() for each in re.findall(r"\*([^*]+)\*", TERMS[term])]
    assert [each for each in named if not {each, each.removesuffix("s")} & entries] == []
