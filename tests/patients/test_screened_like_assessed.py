"""A table made of the bundled patients: `aldes screen` gives each the verdict that `aldes assess` gives its bundle."""

import csv
import tomllib
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from aldes import ward
from aldes.cli.screen import screen_table
from aldes.cli.walk import as_asked
from aldes.course.ended import before_another
from aldes.exchange.bundled import ASSESS, Bundled, bundled
from aldes.findings.view import View
from aldes.protocols.read import read
from aldes.protocols.verdict import selecting
from aldes.questions.tree import Name
from aldes.selection.asking import Asking
from aldes.selection.screening import asked_findings

PATIENTS = {each.name: each for each in (*bundled(), *bundled(ASSESS))}
PROTOCOLS = ("us-label-2023", "us-label-1992", "nci-2001", "uk-smpc-2020", "til-2024", "consensus-2014")
IN_MILLILITRES = "fev1[mL]"  # one column in another unit than the finding's own


def cells(patient: Bundled, protocol: str) -> dict[str, str]:
    """One line of the table: what is valid in the record; an empty cell is unknown."""
    asked = as_asked(patient, protocol, "demo")
    asking = Asking(before_another(asked.course(), asked.now), selecting(asked.protocol), asked.now)
    seen = {name: asking.seen(Name(name, View.VALID)).value for name in asked_findings(asked.protocol)}
    found = {name: written(value) for name, value in seen.items()}
    if found.get("fev1"):
        found[IN_MILLILITRES] = written(Decimal(1000) * Decimal(found.pop("fev1")))
    return {"id": patient.name, **found}


def written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


Screened = Callable[[str], dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    """What the command writes of each patient by a protocol."""
    return cache(lambda protocol: _screened(protocol, tmp_path_factory.mktemp(protocol)))


def _screened(protocol: str, folder: Path) -> dict[str, dict[str, str]]:
    lines = [cells(each, protocol) for each in PATIENTS.values()]
    columns = list(dict.fromkeys(name for line in lines for name in line if name != "fev1"))
    table, out = folder / "patients.csv", folder / "verdicts.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    with redirect_stdout(StringIO()) as said:
        assert screen_table(str(table), protocol, "demo", "2026-11-20T16:00:00-06:00", str(out), True) == 0
    assert '"faults": []' in said.getvalue()
    with out.open(newline="", encoding="utf-8") as file:
        return {line["id"]: line for line in csv.DictReader(file)}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_patient_is_screened_as_the_bundle_is_assessed(protocol: str, screened: Screened) -> None:
    found = screened(protocol)
    assert list(found) == list(PATIENTS)
    deciding = set(selecting(read(protocol, "demo")).deciding)
    for name, patient in PATIENTS.items():
        document = ward.assess(as_asked(patient, protocol, "demo"))
        answers = {each["row"]: each["answer"] for each in document["rows"]}
        assert found[name]["verdict"] == document["verdict"], name
        assert found[name]["excluded_by"].split() == [
            row for row in answers if row in deciding and answers[row] == "yes"
        ]
        assert found[name]["unknown"].split() == [
            row for row in answers if row in deciding and answers[row] == "unknown"
        ]
        assert set(found[name]["cautions"].split()) == set(document["cautions"])


def expected() -> list[Any]:
    rows = []
    for name in (each.name for each in bundled(ASSESS)):
        text = files("aldes").joinpath("patients", name, "case.toml").read_text(encoding="utf-8")
        rows += [pytest.param(name, each, id=f"{name} {each['protocol']}") for each in tomllib.loads(text)["assess"]]
    return rows


@pytest.mark.parametrize(("name", "verdict"), expected())
def test_the_table_says_what_clinicians_wrote(name: str, verdict: dict[str, Any], screened: Screened) -> None:
    found = screened(verdict["protocol"])[name]
    assert found["verdict"] == verdict["verdict"]
    if verdict["verdict"] == "excluded":
        assert found["excluded_by"].split() == verdict["because"]
    assert set(verdict.get("unknown", [])) <= set(found["unknown"].split())
    assert set(verdict.get("caution", [])) <= set(found["cautions"].split())
