"""Properties of response: what never crashes, what never depends on order, and in which direction answers move."""

import ast
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lesion_histories import BASELINE, after, course_of, row, sizes

from aldes.errors import InputError
from aldes.exchange.lesions import HEADER, Lesions, read_lesions
from aldes.response.best import best
from aldes.response.categories import Response
from aldes.response.document import response_document
from aldes.response.history import histories
from aldes.response.switches import set_switches

NOW = datetime(2026, 11, 20, tzinfo=UTC)
RANK = ["CR", "PR", "SD", "PD"]
CELLS = st.sampled_from(
    [
        "",
        "L1",
        "2026-01-05",
        "2026-02-27",
        "course",
        "lung",
        "lymph node",
        "30",
        "-1",
        "mm",
        "cm",
        "short",
        "CT",
        "absent",
    ]
)
MM = st.integers(20, 400).map(lambda tenths: str(Decimal(tenths) / 10))


@given(st.lists(st.lists(CELLS, min_size=len(HEADER), max_size=len(HEADER)), max_size=8))
def test_any_table_is_read_or_refused_with_a_sentence(rows: list[list[str]]) -> None:
    data = "\n".join([",".join(HEADER), *(",".join(cells) for cells in rows)]).encode()
    with suppress(InputError):
        found = histories(read_lesions(data, NOW).rows, NOW.date())
        response_document(found, set_switches(), irecist=True)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    with suppress(InputError):
        assert isinstance(read_lesions(data, NOW), Lesions)


@given(MM, MM)
def test_a_larger_sum_never_answers_better(one: str, other: str) -> None:
    small, large = sorted((one, other), key=Decimal)
    answers = [course_of(*sizes((-7, "25"), (46, mm))).points[0].overall.value for mm in (small, large)]
    assert RANK.index(answers[0]) <= RANK.index(answers[1])


@given(st.lists(MM, min_size=1, max_size=5))
def test_a_new_lesion_is_progression_and_nothing_after_it_counts(found: list[str]) -> None:
    rows = sizes((-7, "25"), *((46 + 30 * place, mm) for place, mm in enumerate(found)))
    course = course_of(*rows, row(after(46), "X1", "20", organ="liver"))
    assert course.points[0].overall is Response.PD
    assert not any(each.counts for each in course.points[1:])
    assert best(course).response is Response.PD


@given(st.lists(MM, min_size=2, max_size=6))
def test_the_nadir_is_the_smallest_sum_so_far(found: list[str]) -> None:
    course = course_of(*sizes((-7, "25"), *((46 + 30 * place, mm) for place, mm in enumerate(found))))
    sums = [Decimal(25), *map(Decimal, found)]
    assert [each.targets.nadir_mm for each in course.points] == [min(sums[:place]) for place in range(1, len(sums))]


@given(st.permutations(["L1", "L2", "L3", "H1", "N1"]))
def test_targets_do_not_depend_on_the_order_of_the_rows(order: list[str]) -> None:
    about = {
        "L1": ("20", "lung"),
        "L2": ("20", "lung"),
        "L3": ("20", "lung"),
        "H1": ("12", "liver"),
        "N1": ("15", "lymph node"),
    }
    rows = [row(BASELINE, name, about[name][0], organ=about[name][1]) for name in order]
    assert {each.id for each in course_of(*rows).chosen.targets} == {"L1", "L2", "H1", "N1"}


def test_only_the_pictures_load_matplotlib() -> None:
    room = Path(__file__).parents[2] / "src" / "aldes"
    for path in room.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and each.module}
        names |= {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
        if path.is_relative_to(room / "response") and "pictures" not in path.parts:
            assert not any(each.startswith("matplotlib") for each in names), path


def test_without_matplotlib_a_picture_is_one_sentence() -> None:
    example = Path(__file__).parents[2] / "src" / "aldes" / "response" / "examples" / "invented.csv"
    program = (
        "import sys; sys.modules['matplotlib'] = None; "
        f"sys.argv = ['aldes', 'response', {str(example)!r}, '--plot', 'x.svg']; "
        "from aldes.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert done.returncode == 3
    assert (
        done.stderr.decode() == "aldes: Pictures need Matplotlib, which is not here; run: pip install 'aldes[lab]'.\n"
    )
