"""The files that a protocol is made of: those it extends, the base first, and the site's own."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

from aldes.errors import ProtocolError, nearest
from aldes.protocols.fields import Table

VIEW = "strictest"  # never a protocol: none is blended of several (decision 12)


def names_of_protocols() -> tuple[str, ...]:
    """The protocols that ship with the program."""
    found = files("aldes.protocols").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml")))


def names_of_sites() -> tuple[str, ...]:
    """The sites that ship with the program."""
    found = files("aldes.protocols").joinpath("sites").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml")))


def bases() -> frozenset[str]:
    """The bundled protocols that another one extends."""
    return frozenset(
        str(table["extends"]) for name in names_of_protocols() for _, table in layers(name) if "extends" in table
    )


@cache
def bundled_ids() -> frozenset[str]:
    """The ids of all rows of the bundled protocols."""
    blocks = (held for name in names_of_protocols() for _, table in layers(name) for held in table.values())
    return frozenset(
        str(each["id"])
        for held in blocks
        if isinstance(held, list)
        for each in held
        if isinstance(each, Mapping) and "id" in each
    )


def layers(protocol: str) -> list[tuple[str, Table]]:
    """The file of this name or path and those it extends, the base first."""
    found: list[tuple[str, Table]] = []
    name: str | None = protocol
    while name:
        if any(name == file for file, _ in found):
            raise ProtocolError(f"{protocol}: it extends itself through '{name}'.")
        table = load(name, "", names_of_protocols())
        found.insert(0, (name, table))
        base = table.get("extends")
        if base is not None and not isinstance(base, str):
            raise ProtocolError(f'{name}: extends names one protocol; write extends = "us-label-2023".')
        name = base
    return found


def load(name: str, folder: str, known: Iterable[str]) -> Table:
    """The TOML of a bundled file, or of a path that ends in .toml."""
    if name == VIEW and not folder:
        raise ProtocolError(
            f"'{VIEW}' is a view over the high-dose bolus protocols and no protocol: nothing is decided or pinned "
            f"by it. Look at it with: aldes {VIEW} FILE."
        )
    path = Path(name)
    if name in known:
        text = files("aldes.protocols").joinpath(folder, f"{name}.toml").read_text(encoding="utf-8")
    elif path.suffix == ".toml" and path.is_file():
        text = _text(path)
    else:
        raise ProtocolError(
            f"'{name}' is no bundled {'site' if folder else 'protocol'} and no TOML file; "
            f"bundled are {', '.join(known)}." + nearest(name, known)
        )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{name}: it is not TOML: {fault}.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ProtocolError(f"{path.name}: it cannot be read as UTF-8 text; save it as UTF-8 and try again.") from None
