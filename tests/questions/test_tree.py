"""A tree is changed part by part, and what is not touched stays as it was."""

from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.protocols.compile import compiled, seen_through
from aldes.protocols.read import read
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.tree import (
    And,
    Arithmetic,
    AtLeast,
    Constant,
    Flag,
    Known,
    Name,
    Not,
    Number,
    Or,
    Question,
    Row,
    names,
    with_names,
    with_parts,
)

LEAF = Flag(Name("angina"))
OTHER = Flag(Name("coma"))


def test_every_part_of_every_kind_of_node_is_changed() -> None:
    def other(_: Question) -> Question:
        return OTHER

    assert with_parts(And((LEAF, LEAF)), other) == And((OTHER, OTHER))
    assert with_parts(Or((LEAF, LEAF)), other) == Or((OTHER, OTHER))
    assert with_parts(AtLeast(2, (LEAF, LEAF, LEAF)), other) == AtLeast(2, (OTHER, OTHER, OTHER))
    assert with_parts(Not(LEAF), other) == Not(OTHER)
    assert with_parts(Known(LEAF), other) == Known(OTHER)
    assert with_parts(Row("HOLD-1", LEAF), other) == Row("HOLD-1", OTHER)


def test_what_has_no_parts_stays_as_it_is() -> None:
    for leaf in (LEAF, parse("spo2 < 90", vocabulary()), Constant(UNKNOWN, "not set")):
        assert with_parts(leaf, lambda _: OTHER) is leaf


def test_every_finding_of_a_term_is_changed() -> None:
    term = Arithmetic("-", Name("weight"), Arithmetic("*", Number(2.0), Name("weight")))
    changed = with_names(term, lambda _: Number(70.0))
    assert changed == Arithmetic("-", Number(70.0), Arithmetic("*", Number(2.0), Number(70.0)))


def test_changing_nothing_gives_the_decision_back() -> None:
    def same(question: Question) -> Question:
        return with_parts(question, same)

    decision = compiled(read("consensus-2014", "demo"))
    assert same(decision.stop) == decision.stop
    assert same(decision.hold) == decision.hold


def test_a_row_is_seen_through_one_view_in_all_its_parts() -> None:
    question = parse("not (spo2 < 90 or creatinine - 1 > 2) and angina", vocabulary())
    seen = seen_through(question, View.RESUME, "HOLD-1")
    assert [name.finding for name in names(seen)] == [name.finding for name in names(question)]
    assert all(name.view is View.RESUME and name.row == "HOLD-1" for name in names(seen))
