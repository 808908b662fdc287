"""The manual shows every rule with its source, leads nowhere wrong, loads nothing from outside, builds alike twice."""

import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from markup import Looked, look

from aldes.evidence.register import read_register
from aldes.findings.read import vocabulary
from aldes.protocols.cases import read_cases
from aldes.protocols.compile import unnamed
from aldes.protocols.layers import load
from aldes.protocols.read import names_of_protocols, names_of_sites, read
from aldes.toxicity.ctcae.read import VERSIONS
from aldes.toxicity.ctcae.read import read as criteria
from aldes.units import UNITS
from manual.asking import owed
from manual.build import contents, write
from manual.content import blocks_of
from manual.settings import EVERYWHERE
from manual.vocabulary import anchor

ROOT = Path(__file__).parents[2]
TRAILING_ZERO = re.compile(r"(?<![\d.])\d+\.\d*0(?![\d.]*\d)")
NO_QUANTITY = re.compile(r"((CTCAE|version|RECIST) v?|doi |\b[A-Z])$")
VERSION = re.compile(
    r"[56]\.0(?!\d)(?! ?(?:[%°×µ]|mg|mL|mmol|kg|g/|L\b|h\b|million|thousand))"
)  # of CTCAE: no unit follows
NAKED_POINT = re.compile(r"(?<![\w.])\.\d")
ENZYME_FOR_INTERNATIONAL = re.compile(r"\d ?M?U\b")


@cache
def files() -> dict[str, str]:
    return contents()


def pages() -> list[str]:
    return [name for name in files() if name.endswith(".html")]


@cache
def page(name: str) -> Looked:
    return look(files()[name])


@pytest.mark.parametrize("name", pages())
def test_a_page_is_well_formed(name: str) -> None:
    assert page(name).faults == []
    assert files()[name].startswith("<!DOCTYPE html>")
    assert page(name).text.count("It supports and never replaces a clinician.") >= 1


def test_a_page_that_is_not_well_formed_is_seen() -> None:
    assert look("<p>one<p>two</p>").faults
    assert look("<ul><p>no item</p></ul><li>no list</li>").faults
    assert look('<p id="a">one</p><p id="a">two</p>').faults
    assert look("<p>closed twice</p></p>").faults
    assert look('<p onclick="x()">script</p>').faults
    assert look("<p>well</p>").faults == []


@pytest.mark.parametrize("name", pages())
def test_each_link_leads_to_a_place_in_the_manual(name: str) -> None:
    for link in page(name).links:
        target, _, place = link.partition("#")
        target = target or name
        assert target in files(), f"{name} leads to {link}"
        assert not place or place in page(target).ids, f"{name} leads to {link}"


@pytest.mark.parametrize("name", pages())
def test_a_page_loads_its_own_files_alone(name: str) -> None:
    assert set(page(name).loads) <= {"manual.css", "search.js", "search-list.js"} & set(files())
    assert "://" not in "".join(re.findall(r'(?:href|src|action)="([^"]*)"', files()[name]))


def test_style_and_script_fetch_nothing() -> None:
    for name in ("manual.css", "search.js"):
        assert not re.search(r"url\(|@import|@font-face|fetch\(|XMLHttpRequest|import |://", files()[name]), name


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_each_row_stands_on_its_page_with_what_it_asks_its_source_and_status(protocol: str) -> None:
    found, shown = read(protocol), page(f"protocol-{protocol}.html")
    for row in (*found.rows, *found.counts, *(unnamed(found) if found.bedside else ())):
        card = shown.within(row.id)
        assert row.id in card
        assert row.words in card
        assert row.status.value in card
        assert row.source.place.removeprefix("docs/decisions/")[:4] in card
        assert " asks " in card
    for row in found.rows:
        assert row.source.source in shown.within(row.id)
        assert not row.resume_by or f"judged by a {row.resume_by}" in shown.within(row.id) or row.recalled
        assert not row.group or row.group in shown.within(row.id)


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_what_stands_beside_the_decision_has_its_card_too(protocol: str) -> None:
    for _, block in blocks_of(read(protocol)):
        shown = page(f"protocol-{protocol}.html")
        places = [each for each in shown.ids if block.id in (each, each.rpartition("-")[0], each.partition("-")[2])]
        card = " ".join(shown.within(each) for each in places)  # two rows of one id have a place each
        assert block.words in card
        assert block.source.place[:4] in card
        assert block.status.value in card


def test_a_setting_that_no_site_has_made_stands_in_the_question_by_its_name() -> None:
    card = page("protocol-us-label-2023.html").within("DOSE-02")
    assert "hours since the last dose began below the site's setting min_interval_h" in card
    assert "not set" not in card


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_a_recalled_row_never_reads_as_one_that_ends_by_itself(protocol: str) -> None:
    for row in read(protocol).rows:
        if row.recalled and row.kind in ("hold", "relative", "absolute"):
            assert "only when a physician lifts it" in page(f"protocol-{protocol}.html").within(row.id)


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_each_case_line_stands_with_its_row(protocol: str) -> None:
    shown = page(f"protocol-{protocol}.html")
    cases = read_cases(protocol)
    for line in (*cases.get("case", []), *cases.get("series", [])):
        assert " ".join(line["words"].split()) in shown.within(line["row"])
    for line in (*cases.get("count", []), *cases.get("uncovered", [])):
        assert line["words"] in shown.text


def test_a_limit_is_shown_from_below_at_and_above() -> None:
    card = page("protocol-us-label-2023.html").within("HOLD-RESP-01")
    assert "asks oxygen saturation below 90 %" in card
    assert "ends oxygen saturation above 90 %" in card
    assert "89.9 % yes, below the limit stays, below the limit" in card
    assert "90 % no, at the limit stays, at the limit" in card
    assert "90.1 % no, above the limit ends, above the limit" in card


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_the_page_of_a_protocol_says_what_it_requires_lacks_and_is_pinned_as(protocol: str) -> None:
    found, shown = read(protocol), page(f"protocol-{protocol}.html")
    assert found.pin in shown.within("pin")
    assert all(vocabulary()[name].words in shown.within("required") for name in found.required)
    if found.bedside:
        assert all(each.reason in shown.within("not-covered") for each in found.not_covered)
        assert all(f"max_age_h.{name}" in shown.within("settings") for name in found.required)


def test_rows_stand_in_the_order_of_their_files() -> None:
    ids = [id for id in page("protocol-us-label-2023.html").ids if read("us-label-2023").row(id)]
    written = re.findall(r'^id = "(.+)"', (ROOT / "src/aldes/protocols/us-label-2023.toml").read_text("utf-8"), re.M)
    assert [id for id in ids if id in written] == [id for id in written if id in ids]


def test_every_finding_unit_source_and_fact_has_its_place() -> None:
    assert set(vocabulary().findings) <= set(page("vocabulary.html").ids)
    assert {anchor(code) for code in UNITS} <= set(page("units.html").ids)
    assert {each.key for each in read_register().sources()} <= set(page("sources.html").ids)
    for fact in read_register().facts():
        line = page("facts.html").within(fact.id)
        assert fact.source.place in line
        assert fact.status.value in line


@cache
def said() -> str:
    """Everything that the manual says, on one line."""
    return " ".join(" ".join(page(name).text for name in pages()).split())


DATA = sorted(path for path in (ROOT / "src" / "aldes").rglob("*.toml") if "patients" not in path.parts)


@pytest.mark.parametrize("file", DATA, ids=lambda path: path.name)
def test_no_data_file_is_left_out(file: Path) -> None:
    """What a block of a data file is called, and its words, stand somewhere, whatever kind of block it is."""
    for blocks in tomllib.loads(file.read_text("utf-8")).values():
        for block in blocks if isinstance(blocks, list) else ():
            for key in ("id", "key", "name", "words"):
                assert not isinstance(block, dict) or " ".join(str(block.get(key, "")).split()) in said(), block


def test_every_setting_of_a_site_is_explained() -> None:
    for name in names_of_sites():
        known = set(EVERYWHERE) | {"counting"} | {key for each in names_of_protocols() for key in owed(each)}
        assert set(load(name, "sites", names_of_sites())["settings"]) <= known


def test_every_term_decision_and_hazard_has_its_place() -> None:
    terms = re.findall(r"^\*\*(.+?)\*\* ·", (ROOT / "GLOSSARY.md").read_text("utf-8"), re.M)
    assert all(term in page("glossary.html").texts for term in terms)
    for file in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f"decision-{file.stem[:4]}.html" in page("decisions.html").links
    hazards = re.findall(r"^\| (H\d\d) \|", (ROOT / "docs/safety/hazards.md").read_text("utf-8"), re.M)
    assert set(hazards) <= set(page("hazards.html").ids)


@pytest.mark.parametrize("name", pages())
def test_no_number_is_printed_so_that_it_is_misread(name: str) -> None:
    """Hazards H03 and H04: a trailing zero, a naked point, the enzyme unit for the international one."""
    for text in page(name).texts:
        zeros = [found for found in TRAILING_ZERO.finditer(text) if not NO_QUANTITY.search(text[: found.start()])]
        assert all(VERSION.match(text, found.start()) for found in zeros), text
        assert not NAKED_POINT.search(text), text
        assert not ENZYME_FOR_INTERNATIONAL.search(text), text


def test_the_same_checkout_gives_the_same_bytes(tmp_path: Path) -> None:
    """In another process, whose sets and dictionaries of words lie in another order."""
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT / "tools")}
    folder = tmp_path / "manual"
    subprocess.run([sys.executable, "-m", "manual", str(folder)], env=environment, check=True, capture_output=True)
    assert sorted(each.name for each in folder.iterdir()) == sorted(files())
    for name, text in files().items():
        assert (folder / name).read_bytes() == text.encode(), name


def test_building_again_leaves_nothing_of_the_manual_before(tmp_path: Path) -> None:
    write({"protocol-of-last-year.html": "old"}, tmp_path / "manual")
    assert write({"index.html": "new"}, tmp_path / "manual") == ["index.html"]
    assert [each.name for each in (tmp_path / "manual").iterdir()] == ["index.html"]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_grade_of_each_term_stands_on_a_page_of_its_version_or_of_the_first(version: str) -> None:
    for ladder in criteria(version).ladders:
        first = criteria(VERSIONS[0]).ladder(ladder.name)
        shown = page(f"ctcae-{VERSIONS[0] if first == ladder else version}.html").within(ladder.id)
        assert all(f"{rung.grade} {rung.words}" in shown for rung in ladder.rungs)
        assert all(f"{grade} does not exist" in shown for grade in ladder.absent)
        assert ladder.status.value in shown
        assert ladder.source.place in shown
