"""What would give: when each demand is met by a new value, the answer is *give*."""

from decimal import Decimal

import builders as b
import pytest

from aldes.administration.decision import Decision, Word
from aldes.course.events import AnyEvent, FindingCharted
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import severity
from aldes.questions.residual import Literal
from aldes.questions.tree import Compare, Flag, In, Name, Number

STEP = Decimal("0.01")
CHANGES = [
    (b.LABEL, "spo2", 85),
    (b.LABEL, "systolic", 80),
    (b.LABEL, "creatinine", "4.4"),
    (b.LABEL, "mental_status", "severe"),
    (b.LABEL, "stool_blood", True),
    (b.LABEL, "infection", True),
    (b.LABEL, "atrial_fibrillation", True),
    (b.CONSENSUS, "platelets", 20),
    (b.CONSENSUS, "creatinine", "3.3"),
    (b.CONSENSUS, "bilirubin", 9),
    (b.CONSENSUS, "weight", 100),
    (b.CONSENSUS, "vivid_dreams", True),
    (b.CONSENSUS, "mental_status", "changed"),
    (b.INSTITUTION, "heart_rate", 125),
    (b.INSTITUTION, "platelets", 45),
    (b.INSTITUTION, "creatinine", "2.7"),
]
MISSING = [(b.LABEL, "spo2"), (b.LABEL, "creatinine"), (b.CONSENSUS, "platelets"), (b.INSTITUTION, "heart_rate")]
SOURCE = {"systolic_low": "systolic", "weight_gain": "weight"}  # what is charted for what is derived


def demanded(literal: Literal) -> FindingCharted:
    """An entry, a minute ago, that makes one demand true."""
    leaf = literal.leaf
    match leaf:
        case Compare(op, Name(finding=name), Number(limit)):
            return b.charted(SOURCE.get(name, name), meeting(name, op, Decimal(str(limit))), 1 / 60, by="physician")
        case Compare("==", Name(finding=name), Name(finding=same)) if name == same:  # it must be known
            return b.charted(name, b.WELL[name], 1 / 60)
        case In(Name(finding=name), codes):
            best = [code for code in vocabulary()[name].codes if (code in codes) is literal.wanted]
            return b.charted(name, best[0], 1 / 60, by="physician")
        case Flag(Name(finding=name)):
            return b.charted(name, literal.wanted, 1 / 60, by="physician")
        case Compare(">=", Name(finding="systolic"), _):  # the patient's own target
            return b.charted("systolic", 118, 1 / 60)
    raise AssertionError(f"a demand of a kind that no test knows: {leaf}")


def meeting(name: str, op: str, limit: Decimal) -> Decimal:
    value = {"<": limit - STEP, "<=": limit, ">": limit + STEP, ">=": limit, "==": limit}[op]
    return Decimal(68) * (1 + (value - 1) / 100) if name == "weight_gain" else value  # 68 kg before the first dose


def met(events: list[AnyEvent], decision: Decision) -> list[AnyEvent]:
    """Every demand met, of two on one finding the harder: a patient has one creatinine."""
    assert decision.would_give_if
    entries: dict[str, FindingCharted] = {}
    for clause in decision.would_give_if:
        came = demanded(clause[0])
        entries[came.entry.finding] = min(entries.get(came.entry.finding, came), came, key=how_bad)
    return b.in_order([*events, *entries.values()])


def how_bad(event: FindingCharted) -> Decimal:
    value = event.entry.worst
    assert value is not None
    return severity(vocabulary()[event.entry.finding], value)


def with_companions(name: str, value: object) -> list[AnyEvent]:
    """The patient with one finding; its organ system charted item by item, since no statement stands beside it."""
    system = vocabulary()[name].system
    return b.well_patient(b.charted(name, value, 0.1), *(b.every_no(system, 0.1, without=[name]) if system else ()))


@pytest.mark.parametrize(("protocol", "name", "value"), CHANGES)
def test_meeting_each_demand_gives(protocol, name, value):
    events = with_companions(name, value)
    decision = b.asked(events, protocol)
    if decision.would_give_if == ():
        assert decision.word is Word.GIVE
        return
    assert decision.word in (Word.HOLD, Word.INSUFFICIENT)
    assert b.word(met(events, decision), protocol) is Word.GIVE


@pytest.mark.parametrize(("protocol", "name"), MISSING)
def test_measuring_what_is_missing_gives(protocol, name):
    events = b.well_patient(without=[name])
    decision = b.asked(events, protocol)
    assert decision.word is Word.INSUFFICIENT
    assert name in {each.finding for each in decision.measure}
    assert b.word(met(events, decision), protocol) is Word.GIVE


def test_no_measurement_changes_a_stop():
    decision = b.asked(b.well_patient(b.charted("angina", True)))
    assert (decision.would_give_if, decision.would_give_words) == (None, "no later measurement changes this")


def test_no_measurement_lifts_a_recalled_row_s_hold():
    assert b.asked(b.well_patient(b.charted("creatinine", 5))).would_give_if is None
