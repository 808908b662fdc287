"""The running form gives what the reference gives, over random series with faults, ties, doses and cuts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moments import NOW, WIDER, charted

from aldes.findings.charted import Charted, Value
from aldes.findings.derived import FIRST_WINDOW
from aldes.findings.moment import Moment, Statement
from aldes.findings.running import Instant, Running, running
from aldes.findings.view import View
from aldes.findings.vocabulary import absent_value

CHARTED_FINDINGS = ("systolic", "heart_rate", "mental_status", "dialysis", "phenylephrine")
OPS = {name: each for name, each in WIDER.findings.items() if each.derived and each.derived.op != "formula"}
KINDS = {  # one finding of each kind of derivation: thirty reference limits are one
    (replace(each.derived, of=""), WIDER[each.derived.of].group, WIDER[each.derived.of].kind, each.worse): name
    for name, each in OPS.items()
    if each.derived
}
DERIVED = tuple(KINDS.values())
NUMBERS = tuple(Decimal(number) for number in (0, 1, 2, 3))
START = NOW
STEPS = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 20, 60, 240, 480, 4 * 24 * 60))


@dataclass
class Told:
    """What both forms were told so far."""

    of: str
    form: Running
    now: datetime = START
    entries: list[Charted] = field(default_factory=list)
    anchors: dict[str, datetime | None] = field(default_factory=dict)
    after: datetime | None = None
    slot_opened: datetime = START
    statement: Statement | None = None

    def moment(self, max_age: dict[str, timedelta | None]) -> Moment:
        return Moment(
            now=self.now,
            vocabulary=WIDER,
            series={self.of: tuple(self.entries)},
            statements={self.statement.system: self.statement} if self.statement else {},
            max_age=max_age,
            slot_opened=self.slot_opened,
            last_dose=self.anchors.get("last_dose"),
            cycle_start=self.anchors.get("cycle"),
            course_start=self.anchors.get("course"),
        )


@st.composite
def entries(draw: st.DrawFn, of: str) -> Callable[[datetime, datetime | None], Charted]:
    """One entry of the finding: final, preliminary with any worst value, or without a usable value."""
    finding = WIDER[of]
    values: dict[str, st.SearchStrategy[Value]] = {
        "number": st.sampled_from(NUMBERS),
        "flag": st.booleans(),
        "code": st.sampled_from(finding.codes or ("",)),
    }
    value = draw(values[finding.kind])
    sort = draw(st.sampled_from(("final", "final", "final", "preliminary", "unusable")))
    limits = draw(st.tuples(*[st.none() | st.sampled_from(NUMBERS)] * 2))
    joins = draw(st.sampled_from(("joins", "joins", "joins", "joins", "gap or overlap", "instant")))
    hours = draw(st.sampled_from((1, 2, 8, 12)))

    def entry(time: datetime, end_before: datetime | None) -> Charted:
        start = time - timedelta(hours=hours)
        if joins == "joins" and end_before is not None and end_before < time:
            start = end_before
        return replace(
            charted(of, None),
            time=time,
            start=start if finding.group == "fluid" and joins != "instant" else None,
            worst=None if sort == "unusable" else value,
            valid=value if sort == "final" else None,
            fault=None if sort == "final" else "a fault",
            low=limits[0],
            high=limits[1],
        )

    return entry


ACTIONS = ("entry",) * 8 + ("last_dose", "last_dose", "cycle", "course", "new cycle", "cut", "slot", "statement")


@pytest.mark.parametrize("name", [*CHARTED_FINDINGS, *DERIVED])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_running_form_equals_the_reference(name: str, data: st.DataObject) -> None:
    finding = WIDER[name]
    of = finding.derived.of if finding.derived else name
    required = data.draw(st.booleans()) if WIDER[of].system else True
    age = data.draw(st.sampled_from((timedelta(hours=4), timedelta(days=9), None)))
    max_age = {of: age} if required else {}
    told = Told(of=of, form=running(finding, WIDER, max_age))
    for _ in range(data.draw(st.integers(1, 14))):
        told.now += data.draw(st.sampled_from(STEPS))
        _tell(told, data)
        _compare(name, told, max_age)


def _tell(told: Told, data: st.DataObject) -> None:
    match data.draw(st.sampled_from(ACTIONS)):
        case "entry":
            ends = [each.time for each in told.entries if each.start is not None]
            entry = data.draw(entries(told.of))(told.now, ends[-1] if ends else None)
            told.entries.append(entry)
            told.form.add(entry)
        case "new cycle":
            begun = told.anchors.get("cycle")
            if begun is None or told.now - begun >= FIRST_WINDOW:
                told.anchors["cycle"] = None
                told.form.anchor("cycle", None)
        case "cut":
            told.after = told.now
            told.form.cut(told.now)
        case "slot":
            told.slot_opened = told.now
        case "statement":
            told.statement = Statement(system=WIDER[told.of].system, time=told.now)
        case anchor:
            told.anchors[anchor] = told.now
            told.form.anchor(anchor, told.now)


def _compare(name: str, told: Told, max_age: dict[str, timedelta | None]) -> None:
    moment = told.moment(max_age)
    at = Instant(now=told.now, slot_opened=told.slot_opened, stated=_stated(moment, told.of))
    for view in (View.CHARTED, View.VALID, View.RESUME):
        expected = moment.look(name, view, told.after).value
        assert told.form.value(view, at) == expected, (view, told)


def _stated(moment: Moment, of: str) -> Value | None:
    """What the system's statement answers: it stands if it answers another finding, of which nothing is charted."""
    finding = WIDER[of]
    others = [each for each in WIDER.in_system(finding.system) if each.name != of and not each.derived]
    if not finding.system or moment.look(others[0].name, View.VALID).value is None:
        return None
    return absent_value(finding)


def test_an_entry_out_of_order_is_refused() -> None:
    form = running(WIDER["systolic"], WIDER, {})
    form.add(charted("systolic", 120, 1))
    with pytest.raises(ValueError, match="out of order"):
        form.add(charted("systolic", 60, 2))


def test_asking_before_the_newest_entry_is_refused() -> None:
    form = running(WIDER["systolic"], WIDER, {})
    form.add(charted("systolic", 120, 0))
    earlier = NOW - timedelta(seconds=1)
    with pytest.raises(ValueError, match="out of order"):
        form.value(View.VALID, Instant(now=earlier, slot_opened=earlier))


@pytest.mark.parametrize("name", ["mean_pressure", "dose_number", "dosing_weight"])
def test_formulas_facts_and_settled_values_have_no_running_form(name: str) -> None:
    with pytest.raises(ValueError, match="has no running form"):
        running(WIDER[name], WIDER, {})


def test_a_long_course_keeps_little() -> None:
    form = running(WIDER["systolic_low"], WIDER, {"systolic": timedelta(hours=2)})
    for minute in range(5 * 24 * 60):
        time = START + timedelta(minutes=minute)
        if minute % 480 == 0:
            form.anchor("last_dose", time)
        form.add(replace(charted("systolic", 100 + minute * 7 % 50), time=time))
        form.value(View.CHARTED, Instant(now=time, slot_opened=START))
    assert _entries_kept(form) <= 480


def _entries_kept(form: object) -> int:
    queues = [part for part in vars(form).values() if hasattr(part, "queue")]
    return max(len(each.queue) for each in queues)
