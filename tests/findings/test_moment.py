"""What a question sees at a moment: the value, the entries behind it, and, where there is none, why, word for word."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from moments import NOW, ago, bare, charted, only, preliminary

from aldes.findings.charted import Charted
from aldes.findings.moment import Moment, Statement
from aldes.findings.read import vocabulary
from aldes.findings.seen import Seen
from aldes.findings.view import View
from aldes.findings.vocabulary import Vocabulary

D = Decimal
SECOND = timedelta(seconds=1)


def unknown(why: str, *entries: Charted) -> Seen:
    return Seen(None, entries, why=why)


def unusable(name: str, hours_ago: float) -> Charted:
    """An entry of which nothing is left, neither a worst value nor a fault that says why."""
    return replace(charted(name, None, hours_ago), fault=None)


# ── facts of the course ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize(("name", "value"), [("dose_number", D(6)), ("deceased", False), ("slots_unaccounted", D(0))])
def test_a_fact_of_the_course_is_what_the_record_says(name, value, view):
    assert replace(bare(), facts={name: value}).look(name, view) == Seen(value)


def test_a_fact_that_the_record_cannot_say_is_unknown():
    why = "hours since the last dose began: not in the record"
    assert bare().look("hours_since_last_dose", View.VALID) == unknown(why)


def test_a_fact_that_waits_for_a_site_setting_names_it():
    moment = replace(bare(), facts={"slots_unaccounted": None}, unset={"slots_unaccounted": "late_h"})
    assert moment.look("slots_unaccounted", View.VALID) == unknown("site setting late_h is not set")


# ── what people settled: weights and targets ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", View)
def test_a_settled_weight_is_seen_alike_through_every_view_and_however_old(view):
    before, weight = charted("dosing_weight", 80, 900), charted("dosing_weight", 70, 700)
    assert only(before, weight).look("dosing_weight", view, after=ago(1)) == Seen(D(70), (weight,))


def test_a_weight_that_nobody_settled_says_so():
    assert only().look("dosing_weight", View.VALID) == unknown("dosing weight: not settled")


def test_a_doubtful_settled_weight_says_why_and_no_older_one_stands_in():
    older, doubtful = charted("dosing_weight", 70, 90), preliminary("dosing_weight", 71, 20)
    assert only(older, doubtful).look("dosing_weight", View.VALID) == unknown("dosing weight: not final", doubtful)


def test_two_settled_weights_at_one_time_settle_nothing_and_say_so():
    one, other = charted("dosing_weight", 70, 20), charted("dosing_weight", 84, 20)
    assert only(one, other).look("dosing_weight", View.VALID) == unknown(
        "dosing weight: two values at one time", one, other
    )


def test_one_settled_weight_charted_twice_at_one_time_is_settled():
    one, again = charted("dosing_weight", 70, 20), charted("dosing_weight", "70.0", 20)
    assert only(one, again).look("dosing_weight", View.VALID) == Seen(D(70), (one, again))


# ── as charted ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_worst_charted_value_brings_the_entries_that_say_it():
    low, again = preliminary("spo2", 84, 1), preliminary("spo2", 84, 0.5)
    moment = only(charted("spo2", 70, 3), charted("spo2", 97, 2), low, again)
    assert moment.look("spo2", View.CHARTED) == Seen(D(84), (low, again))


def test_nothing_usable_charted_says_so():
    why = "oxygen saturation: nothing usable charted"
    assert only().look("spo2", View.CHARTED) == unknown(why)
    assert only(unusable("spo2", 1)).look("spo2", View.CHARTED) == unknown(why)


def test_an_unusable_entry_does_not_hide_the_value_beside_it():
    low = charted("spo2", 84, 1)
    assert only(low, unusable("spo2", 0.5)).look("spo2", View.CHARTED) == Seen(D(84), (low,))


@pytest.mark.parametrize(("over", "seen"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_a_bad_value_answers_yes_up_to_its_age(over, seen):
    moment = replace(only(charted("spo2", 84, 0)), now=NOW + timedelta(hours=12) + over)
    assert (moment.look("spo2", View.CHARTED).value == D(84)) is seen


def test_a_value_without_an_age_answers_yes_however_old():
    old = charted("seizure", True, 900)
    assert only(old).look("seizure", View.CHARTED) == Seen(True, (old,))
    unset = replace(only(charted("spo2", 84, 900)), max_age={"spo2": None})
    assert unset.look("spo2", View.CHARTED).value == D(84)


def test_a_row_that_was_refuted_sees_only_what_came_after():
    low = preliminary("spo2", 86, 1)
    moment = only(preliminary("spo2", 84, 2), low)
    assert moment.look("spo2", View.CHARTED, after=ago(2)) == Seen(D(86), (low,))


# ── measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_valid_measurement_brings_its_entries():
    newest = (charted("spo2", 97, 1), charted("spo2", 95, 1))
    assert only(charted("spo2", 90, 2), *newest).look("spo2", View.VALID) == Seen(D(95), newest)


def test_a_missing_measurement_says_so():
    assert only().look("spo2", View.VALID) == unknown("oxygen saturation: not charted")


def test_a_measurement_missing_since_the_hold_began_says_so():
    assert only(charted("spo2", 97, 3)).look("spo2", View.RESUME, after=ago(2)) == unknown(
        "oxygen saturation: not charted since the hold began"
    )


def test_a_doubtful_measurement_says_why():
    doubtful = preliminary("spo2", 97, 1)
    assert only(doubtful).look("spo2", View.VALID) == unknown("oxygen saturation: not final", doubtful)


def test_an_entry_without_a_value_says_so():
    empty = unusable("spo2", 1)
    assert only(empty).look("spo2", View.VALID) == unknown("oxygen saturation: no usable value", empty)


def test_a_missing_site_setting_is_named():
    entry = charted("spo2", 97, 1)
    moment = replace(only(entry), max_age={"spo2": None})
    assert moment.look("spo2", View.VALID) == unknown("site setting max_age_h.spo2 is not set", entry)


@pytest.mark.parametrize(("age", "limit"), [(12, "12"), (1.5, "1.5"), (0.25, "0.25")])
def test_a_stale_measurement_says_its_limit(age, limit):
    entry = charted("spo2", 97, 13)
    moment = replace(only(entry), max_age={"spo2": timedelta(hours=age)})
    assert moment.look("spo2", View.VALID) == unknown(f"oxygen saturation: older than {limit} h", entry)


# ── judged and supporting findings, and what a statement says of them ────────────────────────────────────────


@pytest.mark.parametrize("hours_ago", [900, 9, 1])
def test_a_charted_yes_stays_a_yes_however_old(hours_ago):
    entry = charted("seizure", True, hours_ago)
    assert only(entry, statements=["neuro"]).look("seizure", View.VALID) == Seen(True, (entry,))


def test_a_charted_no_of_this_slot_brings_its_entry():
    entry = charted("seizure", False, 1)
    assert only(entry).look("seizure", View.VALID) == Seen(False, (entry,))


def test_a_doubtful_report_says_why_and_no_statement_answers_for_it():
    entry = preliminary("seizure", False, 1)
    moment = only(entry, statements=["neuro"])
    assert moment.look("seizure", View.VALID) == unknown("seizure: not final", entry)


def test_a_report_without_entry_and_statement_says_so():
    why = "seizure: not charted, and no statement covers it"
    assert only().look("seizure", View.VALID) == unknown(why)
    assert only(charted("seizure", False, 20)).look("seizure", View.VALID) == unknown(why)


def test_a_finding_for_which_no_statement_speaks_says_so():
    assert only(statements=["neuro", "cardiac"]).look("event_unreviewed", View.VALID) == unknown(
        "a physician has not yet reviewed the event: not charted, and no statement covers it"
    )


def test_a_statement_without_a_system_speaks_for_no_finding_without_a_system():
    """A finding of no system is answered by its own entry alone; `not_easily_reversed` is a flag without one."""
    assert only(statements=["neuro"]).look("not_easily_reversed", View.VALID).value is None


def test_what_a_statement_answers_brings_its_time_and_no_entry():
    assert only(statements=["neuro"]).look("seizure", View.VALID) == Seen(False, stated=ago(0.5))


def stated(hours_ago: float, fault: str | None = None, *entries: Charted) -> Moment:
    made = Statement(system="neuro", time=ago(hours_ago), fault=fault)
    return replace(only(*entries), statements={"neuro": made})


def test_a_faulty_statement_says_why():
    assert stated(1, "nobody signed it").look("seizure", View.VALID) == unknown("statement.neuro: nobody signed it")


@pytest.mark.parametrize("hours_ago", [30, 8], ids=["before the slot before", "at it"])
def test_a_statement_not_made_since_the_slot_before_says_so(hours_ago):
    assert stated(hours_ago).look("seizure", View.VALID) == unknown("statement.neuro: not made since the slot before")


@pytest.mark.parametrize(("minutes", "answer"), [(4, False), (5, False), (5.1, None)])
def test_a_statement_of_the_future_answers_nothing(minutes, answer):
    assert stated(-minutes / 60).look("seizure", View.VALID).value is answer


def test_a_statement_beside_a_standing_yes_names_what_is_charted():
    standing = charted("vivid_dreams", True, 20)
    assert stated(1, None, standing).look("seizure", View.VALID) == unknown(
        "statement.neuro: vivid_dreams is charted", standing
    )


def test_a_statement_beside_a_doubtful_entry_names_it():
    doubtful = preliminary("vivid_dreams", False, 20)
    assert stated(1, None, doubtful).look("seizure", View.VALID) == unknown(
        "statement.neuro: vivid_dreams is charted", doubtful
    )


def test_a_statement_before_a_passing_event_names_the_event():
    event, over = charted("vivid_dreams", True, 0.5), charted("vivid_dreams", False, 0.25)
    assert stated(1, None, event, over).look("seizure", View.VALID) == unknown(
        "statement.neuro: vivid_dreams is charted", event
    )


def test_the_order_of_the_vocabulary_hides_nothing_that_is_charted():
    standing = charted("vivid_dreams", True, 20)
    reversed_order = Vocabulary(dict(reversed(vocabulary().findings.items())))
    moment = replace(stated(1, None, standing), vocabulary=reversed_order)
    assert moment.look("seizure", View.VALID).why == "statement.neuro: vivid_dreams is charted"


def test_an_event_at_the_time_of_the_statement_is_covered_by_it():
    moment = stated(1, None, charted("vivid_dreams", True, 1), charted("vivid_dreams", False, 0.5))
    assert moment.look("seizure", View.VALID).value is False


def test_an_unusable_entry_that_was_charted_again_leaves_the_statement_standing():
    moment = stated(1, None, unusable("vivid_dreams", 0.5), charted("vivid_dreams", False, 0.25))
    assert moment.look("seizure", View.VALID).value is False


def test_an_entry_that_is_not_known_yet_does_not_speak_against_a_statement():
    assert stated(1, None, charted("vivid_dreams", True, -1)).look("seizure", View.VALID).value is False


# ── judged anew, to lift a hold ──────────────────────────────────────────────────────────────────────────────


def resumed(moment: Moment, name: str, role: str | None) -> Seen:
    return moment.look(name, View.RESUME, after=ago(2), role=role)


def test_nothing_judged_since_the_hold_began_says_who_must():
    assert resumed(only(statements=["neuro"]), "seizure", "physician") == unknown(
        "seizure: not judged by a physician since the hold began"
    )


@pytest.mark.parametrize(("name", "role"), [("seizure", None), ("dialysis", "physician")])
def test_nothing_charted_since_the_hold_began_says_so(name, role):
    words = {"seizure": "seizure", "dialysis": "on dialysis"}[name]
    assert resumed(only(), name, role) == unknown(f"{words}: not charted since the hold began")


def test_the_physicians_judgement_lifts_and_a_nurses_does_not():
    by_nurse, by_physician = (charted("seizure", False, 1, role=role) for role in ("nurse", "physician"))
    assert resumed(only(by_physician), "seizure", "physician") == Seen(False, (by_physician,))
    assert resumed(only(by_nurse), "seizure", "physician") == unknown(
        "seizure: not judged by a physician since the hold began"
    )


def test_a_physicians_judgement_beside_a_nurses_at_one_time_counts():
    both = tuple(charted("seizure", False, 1, role=role) for role in ("nurse", "physician"))
    assert resumed(only(*both), "seizure", "physician") == Seen(False, both)


def test_whoever_charts_that_it_is_there_is_believed():
    cleared = charted("seizure", False, 1.5, role="physician")
    again = charted("seizure", True, 1, role="nurse")
    assert resumed(only(cleared, again), "seizure", "physician") == Seen(True, (again,))


def test_support_that_is_off_may_be_charted_by_anybody():
    off = charted("dialysis", False, 1, role="nurse")
    assert resumed(only(off), "dialysis", "physician") == Seen(False, (off,))


def test_a_role_is_asked_only_to_lift_a_hold():
    by_nurse = charted("seizure", False, 1, role="nurse")
    assert only(by_nurse).look("seizure", View.VALID, role="physician") == Seen(False, (by_nurse,))


def test_a_no_from_before_the_slot_lifts_nothing_and_brings_its_entry():
    old = charted("seizure", False, 9)
    assert only(old).look("seizure", View.RESUME, after=ago(10)) == unknown(
        "seizure: not charted since the hold began", old
    )
