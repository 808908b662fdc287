"""Lesions in a FHIR R4 bundle: read strictly, since a lesion that is left out changes every sum."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from fhir_patient import SNOMED, Resource, bundle, concept, dose, observation, quantity

from aldes.errors import InputError
from aldes.exchange.lesions import Lesions, read_lesions
from aldes.response.history import histories
from aldes.response.switches import set_switches
from aldes.response.timepoints import read

OWN, ORGAN = "urn:aldes:lesion", "urn:aldes:organ"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def component(name: str, **value: Any) -> Resource:
    return {"code": concept(name, OWN), **value}


def assessed(day: str, lesion: str, mm: float | None = None, axis: str = "long", **more: Any) -> Resource:
    """A final Observation of one lesion on one day, on CT."""
    parts = [component("lesion", valueString=lesion)]
    if mm is not None:
        parts.append(component(f"{axis}-axis", valueQuantity=quantity(mm, "mm")))
    whole: dict[str, Any] = {
        "id": f"{lesion}-{day}",
        "code": concept("assessment", OWN),
        "effectiveDateTime": day,
        "method": concept("CT", OWN),
        "component": [*parts, *more.pop("parts", [])],
    }
    return observation(**{**whole, **more})


def happened(day: str, name: str) -> Resource:
    return observation(code=concept(name, OWN), id=f"{name}-{day}", effectiveDateTime=day)


LUNG = concept("39607008", SNOMED)
NODE = concept("lymph node", ORGAN)
COURSE = happened("2026-01-12", "course")
BEFORE = [assessed("2026-01-05", "L1", 30, bodySite=LUNG), assessed("2026-01-05", "N1", 18, "short", bodySite=NODE)]
AFTER = [assessed("2026-02-27", "L1", 20), assessed("2026-02-27", "N1", 12, "short")]


def lesions(*resources: Resource) -> Lesions:
    return read_lesions(json.dumps(bundle(*resources)).encode(), NOW)


def overall(*resources: Resource) -> list[str]:
    (history,) = histories(lesions(*resources).rows, NOW.date())
    return [each.overall.value for each in read(history, set_switches()).points]


def test_a_bundle_says_what_a_table_says() -> None:
    assert overall(*BEFORE, COURSE, *AFTER) == ["PR"]


def test_the_order_of_entries_does_not_matter() -> None:
    assert overall(*AFTER, COURSE, *BEFORE) == ["PR"]


def test_of_an_instant_the_day_counts_as_it_is_written() -> None:
    late = assessed("2026-01-05T23:30:00-06:00", "L1", 30, bodySite=LUNG)
    (row, _) = lesions(late, COURSE).rows
    assert row.day == date(2026, 1, 5)


def test_the_longest_dimension_of_loinc_is_the_long_axis() -> None:
    named = {"code": concept("33728-7"), "valueQuantity": quantity(30, "mm")}
    (row, *_) = lesions(assessed("2026-01-05", "L1", bodySite=LUNG, parts=[named]), COURSE).rows
    assert (row.value, row.unit, row.axis) == (Decimal(30), "mm", "long")


def test_words_about_a_lesion_come_as_codes() -> None:
    words = [
        component("kind", valueCodeableConcept=concept("bone with soft tissue", OWN)),
        component("irradiated", valueCodeableConcept=concept("progressed", OWN)),
        component("slice-thickness", valueQuantity=quantity(3, "mm")),
    ]
    bone = assessed("2026-01-05", "B1", 20, bodySite=concept("bone", ORGAN), parts=words)
    (row, *_) = lesions(bone, COURSE).rows
    assert (row.kind, row.irradiated, row.slice_mm) == ("bone with soft tissue", "progressed", Decimal(3))


def test_without_events_of_their_own_courses_are_those_of_the_doses() -> None:
    doses = [dose(f"2026-01-12T{hour:02}:00:00Z", id=f"d{hour}") for hour in (0, 8, 16)]
    rows = lesions(*BEFORE, *doses, *AFTER).rows
    assert [(row.day.isoformat(), row.event) for row in rows if row.event == "course"] == [("2026-01-12", "course")]
    assert [row.day.isoformat() for row in rows if row.event == "last dose"][-1] == "2026-01-12"
    assert overall(*BEFORE, *doses, *AFTER) == ["PR"]


@pytest.mark.parametrize(("told", "day"), [("2026-05-01", date(2026, 5, 1)), ("2026-05", None), (None, None)])
def test_the_day_of_death_is_the_patients_own(told: str | None, day: date | None) -> None:
    patient = {"resourceType": "Patient", "id": "p1"} | ({"deceasedDateTime": told} if told else {})
    whole = bundle(*BEFORE, COURSE, *AFTER, patient=patient)
    (history,) = histories(read_lesions(json.dumps(whole).encode(), NOW).rows, NOW.date())
    assert history.death == day


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": "preliminary"}, "its status is not final, amended or corrected"),
        ({"effectiveDateTime": None}, "it has no day"),
        ({"effectiveDateTime": "2026-01"}, "it has no day"),
        ({"subject": None}, "It names no subject"),
        ({"modifierExtension": [{"url": "urn:x"}]}, "may turn its meaning round"),
        ({"code": concept("asessment", OWN)}, "its own code is none that we know"),
        ({"component": []}, "it does not say which lesion it is about"),
        ({"bodySite": concept("lungs", ORGAN)}, "an organ that we do not know"),
        ({"bodySite": concept("0", SNOMED)}, "an organ that we do not know"),
        ({"method": concept("0", SNOMED)}, "the method is none that we know"),
    ],
)
def test_what_is_unclear_refuses_the_bundle(changed: dict[str, Any], sentence: str) -> None:
    spoilt = assessed("2026-01-05", "L1", 30, **{"bodySite": LUNG, **changed})
    with pytest.raises(InputError) as refused:
        overall(spoilt, COURSE, *AFTER)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (component("long-axis", valueQuantity=quantity(3, "cm")), "came in cm. We read mm"),
        (component("long-axis", valueQuantity={"value": 30, "unit": "mm"}), "The unit came as text only"),
        (component("long-axis", valueQuantity={**quantity(30, "mm"), "comparator": "<"}), "without one plain number"),
        (component("long-axis", valueQuantity={**quantity(30, "mm"), "value": "30"}), "without one plain number"),
        (component("long-axis", valueString="30 mm"), "without one plain number"),
        (component("long-axis", dataAbsentReason=concept("unknown")), "without one plain number"),
        (component("diameter", valueQuantity=quantity(30, "mm")), "a component is unknown or came twice"),
        (component("lesion", valueString="L2"), "a component is unknown or came twice"),
        (component("state", valueString="absent"), "in no code, or in several"),
        (component("slice-thickness", valueQuantity=quantity(0.5, "cm")), "the thickness of its slices is not in mm"),
    ],
)
def test_a_part_that_is_unclear_refuses_the_bundle(part: Resource, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        overall(assessed("2026-01-05", "L1", bodySite=LUNG, parts=[part]), COURSE, *AFTER)
    assert sentence in str(refused.value)


def test_both_axes_of_one_lesion_are_refused() -> None:
    short = component("short-axis", valueQuantity=quantity(20, "mm"))
    with pytest.raises(InputError, match="it carries both axes"):
        lesions(assessed("2026-01-05", "L1", 30, bodySite=LUNG, parts=[short]), COURSE)


def test_a_withdrawn_assessment_is_left_out_and_reported() -> None:
    wrong = assessed("2026-02-27", "X1", 20, bodySite=LUNG, status="entered-in-error")
    found = lesions(*BEFORE, COURSE, *AFTER, wrong)
    assert "X1" not in {row.lesion for row in found.rows}
    assert [each.why for each in found.not_used] == ["It was withdrawn: it does not count."]


def test_the_lesion_of_another_patient_is_left_out_and_reported() -> None:
    other = {"resourceType": "Patient", "id": "p2"}
    whole = bundle(*BEFORE, COURSE, other, assessed("2026-02-27", "X1", 20, subject={"reference": "Patient/p2"}))
    found = read_lesions(json.dumps(whole).encode(), NOW, patient_id="p1")
    assert "X1" not in {row.lesion for row in found.rows}
    assert [each.why for each in found.not_used] == ["Its subject is another patient, or no patient."]


def test_a_tumour_size_that_names_no_lesion_is_reported() -> None:
    size = observation(code=concept("21889-1"), id="size", effectiveDateTime="2026-01-05")
    assert [each.what for each in lesions(*BEFORE, COURSE, size).not_used] == ["LOINC 21889-1"]


def test_a_part_of_a_record_is_said_first() -> None:
    whole = bundle(*BEFORE, COURSE) | {"link": [{"relation": "next", "url": "https://example.org/2"}]}
    found = read_lesions(json.dumps(whole).encode(), NOW)
    assert any("More pages follow" in each for each in found.alert)


def test_two_contents_under_one_id_are_refused() -> None:
    twice = assessed("2026-01-05", "L1", 40, bodySite=LUNG)
    with pytest.raises(InputError, match="Another entry has the same type and id"):
        lesions(*BEFORE, twice, COURSE)


def test_a_lesion_s_name_that_is_no_code_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="a name that is no code") as refused:
        lesions(assessed("2026-01-05", "Jane Doe", 30, bodySite=LUNG, id="x"), COURSE)
    assert "Doe" not in str(refused.value)


def test_the_codes_of_organs_pass_their_check_digit() -> None:
    from aldes.response.organs import organs

    wrong = [code for codes in organs().values() for code in codes if not verhoeff(code)]
    assert wrong == []
    assert not verhoeff("39607009")


def verhoeff(code: str) -> bool:
    """The check digit of SNOMED CT identifiers."""
    multiply = [[(i + j) % 5 if i < 5 and j < 5 else 0 for j in range(10)] for i in range(10)]
    for i in range(10):
        for j in range(10):
            a, b, x, y = i >= 5, j >= 5, i % 5, j % 5
            multiply[i][j] = (x + (-y if a else y)) % 5 + 5 * (a != b)
    shuffle = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for _ in range(6):
        shuffle.append([shuffle[-1][each] for each in shuffle[1]])
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = multiply[check][shuffle[place % 8][int(digit)]]
    return check == 0
