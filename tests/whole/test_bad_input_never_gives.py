"""From bytes to decision: a well patient whose newest value comes in a bad way is given nothing, and nothing is lost.

The bundle of the well patient gives. Each test changes the newest observation of one required measurement in one
respect; the answer must not be *give*, and the document must say what was wrong with that observation.
"""

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aldes import ward
from aldes.errors import AldesError, InputError
from aldes.exchange import read
from aldes.exchange.bundled import Bundled, bundled
from aldes.protocols.read import read as read_protocol

WELL: Bundled = next(each for each in bundled() if each.name == "well-before-dose-6")
CODES = {"spo2": "59408-5", "creatinine": "2160-0", "systolic": "85354-9", "urine": "9187-6"}
Resource = dict[str, Any]


def decide(data: bytes, protocol: str = "us-label-2023") -> dict[str, Any]:
    """The decision document for the bytes of a bundle."""
    reading = read(data, now=WELL.now)
    not_used = [
        {"where": each.where, "what": each.what, "why": each.why, "count": each.count} for each in reading.not_used
    ]
    return ward.answer(
        reading.events, read_protocol(protocol, "demo"), WELL.now, not_used=not_used, alert=reading.alert
    )


def newest(bundle: Resource, finding: str) -> Resource:
    """The newest final observation of a finding in the bundle."""
    found = [
        each["resource"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "Observation"
        and each["resource"].get("status") == "final"
        and any(code.get("code") == CODES[finding] for code in each["resource"]["code"].get("coding", []))
    ]
    return max(found, key=_time)


def _time(observation: Resource) -> datetime:
    period = observation.get("effectivePeriod", {})
    return datetime.fromisoformat(observation.get("effectiveDateTime") or period["end"])


def quantity(observation: Resource) -> Resource:
    """The quantity of an observation, or of its systolic component."""
    for part in observation.get("component", []):
        if _is_systolic(part):
            return part["valueQuantity"]
    return observation["valueQuantity"]


def changed(finding: str, change: Callable[[Resource], None]) -> bytes:
    """The well patient's bundle with the newest observation of a finding changed."""
    bundle = json.loads(WELL.bundle)
    change(newest(bundle, finding))
    return json.dumps(bundle).encode()


def unit(text: str | None) -> Callable[[Resource], None]:
    def change(observation: Resource) -> None:
        found = quantity(observation)
        for key in ("unit", "code", "system"):
            found.pop(key, None)
        if text is not None:
            found.update({"unit": text, "code": text, "system": "http://unitsofmeasure.org"})

    return change


def unit_text_only(observation: Resource) -> None:
    found = quantity(observation)
    found.pop("code", None)
    found.pop("system", None)


def set_on(key: str, value: Any) -> Callable[[Resource], None]:
    return lambda observation: observation.__setitem__(key, value)


def in_quantity(key: str, value: Any) -> Callable[[Resource], None]:
    return lambda observation: quantity(observation).__setitem__(key, value)


def without(key: str) -> Callable[[Resource], None]:
    return lambda observation: observation.pop(key, None)


def value_instead(**value: Any) -> Callable[[Resource], None]:
    def change(observation: Resource) -> None:
        target = observation
        for part in observation.get("component", []):
            if _is_systolic(part):
                target = part
        target.pop("valueQuantity", None)
        target.update(value)

    return change


def beside_the_value(**value: Any) -> Callable[[Resource], None]:
    def change(observation: Resource) -> None:
        holder = next((part for part in observation.get("component", []) if _is_systolic(part)), observation)
        holder.update(value)

    return change


def _is_systolic(part: Resource) -> bool:
    return any(code.get("code") == "8480-6" for code in part["code"]["coding"])


def observations(bundle: Resource) -> list[tuple[Resource, set[str]]]:
    """Each entry that is an observation, with the codes of its concept."""
    found = [each for each in bundle["entry"] if each["resource"]["resourceType"] == "Observation"]
    return [(each, {code.get("code") for code in each["resource"]["code"].get("coding", [])}) for each in found]


def at(time: str) -> Callable[[Resource], None]:
    def change(observation: Resource) -> None:
        observation.pop("effectivePeriod", None)
        observation["effectiveDateTime"] = time

    return change


FAULTS: dict[str, Callable[[Resource], None]] = {
    "unit missing": unit(None),
    "unit unknown": unit("furlong"),
    "unit of another kind": unit("h"),
    "unit as text only": unit_text_only,
    "value as text": value_instead(valueString="97"),
    "value as text with a decimal comma": value_instead(valueString="1,1"),
    "comparator": in_quantity("comparator", ">="),
    "range": value_instead(valueRange={"low": {"value": 1}, "high": {"value": 200}}),
    "negative": in_quantity("value", -5),
    "a number of 4,000 digits": in_quantity("value", int("9" * 4000)),
    "zero": in_quantity("value", 0),
    "a boolean": in_quantity("value", True),
    "a number as text": in_quantity("value", "97"),
    "no value": value_instead(),
    "a reason for no value": value_instead(dataAbsentReason={"text": "error"}),
    "without a time": without("effectiveDateTime"),
    "in the future": at((WELL.now + timedelta(hours=2)).isoformat()),
    "without a zone": at("2026-11-20T07:20:00"),
    "a date only": at("2026-11-20"),
    "preliminary": set_on("status", "preliminary"),
    "registered": set_on("status", "registered"),
    "status unknown": set_on("status", "unknown"),
    "cancelled": set_on("status", "cancelled"),
    "status missing": without("status"),
    "a status that does not exist": set_on("status", "finished"),
    "a modifier": set_on("modifierExtension", [{"url": "urn:not", "valueBoolean": True}]),
    "implicit rules": set_on("implicitRules", "urn:rules"),
    "two values": beside_the_value(valueBoolean=True),
}
SURVIVES_ZERO = {("urine", "zero")}  # no urine is a value: it holds, or answers a row


@pytest.mark.parametrize("protocol", ["us-label-2023", "consensus-2014", "institution-2015", "nci-2001"])
def test_the_well_patient_is_given_the_dose(protocol: str) -> None:
    assert decide(WELL.bundle, protocol)["decision"] == "give"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("finding", ["spo2", "creatinine", "systolic"])
def test_a_newest_value_that_comes_in_a_bad_way_is_never_permission(finding: str, fault: str) -> None:
    document = decide(changed(finding, FAULTS[fault]))
    assert document["decision"] in ("insufficient", "hold", "stop")
    assert document["decision"] != "stop" or finding != "spo2"
    said = json.dumps(document["not_used"]) + json.dumps(document["because"])
    assert finding in said or "Observation" in said


@pytest.mark.parametrize("fault", [each for each in FAULTS if each not in ("zero", "without a time")])
def test_urine_that_comes_in_a_bad_way_is_never_permission(fault: str) -> None:
    for protocol in ("us-label-2023", "consensus-2014", "institution-2015", "nci-2001"):
        assert decide(changed("urine", FAULTS[fault]), protocol)["decision"] != "give"


@pytest.mark.parametrize("finding", ["spo2", "creatinine", "systolic"])
def test_a_newest_value_of_years_ago_leaves_only_what_is_stale_or_older(finding: str) -> None:
    """The newest moves back to 2021: what is newest then must itself be fresh and valid to count."""
    bundle = json.loads(WELL.bundle)
    for entry, codes in observations(bundle):
        if CODES[finding] in codes:
            entry["resource"]["effectiveDateTime"] = entry["resource"]["effectiveDateTime"].replace("2026-", "2021-")
    assert decide(json.dumps(bundle).encode())["decision"] == "insufficient"


@pytest.mark.parametrize("finding", ["spo2", "creatinine"])  # a panel's components carry codes of their own
@pytest.mark.parametrize("change", ["system", "text"])
def test_a_wrong_code_system_or_a_code_as_text_is_shown_and_the_finding_is_then_unknown(
    finding: str, change: str
) -> None:
    bundle = json.loads(WELL.bundle)
    for entry, codes in observations(bundle):
        if CODES[finding] in codes and change == "text":
            entry["resource"]["code"] = {"text": "oxygen saturation 97 %"}
        elif CODES[finding] in codes:
            for code in entry["resource"]["code"]["coding"]:
                code["system"] = "http://example.org/codes"
    document = decide(json.dumps(bundle).encode())
    assert document["decision"] == "insufficient"
    assert any(each["count"] > 1 for each in document["not_used"])


@pytest.mark.parametrize(("finding", "worse"), [("spo2", 80), ("systolic", 70), ("creatinine", 9)])
def test_of_two_values_at_one_time_the_worse_decides_and_the_conflict_is_shown(finding: str, worse: int) -> None:
    bundle = json.loads(WELL.bundle)
    second = copy.deepcopy(newest(bundle, finding))
    second["id"] = "second-version-of-it"
    quantity(second)["value"] = worse
    bundle["entry"].append({"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource": second})
    document = decide(json.dumps(bundle).encode())
    assert document["decision"] == "hold"
    assert any("Two values" in each["why"] for each in document["not_used"])


def test_a_better_second_value_at_one_time_does_not_help() -> None:
    bundle = json.loads(WELL.bundle)
    first = newest(bundle, "spo2")
    quantity(first)["value"] = 85
    second = copy.deepcopy(first)
    second["id"] = "second-version-of-it"
    quantity(second)["value"] = 99
    bundle["entry"].append({"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource": second})
    assert decide(json.dumps(bundle).encode())["decision"] == "hold"


def test_a_preliminary_bad_value_holds_and_a_preliminary_good_one_does_not_help() -> None:
    def preliminary(value: int) -> Callable[[Resource], None]:
        def change(observation: Resource) -> None:
            observation["status"] = "preliminary"
            quantity(observation)["value"] = value

        return change

    assert decide(changed("spo2", preliminary(85)))["decision"] == "hold"
    assert decide(changed("spo2", preliminary(99)))["decision"] == "insufficient"


def test_an_entered_in_error_value_counts_for_nothing_and_is_reported() -> None:
    document = decide(changed("creatinine", set_on("status", "entered-in-error")))
    assert any("entered in error" in each["why"] for each in document["not_used"])


@pytest.mark.parametrize("system", ["cardiac", "neuro", "gut", "infection", "support"])
@pytest.mark.parametrize("fault", ["missing", "preliminary", "other words", "old"])
def test_a_system_check_that_is_missing_or_faulty_is_never_permission(system: str, fault: str) -> None:
    bundle = json.loads(WELL.bundle)
    for each, codes in observations(bundle):
        if f"statement.{system}" in codes:
            if fault == "missing":
                bundle["entry"].remove(each)
            elif fault == "preliminary":
                each["resource"]["status"] = "preliminary"
            elif fault == "other words":
                each["resource"]["valueString"] = "all fine"
            else:
                old = datetime.fromisoformat(each["resource"]["effectiveDateTime"]) - timedelta(hours=9)
                each["resource"]["effectiveDateTime"] = old.isoformat()
    document = decide(json.dumps(bundle).encode())
    assert document["decision"] == "insufficient"
    assert f"statement.{system}" in {each["finding"] for each in document["measure"]}


def test_another_patients_results_are_not_used() -> None:
    document = decide(changed("spo2", set_on("subject", {"reference": "Patient/somebody-else"})))
    assert any(each["why"].startswith("Its subject cannot be found") for each in document["not_used"])


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf" + WELL.bundle,
        WELL.bundle.decode().encode("utf-16"),
        b"<Bundle xmlns='http://hl7.org/fhir'/>",
        WELL.bundle + WELL.bundle,
        b'{"resourceType": "Bundle", "resourceType": "Bundle"}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[" * 100_000,
        b'{"resourceType": "Bundle", "x": "' + b"y" * 5_100_000 + b'"}',
        b'"caf\xe9"',
        b"",
        b"null",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_cannot_be_read_at_all_is_one_sentence_and_no_decision(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        decide(data)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_two_patients_are_refused_until_one_is_chosen() -> None:
    bundle = json.loads(WELL.bundle)
    patient = next(each for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient")
    other = copy.deepcopy(patient)
    other["resource"]["id"] = "another"
    other["fullUrl"] = "urn:uuid:00000000-0000-4000-8000-000000000002"
    bundle["entry"].append(other)
    with pytest.raises(AldesError, match="--patient"):
        decide(json.dumps(bundle).encode())


def test_a_patient_who_has_died_is_said_first_and_nothing_is_given() -> None:
    bundle = json.loads(WELL.bundle)
    patient = next(each for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient")
    patient["resource"]["deceasedBoolean"] = True
    document = decide(json.dumps(bundle).encode())
    assert document["decision"] == "stop"
    assert "deceased" in document["alert"][0]
    assert "PHASE-01" in {each["row"] for each in document["because"]}


def test_a_dose_that_may_be_aldesleukin_but_cannot_be_counted_holds() -> None:
    bundle = json.loads(WELL.bundle)
    dose = next(each for each in bundle["entry"] if each["resource"]["resourceType"] == "MedicationAdministration")
    dose["resource"]["medicationCodeableConcept"] = {"text": "Proleukin 42 million IU"}
    document = decide(json.dumps(bundle).encode())
    assert document["decision"] == "hold"
    assert "SLOT-03" in {each["row"] for each in document["because"]}


def test_the_values_of_this_file_are_what_they_say() -> None:
    bundle = json.loads(WELL.bundle)
    assert Decimal(str(quantity(newest(bundle, "spo2"))["value"])) > 90
    assert Decimal(str(quantity(newest(bundle, "systolic"))["value"])) > 90
