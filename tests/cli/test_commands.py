"""The commands as their users call them: in a process of their own, by their words, with documented exit codes."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

PATIENTS = Path(__file__).parents[2] / "src" / "aldes" / "patients"
NOW = "2026-11-20T15:30:00-06:00"


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    done = subprocess.run(
        [sys.executable, "-m", "aldes", *arguments], input=stdin, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def ask(patient: str, *more: str, now: str) -> tuple[int, str, str]:
    return run("next-dose", str(PATIENTS / patient / "bundle.json"), "--site", "demo", "--now", now, *more)


@pytest.mark.parametrize(
    ("patient", "now", "code", "headline"),
    [
        ("well-before-dose-6", "2026-11-20T07:30:00-06:00", 0, "( ✓ ) NO LISTED REASON TO HOLD"),
        ("weight-gain-low-oxygen", "2026-11-20T15:35:00-06:00", 10, "[ ‖ ] HOLD THIS DOSE"),
        ("chest-pain", "2026-11-19T23:40:00-06:00", 11, "< ✕ > STOP, FOR GOOD (UNCONFIRMED"),
        ("stale-labs", "2026-11-20T07:35:00-06:00", 12, "{ ? } NOT ENOUGH IS KNOWN TO DECIDE"),
    ],
)
def test_next_dose_says_the_answer_first_and_exits_with_its_code(
    patient: str, now: str, code: int, headline: str
) -> None:
    exit_code, out, err = ask(patient, now=now)
    assert exit_code == code
    assert headline in out
    assert err == ""


def test_next_dose_says_which_protocol_it_asked_with_when_none_was_named() -> None:
    _, out, _ = ask("well-before-dose-6", now="2026-11-20T07:30:00-06:00")
    assert out.startswith("No protocol was named; asked with us-label-2023.")


def test_people_read_no_listed_reason_and_programs_read_give() -> None:
    _, out, _ = ask("well-before-dose-6", now="2026-11-20T07:30:00-06:00")
    assert "give" not in out.lower().replace("given", "")
    _, out, _ = ask("well-before-dose-6", "--json", now="2026-11-20T07:30:00-06:00")
    assert json.loads(out)["decision"] == "give"


def test_a_bad_batch_line_is_answered_with_its_error_and_the_rest_go_on() -> None:
    good = {"id": "a", "now": NOW, "findings": [{"name": "spo2", "value": 87, "unit": "%", "time": NOW}]}
    lines = [
        json.dumps(good),
        "{not json",
        json.dumps(good | {"id": "b", "fidings": []}),
        json.dumps(good | {"id": "c"}),
    ]
    code, out, _ = run("next-dose", "-", "--batch", "--site", "demo", stdin="\n".join(lines).encode())
    answers: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [each.get("decision") for each in answers] == ["hold", None, None, "hold"]
    assert answers[1]["line"] == 2
    assert "findings" in answers[2]["error"]
    assert code == 3


def test_a_batch_line_that_is_too_long_is_answered_and_the_next_is_read() -> None:
    good = json.dumps({"id": "a", "now": NOW, "findings": []})
    code, out, _ = run(
        "next-dose", "-", "--batch", "--site", "demo", stdin=(b'{"id": "' + b"x" * 5_100_000 + b'"}\n') + good.encode()
    )
    answers = [json.loads(line) for line in out.splitlines()]
    assert len(answers) == 2
    assert "error" in answers[0]
    assert answers[1]["decision"] == "insufficient"
    assert code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("next-dose", "no-such-file.json"), 3, "cannot be read"),
        (("next-dose", "-", "--now", "2026-11-20T15:30:00"), 3, "has no zone"),
        (("next-dose", "-", "--now", "yesterday"), 3, "no instant"),
        (("next-dose", "-", "--protocol", "us-label-2032"), 4, "Did you mean 'us-label-2023'?"),
        (("next-dose", "-", "--site", "demmo"), 4, "Did you mean 'demo'?"),
        (("dose", "--weight-kg", "70"), 3, "cap_kg is not set"),
        (("dose", "--weight-kg", "29.9", "--site", "demo"), 3, "30"),
        (("dose", "--weight-kg", "250.1", "--site", "demo"), 3, "250"),
        (("dose", "--weight-kg", "70,5", "--site", "demo"), 3, "comma"),
        (("protocol", "show", "consensus"), 4, "bundled are"),
        (("protocol", "check", "missing.toml"), 4, "no TOML file"),
        (("evidence", "show", "DOSE-999"), 4, "Did you mean 'DOSE-"),
        (("evidence", "list", "--status", "reed"), 4, "Did you mean 'read'?"),
        (("bogus",), 2, "invalid choice"),
    ],
)
def test_wrong_use_is_one_sentence_and_an_exit_code(arguments: Sequence[str], code: int, said: str) -> None:
    exit_code, out, err = run(*arguments, stdin=b'{"findings": []}')
    assert exit_code == code
    assert said in err
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize(("weight", "iu"), [("30", 18_000_000), ("70", 42_000_000), ("250", 150_000_000)])
def test_dose_prints_the_order_in_words_and_in_json(weight: str, iu: int) -> None:
    code, out, _ = run("dose", "--weight-kg", weight, "--site", "demo", "--json")
    assert code == 0
    assert json.loads(out)["iu"] == iu
    _, out, _ = run("dose", "--weight-kg", weight, "--site", "demo")
    assert f"{iu // 1_000_000} million IU" in out


def test_dose_says_by_when_the_infusion_must_start() -> None:
    _, out, _ = run("dose", "--weight-kg", "70", "--site", "demo", "--prepared-at", "2026-11-20T05:00:00-06:00")
    assert "2026-11-22T04:45:00-06:00" in out
    assert "2026-11-22T05:00:00-06:00" in out


def test_protocol_list_and_show_name_rows_sources_and_what_is_not_covered() -> None:
    code, out, _ = run("protocol", "list")
    assert code == 0
    assert all(name in out for name in ("us-label-2023", "consensus-2014", "institution-2015", "nci-2001", "demo"))
    _, out, _ = run("protocol", "show", "us-label-2023", "--site", "demo")
    assert "oxygen saturation below 90 %" in out
    assert "us-label-2023 2.4 table 2, respiratory; read" in out
    assert "not covered: platelets" in out
    _, out, _ = run("protocol", "show", "us-label-2023", "--json")
    assert json.loads(out)["pin"].startswith("sha256:")


def test_protocol_check_passes_what_ships_and_names_what_the_site_owes() -> None:
    for name in ("us-label-2023", "consensus-2014", "institution-2015", "nci-2001"):
        code, out, _ = run("protocol", "check", name)
        assert code == 0
        assert "max_age_h" in out


def test_protocol_check_names_file_row_fault_and_the_nearest_word(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(
        'id = "ours"\nwords = "ours"\nextends = "us-label-2023"\n[[hold]]\nid = "X-1"\nwords = "x"\n'
        'hold = "spo < 92"\nsource = "us-label-2023 2.4"\nstatus = "read"\n'
    )
    code, _, err = run("protocol", "check", str(file))
    assert code == 4
    assert err.count("\n") == 1
    assert "ours.toml" in err
    assert "X-1" in err
    assert "'spo' is no finding" in err
    assert "Did you mean 'spo2'?" in err


def test_every_row_has_a_source_and_a_case_line() -> None:
    code, out, _ = run("rows")
    assert code == 0, out
    assert "0 without a case line" in out


def test_evidence_shows_a_fact_with_its_place_and_status() -> None:
    code, out, _ = run("evidence", "show", "DOSE-01")
    assert code == 0
    assert "600,000 IU" in out
    assert "us-label-2023" in out
    assert "; read" in out
    code, out, _ = run("evidence", "list", "--status", "recalled", "--json")
    assert {each["status"] for each in json.loads(out)} == {"recalled"}


def test_walk_ends_by_itself_where_no_terminal_is_attached() -> None:
    code, out, _ = run("walk")
    assert code == 0
    assert out.count("basis") == len(list(PATIENTS.glob("*/bundle.json")))
    assert "DEMO: invented settings" in out


def test_help_names_the_exit_codes() -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "10 hold" in out
    assert "never replaces a clinician" in out


def test_zone_rules_are_those_of_the_pinned_package() -> None:
    """Hazard H20: a host's own zone files may be years old."""
    asked = (
        "import sys, zoneinfo; from aldes.cli import main; sys.argv = ['aldes', 'protocol', 'list']\n"
        "try: main()\nexcept SystemExit: print('path', zoneinfo.TZPATH)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "path ()"
