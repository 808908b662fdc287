"""`aldes response` as its users call it."""

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from test_commands import run

EXAMPLE = Path(str(files("aldes.response").joinpath("examples", "invented.csv")))
SCHEMA = json.loads(files("aldes.response").joinpath("response.schema.json").read_text(encoding="utf-8"))
NOW = ("--now", "2026-11-20T12:00:00Z")


@pytest.mark.parametrize(
    ("patient", "code", "headline", "confirmed"),
    [
        ("A", 0, "( ✓ ) A: BEST RESPONSE COMPLETE RESPONSE", "with confirmation partial response"),
        ("B", 20, "( ↘ ) B: BEST RESPONSE PARTIAL RESPONSE", "with confirmation stable disease"),
        ("C", 20, "< ↗ > C: BEST RESPONSE PROGRESSION", "with confirmation progression"),
    ],
)
def test_the_page_says_the_best_response_first(patient: str, code: int, headline: str, confirmed: str) -> None:
    exit_code, out, err = run("response", str(EXAMPLE), "--patient", patient, *NOW)
    assert (exit_code, err) == (code, "")
    assert out.splitlines()[0] == headline
    assert confirmed in out


def test_each_cell_of_the_table_has_its_reason_and_its_row() -> None:
    _, out, _ = run("response", str(EXAMPLE), "--patient", "A", *NOW)
    text = " ".join(out.split())
    assert "2026-05-15 PR RT1-07" in text
    assert "targets PR: sum 26 mm, baseline 71 mm (about −63.4 %)" in text
    assert "non-targets non-CR/non-PD: still there: B1" in text
    assert "new lesions: none" in text
    assert "28 days after the last dose of course 2" in text


def test_the_page_prints_how_every_switch_is_set() -> None:
    _, out, _ = run("response", str(EXAMPLE), "--switch", "stable-days=56", "--patient", "B", *NOW)
    assert "stable-days = 56 [changed]" in out
    assert "confirm-days = 28: " in out
    assert "with confirmation progression" in out  # 46 days are fewer than 56


def test_irecist_is_a_second_reading() -> None:
    _, without, _ = run("response", str(EXAMPLE), "--patient", "C", *NOW)
    _, out, _ = run("response", str(EXAMPLE), "--patient", "C", "--irecist", *NOW)
    assert "iRECIST" not in without.split("basis")[0].split("switches")[0]
    assert "best iPR: iPR on 2026-05-29" in out


def test_the_json_document_keeps_to_the_schema() -> None:
    code, out, _ = run("response", str(EXAMPLE), "--irecist", "--json", *NOW)
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert code == 20
    assert [each["patient"] for each in document["patients"]] == ["A", "B", "C"]


def test_with_a_record_the_exit_code_is_that_of_the_verdict() -> None:
    record = json.dumps({"id": "a", "now": "2026-11-20T12:00:00Z", "findings": []}).encode()
    told = ("response", str(EXAMPLE), "--patient", "B", "--record", "-", "--protocol", "us-label-2023", *NOW)
    code, out, _ = run(*told, stdin=record)
    assert code == 14  # no shrinkage: DOSE-11
    assert "A NEXT COURSE BY US-LABEL-2023: EXCLUDED BY A LISTED CRITERION" in out.upper()
    assert "DOSE-11  no tumour shrinkage since the last course" in out
    code, out, _ = run(*told, "--json", stdin=record)
    jsonschema.validate(json.loads(out), SCHEMA)


def test_a_record_of_one_patient_is_not_asked_about_three() -> None:
    code, out, err = run("response", str(EXAMPLE), "--record", "-", *NOW, stdin=b"{}")
    assert (code, out) == (3, "")
    assert "Choose one with --patient" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--patient", "Z"), "no patient of that name"),
        (("--switch", "confirm-day=3"), "Did you mean 'confirm-days'"),
        (("--plot", "picture.gif"), "A picture is written as .svg, .pdf, .png"),
        (("--plot", "/nowhere/at/all.svg"), "A picture cannot be written: its folder"),
        (("--picture", "sums", "--plot", "x.svg"), "Choose one with --patient"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = run("response", str(EXAMPLE), *arguments, *NOW)
    assert (code, out) == (3, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_table_without_the_column_has_no_patient_to_choose() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    one = "\n".join(each.partition(",")[2] for each in (lines[0], *lines[1:]) if each.startswith(("patient", "C,")))
    assert run("response", "-", *NOW, stdin=one.encode())[0] == 20
    code, out, err = run("response", "-", "--patient", "C", *NOW, stdin=one.encode())
    assert (code, out) == (3, "")
    assert "no patient of that name" in err


def test_one_bundle_is_lesions_and_record_at_once(tmp_path: Path) -> None:
    def of(kind: str, id: str, day: str, **more: object) -> dict[str, object]:
        code = {"coding": [{"system": "urn:aldes:lesion", "code": kind}]}
        told = {"id": id, "status": "final", "subject": {"reference": "Patient/p1"}, "effectiveDateTime": day}
        return {"resourceType": "Observation", "code": code, **told, **more}

    def size(mm: int) -> list[dict[str, object]]:
        quantity = {"value": mm, "unit": "mm", "system": "http://unitsofmeasure.org", "code": "mm"}
        names = [{"system": "urn:aldes:lesion", "code": each} for each in ("lesion", "long-axis")]
        return [
            {"code": {"coding": [names[0]]}, "valueString": "L1"},
            {"code": {"coding": [names[1]]}, "valueQuantity": quantity},
        ]

    site = {"coding": [{"system": "urn:aldes:organ", "code": "lung"}]}
    method = {"coding": [{"system": "urn:aldes:lesion", "code": "CT"}]}
    resources = [
        {"resourceType": "Patient", "id": "p1"},
        of("assessment", "a1", "2026-01-05", bodySite=site, method=method, component=size(30)),
        of("course", "c1", "2026-01-12"),
        of("assessment", "a2", "2026-02-27", component=size(31)),
    ]
    path = tmp_path / "bundle.json"
    entries = [{"resource": each} for each in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    code, out, err = run("response", str(path), "--record", str(path), "--protocol", "us-label-2023", *NOW)
    assert (code, err) == (14, "")
    assert "DOSE-11  no tumour shrinkage since the last course" in out


def test_a_faulty_table_is_one_sentence_and_nothing_else() -> None:
    faulty = EXAMPLE.read_bytes().replace(b"A,2026-05-15,,L1,,,12,mm", b"A,2026-05-15,,L1,,,1.2,cm")
    code, out, err = run("response", "-", *NOW, stdin=faulty)
    assert (code, out) == (3, "")
    assert "line 18: the diameter of lesion L1 came in cm. We read mm" in err


@pytest.mark.parametrize("picture", ["waterfall", "spider", "swimmer", "sums"])
def test_a_picture_is_written_and_says_units_n_and_source(picture: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    only = ("--patient", "A") if picture == "sums" else ()
    run("response", str(EXAMPLE), "--plot", str(path), "--picture", picture, *only, *NOW)
    words = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", path.read_text(encoding="utf-8"), re.DOTALL))
    unit = {"waterfall": "%", "spider": "weeks", "swimmer": "weeks", "sums": "mm"}[picture]
    assert unit in words
    assert "n = " in words
    assert "Source: lesion table handed over; RECIST 1.1; every switch at its default" in words


def test_the_same_table_makes_the_same_picture(tmp_path: Path) -> None:
    paths = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for path in paths:
        run("response", str(EXAMPLE), "--plot", str(path), *NOW)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_picture_names_the_switches_that_were_turned(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    run("response", str(EXAMPLE), "--switch", "too-small=3", "--plot", str(path), *NOW)
    assert "too-small = 3" in path.read_text(encoding="utf-8")


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    baseline = "\n".join([lines[0], *(each for each in lines if each.startswith(("C,2026-03-02", "C,2026-03-09")))])
    code, _, err = run("response", "-", "--plot", str(path), *NOW, stdin=baseline.encode())
    assert code == 3
    assert "There is nothing to draw" in err
    assert not path.exists()
