"""Slots, interval, rest, courses and the site's settings."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

import builders as b
import pytest

from aldes.administration.decision import Word
from aldes.course.events import Admitted, AnyEvent, CourseEnded, Discharged, SlotState
from aldes.protocols.read import read

LATER = timedelta(hours=4)  # the demo site's late_h


# ── slots and doses ──────────────────────────────────────────────────────────────────────────────────────────


def many(given: int) -> list[AnyEvent]:
    """So many doses given; opened early enough for fourteen."""
    early = [each for each in b.opened() if b.finding_of(each) not in ("weight", "creatinine")]
    weights = [b.charted("weight", 68, 8 * given + 1)]
    return b.in_order([*early, *weights, *b.doses(given), *b.pre_dose_check()])


@pytest.mark.parametrize(("given", "expected"), [(13, Word.GIVE), (14, Word.STOP), (15, Word.STOP)])
@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_fourteen_slots_end_the_cycle(protocol, given, expected):
    assert b.word(many(given), protocol) is expected


def test_a_fifteenth_dose_that_did_occur_is_recorded_and_counted():
    course = b.after(many(15))
    assert len(course.in_cycle) == 15
    assert "DOSE-04" in b.rows(many(15))


@pytest.mark.parametrize(("held", "expected"), [(2, Word.GIVE), (3, Word.STOP)])
def test_three_held_slots_stop_the_cycle_by_the_institution(held, expected):
    slots = [b.slot(n, 8 * (6 - n), SlotState.HELD if n <= held else SlotState.GIVEN) for n in range(1, 6)]
    events = b.in_order([*b.opened(), *slots, *b.pre_dose_check()])
    assert b.word(events, b.INSTITUTION) is expected


def test_omitted_slots_never_count_as_held():
    slots = [b.slot(n, 8 * (6 - n), SlotState.OMITTED if n in (2, 3, 4) else SlotState.GIVEN) for n in range(1, 6)]
    assert b.word(b.in_order([*b.opened(), *slots, *b.pre_dose_check()]), b.INSTITUTION) is Word.GIVE


def measured_anew(at: datetime) -> list[AnyEvent]:
    """Everything measured and stated again, a little before `at`."""
    ahead = (b.NOW - at).total_seconds() / 3600 + 0.01
    found: list[AnyEvent] = [b.charted(name, value, ahead) for name, value in b.WELL.items()]
    span = 0.4 - ahead
    if span > 0:
        found.append(b.charted("urine", round(span * 50) + 50, ahead, over_h=span))
    return [*found, *b.statements(ahead)]


@pytest.mark.parametrize(("seconds", "expected"), [(-1, Word.GIVE), (0, Word.GIVE), (1, Word.HOLD)])
def test_a_slot_is_unaccounted_once_its_last_moment_is_over(seconds, expected):
    now = b.NOW + LATER + timedelta(seconds=seconds)
    assert b.word([*b.well_patient(), *measured_anew(now)], now=now) is expected


def test_a_number_left_out_is_unaccounted():
    slots = [b.slot(n, 8 * (6 - n)) for n in (1, 2, 4, 5)]
    assert b.rows(b.in_order([*b.opened(), *slots, *b.pre_dose_check()])) == {"SLOT-01"}


@pytest.mark.parametrize(("late_h", "expected"), [(0.9, Word.GIVE), (1, Word.GIVE), (1.1, Word.HOLD)])
def test_seven_hours_must_lie_between_two_doses(late_h, expected):
    slots = [*b.doses(4, until_ago=16), b.slot(5, 8 - late_h)]
    stated = b.statements(0.05)
    assert b.word(b.in_order([*b.opened(), *slots, *b.pre_dose_check(), *stated])) is expected


def test_an_hour_after_a_dose_is_too_soon_for_the_next():
    """A *give* says that a dose may run; the least interval is 7 hours, whatever the grid says of the next slot."""
    now = b.NOW + timedelta(hours=1)
    events = [*b.well_patient(), b.slot(6, 0), *measured_anew(now)]
    assert b.word(events, now=now) is not Word.GIVE


def test_next_time_is_the_grid_s():
    assert b.asked(b.well_patient(), now=b.NOW - timedelta(minutes=20)).next_time == b.NOW


def test_a_give_ends_with_its_first_stale_measurement():
    decision = b.asked(b.well_patient(b.charted("spo2", 97, 1.5), without=["spo2"]))
    assert decision.valid_until == b.NOW + timedelta(minutes=30)


def test_a_give_ends_after_the_site_s_minutes():
    assert b.asked(b.well_patient()).valid_until == b.NOW + timedelta(minutes=60)


# ── cycles and courses ───────────────────────────────────────────────────────────────────────────────────────


def before_cycle_2(day: int, *, admitted: bool = True, check: bool = True, zone_hour: int = 6) -> list[AnyEvent]:
    """Five doses from day 1 of the course, and `NOW` on this day of it."""
    first = 24 * (day - 1)
    found: list[AnyEvent] = [
        Admitted(happened_at=b.ago(first + 20), recorded_at=b.ago(first + 20)),
        b.charted("dosing_weight", 70, first + 19),
        b.charted("systolic_target", 85, first + 19),
        b.cycle_opened(1, first + 0.5),
        *b.doses(5, until_ago=first - 32),
        *b.statements(first - 33),
        b.cycle_opened(2, 1.5),
    ]
    if admitted:
        found.append(Admitted(happened_at=b.ago(2), recorded_at=b.ago(2)))
    return b.in_order([*found, *b.pre_dose_check(without=() if check else b.SYSTEMS), *b.ready()])


@pytest.mark.parametrize(("day", "expected"), [(14, Word.HOLD), (15, Word.GIVE), (16, Word.GIVE)])
@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_cycle_2_begins_on_day_15(protocol, day, expected):
    assert b.word(before_cycle_2(day), protocol) is expected


def test_days_are_those_of_the_site_s_calendar_across_a_change_of_clocks():
    """Day 1 is 3 March, 23:30 in Chicago; day 15 begins on 17 March, 00:00 of summer time: 05:00 UTC."""
    first, start = datetime(2024, 3, 4, 5, 30, tzinfo=UTC), datetime(2024, 3, 17, 5, 0, tzinfo=UTC)

    def shifted(now: datetime) -> Word:
        hours = (b.NOW - first).total_seconds() / 3600
        ahead = (b.NOW - now).total_seconds() / 3600
        events = [
            b.charted("systolic_target", 85, hours + 2),
            b.cycle_opened(1, hours + 1),
            b.slot(1, hours),
            Discharged(happened_at=b.ago(hours - 9), recorded_at=b.ago(hours - 9)),
            b.cycle_opened(2, ahead + 1),
            *(b.charted(name, value, ahead + 0.1) for name, value in b.WELL.items()),
            *b.statements(ahead + 0.1),
            *b.ready(ahead + 0.1),
        ]
        return b.word(b.in_order(events), now=now)

    assert shifted(start - timedelta(seconds=1)) is Word.HOLD
    assert shifted(start) is Word.GIVE


def test_statements_of_cycle_1_answer_nothing_in_cycle_2():
    assert b.word(before_cycle_2(15, admitted=False, check=False)) is Word.INSUFFICIENT


def test_a_course_has_two_cycles():
    third = [b.cycle_opened(3, 1.2)]
    assert b.word(b.in_order([*before_cycle_2(15), b.slot(1, 200, cycle=2), *third])) is not Word.GIVE


def test_a_patient_who_was_discharged_gets_no_dose():
    home = Discharged(happened_at=b.ago(0.05), recorded_at=b.ago(0.05))
    assert b.word(b.well_patient(home)) is not Word.GIVE


@pytest.mark.parametrize(("days", "expected"), [(48, Word.HOLD), (49, Word.GIVE)])
def test_retreatment_waits_seven_weeks_from_discharge(days, expected):
    home = b.ago(24 * days)
    before = [Discharged(happened_at=home, recorded_at=home), CourseEnded(happened_at=home, recorded_at=home)]
    events = [*before, b.cycle_opened(1, 47.5), *b.opened(), *b.pre_dose_check(), *b.ready()]
    assert b.word(b.in_order(events)) is expected


# ── site settings: what needs an unset one blocks, and says which ────────────────────────────────────────────

SITE = files("aldes.protocols").joinpath("sites", "demo.toml").read_text(encoding="utf-8")


@cache
def without_setting(protocol: str, setting: str, folder):
    path = folder / f"without-{setting}.toml"
    path.write_text(re.sub(rf"^{setting} .*$", "", SITE, flags=re.MULTILINE), encoding="utf-8")
    return read(protocol, str(path))


ASKED = [
    *((b.LABEL, name) for name in ("min_interval_h", "late_h", "valid_min", "systolic", "spo2", "creatinine", "urine")),
    *((b.CONSENSUS, name) for name in ("counting", "min_interval_h", "platelets", "bilirubin", "weight", "creatinine")),
    *((b.INSTITUTION, name) for name in ("min_interval_h", "heart_rate", "platelets", "weight", "creatinine")),
]


@pytest.mark.parametrize(("protocol", "setting"), ASKED)
def test_an_unset_site_setting_never_gives(protocol, setting, tmp_path):
    assert b.word(b.well_patient(), without_setting(protocol, setting, tmp_path)) is not Word.GIVE


@pytest.mark.parametrize(("protocol", "setting"), ASKED)
def test_a_sentence_names_the_unset_setting(protocol, setting, tmp_path):
    decision = b.asked(b.well_patient(), without_setting(protocol, setting, tmp_path))
    said = [found.why for each in decision.because for found in each.findings]
    said += [text for each in decision.because for text in (each.words, each.limit)] + [m.why for m in decision.measure]
    assert any(setting in text and "not set" in text for text in said)


@pytest.mark.parametrize(("protocol", "setting"), [(b.LABEL, "zone"), (b.CONSENSUS, "cycle_2_after_days")])
def test_cycle_2_needs_its_own_settings(protocol, setting, tmp_path):
    assert b.word(before_cycle_2(15), without_setting(protocol, setting, tmp_path)) is Word.INSUFFICIENT


def test_a_care_row_does_not_cover_a_running_vasopressor(tmp_path):
    row = """
[[care]]
id = "SITE-CARE-1"
words = "norepinephrine runs"
when = "norepinephrine > 0"
advice = "check the line"
source = "policy 0006, support that no row names"
status = "policy"
"""
    path = tmp_path / "site.toml"
    path.write_text(SITE + row, encoding="utf-8")
    running = b.charted("norepinephrine", "0.1", 0.1)
    events = b.well_patient(running, *b.every_no("support", without=["norepinephrine"]), without=["support"])
    assert b.word(events, read(b.LABEL, str(path))) is Word.HOLD
