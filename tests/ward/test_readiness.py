"""Before dose 1 of a cycle: what must be in place, and what cycle 2 asks again."""

from dataclasses import replace

import builders as b
import pytest

from aldes.administration.decision import Word
from aldes.course.events import AnyEvent, Discharged, SlotState


def before_dose_1(*changes: AnyEvent, without: tuple[str, ...] = (), by: str = "physician") -> list[AnyEvent]:
    """Admitted and well before the first dose of the course, everything in place."""
    return b.in_order([*b.opened(), *b.pre_dose_check(), *b.ready(without=without, by=by), *changes])


@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_with_everything_in_place_the_first_dose_has_no_listed_reason_to_hold(protocol: str) -> None:
    assert b.word(before_dose_1(), protocol) is Word.GIVE


ASKED = [name for name in b.READY if name not in ("ecg_repeated", "troponin_repeated")]


@pytest.mark.parametrize("item", ASKED)
def test_a_missing_item_holds_and_an_unknown_one_is_not_enough(item: str) -> None:
    assert b.word(before_dose_1(b.charted(item, False, 0.5))) is Word.HOLD
    assert b.word(before_dose_1(without=(item,))) is Word.INSUFFICIENT


def test_an_unknown_item_is_among_what_to_measure() -> None:
    asked = b.asked(before_dose_1(without=("consent_signed",)))
    assert {each.finding for each in asked.measure} == {"consent_signed"}
    assert asked.would_give_words == "consent signed"


@pytest.mark.parametrize("item", ["beta_blockers_settled", "infection_settled", "brain_imaged"])
def test_what_a_physician_settles_no_nurse_settles(item: str) -> None:
    by_nurse = before_dose_1(b.charted(item, True, 0.9, by="nurse"), without=(item,))
    assert b.word(by_nurse) is Word.INSUFFICIENT


def test_an_item_ages_as_the_site_says() -> None:
    assert b.word(before_dose_1(b.charted("central_line", True, 48), without=("central_line",))) is Word.GIVE
    assert b.word(before_dose_1(b.charted("central_line", True, 48.01), without=("central_line",))) is Word.INSUFFICIENT


def test_from_dose_2_on_none_of_it_is_asked() -> None:
    assert b.word(b.well_patient(b.charted("consent_signed", False, 0.5), given=1)) is Word.GIVE


@pytest.mark.parametrize("state", [SlotState.HELD, SlotState.OMITTED])
def test_a_first_slot_without_a_dose_leaves_all_of_it_to_be_asked(state: SlotState) -> None:
    """Otherwise a hold for a missing consent would be over with the slot that it held."""
    not_given = [b.cycle_opened(1, 9), b.slot(1, 8, state)]
    assert b.word(before_dose_1(*not_given, b.charted("consent_signed", False, 0.5))) is Word.HOLD
    assert b.word(before_dose_1(*not_given, without=("consent_signed",))) is Word.INSUFFICIENT


def test_a_missing_item_that_is_put_in_place_needs_no_one_to_lift_it() -> None:
    found = before_dose_1(b.charted("central_line", False, 0.6), b.charted("central_line", True, 0.3))
    assert b.word(found) is Word.GIVE
    assert b.after(found).standing() == ()


# ── cycle 2 ──


def cycle_2(*changes: AnyEvent, without: tuple[str, ...] = (), before: tuple[AnyEvent, ...] = ()) -> list[AnyEvent]:
    """Day 15, back from the rest, well, and everything asked again."""
    start = 14 * 24 + 2
    home = Discharged(happened_at=b.ago(start - 40), recorded_at=b.ago(start - 40))
    first = [b.cycle_opened(1, start + 1), b.slot(1, start), b.slot(2, start - 8)]
    pinned = [b.charted("dosing_weight", 70, 46), b.charted("systolic_target", 85, start)]
    return b.in_order(
        [*first, *before, home, *pinned, b.cycle_opened(2, 3), *b.pre_dose_check(), *b.ready(without=without), *changes]
    )


def test_cycle_2_begins_when_all_that_is_asked_again_is_within_the_site_s_limits() -> None:
    assert b.word(cycle_2()) is Word.GIVE


@pytest.mark.parametrize(
    ("finding", "value", "row"),
    [
        ("platelets", 99, "CYCLE2-01"),
        ("white_cells", 2, "CYCLE2-01"),
        ("creatinine", "1.6", "CYCLE2-02"),
        ("bilirubin", "2.1", "CYCLE2-03"),
        ("ecog", 2, "CYCLE2-05"),
    ],
)
def test_a_value_beyond_the_site_s_limit_holds_cycle_2_and_not_cycle_1(finding: str, value: object, row: str) -> None:
    bad = b.charted(finding, value, 0.3)
    assert row in b.rows(cycle_2(bad))
    assert row not in b.rows(before_dose_1(bad))


@pytest.mark.parametrize("finding", ["haemoglobin", "white_cells", "temperature", "ecog"])
def test_what_nobody_measured_again_is_not_enough(finding: str) -> None:
    assert b.word(cycle_2(without=(finding,))) is Word.INSUFFICIENT


def test_the_heart_is_asked_again_only_after_a_cardiac_row() -> None:
    heart = ("ecg_repeated", "troponin_repeated", "lvef")
    assert b.word(cycle_2(without=heart)) is Word.GIVE
    long_ago = 14 * 24 - 2
    fast = (
        b.charted("atrial_fibrillation", True, long_ago),
        b.charted("rhythm_needs_treatment", True, long_ago),
        *(b.charted(name, False, long_ago - 5, by="physician") for name in ("atrial_fibrillation", "cardiac_symptoms")),
        b.charted("rhythm_needs_treatment", False, long_ago - 5, by="physician"),
        b.charted("rhythm_not_sinus", False, long_ago - 5, by="physician"),
        b.lifted("HOLD-CV-01", long_ago - 6),
    )
    asked = b.asked(cycle_2(without=heart, before=fast))
    assert asked.word is Word.INSUFFICIENT
    assert set(heart) <= {each.finding for each in asked.measure}
    assert b.word(cycle_2(before=fast)) is Word.GIVE


def test_a_slot_that_a_cardiac_row_held_is_remembered_though_nothing_else_is() -> None:
    held = b.slot(3, 14 * 24 - 14, SlotState.HELD)
    named = replace(held, rows=("HOLD-CV-01",))
    assert "CYCLE2-07" in b.rows(cycle_2(without=("ecg_repeated",), before=(named,)))
    assert "CYCLE2-07" not in b.rows(cycle_2(without=("ecg_repeated",), before=(held,)))
