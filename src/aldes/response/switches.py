"""The disputed edges as named switches, each with a default, its options and its source."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import InputError, nearest
from aldes.evidence import cite


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One disputed edge."""

    name: str
    words: str
    default: str
    options: tuple[str, ...]
    least: int | None
    most: int | None
    source: str
    status: str

    def accepts(self, value: str) -> bool:
        """Whether it can be set so."""
        if self.options:
            return value in self.options
        return value.isascii() and value.isdigit() and len(value) < 5 and self._least <= int(value) <= self._most

    @property
    def accepted(self) -> str:
        """What it can be set to, in words."""
        return " or ".join(f"'{each}'" for each in self.options) or f"a whole number from {self._least} to {self._most}"

    @property
    def _least(self) -> int:
        return self.least if self.least is not None else 0

    @property
    def _most(self) -> int:
        return self.most if self.most is not None else 0


@dataclass(frozen=True, slots=True)
class Switches:
    """How every switch is set."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def number(self, name: str) -> int:
        """A switch that is a number."""
        return int(self.values[name])


@cache
def known_switches() -> Mapping[str, Switch]:
    """All switches by name, in the order of the file."""
    text = files("aldes.response").joinpath("switches.toml").read_text(encoding="utf-8")
    return {table["name"]: _switch(table) for table in tomllib.loads(text)["switch"]}


def set_switches(settings: Iterable[str] = ()) -> Switches:
    """The switches, each at its default but those set by `NAME=VALUE`.

    Raises
    ------
    InputError
        Naming the nearest switch, or what it can be set to.
    """
    values = {name: each.default for name, each in known_switches().items()}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in values:
            known = nearest(name[:40], values) or f" We know {', '.join(values)}."
            raise InputError(f"No switch has that name.{known} Write --switch NAME=VALUE.")
        switch = known_switches()[name]
        if not switch.accepts(value):
            raise InputError(f"The switch '{name}' cannot be set so. Set it to {switch.accepted}.")
        values[name] = value
    return Switches(values)


def _switch(table: Mapping[str, Any]) -> Switch:
    return Switch(
        name=table["name"],
        words=table["words"],
        default=table["default"],
        options=tuple(table.get("options", ())),
        least=table.get("least"),
        most=table.get("most"),
        source=str(cite(table["source"])),
        status=table["status"],
    )
