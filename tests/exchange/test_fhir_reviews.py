"""A physician's review in a bundle: clear, it confirms, refutes or lifts; unclear, the stop and the hold stay."""

from typing import Any

import pytest
from fhir_patient import SNOMED, Resource, concept, observation, reading, reasons

from aldes.course.events import HoldLifted, StopConfirmed, StopRefuted
from aldes.scope import Scope

REVIEW = "urn:aldes:review"


def role(code: str = "309343006") -> Resource:
    return {"resourceType": "PractitionerRole", "id": "r1", "code": [concept(code, SNOMED)]}


def component(name: str, value: Any) -> Resource:
    return {"code": concept(name, REVIEW), "valueString": value}


def review(kind: str = "stop.confirmed", **changed: Any) -> Resource:
    """A sound confirmation of a stop for good."""
    sound = {
        "code": concept(kind, REVIEW),
        "component": [component("row", "STOP-CV-03"), component("scope", "for good")],
        "valueString": "ST depression with pain",
        "performer": [{"reference": "PractitionerRole/r1"}],
    }
    return observation(**{**sound, **changed})


def test_a_physician_confirms_a_stop_for_good() -> None:
    came = reading(role(), review())
    (event,) = [each for each in came.events if isinstance(each, StopConfirmed)]
    assert (event.row, event.scope, event.by) == ("STOP-CV-03", Scope.GOOD, "physician")
    assert event.why == "ST depression with pain"


@pytest.mark.parametrize(("kind", "event"), [("stop.refuted", StopRefuted), ("hold.lifted", HoldLifted)])
def test_a_physician_refutes_a_stop_and_lifts_a_hold_with_a_reason(kind: str, event: type) -> None:
    came = reading(role(), review(kind))
    assert [each.row for each in came.events if isinstance(each, event)] == ["STOP-CV-03"]


UNCLEAR = {
    "of a kind that we do not know": {"code": concept("stop.lifted", REVIEW)},
    "preliminary": {"status": "preliminary"},
    "without a zone": {"effectiveDateTime": "2024-03-05T07:40:00"},
    "by date alone": {"effectiveDateTime": "2024-03-05"},
    "in the future": {"effectiveDateTime": "2024-03-05T08:05:01Z"},
    "without a row": {"component": [component("scope", "for good")]},
    "without a scope": {"component": [component("row", "STOP-CV-03")]},
    "with another word as its scope": {"component": [component("row", "STOP-CV-03"), component("scope", "for ever")]},
    "by nobody": {"performer": None},
    "with a second row": {
        "component": [*(component("row", f"STOP-CV-0{n}") for n in (2, 3)), component("scope", "for good")]
    },
    "with a second scope": {
        "component": [component("row", "STOP-CV-03"), component("scope", "for good"), component("scope", "this dose")]
    },
    "with a reason why there is none": {"dataAbsentReason": concept("error", "urn:x")},
    "with a modifier": {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
}


@pytest.mark.parametrize("changed", UNCLEAR.values(), ids=UNCLEAR)
def test_a_review_that_is_unclear_changes_nothing_and_is_reported(changed: dict[str, Any]) -> None:
    came = reading(role(), review(**changed))
    assert not [each for each in came.events if isinstance(each, StopConfirmed | StopRefuted | HoldLifted)]
    assert "The stop or hold stays as it is." in reasons(came)


@pytest.mark.parametrize("kind", ["stop.confirmed", "stop.refuted", "hold.lifted"])
def test_a_nurse_reviews_nothing(kind: str) -> None:
    came = reading(role("224535009"), review(kind))
    assert not [each for each in came.events if isinstance(each, StopConfirmed | StopRefuted | HoldLifted)]
    assert "not a physician" in reasons(came)


@pytest.mark.parametrize("kind", ["stop.refuted", "hold.lifted"])
def test_nothing_is_refuted_or_lifted_without_a_reason(kind: str) -> None:
    came = reading(role(), review(kind, valueString=None))
    assert "gives no reason" in reasons(came)


def test_a_review_entered_in_error_never_counted() -> None:
    came = reading(role(), review(status="entered-in-error"))
    assert not [each for each in came.events if isinstance(each, StopConfirmed)]
