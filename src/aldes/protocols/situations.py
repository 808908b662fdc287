"""Situations in which the packs of the evidence differ most, as data: what is charted, and what each pack is to say.

`cases/diff.toml` carries section 4.5 of the fact base. A cell that the program does not reproduce keeps its place, with
what is answered instead and the reason; a cell that differs from both is a fault, and so is a reason no longer needed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, absent_value
from aldes.protocols.pin import pin_of
from aldes.protocols.read import read
from aldes.protocols.row import Protocol

NOT_COVERED = "not covered"  # no read row answers: the decision gives, and lists the topic
INTERVAL = timedelta(hours=8)
DOSES = 7  # closed slots before the one that is asked about
STATED = timedelta(minutes=10)  # before the slot: the pre-dose check
MEASURED = timedelta(minutes=20)
FIRST_URINE = 24  # hours charted back from the slot

Item = Mapping[str, Any]  # one item of a batch line


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One pack of the evidence, as a protocol of ours."""

    pack: str
    protocol: str
    counting: str | None = None  # the rule that the printed cell assumes

    def resolved(self, site: str) -> Protocol:
        """The protocol at a site, under the counting rule that the column assumes."""
        protocol = read(self.protocol, site)
        return pin_of(replace(protocol, counting=self.counting)) if self.counting else protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one pack is to answer each time it is asked, as printed and as words of a decision."""

    pack: str
    printed: str
    expect: tuple[str, ...]
    scope: str = ""  # of a stop
    ours: tuple[str, ...] = ()  # what is answered instead
    missed: str = ""  # why


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A patient who is well but for what is charted, asked before one slot or before several."""

    id: str
    words: str
    source: str
    topic: str
    asked_h_ago: tuple[float, ...]
    charted: tuple[Item, ...]  # hours_ago, finding, value, role
    cells: tuple[Cell, ...]

    def items(self, well: Mapping[str, Any], now: datetime, h_ago: float) -> list[Item]:
        """What is charted up to one asking, as items of a batch line."""
        at = now - timedelta(hours=h_ago)
        own = [_item(each["finding"], each["value"], _before(now, each), each.get("role")) for each in self.charted]
        found = [each for each in own if datetime.fromisoformat(each["time"]) <= at]
        found += [_item(name, value, now - DOSES * INTERVAL - MEASURED) for name, value in _measured(well)]
        for asked in self.asked_h_ago:
            slot = now - timedelta(hours=asked)
            if slot <= at:
                found += _well(well, slot, [each for each in own if datetime.fromisoformat(each["time"]) <= slot])
        return [*found, *_urine(well, at), *self._slots(now, at)]

    def _slots(self, now: datetime, at: datetime) -> list[Item]:
        """Doses every 8 hours before the slot that is asked about; one that was asked about earlier was held."""
        held = {now - timedelta(hours=asked) for asked in self.asked_h_ago}
        slots = [now - number * INTERVAL for number in range(DOSES, 0, -1)]
        states = {slot: "held" if slot in held else "given" for slot in slots if slot < at}
        return [{"name": "aldesleukin", "value": state, "time": slot.isoformat()} for slot, state in states.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The whole table: its columns, its rows, and the well patient that each row changes."""

    now: datetime
    columns: tuple[Column, ...]
    situations: tuple[Situation, ...]
    well: Mapping[str, Any]


@cache
def situations() -> Table:
    """The table that ships with the program."""
    file = files("aldes.protocols").joinpath("cases", "diff.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Table(
        now=data["now"],
        columns=tuple(Column(**each) for each in data["column"]),
        situations=tuple(_situation(each, data) for each in data["situation"]),
        well={each["finding"]: each["value"] for each in data["well"]},
    )


def _situation(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Situation:
    id = entry["id"]
    charted = tuple(each for each in data["charted"] if each["situation"] == id)
    cells = tuple(_cell(each) for each in data["cell"] if each["situation"] == id)
    if not cells:
        raise ProtocolError(f"diff.toml: situation {id}: no cell says what a protocol is to answer.")
    asked = tuple(entry.get("asked_h_ago", [0]))
    return Situation(**{**entry, "asked_h_ago": asked, "charted": charted, "cells": cells})


def _cell(entry: Mapping[str, Any]) -> Cell:
    listed = {key: tuple(entry[key]) for key in ("expect", "ours") if key in entry}
    if ("ours" in entry) is not ("missed" in entry):
        raise ProtocolError(
            f"diff.toml: cell {entry['situation']} {entry['pack']}: 'ours' and 'missed' go together; give both."
        )
    return Cell(**{key: held for key, held in entry.items() if key != "situation"} | listed)


# ── the patient ──


def _well(well: Mapping[str, Any], slot: datetime, own: list[Item]) -> list[Item]:
    """A well patient's measurements and checks before a slot, but for what the situation charts."""
    changed = {each["name"] for each in own}
    found = [_item(name, value, slot - MEASURED) for name, value in _measured(well) if name not in changed]
    for system in sorted(vocabulary().systems):
        items = [each for each in vocabulary().in_system(system) if not each.derived]
        there = [each for each in items if each.name in changed]
        if not any(_present(each.name, own) for each in there):
            name, said = f"statement.{system}", "none of the listed"
            found.append({"name": name, "value": said, "time": (slot - STATED).isoformat(), "role": "nurse"})
            continue
        absent = {each.name: absent_value(each) for each in items if each not in there}
        found += [_item(name, _plain(value), slot - STATED) for name, value in absent.items()]
    return found


def _measured(well: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in well.items() if name != "urine"]


def _present(name: str, own: list[Item]) -> bool:
    """Whether the newest that is charted of a finding is anything but its absence."""
    newest = max((each for each in own if each["name"] == name), key=lambda each: str(each["time"]))
    return bool(newest["value"] != _plain(absent_value(vocabulary()[name])))


def _urine(well: Mapping[str, Any], at: datetime) -> list[Item]:
    """Collections of 8 hours that end with the slot, over a day and without a gap."""
    ends = [at - timedelta(hours=back) for back in range(0, FIRST_URINE, 8)]
    return [
        {
            "name": "urine",
            "value": well["urine"],
            "unit": "mL",
            "period": [(end - INTERVAL).isoformat(), end.isoformat()],
        }
        for end in ends
    ]


def _item(name: str, value: Any, time: datetime, role: str | None = None) -> Item:
    finding = vocabulary()[name]
    found: dict[str, Any] = {"name": name, "value": value, "time": time.isoformat()}
    if finding.unit:
        found["unit"] = finding.unit
    judged = finding.group in (Group.JUDGED, Group.SUPPORT)
    return found | ({"role": role or "nurse"} if judged else {})


def _before(now: datetime, charted: Mapping[str, Any]) -> datetime:
    return now - timedelta(hours=charted["hours_ago"])


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | str) else float(value)
