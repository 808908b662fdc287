"""A later document says that an earlier entry was wrong: it is withdrawn, and its hold waits for a physician."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import builders as b
import pytest

from aldes import ward
from aldes.administration.decision import Word
from aldes.course.events import EntryRetracted
from aldes.course.fold import replay
from aldes.course.journal import MemoryJournal
from aldes.course.state import Course
from aldes.exchange import read
from aldes.protocols.read import read as read_protocol

NOW = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
RESP = "HOLD-RESP-01"
LABEL = read_protocol("us-label-2023", "demo")
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def time(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def observation(code: str, value: float | None, unit: str, hours: float, id: str, **changed: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": time(hours),
        "valueQuantity": {"value": value, "system": UCUM, "code": unit},
        **changed,
    }


def spo2(value: float, hours: float, id: str, **changed: Any) -> dict[str, Any]:
    return observation("59408-5", value, "%", hours, id, **changed)


def imported(*documents: Any, hours: float = 0) -> Course:
    """One course into which each document was read, ten minutes after the one before it."""
    journal = MemoryJournal()
    for place, resources in enumerate(documents):
        now = NOW - timedelta(hours=hours) + timedelta(minutes=10 * place)
        entries = [{"resource": each} for each in ({"resourceType": "Patient", "id": "p1"}, *resources)]
        document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        if isinstance(resources, dict):
            document = resources
        for event in read(json.dumps(document).encode(), now=now).events:
            ward.record(journal, "c", event, LABEL)
    course = replay(journal.read("c"))
    assert course == replay(journal.read("c"))
    return course


def saturations(course: Course) -> list[tuple[object, object]]:
    return [(each.worst, each.valid) for each in course.entries.get("spo2", ())]


LATER = spo2(97, -0.1, "o2")


def test_a_later_document_withdraws_an_entry_of_an_earlier_one() -> None:
    course = imported([spo2(97, 1, "o1")], [spo2(97, 1, "o1", status="entered-in-error")])

    assert saturations(course) == []


def test_the_hold_of_a_withdrawn_entry_waits_for_a_physician() -> None:
    course = imported([spo2(85, 1, "o1")], [spo2(85, 1, "o1", status="entered-in-error")], [LATER])

    assert saturations(course) == [(97, 97)]
    assert course.holds[RESP].standing
    assert course.waits_for_physician(RESP)
    decision = ward.next_dose(course, LABEL, NOW + timedelta(hours=0.5))
    (reason,) = [each for each in decision.because if each.row == RESP]
    assert (decision.word, reason.resume, reason.resume_by) == (Word.HOLD, "a physician lifts it", "physician")
    assert decision.would_give_if is None


def test_without_the_withdrawal_the_same_later_value_lifts_it() -> None:
    assert not imported([spo2(85, 1, "o1")], [LATER]).holds[RESP].standing


def test_the_hold_rests_on_the_newest_bad_value_alone() -> None:
    """The slip was of one reading; a later low one holds by itself, and a good one after it lifts it."""
    course = imported([spo2(85, 1, "o1"), spo2(86, 0.5, "o3")], [spo2(85, 1, "o1", status="entered-in-error")], [LATER])

    assert not course.holds[RESP].standing


def test_a_newer_low_value_does_not_take_the_physician_s_word_away() -> None:
    wrong = [spo2(85, 1, "o1", status="entered-in-error")]
    course = imported([spo2(85, 1, "o1")], wrong, [spo2(84, 0.1, "o3")], [LATER])

    assert course.waits_for_physician(RESP)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_panel_is_withdrawn_with_its_components(status: str) -> None:
    def pressure(**changed: Any) -> dict[str, Any]:
        part = {"code": {"coding": [{"system": LOINC, "code": "8480-6"}]}}
        part["valueQuantity"] = {"value": 80, "system": UCUM, "code": "mm[Hg]"}
        return observation("85354-9", None, "", 1, "bp", **{"valueQuantity": None, "component": [part], **changed})

    course = imported([pressure()], [pressure(status=status, component=[])])

    assert course.entries["systolic"] == ()
    assert course.waits_for_physician("HOLD-CV-02")


def test_a_cancelled_result_withdraws_what_it_said_and_leaves_the_finding_unknown() -> None:
    course = imported([spo2(97, 2, "o0"), spo2(96, 1, "o1")], [spo2(96, 1, "o1", status="cancelled")])

    assert saturations(course) == [(97, 97), (None, None)]
    assert not imported([spo2(96, 1, "o1")], [spo2(96, 1, "o1", status="cancelled")]).holds


def test_the_hold_of_a_cancelled_result_waits_for_a_physician_too() -> None:
    course = imported([spo2(85, 1, "o1")], [spo2(85, 1, "o1", status="cancelled")], [LATER])

    assert course.waits_for_physician(RESP)


def test_a_hold_that_was_lifted_by_a_withdrawn_value_stands_again() -> None:
    course = imported([spo2(85, 1, "o1")], [spo2(97, 0.5, "o3")], [spo2(97, 0.5, "o3", status="entered-in-error")])

    assert course.holds[RESP].standing


def test_a_condition_entered_in_error_is_withdrawn_and_its_stop_stays() -> None:
    def pain(verified: str) -> dict[str, Any]:
        systems = "http://terminology.hl7.org/CodeSystem/condition-"
        return {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/p1"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "29857009"}]},
            "clinicalStatus": {"coding": [{"system": f"{systems}clinical", "code": "active"}]},
            "verificationStatus": {"coding": [{"system": f"{systems}ver-status", "code": verified}]},
            "onsetDateTime": time(1),
        }

    course = imported([pain("confirmed")], [pain("entered-in-error")])

    assert course.entries["angina"] == ()
    assert course.stops["STOP-CV-03"].in_force(1)


def test_another_patient_s_withdrawal_withdraws_nothing() -> None:
    other = spo2(97, 1, "o1", status="entered-in-error", subject={"reference": "Patient/p2"})

    assert saturations(imported([spo2(97, 1, "o1")], [other])) == [(97, 97)]


def test_a_hold_stands_again_when_the_review_that_lifted_it_is_withdrawn() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r1"}
    role["code"] = [{"coding": [{"system": "http://snomed.info/sct", "code": "309343006"}]}]

    def review(**changed: Any) -> dict[str, Any]:
        def coded(code: str) -> dict[str, Any]:
            return {"coding": [{"system": "urn:aldes:review", "code": code}]}

        said = {
            "code": coded("hold.lifted"),
            "component": [{"code": coded("row"), "valueString": RESP}],
            "valueString": "a cold finger",
            "valueQuantity": None,
            "performer": [{"reference": "PractitionerRole/r1"}],
        }
        return {k: v for k, v in {**spo2(0, 0.2, "rev"), **said, **changed}.items() if v is not None}

    lifted = imported([spo2(85, 1, "o1")], [role, review()])
    withdrawn = imported([spo2(85, 1, "o1")], [role, review()], [role, review(status="entered-in-error")])

    assert [each.holds[RESP].standing for each in (lifted, withdrawn)] == [False, True]


def test_a_batch_line_withdraws_by_id() -> None:
    first: dict[str, Any] = {"name": "spo2", "value": 85, "unit": "%", "time": time(1), "id": "a"}
    course = imported({"findings": [first]}, {"entries": [{**first, "status": "entered-in-error"}]}, [LATER])

    assert saturations(course) == [(97, 97)]
    assert course.waits_for_physician(RESP)


def test_a_statement_is_withdrawn_by_its_id() -> None:
    signed: dict[str, Any] = {"name": "statement.neuro", "value": "none of the listed", "time": time(0.1), "id": "s"}
    course = imported({"findings": [signed]}, {"findings": [{**signed, "status": "entered-in-error"}]})

    assert "neuro" not in course.statements


@pytest.mark.parametrize("good", [97, 100])
def test_a_bedside_slip_holds_until_a_physician_lifts_it_whatever_is_measured_later(good: int) -> None:
    events = [b.charted("spo2", 85, 0.4, id="slip"), b.retracted("slip", 0.3), b.charted("spo2", good, 0.2)]

    assert b.word(b.well_patient(*events)) is Word.HOLD
    assert b.word(b.well_patient(*events, b.lifted(RESP, by="nurse"))) is Word.HOLD
    assert b.word(b.well_patient(*events, b.lifted(RESP))) is Word.GIVE


def test_a_withdrawal_names_an_entry_and_its_parts_and_no_other() -> None:
    event = EntryRetracted(happened_at=NOW, recorded_at=NOW, id="Observation/1")

    assert [event.withdraws(each) for each in ("Observation/1", "Observation/1#systolic")] == [True, True]
    assert not any(map(event.withdraws, ("Observation/12", "Observation/1~0f3a", "Observation/", "")))
