"""Protocols side by side on the terminal: the evidence's table, two protocols, the strictest answer, a signature."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_commands import PATIENTS, run

from aldes.cli import diff, exits
from aldes.protocols.situations import Cell, situations

SITES = Path(__file__).parents[2] / "src" / "aldes" / "protocols" / "sites"
PRESSOR = (str(PATIENTS / "low-pressure-on-pressor" / "bundle.json"), "--now", "2026-11-20T07:40:00-06:00")


# ── the table of section 4.5 ──

TABLE = tuple(diff.answered())


@pytest.mark.parametrize("each", TABLE, ids=lambda each: f"{each.situation.id} {each.cell.pack}")
def test_each_cell_of_the_evidence_is_reproduced_or_says_why_not(each: diff.Answered) -> None:
    assert each.fault == "", (each.answers, each.scope, each.because)


def test_every_situation_of_the_evidence_has_a_cell_for_each_pack() -> None:
    packs = [each.pack for each in situations().columns]
    printed = {each.id: [cell.pack for cell in each.cells] for each in situations().situations}

    assert packs == ["P-LBL23", "P-LBLOLD", "P-CONS14", "P-INST15"]
    assert list(printed) == [f"DIFF-0{number}" for number in range(1, 7)] + ["DIFF-06-J", "DIFF-07", "DIFF-08"]
    assert all(cells == packs for id, cells in printed.items() if id != "DIFF-06-J")


def test_a_well_patient_is_given_under_every_column() -> None:
    """So that what each situation charts, and nothing else, decides."""
    table = situations()
    bare = next(each for each in table.situations if each.id == "DIFF-08")
    well = type(bare)(
        id="well",
        words="",
        source="",
        topic="",
        asked_h_ago=(0,),
        charted=(),
        cells=(Cell(pack="", printed="", expect=()),),
    )
    for column in table.columns:
        assert [each["decision"] for each in diff.documents_of(well, column.resolved(diff.SITE))] == ["give"], column


def answered(expect: str, ours: str, answer: str, scope: str = "") -> diff.Answered:
    missed = {"ours": (ours,), "missed": "a reason"} if ours else {}
    cell = Cell(pack="P", printed="as printed", expect=(expect,), scope=scope, **missed)  # type: ignore[arg-type]
    return diff.Answered(
        situation=situations().situations[0], cell=cell, answers=(answer,), scope="this dose", because=()
    )


@pytest.mark.parametrize(
    ("expect", "ours", "answer", "fault"),
    [
        ("hold", "", "hold", ""),
        ("hold", "", "give", "it differs, and no reason says why"),
        ("hold", "stop", "stop", ""),
        ("hold", "stop", "give", "it differs, and no reason says why"),
        ("hold", "stop", "hold", "it is reproduced: take 'ours' and 'missed' out"),
    ],
)
def test_a_cell_that_differs_is_a_fault_and_so_is_a_reason_that_explains_nothing(
    expect: str, ours: str, answer: str, fault: str
) -> None:
    assert answered(expect, ours, answer).fault == fault


def test_a_stop_of_another_scope_than_the_printed_one_differs() -> None:
    assert answered("stop", "", "stop", scope="for good").fault
    assert not answered("stop", "", "stop", scope="this dose").fault


def test_the_table_is_printed_with_every_printed_cell_and_its_answer() -> None:
    code, out, _ = run("protocol", "diff", "--cases")

    assert code == exits.GIVE
    assert "DIFF-05" in out
    assert "missed: " in out
    assert out.strip().endswith("0 differ")
    code, out, _ = run("protocol", "diff", "--cases", "--json")
    assert len(json.loads(out)) == len(TABLE)


def test_a_cell_that_differs_makes_the_command_fail(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(diff, "answered", lambda: iter([answered("hold", "", "give")]))

    assert diff.show_cases(as_json=False) == exits.BAD_PROTOCOL
    assert "DIFFERS" in capsys.readouterr().out


# ── two protocols ──


def test_two_labels_are_set_side_by_side_with_limits_in_words_and_sources() -> None:
    code, out, _ = run("protocol", "diff", "us-label-2023", "us-label-1992")

    assert code == 0
    assert "< STOP-CV-03" in out
    assert "> RT-03" in out
    assert "us-label-1992 contraindications to retreatment, ischaemia; read" in out
    assert "DIFF-05" in out.partition("answered differently")[2]
    assert "demo" in out


def test_the_same_as_json() -> None:
    _, out, _ = run("protocol", "diff", "us-label-2023", "institution-2015", "--json")
    found = json.loads(out)

    assert found["protocols"] == ["us-label-2023", "institution-2015"]
    platelets = next(each for each in found["topics"] if each["topic"] == "platelets")
    assert [len(side) for side in platelets["rows"]] == [0, 2]
    assert platelets["no_row"][0]
    assert {"DIFF-01", "DIFF-08"} <= {each["id"] for each in found["situations"]}


@pytest.mark.parametrize("given", [(), ("us-label-2023",), ("us-label-2023", "us-label-1992", "--cases")])
def test_a_comparison_of_nothing_is_wrong_use(given: tuple[str, ...]) -> None:
    code, out, err = run("protocol", "diff", *given)

    assert (code, out) == (exits.USAGE, "")
    assert "name two protocols, or --cases alone" in err


# ── strictest ──


def test_the_strictest_view_shows_each_protocol_and_marks_itself() -> None:
    code, out, _ = run("strictest", *PRESSOR, "--site", "demo")

    assert code == exits.STOP
    assert out.startswith("VIEW, NOT FOR THE BEDSIDE: the strictest answer is < ✕ > stop, this cycle")
    assert all(
        each in out for each in ("us-label-2023: hold", "consensus-2014: no listed reason", "institution-2015: stop")
    )
    assert "It is no decision" in " ".join(out.split())


def test_the_strictest_view_is_over_the_high_dose_bolus_protocols_alone() -> None:
    _, out, _ = run("strictest", *PRESSOR, "--site", "demo", "--json")
    asked = [each["protocol"] for each in json.loads(out)["protocols"]]

    assert {"us-label-2023", "us-label-1992", "consensus-2014", "institution-2015"} <= set(asked)
    assert not {"til-2024", "course-rows", "orders-a", "orders-b"} & set(asked)


@pytest.mark.parametrize(
    "command",
    [
        ("next-dose", PRESSOR[0], "--protocol", "strictest"),
        ("next-dose", "-", "--batch", "--protocol", "strictest"),
        ("watch", PRESSOR[0], "--protocol", "strictest"),
        ("protocol", "show", "strictest"),
        ("protocol", "check", "strictest"),
    ],
)
def test_no_decision_is_ever_asked_of_the_strictest_view(command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--site", "demo", stdin=b'{"findings": []}\n')

    assert "view over the high-dose bolus protocols and no protocol" in out + err
    assert "aldes strictest FILE" in out + err
    assert code in (exits.BAD_PROTOCOL, exits.BAD_INPUT)


def test_a_batch_line_cannot_name_the_view_either() -> None:
    line = json.dumps({"id": "a", "protocol": "strictest", "findings": []}).encode()
    code, out, _ = run("next-dose", "-", "--batch", "--site", "demo", stdin=line)

    assert (code, "decision" in json.loads(out)) == (exits.BAD_INPUT, False)


# ── sign ──


def test_a_signature_is_written_and_what_it_changes_is_said(tmp_path: Path) -> None:
    file = tmp_path / "hospital.toml"
    file.write_bytes((SITES / "demo.toml").read_bytes())
    given = ("--by", "the pharmacist on duty", "--page", "page 9", "--date", "2020-11-02", "--site", str(file))

    code, out, _ = run("protocol", "sign", "HOLDO-REN-01", "--protocol", "us-label-2023", *given)

    assert code == 0
    assert "recalled → verified locally (the pharmacist on duty, page 9, 2020-11-02)" in out
    assert "coverage  creatinine" in out
    assert file.read_bytes().startswith((SITES / "demo.toml").read_bytes())
    _, shown, _ = run("protocol", "show", "us-label-2023", "--site", str(file))
    assert "verified locally (the pharmacist on duty, page 9, 2020-11-02)" in shown
    assert "not covered: creatinine" not in shown

    code, out, err = run("protocol", "sign", "HOLDO-REN-01", "--protocol", "us-label-2023", *given)
    assert (code, out) == (exits.BAD_PROTOCOL, "")
    assert "is signed already" in err


def test_the_demo_site_cannot_be_signed() -> None:
    given = ("--by", "x", "--page", "y", "--date", "2020-11-02", "--site", "demo")
    code, _, err = run("protocol", "sign", "HOLDO-REN-01", "--protocol", "us-label-2023", *given)

    assert code == exits.BAD_PROTOCOL
    assert "no hospital's" in err
