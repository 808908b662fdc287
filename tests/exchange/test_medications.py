"""Drugs other than aldesleukin, from bundles, batch lines and tables: by code and time, and never by text."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir_patient import ATC, NOW, concept, dose, reading, reasons

from aldes.course.events import MedicationListed
from aldes.course.medication import Medication, MedicationKind
from aldes.exchange import Reading, read

START, END = "2024-03-01T08:00:00Z", "2024-03-04T08:00:00Z"


def statement(kind: str = "MedicationStatement", **changed: Any) -> dict[str, Any]:
    whole = {
        "resourceType": kind,
        "id": "m1",
        "status": "active",
        "medicationCodeableConcept": concept("H02AB02", ATC),
        "subject": {"reference": "Patient/p1"},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def drugs(came: Reading) -> list[Medication]:
    return [event.medication for event in came.events if isinstance(event, MedicationListed)]


def drug(*resources: Any) -> Medication:
    (only,) = drugs(reading(*resources))
    return only


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        (statement(), MedicationKind.TAKEN),
        (statement("MedicationRequest"), MedicationKind.ORDERED),
        (dose(medicationCodeableConcept=concept("H02AB02", ATC)), MedicationKind.GIVEN),
    ],
)
def test_a_statement_an_order_and_an_administration_are_each_listed(resource, kind):
    found = drug(resource)
    assert (found.kind, found.codes, found.doubt) == (kind, ((ATC, "H02AB02"),), "")


def test_a_statement_keeps_its_period():
    found = drug(statement(effectivePeriod={"start": START, "end": END}))
    assert (found.start, found.end) == (datetime(2024, 3, 1, 8, tzinfo=UTC), datetime(2024, 3, 4, 8, tzinfo=UTC))


def test_an_order_begins_when_it_was_written():
    assert drug(statement("MedicationRequest", authoredOn=START)).start == datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("status", ["completed", "stopped"])
def test_a_drug_that_is_over_without_an_end_says_so(status):
    found = drug(statement(status=status))
    assert (found.over, found.end) == (True, None)


def test_a_day_alone_is_no_start_and_ends_as_late_as_it_can():
    found = drug(statement(effectivePeriod={"start": "2024-03-01", "end": "2024-03-02"}))
    assert found.start is None
    assert found.end == datetime(2024, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", ["entered-in-error", "not-taken"])
def test_what_was_never_taken_is_reported_and_not_listed(status):
    came = reading(statement(status=status))
    assert drugs(came) == []
    assert "not taken" in reasons(came)


def test_an_order_not_to_give_is_not_listed():
    assert drugs(reading(statement("MedicationRequest", doNotPerform=True))) == []


def test_a_drug_as_text_only_is_listed_without_a_code_and_its_text_goes_nowhere():
    came = reading(statement(medicationCodeableConcept={"text": "John Smith's prednisone"}))
    (found,) = drugs(came)
    assert found.codes == ()
    assert "Smith" not in repr(came)


def test_a_modifier_leaves_the_drug_listed_and_in_doubt():
    found = drug(statement(modifierExtension=[{"url": "urn:x"}]))
    assert found.codes == ()
    assert "modifierExtension" in found.doubt


def test_an_order_of_aldesleukin_is_no_dose_and_no_other_drug():
    came = reading(statement("MedicationRequest", medicationCodeableConcept=concept("L03AC01", ATC)))
    assert came.events == ()
    assert "is not a dose" in reasons(came)


def test_the_drug_of_another_patient_is_not_listed():
    other = {"resourceType": "Patient", "id": "p2"}
    from_other = statement(subject={"reference": "Patient/p2"})
    assert drugs(read(json.dumps(bundle_of(other, from_other)).encode(), now=NOW, patient_id="p1")) == []


def bundle_of(*resources: Any) -> dict[str, Any]:
    entries = [{"resource": each} for each in ({"resourceType": "Patient", "id": "p1"}, *resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


# ── our own forms ──


def of_line(**item: Any) -> list[Medication]:
    line = {"findings": [{"name": "medication", **item}]}
    return drugs(read(json.dumps(line).encode(), now=NOW))


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("H02AB02", ((ATC, "H02AB02"),)),
        ("H02", ((ATC, "H02"),)),
        ("urn:local|77", (("urn:local", "77"),)),
        ("prednisone 20 mg", ()),
        ("h02ab02", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_a_drug_of_a_batch_line_is_its_code(value, codes):
    (found,) = of_line(value=value, time=START)
    assert found.codes == codes


def test_a_drug_of_a_batch_line_keeps_its_period():
    (found,) = of_line(value="H02AB02", period=[START, END])
    assert (found.start, found.end) == (datetime(2024, 3, 1, 8, tzinfo=UTC), datetime(2024, 3, 4, 8, tzinfo=UTC))
    (open_one,) = of_line(value="H02AB02", period=[START, None])
    assert open_one.end is None


def test_a_period_turned_round_is_a_doubt():
    (found,) = of_line(value="H02AB02", period=[END, START])
    assert "before its start" in found.doubt


def test_a_drug_of_a_batch_line_entered_in_error_is_not_listed():
    assert of_line(value="H02AB02", time=START, status="entered-in-error") == []


def test_a_table_lists_drugs_by_code():
    table = f"name,value,time,start,end\nmedication,H02AB02,{START},,\nmedication,C07AB02,,{START},{END}\n"
    first, second = drugs(read(table.encode(), now=NOW))
    assert (first.codes, second.codes) == (((ATC, "H02AB02"),), ((ATC, "C07AB02"),))
    assert second.end == datetime(2024, 3, 4, 8, tzinfo=UTC)


def test_two_drugs_of_one_list_never_replace_each_other():
    line = {"findings": [{"name": "medication", "value": code, "time": START} for code in ("H02AB02", "C07AB02")]}
    assert len({each.id for each in drugs(read(json.dumps(line).encode(), now=NOW))}) == 2
