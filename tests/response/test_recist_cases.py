"""The lines of the case file: every clause of RECIST 1.1 and iRECIST with a history that shows it."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from lesion_histories import after, event, history_of

from aldes.evidence import cite, read_register
from aldes.response.document import response_document
from aldes.response.rows import Row
from aldes.response.switches import known_switches, set_switches

CASES = tomllib.loads(files("aldes.response").joinpath("cases", "recist-1-1.toml").read_text(encoding="utf-8"))["case"]
CLAUSES = [fact.id for fact in read_register().facts() if re.fullmatch(r"(RC|RT1|RT2|BOR)-\d\d|TMR-0[67]", fact.id)]


def rows(text: str) -> Iterator[Row]:
    """The lines of a history."""
    organs: dict[str, str] = {}
    for line in text.strip().splitlines():
        day, name, *rest = (each.strip() for each in line.split("|"))
        if not rest:
            yield event(after(int(day)), name)
            continue
        organ, said, *more = rest
        organs.setdefault(name, organ)
        told: dict[str, Any] = {"method": "CT"} | dict(each.split("=") for each in ", ".join(more).split(", ") if each)
        if "slice_mm" in told:
            told["slice_mm"] = Decimal(told["slice_mm"])
        if said[0].isdigit():
            axis = "short" if organs[name] == "lymph node" else "long"
            told |= {"value": Decimal(said), "unit": "mm", "axis": axis}
        else:
            told["state"] = said
        yield Row(where=f"the line {line!r}", day=after(int(day)), lesion=name, organ=organ, **told)


def answers(case: dict[str, Any]) -> dict[str, Any]:
    """What the program says of a case, under the names that the case file uses."""
    switches = set_switches(case.get("switch", ()))
    (patient,) = response_document([history_of(*rows(case["history"]))], switches, irecist=True)["patients"]
    points, free = patient["time_points"], patient["progression_free"]
    lasted = patient["response_duration"]["unconfirmed"]
    return {
        "targets": sorted(each["lesion"] for each in patient["baseline"]["lesions"] if each["role"] == "target"),
        "baseline_mm": patient["baseline"]["sum_mm"],
        "sums": [each["targets"]["sum_mm"] for each in points],
        "overall": [each["overall"] for each in points],
        "row": [each["row"] for each in points],
        "best": patient["best"]["unconfirmed"]["response"],
        "confirmed": patient["best"]["confirmed"]["response"],
        "free": [free["days"], free["event"]],
        "response_days": lasted["days"] if lasted else None,
        "immune": [each["overall"] for each in patient["irecist"]["time_points"]],
        "immune_best": patient["irecist"]["best"],
        "doubts": len(patient["doubts"]),
    }


@pytest.mark.parametrize("case", CASES, ids=[f"{each['clause']} {each['words']}" for each in CASES])
def test_a_line_is_answered_as_it_says(case: dict[str, Any]) -> None:
    about = {"clause", "words", "history", "switch", "source"}
    expected = {key: value for key, value in case.items() if key not in about}
    assert expected, "a line that expects nothing shows nothing"
    found = answers(case)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("case", CASES, ids=[f"{each['clause']} {each['words']}" for each in CASES])
def test_a_line_cites_its_place(case: dict[str, Any]) -> None:
    assert cite(case["source"]).place
    assert read_register().fact(case["clause"])


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_has_a_line(clause: str) -> None:
    assert clause in {each["clause"] for each in CASES}


def test_every_switch_but_those_of_our_own_is_turned_in_some_line() -> None:
    turned = {setting.partition("=")[0] for case in CASES for setting in case.get("switch", ())}
    ours = {
        "progression-outside-window",
        "other-therapy",
        "confirm-days",
        "stable-days",
    }  # tests/response/test_edges.py
    assert turned == set(known_switches()) - ours
