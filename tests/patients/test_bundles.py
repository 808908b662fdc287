"""The bundled patients as data: sound FHIR R4, nobody real, complete folders.

What the program answers for them is tested elsewhere.
"""

import json
import re
import runpy
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.bundle import Bundle

from aldes.findings.read import text

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path for path in (ROOT / "src" / "aldes" / "patients").iterdir() if path.is_dir())
VOCABULARY = tomllib.loads(text())
GENERATOR = ROOT / "tools" / "make_patients.py"
OWN, LOINC, UCUM = "urn:aldes:finding", "http://loinc.org", "http://unitsofmeasure.org"
SLOT = timedelta(hours=8)
CHICAGO = ZoneInfo("America/Chicago")
SCOPE = {"cycle": "this cycle", "course": "this course", "for good": "for good", "": ""}
FRESH_H = {"8480-6": 2, "8867-4": 2, "59408-5": 2, "29463-7": 24, "777-3": 24, "1975-2": 24}
CREATININE = ("2160-0", "38483-4", "14682-9")
Resource = dict[str, Any]

every_patient = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def asked(folder: Path) -> str:
    """What the patient is asked: the next dose, or before a course."""
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8")).get("ask", "next dose")


WARD = [folder for folder in FOLDERS if asked(folder) == "next dose"]
CLINIC = [folder for folder in FOLDERS if asked(folder) == "assess"]
on_the_ward = pytest.mark.parametrize("folder", WARD, ids=lambda folder: folder.name)
before_a_course = pytest.mark.parametrize("folder", CLINIC, ids=lambda folder: folder.name)


def whole(folder: Path) -> Resource:
    return json.loads((folder / "bundle.json").read_text(encoding="utf-8"))


def resources(folder: Path, kind: str = "") -> list[Resource]:
    found = [entry["resource"] for entry in whole(folder)["entry"]]
    return [each for each in found if kind in ("", each["resourceType"])]


def case(folder: Path) -> Resource:
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))


def coded(observation: Resource, code: str) -> bool:
    """Whether the observation, or one of its components, carries this code."""
    concepts = [observation["code"], *(part["code"] for part in observation.get("component", []))]
    return any(coding["code"] == code for concept in concepts for coding in concept.get("coding", []))


def final(folder: Path, *codes: str) -> list[datetime]:
    """When final observations with any of these codes were taken, oldest first."""
    taken = [
        each["effectiveDateTime"]
        for each in resources(folder, "Observation")
        if each["status"] == "final"
        and any(coded(each, code) for code in codes)
        and "T" in each.get("effectiveDateTime", "")
    ]
    return sorted(datetime.fromisoformat(each) for each in taken)


def slots(folder: Path) -> list[Resource]:
    """The aldesleukin slots so far, given or not done, oldest first."""
    drug = [
        each
        for each in resources(folder, "MedicationAdministration")
        if each["medicationCodeableConcept"]["text"] == "aldesleukin"
    ]
    return sorted(drug, key=slot_time)


def slot_time(slot: Resource) -> datetime:
    return datetime.fromisoformat(slot.get("effectiveDateTime") or slot["effectivePeriod"]["start"])


def rested(folder: Path) -> bool:
    """Whether cycle 2 is about to begin: the last slot lies more than four days back."""
    return case(folder)["now"] - slot_time(slots(folder)[-1]) > timedelta(days=4)


def pinned_weight(folder: Path) -> float:
    """The dosing weight, the same in both cycles."""
    if "dosing_weight_kg" in (charted := chart(folder)):
        return charted["dosing_weight_kg"]
    (weight,) = {
        each["valueQuantity"]["value"] for each in resources(folder, "Observation") if coded(each, "dosing_weight")
    }
    return weight


def chart(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "chart.toml").read_text(encoding="utf-8"))


def walk(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value at any depth."""
    if isinstance(node, list):
        for each in node:
            yield from walk(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from walk(value)


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_twelve_patients_on_the_ward_and_six_before_a_course():
    assert (len(WARD), len(CLINIC)) == (12, 6)
    assert len(WARD) + len(CLINIC) == len(FOLDERS)


@every_patient
def test_folder_is_complete(folder: Path):
    assert {"bundle.json", "case.toml", "chart.toml", "expected.md"} <= {path.name for path in folder.iterdir()}


@every_patient
def test_case_names_an_answer_for_its_own_protocol(folder: Path):
    asked = case(folder)
    assert asked["site"] == "demo"
    assert asked["now"].tzinfo is not None
    expected = asked["expect" if folder in WARD else "assess"]
    assert asked["protocol"] in [each["protocol"] for each in expected]


@before_a_course
def test_each_verdict_is_one_of_the_four_with_what_belongs_to_it(folder: Path):
    for expect in case(folder)["assess"]:
        assert expect["verdict"] in {"no listed exclusion", "caution", "excluded", "undetermined"}
        undetermined = expect["verdict"] == "undetermined"
        assert bool(expect.get("unknown")) == undetermined == bool(expect.get("settle"))
        assert bool(expect.get("because")) == (expect["verdict"] in {"excluded", "caution"})


@before_a_course
def test_the_page_for_clinicians_says_what_each_verdict_is(folder: Path):
    page = (folder / "expected.md").read_text(encoding="utf-8")
    for expect in case(folder)["assess"]:
        line = next(line for line in page.splitlines() if line.startswith(f"| `{expect['protocol']}` |"))
        assert f"**{expect['verdict']}**" in line
        assert all(row in line for key in ("because", "unknown", "caution") for row in expect.get(key, []))
    assert all(later["row"] in page for later in case(folder).get("later", []))


@every_patient
def test_a_grade_names_its_criteria_and_stands_on_the_page(folder: Path):
    page = (folder / "expected.md").read_text(encoding="utf-8")
    for each in case(folder).get("grade", []):
        assert set(each) <= {"ctcae", "term", "grade", "now"}
        assert each["grade"] in range(6)
        assert each["term"] in page
        assert f"CTCAE {each['ctcae']} grade {each['grade']}" in page


@before_a_course
def test_what_would_settle_it_is_in_the_vocabulary(folder: Path):
    known = {each["name"] for each in VOCABULARY["finding"]}
    assert all(name in known for expect in case(folder)["assess"] for name in expect.get("settle", []))


@on_the_ward
def test_each_expectation_is_one_of_the_four_decisions_with_what_belongs_to_it(folder: Path):
    for expect in case(folder)["expect"]:
        assert expect["decision"] in {"give", "hold", "stop", "insufficient"}
        assert ("scope" in expect) == (expect["decision"] == "stop")
        assert bool(expect.get("measure")) == (expect["decision"] == "insufficient")
        assert bool(expect["because"]) == (expect["decision"] in {"hold", "stop"})
        assert ("dose_iu" in expect) == (expect["decision"] == "give")


@on_the_ward
def test_the_page_for_clinicians_says_what_the_case_says(folder: Path):
    page = (folder / "expected.md").read_text(encoding="utf-8")
    for expect in case(folder)["expect"]:
        asked = f"| `{expect['protocol']}`, asked" if "now" in expect else f"| `{expect['protocol']}` |"
        line = next(line for line in page.splitlines() if line.startswith(asked))
        assert f"**{expect['decision']}" in line
        assert all(row in line for row in expect["because"])
        assert SCOPE[expect.get("scope", "")] in line
        assert f"{expect['dose_iu']:,} IU" in page if "dose_iu" in expect else True
        assert all(name in page for name in expect.get("measure", []))


@every_patient
def test_the_page_is_one_page(folder: Path):
    assert len((folder / "expected.md").read_text(encoding="utf-8").splitlines()) <= 60


@on_the_ward
def test_what_is_to_be_measured_is_in_the_vocabulary(folder: Path):
    known = {each["name"] for each in VOCABULARY["finding"]}
    assert all(name in known for expect in case(folder)["expect"] for name in expect.get("measure", []))


@before_a_course
def test_a_referral_holds_results_of_weeks_ago_beside_fresh_ones(folder: Path):
    taken = final(folder, *CREATININE)
    now = case(folder)["now"]
    assert now - taken[-1] <= timedelta(days=2)
    assert now - taken[0] >= timedelta(weeks=2)


def test_the_referrals_show_what_a_clinic_s_record_is_made_of():
    kinds = {each["resourceType"] for folder in CLINIC for each in resources(folder)}
    assert {"Condition", "Procedure", "MedicationStatement", "DiagnosticReport", "Observation", "Encounter"} <= kinds
    units = {
        each["valueQuantity"]["code"]
        for folder in CLINIC
        for each in resources(folder, "Observation")
        if "valueQuantity" in each
    }
    assert {"mg/dL", "umol/L", "10*3/uL", "10*9/L", "/uL", "L", "mL", "g/dL", "g/L", "mmol/L", "kg", "[lb_av]"} <= units


# ── FHIR ─────────────────────────────────────────────────────────────────────────────────────────────────────


@every_patient
def test_bundle_is_valid_fhir_r4(folder: Path):
    assert Bundle.model_validate(whole(folder)).type == whole(folder)["type"]


@every_patient
def test_bundle_is_of_moderate_size(folder: Path):
    assert (60 if folder in WARD else 40) <= len(whole(folder)["entry"]) <= 250


@every_patient
def test_every_reference_resolves_within_the_bundle(folder: Path):
    entries = whole(folder)["entry"]
    known = {entry["fullUrl"] for entry in entries}
    known |= {"/".join(entry["fullUrl"].split("/")[-2:]) for entry in entries if entry["fullUrl"].startswith("https")}
    references = [value for key, value in walk(entries) if key == "reference"]
    assert references
    assert set(references) <= known


@every_patient
def test_no_entry_comes_twice(folder: Path):
    counts = Counter(entry["fullUrl"] for entry in whole(folder)["entry"])
    assert max(counts.values()) == 1


@every_patient
def test_everything_is_about_the_one_patient(folder: Path):
    (patient,) = (entry for entry in whole(folder)["entry"] if entry["resource"]["resourceType"] == "Patient")
    about = {each["subject"]["reference"] for each in resources(folder) if "subject" in each}
    assert about == {patient["fullUrl"]} or about == {f"Patient/{patient['resource']['id']}"}


@every_patient
def test_every_performer_is_the_nurse_or_the_physician(folder: Path):
    people = {
        reference
        for entry in whole(folder)["entry"]
        if entry["resource"]["resourceType"] in {"Practitioner", "PractitionerRole"}
        for reference in (entry["fullUrl"], "/".join(entry["fullUrl"].split("/")[-2:]))
    }
    for each in resources(folder, "Observation"):
        assert {who["reference"] for who in each["performer"]} <= people


@every_patient
def test_both_roles_carry_their_snomed_code(folder: Path):
    roles = {each["code"][0]["coding"][0]["code"] for each in resources(folder, "PractitionerRole")}
    assert roles == {"224535009", "309343006"}


def test_the_patients_show_the_spellings_that_real_records_have():
    bundles = [whole(folder) for folder in FOLDERS]
    codes = {value for each in bundles for key, value in walk(each) if key == "code" and isinstance(value, str)}
    assert {each["type"] for each in bundles} == {"collection", "searchset", "transaction"}
    assert {each["entry"][0]["fullUrl"].split(":")[0] for each in bundles} == {"urn", "https"}
    assert {"85354-9", "55284-4", *CREATININE, "[lb_av]", "[degF]", "umol/L", "10*3/uL", "10*9/L", "8331-1"} <= codes
    statuses = {value for each in bundles for key, value in walk(each) if key == "status"}
    assert {"preliminary", "entered-in-error", "cancelled", "registered", "not-done"} <= statuses


# ── nobody real ──────────────────────────────────────────────────────────────────────────────────────────────


@every_patient
def test_the_patient_is_marked_as_fictitious(folder: Path):
    (patient,) = resources(folder, "Patient")
    assert patient["identifier"] == [{"system": "urn:aldes:demo", "value": folder.name}]
    assert [name["family"] for name in patient["name"]] == ["Demo"]
    for each in (whole(folder), *resources(folder)):
        assert each["meta"]["tag"][0]["system"] == "urn:aldes:demo"


@every_patient
def test_no_personal_detail_is_carried(folder: Path):
    keys = {key for key, _ in walk(whole(folder))}
    assert not keys & {
        "address",
        "telecom",
        "contact",
        "photo",
        "generalPractitioner",
        "managingOrganization",
        "text_div",
    }
    names = [each["name"][0] for each in resources(folder, "Practitioner")]
    assert sorted(name["text"] for name in names) == ["Nurse (demo)", "Physician (demo)"]
    assert all(set(name) == {"text"} for name in names)


@every_patient
def test_no_text_looks_like_a_mail_address_a_telephone_or_a_record_number(folder: Path):
    texts = [
        value
        for key, value in walk(whole(folder))
        if isinstance(value, str) and key in {"text", "display", "valueString"}
    ]
    pattern = re.compile(r"@|\b\d{3}-\d{2}-\d{4}\b|\+\d{6,}|\b\d{7,}\b|\bMRN\b")
    assert [text for text in texts if pattern.search(text)] == []


@every_patient
def test_age_on_the_page_is_the_age_on_the_day(folder: Path):
    (patient,) = resources(folder, "Patient")
    born, today = date.fromisoformat(patient["birthDate"]), case(folder)["now"].date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    assert f"{years} years" in (folder / "expected.md").read_text(encoding="utf-8")


# ── the chart as charted ─────────────────────────────────────────────────────────────────────────────────────


@on_the_ward
def test_no_slot_of_the_eight_hour_grid_is_missing(folder: Path):
    first = slot_time(slots(folder)[0])
    for number, slot in enumerate(slots(folder)):
        assert timedelta() <= slot_time(slot) - (first + number * SLOT) <= timedelta(minutes=6)


@on_the_ward
def test_now_is_shortly_before_the_next_slot(folder: Path):
    if rested(folder):
        return
    next_slot = slot_time(slots(folder)[0]) + len(slots(folder)) * SLOT
    assert timedelta(minutes=15) <= next_slot - case(folder)["now"] <= timedelta(minutes=45)


@every_patient
def test_every_dose_is_600000_iu_per_kg_of_dosing_weight_over_15_minutes(folder: Path):
    for slot in slots(folder):
        if slot["status"] == "not-done":
            assert slot["statusReason"][0]["text"]
            continue
        dose = slot["dosage"]["dose"]
        assert (dose["value"], dose["code"]) == (600_000 * pinned_weight(folder), "[iU]")
        period = slot["effectivePeriod"]
        taken = datetime.fromisoformat(period["end"]) - datetime.fromisoformat(period["start"])
        assert taken == timedelta(minutes=15)


@on_the_ward
def test_expected_dose_is_600000_iu_per_kg(folder: Path):
    doses = {expect["dose_iu"] for expect in case(folder)["expect"] if "dose_iu" in expect}
    assert doses <= {600_000 * pinned_weight(folder)}


@every_patient
def test_nothing_is_stamped_after_now(folder: Path):
    stamps = [value for key, value in walk(whole(folder)) if key in {"effectiveDateTime", "start", "end", "issued"}]
    assert max(datetime.fromisoformat(each) for each in stamps if "T" in each) <= case(folder)["now"]


@every_patient
def test_every_time_of_day_carries_the_zone_of_chicago(folder: Path):
    stamps = [
        value for _, value in walk(whole(folder)) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value)
    ]
    assert stamps
    for each in map(datetime.fromisoformat, stamps):  # in summer time until 1 November
        assert each.utcoffset() == each.astimezone(CHICAGO).utcoffset()


@on_the_ward
def test_measurements_are_fresh_at_now_except_the_stale_creatinine(folder: Path):
    now = case(folder)["now"]
    for code, hours in FRESH_H.items():
        assert now - final(folder, code)[-1] <= timedelta(hours=hours), code
    age = now - final(folder, *CREATININE)[-1]
    assert (age > timedelta(hours=24)) == (folder.name == "stale-labs")


@on_the_ward
def test_urine_is_charted_without_a_gap_for_24_hours_up_to_the_last_hour(folder: Path):
    periods = sorted(
        (
            datetime.fromisoformat(each["effectivePeriod"]["start"]),
            datetime.fromisoformat(each["effectivePeriod"]["end"]),
        )
        for each in resources(folder, "Observation")
        if coded(each, "9187-6")
    )
    now = case(folder)["now"]
    came = max(datetime.fromisoformat(each["period"]["start"]) for each in resources(folder, "Encounter"))
    stay = [each for each in periods if each[0] >= came]
    assert stay[0][0] <= max(came + timedelta(hours=1), now - timedelta(hours=24))
    assert now - stay[-1][1] <= timedelta(hours=1)
    assert all(before[1] == after[0] for before, after in pairwise(stay))


@on_the_ward
def test_a_weight_was_taken_before_the_first_dose(folder: Path):
    assert final(folder, "29463-7")[0] < slot_time(slots(folder)[0])


@on_the_ward
def test_each_system_is_answered_after_the_last_slot_by_a_statement_or_item_by_item(folder: Path):
    last = slot_time(slots(folder)[-1])
    after = [
        coding["code"]
        for each in resources(folder, "Observation")
        if "T" in each.get("effectiveDateTime", "") and datetime.fromisoformat(each["effectiveDateTime"]) > last
        for coding in each["code"].get("coding", [])
    ]
    for system in ("cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support"):
        items = {
            frozenset([each["name"], *each.get("loinc", [])])
            for each in VOCABULARY["finding"]
            if each.get("system") == system
        }
        assert f"statement.{system}" in after or all(item & set(after) for item in items), system


@every_patient
def test_every_own_code_is_in_the_vocabulary(folder: Path):
    findings = {each["name"]: each for each in VOCABULARY["finding"]}
    statements = {f"statement.{each.get('system')}" for each in VOCABULARY["finding"]}
    for each in resources(folder, "Observation"):
        for coding in each["code"].get("coding", []):
            if coding["system"] == OWN:
                assert coding["code"] in findings or coding["code"] in statements


@every_patient
def test_every_unit_of_a_usable_number_is_one_that_the_vocabulary_accepts(folder: Path):
    units = {code: each["units"] for each in VOCABULARY["finding"] for code in each.get("loinc", []) if "units" in each}
    units |= {each["name"]: each["units"] for each in VOCABULARY["finding"] if "units" in each}
    measured = [
        (coding["code"], part["valueQuantity"])
        for each in resources(folder, "Observation")
        for part in (each, *each.get("component", []))
        for coding in part["code"].get("coding", [])
        if "valueQuantity" in part and part["valueQuantity"].get("system") == UCUM
    ]
    assert all(quantity["code"] in units[code] for code, quantity in measured if code in units)


# ── the generator ────────────────────────────────────────────────────────────────────────────────────────────


@every_patient
@pytest.mark.skipif(not GENERATOR.exists(), reason="the generator is not in this distribution")
def test_the_generator_gives_the_same_bytes_again(folder: Path):
    make = runpy.run_path(str(GENERATOR))
    text = make["as_text"](make["bundle"](make["read_chart"](folder)))
    assert text.encode() == (folder / "bundle.json").read_bytes()
