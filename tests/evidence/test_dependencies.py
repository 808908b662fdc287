"""What runs beside the record is little, pinned, and explained (hazard H82)."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "decisions" / "0002-few-dependencies.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)==(\S+)((?: ; .+?)?(?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE
)


def named(requirement: str) -> str:
    """The name of a package in a requirement: `duckdb>=1.3` is duckdb."""
    return re.split(r"[^a-z0-9-]", requirement.lower(), maxsplit=1)[0]


def test_the_bedside_needs_one_package() -> None:
    assert {named(each) for each in PROJECT["dependencies"]} == {"tzdata"}


def test_every_package_that_a_user_installs_has_its_reason_on_the_page() -> None:
    extras = PROJECT["optional-dependencies"]
    needed = [*PROJECT["dependencies"], *(each for extra in extras.values() for each in extra)]
    explained = set(re.findall(r"[a-z0-9-]+", " ".join(re.findall(r"^\| .*?\|.*?\|", PAGE, re.MULTILINE))))
    assert {named(each) for each in needed} | set(extras) <= explained


def test_every_locked_package_is_pinned_by_its_hash() -> None:
    entries = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    pinned = PINNED.findall(LOCK)  # a package may stand twice, for two versions of Python
    assert len(pinned) == len(entries) > 0
    assert [name for name, _, hashes in pinned if "--hash=sha256:" not in hashes] == []


def test_the_lock_pins_what_the_program_needs_and_names_no_address() -> None:
    assert {"tzdata", "numpy", "duckdb"} <= {match[1] for match in PINNED.finditer(LOCK)}
    assert "://" not in LOCK
