"""The numbered steps that make the tables of a record, and which of them a store still lacks (hazard H66)."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

Dialect = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered file of SQL; all that a store lacks are applied in one transaction, or none."""

    number: int
    sql: str


def steps(dialect: Dialect) -> tuple[Step, ...]:
    """Every step of this version of the program, in order: files for every store, and for this one."""
    found = []
    for path in files("aldes.journals").joinpath("sql").iterdir():
        name, *of_store = path.name.removesuffix(".sql").split(".")
        if of_store in ([], [dialect]):
            found.append(Step(number=int(name.split("-")[0]), sql=path.read_text(encoding="utf-8")))
    return tuple(sorted(found, key=lambda step: step.number))
