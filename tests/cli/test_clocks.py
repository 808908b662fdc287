"""One clock for one answer: a line's own `now` and the command's `--now` never decide together."""

import json

import pytest
from test_commands import NOW, run

EARLIER, LATER, SAME = "2026-11-20T13:00:00-06:00", "2026-11-20T18:00:00-06:00", "2026-11-20T21:30:00Z"
FRESH = {"name": "spo2", "value": 87, "unit": "%", "time": "2026-11-20T15:10:00-06:00"}


def line(**changed: object) -> bytes:
    return json.dumps({"id": "a", "now": NOW, "findings": [FRESH], **changed}).encode()


@pytest.mark.parametrize("now", [EARLIER, LATER])
@pytest.mark.parametrize("batch", [(), ("--batch",)])
def test_two_different_instants_are_refused(now: str, batch: tuple[str, ...]) -> None:
    code, out, err = run("next-dose", "-", *batch, "--site", "demo", "--now", now, stdin=line())

    assert code == 3
    assert "Leave one of them out" in (out if batch else err)
    assert "decision" not in out


def test_the_rest_of_a_batch_is_answered() -> None:
    lines = b"\n".join([line(), line(now=LATER), line(now=None), line(now=SAME)])
    _, out, _ = run("next-dose", "-", "--batch", "--site", "demo", "--now", NOW, stdin=lines)

    assert [json.loads(each).get("decision") for each in out.splitlines()] == ["hold", None, "hold", "hold"]


def test_the_same_instant_in_two_zones_is_one_clock() -> None:
    code, out, _ = run("next-dose", "-", "--json", "--site", "demo", "--now", SAME, stdin=line())

    assert (code, json.loads(out)["asked_at"]) == (10, NOW)


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (NOW, None),
        ("2026-11-20T15:06:00-06:00", None),  # 4 minutes before the value's time: two clocks may differ so much
        ("2026-11-20T15:04:00-06:00", "lies in the future"),
        ("2026-11-20T17:20:00-06:00", "older than 2 h"),
    ],
)
def test_the_line_s_own_now_is_the_only_clock(now: str, fault: str | None) -> None:
    """The future, freshness and asked_at all go by it, whatever the machine's clock says."""
    value = {**FRESH, "value": 97}
    _, out, _ = run("next-dose", "-", "--json", "--site", "demo", stdin=line(now=now, findings=[value]))
    document = json.loads(out)
    why = [each["why"] for each in document["measure"] if each["finding"] == "spo2"]

    assert document["asked_at"] == now
    assert (why == []) is (fault is None)
    assert all(fault in each for each in why if fault)


@pytest.mark.parametrize(
    "now",
    [
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "2026-11-20T15:30:00+23:59",
        "2026-W47-5T15:30:00+00:00",
        "20261120T153000Z",
    ],
)
@pytest.mark.parametrize("command", ["next-dose", "watch"])
def test_an_instant_that_no_record_has_is_refused_in_one_sentence(now: str, command: str) -> None:
    code, out, err = run(command, "-", "--site", "demo", "--now", now, stdin=b'{"findings": []}')

    assert (code, out) == (3, "")
    assert "Write it like 2026-11-20T15:30:00-06:00" in err
    assert err.count("\n") == 1
