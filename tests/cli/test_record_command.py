"""`aldes record` as its users call it: what it prints, and with which exit code."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from aldes.course.events import Admitted, Discharged
from aldes.course.keeping import Kind
from aldes.journals import open_journal

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    call = [sys.executable, "-m", "aldes", "record", *map(str, arguments)]
    done = subprocess.run(call, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record with two events, each anchored."""
    path = tmp_path / "record.sqlite"
    journal = open_journal(str(path), Kind.DEMO, tmp_path / "anchor", lambda: AT)
    journal.append("a", [IN], expected=0)
    journal.append("a", [OUT], expected=1)
    journal.close()
    return path


def test_a_whole_record_says_so(record, tmp_path):
    code, out, err = run("verify", record, "--anchor", tmp_path / "anchor")
    assert (code, err) == (0, "")
    assert "whole: 2 events in 1 streams, 0 documents; a demo record" in out
    assert "the anchor agrees" in out
    assert json.loads(run("verify", record, "--json")[1])["head"]["position"] == 2


def test_a_damaged_record_has_an_exit_code_of_its_own(record):
    connection = apsw.Connection(str(record))
    connection.execute("DROP TRIGGER events_stay")
    connection.execute("UPDATE events SET event = replace(event, '16:00', '17:00') WHERE position = 1")
    connection.close()
    code, out, _ = run("verify", record)
    assert code == 30
    assert "DAMAGED" in out
    assert "fault: event 1: it is not what was written" in out


def test_a_file_of_rubbish_is_damaged(record):
    record.write_bytes(b"rubbish" * 1000)
    code, out, _ = run("verify", record)
    assert code == 30
    assert out.startswith("DAMAGED: ")


def test_a_copy_restored_over_a_newer_record_is_noticed(record, tmp_path):
    """Hazard H65."""
    assert run("backup", record, tmp_path / "copy")[0] == 0
    journal = open_journal(str(record), Kind.DEMO, tmp_path / "anchor", lambda: AT)
    journal.append("a", [IN], expected=2)
    journal.close()
    code, out, err = run("restore", tmp_path / "copy", record)
    assert (code, out) == (3, "")
    assert "1 event is missing, recorded until 2024-03-06T16:00:00+00:00" in err
    code, out, _ = run("restore", tmp_path / "copy", record, "--older")
    assert code == 32
    assert "OLDER COPY: 1 event is missing" in out
    assert "the record that was there is kept as record.sqlite.replaced-" in out
    code, out, _ = run("verify", record, "--anchor", tmp_path / "anchor")
    assert code == 32
    assert "1 event is missing" in out


def test_an_export_restores_a_record(record, tmp_path):
    assert run("export", record, "--out", tmp_path / "lines")[0] == 0
    assert run("export", record)[1] == (tmp_path / "lines").read_text(encoding="utf-8")
    assert run("export", record, "--out", tmp_path / "lines")[0] == 3
    assert run("restore", tmp_path / "lines", tmp_path / "new")[0] == 0
    assert run("verify", tmp_path / "new")[1].splitlines()[0] == run("verify", record)[1].splitlines()[0]


def test_replay_says_how_many_decisions_it_computed_again(record):
    code, out, _ = run("replay", record)
    assert code == 0
    assert "0 decisions were shown" in out


def test_what_is_no_record_is_one_sentence(tmp_path):
    code, out, err = run("verify", tmp_path / "nothing")
    assert (code, out) == (3, "")
    assert err.startswith("aldes: There is no record")
