"""What is owed: overdue and since when, what comes next, and that nothing missing is ever fine."""

from datetime import timedelta

import pytest
from bedsides import (
    CONSENSUS,
    LABEL,
    NOW,
    admitted,
    ago,
    at_bedside,
    charted,
    discharged,
    doses,
    owed,
    site,
    statement,
    treated,
    vitals,
)

from aldes.phase import Phase
from aldes.protocols.read import read
from aldes.toxicity.watch import State, watch


@pytest.mark.parametrize(
    ("hours", "state"),
    [(0.5, State.DONE), (3.9, State.DONE), (4, State.DONE), (4.1, State.OVERDUE), (20, State.OVERDUE)],
)
def test_vital_signs_are_overdue_once_the_longer_end_of_their_range_has_passed(hours, state):
    item = owed(treated(*vitals(hours)), "MON-V-01")
    assert item.state is state
    assert item.due == ago(hours) + timedelta(hours=4)
    assert item.overdue_since == (item.due if state is State.OVERDUE else None)


def test_one_sign_that_was_never_taken_makes_the_whole_row_overdue_since_it_was_first_owed():
    without = [each for each in vitals(1) if each.entry.finding != "respiratory_rate"]
    item = owed(treated(*without), "MON-V-01")
    assert item.state is State.OVERDUE
    assert {each.finding: each.state for each in item.findings}["respiratory_rate"] is State.OVERDUE
    assert {each.finding: each.state for each in item.findings}["systolic"] is State.DONE
    assert item.overdue_since == ago(40) + timedelta(hours=4)  # the first of five doses was 40 hours ago


@pytest.mark.parametrize(("hours", "state"), [(1.9, State.DONE), (2, State.DONE), (2.1, State.OVERDUE)])
def test_a_hold_that_stands_raises_surveillance_to_the_shorter_end(hours, state):
    raised = charted("creatinine", "2.6", 6)
    bed = at_bedside(treated(raised, *vitals(hours)))
    assert watch(bed).raised == ("CONS-REN-03-R",)
    assert owed(treated(raised, *vitals(hours)), "MON-V-01").state is state


def test_an_entry_that_may_not_count_leaves_the_row_overdue_and_says_so():
    preliminary = charted("weight", 74, 1, fault="The status is 'preliminary'.")
    item = owed(treated(preliminary), "MON-WT-01")
    assert item.state is State.OVERDUE
    assert "it does not count: The status is 'preliminary'." in item.findings[0].why


@pytest.mark.parametrize(("hours", "state"), [(8, State.DONE), (8.1, State.OVERDUE)])
def test_intake_and_output_of_a_shift_are_owed_eight_hours_after_the_last_collection_ended(hours, state):
    assert owed(treated(charted("urine", 400, hours, over_h=8)), "MON-IO-01").state is state


def test_what_is_asked_before_each_dose_is_owed_until_the_slot_and_overdue_after_it():
    events = treated(given=5)
    before, after = NOW - timedelta(minutes=30), NOW + timedelta(minutes=1)
    assert owed(events, "MON-NEU-01", now=before).state is State.OWED
    assert owed(events, "MON-NEU-01", now=before).due == NOW
    late = owed(events, "MON-NEU-01", now=after)
    assert (late.state, late.overdue_since) == (State.OVERDUE, NOW)


def minded(hours_ago):
    """Orientation and the two tests of the mind, as the ward asks them before a dose."""
    tests = [charted(each, "done, correct", hours_ago) for each in ("serial_sevens", "world_backward")]
    return [charted("disorientation", False, hours_ago), *tests]


def test_a_check_of_the_dose_before_does_not_count_for_this_one():
    assert owed(treated(*minded(8.5)), "MON-NEU-01").state is State.OWED
    assert owed(treated(*minded(7.5)), "MON-NEU-01").state is State.DONE


def test_a_signed_statement_answers_for_what_it_covers_and_for_no_test_of_the_mind():
    _, *tests = minded(1)
    assert owed(treated(statement("neuro", 1), *tests), "MON-NEU-01").state is State.DONE
    assert owed(treated(statement("neuro", 1)), "MON-NEU-01").state is State.OWED
    assert owed(treated(statement("gut", 1), *tests), "MON-NEU-01").state is State.OWED


def test_a_required_measurement_that_will_be_too_old_at_the_slot_is_owed_before_it():
    fresh, old = charted("platelets", 150, 20), charted("platelets", 150, 23.9)
    earlier = NOW - timedelta(hours=1)
    assert owed(treated(fresh), "REQUIRED-platelets", now=earlier).state is State.DONE
    item = owed(treated(old), "REQUIRED-platelets", now=earlier)
    assert (item.state, item.why) == (State.DONE, "")
    stale = owed(treated(charted("platelets", 150, 24.2)), "REQUIRED-platelets", now=earlier)
    assert (stale.state, stale.why) == (State.OWED, "it will be too old at the next slot")


def test_a_required_measurement_whose_age_no_site_has_set_is_never_done():
    item = owed(treated(charted("platelets", 150)), "REQUIRED-platelets", read(CONSENSUS))
    assert item.state is State.UNSET
    assert "max_age_h.platelets is not set" in item.why


# ── before the first dose ──


def test_before_the_first_dose_the_baseline_is_owed_by_the_slot_and_old_results_do_not_count():
    admission = [admitted(10), charted("potassium", 4, 24 * 8)]
    item = owed(admission, "MON-B-01", LABEL)
    assert item.state is State.OWED
    assert {each.finding: each.state for each in item.findings}["potassium"] is State.OWED
    fresh = owed([*admission, charted("potassium", 4, 24 * 6)], "MON-B-01", LABEL)
    assert {each.finding: each.state for each in fresh.findings}["potassium"] is State.DONE


def test_a_baseline_that_was_missed_is_overdue_since_the_first_dose_and_cannot_be_made_up():
    item = owed(treated(charted("potassium", 4, 1)), "MON-B-01", LABEL)
    states = {each.finding: each.state for each in item.findings}
    assert states["potassium"] is State.OVERDUE
    assert item.overdue_since == ago(40)


def test_what_no_finding_shows_is_confirmed_by_a_clinician_and_never_fine():
    assert owed(treated(), "MON-B-03", LABEL).state is State.UNSEEN


def test_an_interval_that_nobody_prints_is_asked_of_the_site_and_never_fine():
    assert owed(treated(charted("stool_blood", False)), "MON-STOOL-01", LABEL).state is State.UNSET


def test_a_row_of_the_site_sets_the_interval_that_the_label_leaves_open(tmp_path):
    own = """
[[monitor]]
id = "MON-STOOL-01"
words = "stool test every day"
findings = ["stool_blood"]
each = "day"
source = "site stool test"
status = "policy"
"""
    protocol = read(LABEL, site(tmp_path, own))
    assert owed(treated(charted("stool_blood", False, 3)), "MON-STOOL-01", protocol).state is State.DONE
    assert owed(treated(), "MON-STOOL-01", protocol).state is State.OVERDUE


# ── conditions ──

HOURLY = """
[[monitor]]
id = "SITE-HOURLY"
words = "pressure every hour while it is low"
findings = ["systolic"]
every_h = 1
when = "systolic < 90"
source = "site vital signs"
status = "policy"
"""


@pytest.mark.parametrize(
    ("pressures", "state"),
    [
        ([(3, 118), (0.5, 112)], None),
        ([(3, 118), (0.5, 84)], State.DONE),
        ([(3, 84), (1.5, 86)], State.OVERDUE),
        ([(3, 84), (0.5, 86)], State.DONE),
    ],
)
def test_a_row_with_a_condition_is_owed_while_it_is_so(tmp_path, pressures, state):
    protocol = read(LABEL, site(tmp_path, HOURLY))
    item = owed(treated(*(charted("systolic", value, hours) for hours, value in pressures)), "SITE-HOURLY", protocol)
    assert (item.state if item else None) is state


def test_a_condition_that_is_not_known_is_no_all_clear(tmp_path):
    item = owed(treated(), "SITE-HOURLY", read(LABEL, site(tmp_path, HOURLY)))
    assert item.state is State.UNKNOWN
    assert "which is not known" in item.why


def test_an_ecg_is_owed_from_the_event_on_and_one_before_it_does_not_count(tmp_path):
    protocol = read(LABEL, site(tmp_path, "", orders='orders = ["orders-a"]'))
    irregular = charted("irregular_pulse", True, 2)
    before = owed(treated(charted("ischaemia_ecg", False, 3), irregular), "MON-ECG-01", protocol)
    assert (before.state, before.overdue_since) == (State.OVERDUE, ago(2))
    after = owed(treated(irregular, charted("ischaemia_ecg", False, 1)), "MON-ECG-01", protocol)
    assert after.state is State.DONE


def test_a_monitor_that_runs_without_a_break_stands_while_the_pressor_runs(tmp_path):
    protocol = read(LABEL, site(tmp_path, "", orders='orders = ["orders-b"]'))
    running = treated(charted("phenylephrine", "0.3", 1), statement("support", 2))
    assert owed(running, "MON-V-03", protocol).state is State.STANDING
    off = treated(charted("phenylephrine", 0, 1), charted("dopamine", 0, 1))
    assert owed(off, "MON-V-03", protocol) is None


# ── after the doses ──


def stopped(hours_ago: float = 10):
    return charted("angina", True, hours_ago)


def test_after_a_stop_the_patient_is_recovering_and_monitoring_goes_on():
    bed = at_bedside(treated(stopped(), charted("mental_status", "normal", 9)), LABEL)
    assert bed.phase is Phase.RECOVERING
    assert watch(bed).raised[0] == "STOP-CV-03"


def test_what_was_asked_before_each_dose_is_asked_every_eight_hours_while_recovering():
    events = [*doses(14, 24), *minded(8.1)]
    item = owed(sorted([admitted(140), *events], key=lambda each: each.recorded_at), "MON-NEU-01")
    assert (item.state, item.overdue_since) == (State.OVERDUE, ago(0.1))


def test_fourteen_slots_end_the_doses_and_not_the_watching():
    events = sorted([admitted(140), *doses(14, 24)], key=lambda each: each.recorded_at)
    found = watch(at_bedside(events))
    assert found.phase is Phase.RECOVERING
    assert {each.row for each in found.items} >= {"MON-V-01", "MON-IO-01", "MON-WT-01", "MON-LAB-01", "MON-NEU-01"}
    assert not [each for each in found.items if each.row.startswith("REQUIRED")]


def test_at_home_nothing_is_owed_to_the_ward():
    assert watch(at_bedside([*treated(), discharged(1)])).items == ()


def test_the_most_urgent_comes_first():
    states = [each.state for each in watch(at_bedside(treated(*vitals(1)))).items]
    assert states == sorted(states, key=list(State).index)
    assert states[0] is State.OVERDUE


@pytest.mark.parametrize("protocol", ["us-label-2023", "consensus-2014", "institution-2015", "nci-2001"])
def test_of_an_empty_chart_nothing_is_done(protocol):
    for events in ([], [admitted(3)], treated()):
        assert [each.row for each in watch(at_bedside(events, protocol)).items if each.state is State.DONE] == []
