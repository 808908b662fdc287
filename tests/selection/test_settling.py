"""The smallest set of findings that settles a verdict is really a smallest one."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from people import WELL, assessed, chart, charted

from aldes.protocols.verdict import Verdict
from aldes.selection.settling import Alternatives, smallest

COMES_OUT = {**WELL, "infection_untreated": False, "pregnant": False, "reproductive_potential": False}
FINDINGS = st.sampled_from("abcdefgh")
CLAUSES = st.lists(
    st.lists(st.frozensets(FINDINGS, min_size=1, max_size=2), min_size=1, max_size=3).map(tuple), max_size=6
)


def by_trying_all(clauses: list[Alternatives]) -> int:
    """The size of a smallest set, the slow and obvious way."""
    every = sorted(frozenset().union(*(each for clause in clauses for each in clause)))
    for size in range(len(every) + 1):
        for some in combinations(every, size):
            if all(any(each <= set(some) for each in clause) for clause in clauses):
                return size
    raise AssertionError


@settings(deadline=None, max_examples=200)
@given(CLAUSES)
def test_no_smaller_set_answers_every_clause(clauses: list[Alternatives]) -> None:
    found = smallest(clauses)
    assert all(any(each <= set(found) for each in clause) for clause in clauses)
    assert len(found) == by_trying_all(clauses)
    assert len(set(found)) == len(found)


def test_greed_would_take_three_where_two_are_enough() -> None:
    """Each of the four clauses holds a; b and c between them answer all."""
    pairs = [("a", "b"), ("a", "b"), ("a", "c"), ("d", "b"), ("d", "c")]
    clauses: list[Alternatives] = [tuple(frozenset(each) for each in pair) for pair in pairs]
    assert len(smallest(clauses)) == 2


def test_a_test_that_answers_two_rows_is_asked_for_once() -> None:
    found = assessed(chart(without=["lvef"]))
    assert {"EL-CV-02", "EL-CV-03"} <= set(found.because)
    assert found.settle.findings == ("lvef",)


@settings(deadline=None, max_examples=40)
@given(st.sets(st.sampled_from([name for name in WELL if name != "sex"]), max_size=8))
def test_charting_what_would_settle_it_settles_it(missing: set[str]) -> None:
    found = assessed(chart(without=missing))
    if found.verdict is Verdict.UNDETERMINED:
        settled = [charted(name, COMES_OUT[name]) for name in found.settle.findings]
        assert assessed([*chart(without=missing), *settled]).verdict in (Verdict.NONE_LISTED, Verdict.CAUTION)
        for left_out in found.settle.findings:
            fewer = [charted(name, COMES_OUT[name]) for name in found.settle.findings if name != left_out]
            assert assessed([*chart(without=missing), *fewer]).verdict is Verdict.UNDETERMINED


def test_sex_and_the_test_are_alternatives_and_one_is_enough() -> None:
    found = assessed(chart(without=["sex"]))
    assert len(found.settle.findings) == 1
