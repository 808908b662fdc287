"""What one row says of one lesion, checked before anything is computed from it."""

from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from aldes.errors import InputError, nearest
from aldes.numbers import number
from aldes.response.lesion import Irradiated, Kind, Lesion, Method, Role, Seen, State
from aldes.response.limits import LEAST_MM, MOST_MM
from aldes.response.organs import NODES, organs
from aldes.response.rows import Row

Word = TypeVar("Word", bound=StrEnum)

OF_TARGETS = frozenset(
    {State.MEASURED, State.TOO_SMALL, State.ABSENT, State.MERGED, State.NOT_EVALUATED, State.PRESENT}
)
WITHOUT_SIZE = frozenset(State) - {State.MEASURED, State.INCREASED, State.FURTHER, State.PROGRESSION, State.EQUIVOCAL}


def refusal(row: Row, what: str, do: str) -> InputError:
    """The one sentence with which a faulty row stops everything."""
    return InputError(f"{row.where}: {what}. {do} Nothing was computed.")


def word(row: Row, text: str, kind: type[Word], noun: str, otherwise: Word) -> Word:
    """One of a closed list of words; blank is what is said otherwise."""
    if not text:
        return otherwise
    try:
        return kind(text)
    except ValueError:
        near = nearest(text[:40], list(kind)) or f" We read {', '.join(kind)}."
        raise refusal(row, f"the {noun} is none that we know", f"Correct it.{near}") from None


def lesion_of(row: Row) -> Lesion:
    """The lesion that a row describes where it names it for the first time."""
    organ = row.organ
    if organ not in organs():
        what = "an organ that we do not know" if organ else "no organ"
        near = nearest(organ[:40], organs()) or f" We read {', '.join(organs())}."
        raise refusal(row, f"lesion {row.lesion} came with {what}", f"Correct it.{near}")
    kind = word(row, row.kind, Kind, "kind of lesion", Kind.NODE if organ == NODES else Kind.SOLID)
    if (organ == NODES) != (kind is Kind.NODE):
        raise refusal(
            row, f"lesion {row.lesion} is a {kind} in the organ {organ}", f"A node lies in '{NODES}'. Correct one."
        )
    role = word(row, row.role, Role, "role", Role.NON_TARGET) if row.role else None
    irradiated = word(row, row.irradiated, Irradiated, "word for irradiation", Irradiated.NO)
    return Lesion(id=row.lesion, organ=organ, kind=kind, irradiated=irradiated, role=role)


def check_same(row: Row, lesion: Lesion) -> None:
    """A later row may leave a lesion's description blank, and may not change it."""
    told = {"organ": (row.organ, lesion.organ), "kind": (row.kind, lesion.kind), "role": (row.role, lesion.role or "")}
    told["irradiated"] = (row.irradiated, lesion.irradiated)
    for noun, (came, known) in told.items():
        if came and came != known:
            raise refusal(
                row,
                f"lesion {row.lesion} came with another {noun} than before",
                "A lesion keeps its own. Correct one of the rows, or give another lesion its own name.",
            )


def seen_of(row: Row, lesion: Lesion) -> Seen:
    """What the row says of the lesion: a state, and a size in millimetres where there is one."""
    state = _state(row)
    if row.value is None:
        if state is State.MEASURED:
            raise refusal(row, f"lesion {row.lesion} is measured and has no diameter", "Send it, or another state.")
        return Seen(state=state, method=_method(row), slice_mm=_slice(row))
    if state in WITHOUT_SIZE:
        raise refusal(
            row, f"lesion {row.lesion} is {state} and has a diameter all the same", "Leave one of the two out."
        )
    return Seen(state=state, mm=_size(row, lesion), method=_method(row), slice_mm=_slice(row))


def _state(row: Row) -> State:
    if not row.state and row.value is None:
        raise refusal(
            row, f"lesion {row.lesion} has neither a diameter nor a state", f"Send one of {', '.join(State)}."
        )
    return word(row, row.state, State, "state", State.MEASURED)


def _size(row: Row, lesion: Lesion) -> Decimal:
    value = row.value if row.value is not None else Decimal(0)
    if value <= 0:
        what = "a diameter of zero" if value == 0 else "a negative diameter"
        raise refusal(row, f"lesion {row.lesion} came with {what}", "What is gone has the state absent. Correct it.")
    if row.unit != "mm":
        what = f"in {row.unit}" if row.unit == "cm" else "without the unit mm"
        raise refusal(row, f"the diameter of lesion {row.lesion} came {what}", "We read mm. Send it in mm.")
    _check_axis(row, lesion)
    if not LEAST_MM <= value <= MOST_MM:
        raise refusal(
            row,
            f"lesion {row.lesion} came with {number(value)} mm, outside {number(LEAST_MM)} to {number(MOST_MM)} mm",
            "Was it in cm? Send mm; what is seen and too small to measure has that state.",
        )
    return value


def _check_axis(row: Row, lesion: Lesion) -> None:
    right = "short" if lesion.is_node else "long"
    if row.axis == right or (not row.axis and not lesion.is_node):
        return
    if row.axis not in ("", "short", "long"):
        raise refusal(
            row, "the axis is none that we know", f"Write short or long.{nearest(row.axis[:20], ['short', 'long'])}"
        )
    what = "without its axis" if not row.axis else f"by its {row.axis} axis"
    noun = "node" if lesion.is_node else "lesion"
    raise refusal(row, f"{noun} {row.lesion} came {what}", f"A {noun} is measured by its {right} axis. Send that.")


def _method(row: Row) -> Method | None:
    return word(row, row.method, Method, "method", Method.CT) if row.method else None


def _slice(row: Row) -> Decimal | None:
    if row.slice_mm is not None and not 0 < row.slice_mm <= 20:
        raise refusal(row, "the slices are thicker or thinner than any scanner's", "Send their thickness in mm.")
    return row.slice_mm
