"""Any TOML table as tables of the manual: what no page shows in a better way is still shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from manual.blocks import cell, label
from manual.page import Line, Table


def data_tables(data: Mapping[str, Any], name: str = "", *, folded: bool = False) -> tuple[Table, ...]:
    """Each array of tables as one table with a column for each key; single values together in one more."""
    several = {key: held for key, held in data.items() if _is_table(held)}
    inner = {key: held for key, held in data.items() if isinstance(held, Mapping)}
    single = {key: held for key, held in data.items() if key not in several and key not in inner}
    found = [_pairs(name or "What it says of itself", single)] if single else []
    found += [_pairs(key.replace("_", " "), held) for key, held in inner.items()]
    found += [_table(f"{name} {key}".replace("_", " ").strip(), held) for key, held in several.items()]
    return tuple(replace(each, folded=folded) for each in found)


def _pairs(caption: str, held: Mapping[str, Any]) -> Table:
    body = tuple(Line(cells=(label(key), cell(each, name=key))) for key, each in held.items())
    return Table(caption=caption, heads=("key", "value"), lines=body)


def _is_table(held: Any) -> bool:
    return isinstance(held, list) and bool(held) and all(isinstance(each, Mapping) for each in held)


def _table(caption: str, entries: list[Mapping[str, Any]]) -> Table:
    keys = list(dict.fromkeys(key for each in entries for key in each))
    body = tuple(Line(cells=tuple(cell(each.get(key, ""), name=key) for key in keys)) for each in entries)
    return Table(caption=caption, heads=tuple(label(key) for key in keys), lines=body)
