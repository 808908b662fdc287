"""The patients and situations of the manual: each story with its answers and rows, each cell with what is answered."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from markup import Looked, look

from aldes.protocols.situations import situations
from manual.build import contents
from manual.patients import answer, patients

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.parent.name for path in (ROOT / "src" / "aldes" / "patients").glob("*/case.toml"))


@cache
def files() -> dict[str, str]:
    return contents()


@cache
def page(name: str) -> Looked:
    return look(files()[name])


def case(name: str) -> dict[str, object]:
    return tomllib.loads((ROOT / "src" / "aldes" / "patients" / name / "case.toml").read_text(encoding="utf-8"))


def expected(name: str) -> list[dict[str, object]]:
    found = case(name)
    return found["assess" if found.get("ask") == "assess" else "expect"]  # type: ignore[return-value]


def test_every_bundled_patient_is_listed_and_has_a_page() -> None:
    assert len(NAMES) == 18
    assert {f"patient-{name}.html" for name in NAMES} <= set(page("patients.html").links)
    assert [each.name for each in patients()] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_patient_s_page_tells_the_story_and_each_expected_answer(name: str) -> None:
    shown = page(f"patient-{name}.html")
    assert "Who and when." in shown.text
    assert "What is charted" in shown.text
    for each in expected(name):
        assert answer(each) in shown.text
        assert f"protocol-{each['protocol']}.html" in shown.links


@pytest.mark.parametrize("name", NAMES)
def test_each_expected_row_leads_to_its_card_or_is_one_of_the_program_s_own(name: str) -> None:
    shown = page(f"patient-{name}.html")
    for each in expected(name):
        card = f"protocol-{each['protocol']}.html#"
        for row in (row for key in ("because", "unknown", "caution") for row in each.get(key, [])):  # type: ignore[attr-defined]
            linked = {link.removeprefix(card) for link in shown.links if link.startswith(card)}
            assert row in linked or f"retreatment-{row}" in linked or row.startswith("REQUIRED-")


def test_a_row_of_both_questions_leads_to_the_one_that_is_asked() -> None:
    links = page("patient-retreatment-too-early.html").links
    assert "protocol-us-label-2023.html#retreatment-DOSE-12" in links
    assert "protocol-us-label-2023.html#DOSE-12" not in links
    assert "protocol-us-label-2023.html#DOSE-05" in page("patient-cycle-2-after-rest.html").links


@pytest.mark.parametrize("name", NAMES)
def test_what_would_settle_it_leads_into_the_vocabulary(name: str) -> None:
    shown = page(f"patient-{name}.html")
    asked = [finding for each in expected(name) for key in ("settle", "measure") for finding in each.get(key, [])]  # type: ignore[attr-defined]
    assert {f"vocabulary.html#{finding}" for finding in asked} <= set(shown.links)


def test_the_navigation_stays_short_and_every_patient_is_reached_from_the_list() -> None:
    head = files()["patients.html"].split("</header>")[0]
    assert head.count("patient-") == 0
    assert "differences.html" in head
    assert "patient-chest-pain.html" in files()["patient-chest-pain.html"].split("</header>")[0]


def test_each_cell_of_the_differences_shows_what_is_printed_and_what_is_answered() -> None:
    shown = page("differences.html")
    table = situations()
    for situation in table.situations:
        assert situation.words in shown.text
        for cell in situation.cells:
            assert cell.printed in shown.text
            if cell.missed:
                assert f"#missed-{situation.id}-{cell.pack}" in shown.links
                assert f"missed-{situation.id}-{cell.pack}" in shown.ids
    assert all(column.protocol in shown.text for column in table.columns)
