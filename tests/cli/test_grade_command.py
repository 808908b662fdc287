"""`aldes grade` as its users call it."""

import json

import pytest
from test_commands import PATIENTS, run

NOW = "2026-11-20T15:35:00-06:00"


def grade(patient: str, *more: str) -> tuple[int, str, str]:
    return run("grade", str(PATIENTS / patient / "bundle.json"), "--now", NOW, *more)


def test_the_page_says_graded_first_and_ends_with_the_days() -> None:
    code, out, err = grade("oliguria-rising-creatinine", "--site", "demo")

    assert (code, err) == (0, "")
    assert out.startswith("CTCAE 5.0 grades at 2026-11-20 15:35; site demo (DEMO: invented settings)")
    titles = [out.index(f"\n  {title}") for title in ("graded", "unknown", "grade 0", "not charted", "days:", "basis")]
    assert titles == sorted(titles)
    assert "Creatinine increased: grade 2" in out
    assert "Hypotension" in out[out.index("\n  not charted") :]


def test_no_line_is_longer_than_a_page_but_the_grid() -> None:
    _, out, _ = grade("oliguria-rising-creatinine", "--site", "demo")

    assert max(map(len, out.split("days:")[0].splitlines())) <= 100


def test_without_a_site_nothing_is_graded_and_the_setting_is_named() -> None:
    code, out, _ = grade("oliguria-rising-creatinine")

    assert code == 0
    assert "No version was set; asked with 5.0." in out
    assert "site setting grade_max_age_h is not set" in out
    assert "\n  graded" not in out


def test_another_version_and_what_differs() -> None:
    _, out, _ = grade("oliguria-rising-creatinine", "--site", "demo", "--ctcae", "6.0", "--against", "5.0", "--json")
    document = json.loads(out)

    assert (document["version"], document["against"]) == ("6.0", "5.0")
    assert document["differences"]


@pytest.mark.parametrize("version", ["4.0", "six"])
def test_a_version_that_we_do_not_have_is_refused_in_one_sentence(version: str) -> None:
    code, out, err = grade("oliguria-rising-creatinine", "--site", "demo", "--ctcae", version)

    assert (code, out) == (4, "")
    assert err.startswith(f"aldes: '{version}' is no version of CTCAE here; there are 5.0 and 6.0.")


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    code, _, err = run("grade", "nowhere.json", "--site", "demo")

    assert code == 3
    assert "cannot be read" in err
