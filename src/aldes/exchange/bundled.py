"""The patients that ship with the program: made up, each a FHIR bundle with what it is asked, and when."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

NEXT_DOSE, ASSESS = "next dose", "assess"  # what a patient is asked: on the ward, and before a course


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a clinician wrote of a patient before the code, under one protocol."""

    protocol: str
    now: datetime
    decision: str
    because: tuple[str, ...]  # rows that are among the deciding ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A patient that ships with the program."""

    name: str
    bundle: bytes
    now: datetime
    protocol: str
    ask: str = NEXT_DOSE
    others: tuple[str, ...] = ()  # protocols whose verdict is expected too
    expected: tuple[Expected, ...] = ()  # before the next dose


def bundled(ask: str = NEXT_DOSE) -> Iterator[Bundled]:
    """The bundled patients who are asked this, in the order of their names."""
    with as_file(files("aldes").joinpath("patients")) as folder:
        for each in sorted(folder.iterdir()):
            if not (each / "case.toml").is_file():
                continue
            case = tomllib.loads((each / "case.toml").read_text(encoding="utf-8"))
            if case.get("ask", NEXT_DOSE) == ask:
                yield Bundled(
                    name=each.name,
                    bundle=(each / "bundle.json").read_bytes(),
                    now=case["now"],
                    protocol=case["protocol"],
                    ask=ask,
                    others=tuple(_others(case)),
                    expected=tuple(_expected(case)),
                )


def _expected(case: dict[str, Any]) -> Iterator[Expected]:
    for each in case.get("expect", []):
        yield Expected(
            protocol=each["protocol"],
            now=each.get("now", case["now"]),
            decision=each["decision"],
            because=tuple(each["because"]),
        )


def _others(case: dict[str, Any]) -> Iterator[str]:
    yield from (each["protocol"] for each in case.get("assess", []) if each["protocol"] != case["protocol"])
