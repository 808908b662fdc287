"""The two theorems at the level of one finding: doubt never makes known, and worse never makes better."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from moments import NOW, WIDER, charted

from aldes.findings.charted import Charted, Value
from aldes.findings.formula import names_in
from aldes.findings.moment import Moment, Statement
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Group, Worse, severity

ASKED = tuple(each for each in WIDER.findings.values() if each.group is not Group.COURSE)
MOVING = tuple(each for each in ASKED if each.worse is not Worse.NONE)
RUN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def by_name(findings: tuple[Finding, ...]) -> list[object]:
    return [pytest.param(each, id=each.name) for each in findings]


def sources(finding: Finding) -> tuple[str, ...]:
    """The charted findings behind one, in a fixed order."""
    if finding.derived is None:
        return (finding.name,)
    inputs = names_in(finding.derived.formula) if finding.derived.op == "formula" else (finding.derived.of,)
    return tuple(dict.fromkeys(source for each in inputs for source in sources(WIDER[each])))


@st.composite
def moments(draw: st.DrawFn, finding: Finding) -> Moment:
    """Up to six entries of each source in the last two days, doses and starts anywhere among them."""
    hours = st.integers(0, 48).map(lambda back: NOW - timedelta(hours=back))
    series = {name: draw(_series(WIDER[name])) for name in sources(finding)}
    age = st.sampled_from((timedelta(hours=6), timedelta(days=9), None))
    # What no statement can answer is required; what one can answer may be.
    required = [name for name in series if not WIDER[name].system or draw(st.booleans())]
    systems = {WIDER[name].system for name in series} - {""}
    return Moment(
        now=NOW,
        vocabulary=WIDER,
        series=series,
        statements={each: Statement(system=each, time=draw(hours)) for each in systems if draw(st.booleans())},
        max_age={name: draw(age) for name in required},
        slot_opened=draw(hours),
        last_dose=draw(st.none() | hours),
        cycle_start=draw(st.none() | hours),
        course_start=draw(st.none() | hours),
    )


@st.composite
def _series(draw: st.DrawFn, finding: Finding) -> tuple[Charted, ...]:
    found = [draw(_entry(finding)) for _ in range(draw(st.integers(1, 6)))]
    return tuple(sorted(found, key=lambda each: each.time))


@st.composite
def _entry(draw: st.DrawFn, finding: Finding) -> Charted:
    value = draw(st.sampled_from(_values(finding)))
    sort = draw(st.sampled_from(("final", "final", "final", "preliminary", "unusable")))
    begin = draw(st.integers(0, 12)) * 4
    return replace(
        charted(finding.name, None, begin, over_h=draw(st.sampled_from((4, 8))) if finding.group == "fluid" else None),
        worst=None if sort == "unusable" else value,
        valid=value if sort == "final" else None,
        fault=None if sort == "final" else "a fault",
        high=draw(st.none() | st.just(Decimal(2))),
    )


def _values(finding: Finding) -> tuple[Value, ...]:
    if finding.codes:
        return finding.codes
    return (False, True) if finding.worse is Worse.TRUE else tuple(Decimal(each) for each in range(5))


def _as_bad_as(finding: Finding, value: Value | None) -> list[Value | None]:
    if value is None:
        return [None]
    return [each for each in _values(finding) if severity(finding, each) >= severity(finding, value)]


AFTER = st.none() | st.integers(0, 12).map(lambda back: NOW - timedelta(hours=4 * back))


@pytest.mark.parametrize("finding", by_name(ASKED))
@RUN
@given(data=st.data())
def test_doubt_about_one_entry_never_makes_an_unknown_finding_known(finding: Finding, data: st.DataObject) -> None:
    moment, after = data.draw(moments(finding)), data.draw(AFTER)
    name = data.draw(st.sampled_from(sources(finding)))
    place = data.draw(st.integers(0, len(moment.series[name]) - 1))
    doubted = _changed(moment, name, place, replace(moment.series[name][place], valid=None, fault="a doubt"))
    for view in (View.VALID, View.RESUME):
        if moment.look(finding.name, view, after).value is None:
            assert doubted.look(finding.name, view, after).value is None


@pytest.mark.parametrize("finding", by_name(MOVING))
@RUN
@given(data=st.data())
def test_a_worse_newest_value_never_looks_better(finding: Finding, data: st.DataObject) -> None:
    moment, after = data.draw(moments(finding)), data.draw(AFTER)
    name = data.draw(st.sampled_from(sources(finding)))
    newest = moment.series[name][-1]
    assume(not _is_baseline(finding, moment, newest))
    worse = data.draw(st.sampled_from(_as_bad_as(WIDER[name], newest.worst)))
    moved = _changed(moment, name, -1, replace(newest, worst=worse, valid=None if newest.valid is None else worse))
    for view in _views(finding):
        before, then = (each.look(finding.name, view, after).value for each in (moment, moved))
        if before is not None and then is not None:
            assert severity(finding, then) >= severity(finding, before), view
        if view is View.CHARTED and before is not None:
            assert then is not None


def _is_baseline(finding: Finding, moment: Moment, entry: Charted) -> bool:
    """The theorem speaks of a current value: one that is itself the baseline of a gain lessens the gain."""
    if finding.derived is None or finding.derived.op != "formula":
        return False
    inputs = [derived for name in names_in(finding.derived.formula) if (derived := WIDER[name].derived)]
    starts = {"cycle": moment.cycle_start, "course": moment.course_start}
    anchors = [starts[each.anchor] for each in inputs if each.op == "baseline"]
    return any(start is None or entry.time <= start for start in anchors)


def _views(finding: Finding) -> tuple[View, ...]:
    """Through CHARTED a change is measured from the result before the worst value: a worse newest one moves both."""
    is_change = finding.derived is not None and finding.derived.op == "change"
    return (View.VALID, View.RESUME) if is_change else tuple(View)


def _changed(moment: Moment, name: str, place: int, entry: Charted) -> Moment:
    series = list(moment.series[name])
    series[place] = entry
    return replace(moment, series={**moment.series, name: tuple(series)})
