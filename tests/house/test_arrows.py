"""The floors of the house: imports point down, and rooms of one floor meet through values, not through imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "aldes"

FLOORS = [
    {"errors", "scope", "phase", "numbers", "units", "findings", "questions", "evidence"},  # foundation
    {"protocols", "course", "mechanism", "outcomes"},  # facts and mathematics
    {"selection", "administration", "toxicity", "response"},  # clinical rules
    {"ward", "plan", "comparison", "cohort", "trial"},  # synthesis
    {"exchange", "journals", "service", "cli"},  # edges
]
WITHIN = [
    ["errors", "scope", "phase", "numbers", "units", "findings", "questions", "evidence"],
    ["exchange", "journals", "service", "cli"],
]
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor}
BEDSIDE = ["administration", "course", "findings", "protocols", "questions", "ward"]
HEAVY = {"numpy", "scipy", "duckdb"}


def modules() -> Iterator[tuple[str, Path]]:
    """Each module with the room that it lives in."""
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room not in ("__init__", "__main__"):
            yield room, path


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if node.module == "aldes")


def is_allowed(room: str, other: str) -> bool:
    """Whether a module of `room` may import from `other`."""
    if other == room or FLOOR[other] < FLOOR[room]:
        return True
    order = next((each for each in WITHIN if room in each and other in each), [])
    return bool(order) and order.index(other) < order.index(room)


@pytest.mark.parametrize(
    ("room", "path"), [pytest.param(*each, id=str(each[1].relative_to(SOURCE))) for each in modules()]
)
def test_every_import_points_down(room: str, path: Path) -> None:
    assert room in FLOOR, f"the room '{room}' stands on no floor; give it one here and in ARCHITECTURE.md"
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith("aldes.") and name.count(".") >= 1}
    wrong = sorted(other for other in rooms - {"__version__"} if not is_allowed(room, other))
    assert not wrong, f"{path.relative_to(SOURCE)} imports {', '.join(wrong)}"


def test_an_arrow_that_points_up_is_seen() -> None:
    assert not is_allowed("findings", "protocols")
    assert not is_allowed("course", "protocols")
    assert not is_allowed("administration", "toxicity")
    assert not is_allowed("units", "findings")
    assert is_allowed("questions", "findings")
    assert is_allowed("cli", "exchange")


@pytest.mark.parametrize("room", BEDSIDE)
def test_the_bedside_loads_no_heavy_library(room: str) -> None:
    """NumPy and DuckDB belong to the two table back ends alone, so that the core installs without them."""
    backends = {SOURCE / "questions" / "arrays.py", SOURCE / "questions" / "sql.py"}
    for name, path in modules():
        if name == room and path not in backends:
            assert not {each.split(".")[0] for each in imports(path)} & HEAVY, path
            assert not {each for each in imports(path) if each in ("aldes.questions.arrays", "aldes.questions.sql")}, (
                path
            )


@pytest.mark.parametrize("room", ["mechanism", "trial"])
def test_the_bedside_cannot_reach_the_simulator(room: str) -> None:
    for name, path in modules():
        if name in BEDSIDE:
            assert not [each for each in imports(path) if each.startswith(f"aldes.{room}")], path
