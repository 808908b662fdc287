"""`aldes watch`, `leak` and `interactions` as their users call them."""

import json
import re

from test_commands import NOW, PATIENTS, run

BUNDLE = str(PATIENTS / "weight-gain-low-oxygen" / "bundle.json")
ASKED = ("--protocol", "consensus-2014", "--site", "demo", "--now", "2026-11-20T15:35:00-06:00")


def test_watch_says_first_what_is_overdue_and_exits_with_something_to_look_at() -> None:
    code, out, err = run("watch", BUNDLE, *ASKED)
    assert (code, err) == (20, "")
    assert out.startswith("1 OVERDUE\n")
    assert "respiratory rate: not charted" in out
    assert re.search(r"surveillance is raised: .*\bCONS-MSK-01-R\b", " ".join(out.split()))
    assert "DEMO: invented settings" in out


def test_watch_in_json_names_the_same_row() -> None:
    code, out, _ = run("watch", BUNDLE, "--json", *ASKED)
    document = json.loads(out)
    assert code == 20
    assert [each["row"] for each in document["items"] if each["state"] == "overdue"] == ["MON-V-01"]


def test_leak_shows_weight_against_the_first_dose_and_what_was_never_charted() -> None:
    code, out, _ = run("leak", BUNDLE, *ASKED)
    assert code == 0
    assert "weight gain over baseline: 16 %" in out
    assert "serum albumin: not charted" in out
    assert "there is no score" in out


def test_a_chart_of_which_nothing_is_known_is_no_quiet_chart() -> None:
    line = json.dumps({"now": NOW, "findings": []}).encode()
    assert run("leak", "-", "--site", "demo", stdin=line)[0] == 21
    assert run("interactions", "-", "--site", "demo", stdin=line)[0] == 21


def test_interactions_name_the_row_and_what_could_not_be_checked() -> None:
    drugs = [{"name": "medication", "value": value, "time": NOW} for value in ("H02AB02", "John's pills", "A02BC01")]
    line = json.dumps({"now": NOW, "findings": drugs}).encode()
    code, out, _ = run("interactions", "-", "--site", "demo", stdin=line)
    assert code == 20
    assert out.startswith("1 LISTED, 1 NOT CHECKED, 1 checked and named by no row\n")
    assert "INT-01  corticosteroid, by any route: H02AB02" in out
    assert "John" not in out
    assert "L03AC01" not in out
