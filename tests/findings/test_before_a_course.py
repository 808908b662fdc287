"""What selects a patient and what must be in place: flags whose no is worse, history that stays, a physician's no."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aldes.findings.charted import Charted, Value
from aldes.findings.moment import Moment
from aldes.findings.read import vocabulary
from aldes.findings.seen import age
from aldes.findings.view import View
from aldes.findings.vocabulary import Group, Worse, absent_value, severity, worst_of
from aldes.questions.parse import parse
from aldes.questions.signs import against_worse

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(finding: str, value: Value, days_ago: float = 1, role: str | None = "physician", fault: str = "") -> Charted:
    return Charted(
        finding=finding,
        id=f"{finding} {days_ago}",
        time=NOW - days_ago * DAY,
        worst=value,
        valid=None if fault else value,
        fault=fault or None,
        role=role,
    )


def moment(*entries: Charted, days: float | None = 30) -> Moment:
    """A moment at which everything charted stays fresh for so many days; None: the site has not said."""
    series: dict[str, list[Charted]] = {}
    for each in sorted(entries, key=lambda each: each.time):
        series.setdefault(each.finding, []).append(each)
    limits = dict.fromkeys(series, None if days is None else days * DAY)
    named = dict.fromkeys(series, "selection_max_age_d.history")
    return Moment(now=NOW, vocabulary=vocabulary(), series=series, max_age=limits, unset=named, slot_opened=NOW)


# ── flags whose no is worse ──


def test_what_must_be_in_place_is_worse_when_it_is_not() -> None:
    consent = vocabulary()["consent_signed"]
    assert consent.worse is Worse.FALSE
    assert absent_value(consent) is True
    assert severity(consent, False) > severity(consent, True)
    assert worst_of(consent, [True, False]) is False


def test_a_row_may_hold_only_for_what_is_not_in_place() -> None:
    assert against_worse(parse("not consent_signed", vocabulary()), vocabulary()) == ()
    assert against_worse(parse("consent_signed", vocabulary()), vocabulary()) == ("consent_signed",)


def test_sex_has_no_worse_direction_and_no_value_that_means_nothing_is_wrong() -> None:
    assert vocabulary()["sex"].worse is Worse.NONE
    assert absent_value(vocabulary()["sex"]) is None


@pytest.mark.parametrize("group", [Group.WORKUP, Group.HISTORY, Group.READINESS])
def test_no_statement_of_an_organ_system_answers_what_is_asked_before_a_course(group: Group) -> None:
    asked = [each for each in vocabulary().findings.values() if each.group is group]
    assert asked
    assert [each.name for each in asked if each.system] == []


# ── history ──


@pytest.mark.parametrize("view", list(View))
def test_an_allograft_stays_however_old_and_whatever_was_said_later(view: View) -> None:
    known = moment(entry("allograft", True, 4000), entry("allograft", False, 1))
    assert known.look("allograft", view, role="physician").value is True


def test_a_doubtful_yes_of_the_history_counts_as_yes() -> None:
    known = moment(entry("allograft", True, 400, fault="It is not confirmed."))
    assert known.look("allograft", View.CHARTED).value is True


def test_a_no_of_the_history_ends_when_the_site_says_so() -> None:
    asked = {"view": View.VALID, "role": "physician"}
    assert moment(entry("allograft", False, 30)).look("allograft", **asked).value is False
    late = moment(entry("allograft", False, 30.001)).look("allograft", **asked)
    assert (late.value, late.why) == (None, "organ allograft: older than 30 days")


def test_without_the_site_s_word_a_no_of_the_history_answers_nothing_and_the_setting_is_named() -> None:
    unset = moment(entry("allograft", False), days=None).look("allograft", View.VALID, role="physician")
    assert (unset.value, unset.why) == (None, "site setting selection_max_age_d.history is not set")


# ── a physician's no ──


@pytest.mark.parametrize("finding", ["coronary_disease", "allograft", "renal_impairment"])
@pytest.mark.parametrize("role", ["nurse", "pharmacist", None])
def test_a_no_of_anybody_but_a_physician_does_not_count(finding: str, role: str | None) -> None:
    known = moment(entry(finding, False, role=role))
    seen = known.look(finding, View.VALID, role="physician")
    assert (seen.value, seen.why) == (None, f"{vocabulary()[finding].words}: not judged by a physician")
    assert known.look(finding, View.VALID).value is False


@pytest.mark.parametrize("role", ["physician", "nurse", None])
def test_a_yes_of_anybody_counts(role: str | None) -> None:
    known = moment(entry("coronary_disease", True, role=role))
    assert known.look("coronary_disease", View.CHARTED, role="physician").value is True


def test_what_must_be_in_place_is_so_on_a_physician_s_word_where_one_is_asked_for() -> None:
    by_nurse = moment(entry("beta_blockers_settled", True, role="nurse"))
    assert by_nurse.look("beta_blockers_settled", View.VALID, role="physician").value is None
    assert by_nurse.look("beta_blockers_settled", View.VALID).value is True


def test_a_measurement_needs_no_physician() -> None:
    assert moment(entry("lvef", Decimal(60), role=None)).look("lvef", View.VALID, role="physician").value == 60


@pytest.mark.parametrize(
    ("limit", "words"),
    [(timedelta(hours=2), "2 h"), (timedelta(days=2), "48 h"), (timedelta(days=3), "3 days"), (90 * DAY, "90 days")],
)
def test_a_greatest_age_is_said_in_days_from_three_days_on(limit: timedelta, words: str) -> None:
    assert age(limit) == words
