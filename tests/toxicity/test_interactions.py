"""Which drugs interact: in the window in which it matters, with nothing unchecked passed over."""

import json
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from bedsides import LABEL, NOW, ago, at_bedside, discharged, treated
from jsonschema import Draft202012Validator

from aldes.course.events import MedicationListed
from aldes.course.medication import Medication, MedicationKind
from aldes.phase import Phase
from aldes.protocols.interaction import ATC
from aldes.toxicity.document import interactions_document
from aldes.toxicity.interactions import NO_CODE, WIDE, Interactions, interactions

SCHEMA = json.loads(files("aldes.toxicity").joinpath("interactions.schema.json").read_text(encoding="utf-8"))


def drug(code: str = "", **changed) -> MedicationListed:
    """A drug on the list, since three days unless said otherwise."""
    kind = changed.pop("kind", MedicationKind.TAKEN)
    start = changed.pop("start", ago(72))
    codes = ((ATC, code),) if code else ()
    listing = Medication(id=f"{code}-{kind}", kind=kind, where="line 1", codes=codes, start=start, **changed)
    at = min(start, NOW) if start else NOW
    return MedicationListed(happened_at=at, recorded_at=at, medication=listing)


def found(*drugs: MedicationListed, more=(), now: datetime = NOW) -> Interactions:
    bed = at_bedside(sorted([*treated(), *drugs, *more], key=lambda each: each.recorded_at), LABEL, now)
    Draft202012Validator(_whole(bed)).validate(json.loads(json.dumps(interactions_document(bed, None))))
    return interactions(bed)


def _whole(bed) -> dict:
    """The schema of the body alone: the head is the ward's."""
    body = interactions_document(bed, None)
    return {**SCHEMA, "required": list(body), "properties": {key: SCHEMA["properties"][key] for key in body}}


def rows(result: Interactions) -> list[str]:
    return [each.row.id for each in result.listed]


def test_dexamethasone_on_the_list_is_a_reason_to_look_and_its_rescue_is_never_held_back():
    (only,) = found(drug("H02AB02")).listed
    assert only.row.id == "INT-01"
    assert "never held back (SUP-STER-01)" in only.row.exception
    assert only.why.startswith("taken since")


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("C07AB02", ["INT-02"]),
        ("N02AB02", ["INT-03"]),
        ("M01AB01", ["INT-04"]),
        ("L01XA01", ["INT-07"]),
        ("L03AB05", ["INT-07", "INT-08"]),
        ("A02BC01", []),
    ],
)
def test_each_class_is_named_by_its_rows(code, named):
    result = found(drug(code))
    assert rows(result) == named
    assert result.checked == (0 if named else 1)


def test_a_drug_without_a_code_is_not_checked_and_never_fine():
    result = found(drug())
    assert [each.why for each in result.not_checked] == [NO_CODE]
    assert (result.listed, result.checked, result.no_list) == ((), 0, False)


def test_a_class_of_which_a_part_interacts_is_not_checked_for_that_row():
    result = found(drug("R03"))
    assert [(each.why, each.rows) for each in result.not_checked] == [(WIDE, ("INT-01",))]
    assert result.checked == 0


def test_a_doubtful_entry_is_not_checked():
    result = found(drug("A02BC01", doubt="It carries modifierExtension."))
    assert [each.why for each in result.not_checked] == ["It carries modifierExtension."]
    assert result.checked == 0


def test_an_empty_list_checked_nothing():
    result = found()
    assert (result.no_list, result.checked) == (True, 0)


@pytest.mark.parametrize(
    ("changed", "inside"),
    [
        ({"start": ago(200), "end": ago(40)}, True),  # the first dose was 40 hours ago
        ({"start": ago(200), "end": ago(41)}, False),
        ({"start": None}, True),
        ({"start": ago(200), "over": True}, True),
        ({"start": ago(60), "kind": MedicationKind.GIVEN}, False),
        ({"start": ago(10), "kind": MedicationKind.GIVEN}, True),
        ({"start": ago(60), "kind": MedicationKind.ORDERED}, True),
        ({"start": NOW + timedelta(days=1), "kind": MedicationKind.ORDERED}, True),
    ],
)
def test_a_drug_counts_unless_it_is_known_to_have_ended_before_the_cycle(changed, inside):
    result = found(drug("H02AB02", **changed))
    assert (len(result.listed), len(result.past)) == ((1, 0) if inside else (0, 1))


@pytest.mark.parametrize(
    ("days", "inside"), [(-3, False), (-1, True), (0, True), (13.9, True), (14, True), (14.1, False), (40, False)]
)
def test_contrast_matters_from_the_first_dose_to_two_weeks_after_the_last(days, inside):
    given = ago(8) + timedelta(days=days)  # the last dose was 8 hours ago
    result = found(drug("V08AB02", start=given, kind=MedicationKind.GIVEN), now=NOW + timedelta(days=60))
    assert (len(result.listed), len(result.past)) == ((1, 0) if inside else (0, 1))
    shown = (*result.listed, *result.past)[0]
    assert list(shown.row.context) == ["INT-10", "INT-11", "INT-12"]


def test_after_discharge_a_new_drug_is_no_drug_of_the_therapy_and_contrast_still_is():
    steroid = drug("H02AB02", start=NOW + timedelta(days=2))
    contrast = drug("V08AB02", start=NOW + timedelta(days=2), kind=MedicationKind.GIVEN)
    bed = at_bedside(
        sorted([*treated(), discharged(-24), steroid, contrast], key=lambda each: each.recorded_at),
        LABEL,
        NOW + timedelta(days=3),
    )
    result = interactions(bed)
    assert bed.phase is Phase.DISCHARGED
    assert rows(result) == ["INT-09"]
    assert [each.row.id for each in result.past] == ["INT-01"]
