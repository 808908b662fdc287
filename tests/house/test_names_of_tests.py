"""Test modules are imported by their base name: two of one name would take each other's place."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_no_two_modules_of_the_tests_have_one_name() -> None:
    names = Counter(path.name for path in TESTS.rglob("*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_module_of_the_tests_takes_the_place_of_a_tool() -> None:
    tools = {path.name for path in (TESTS.parent / "tools").glob("*.py")}
    assert tools & {path.name for path in TESTS.rglob("*.py")} == set()
