"""The three questions of a time point: targets, non-targets, new lesions. RECIST 1.1, section 4.3."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from aldes.numbers import number
from aldes.response.lesion import Assessment, Lesion, Seen, State
from aldes.response.limits import NODE_NORMAL_MM, PARTIAL_PERCENT, PROGRESSION_PERCENT
from aldes.response.switches import Switches


class Response(StrEnum):
    """What a category, a time point or a patient's best response can be."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON = "non-CR/non-PD"
    PD = "PD"
    NE = "NE"
    NONE = "none"  # the category does not exist in this patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The answer of one category with its reason in words."""

    response: Response
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The targets at one assessment: the sum, what it is compared with, and the answer."""

    response: Response
    why: str
    sum_mm: Decimal | None  # of what was measured
    complete: bool  # every target was evaluated
    missing: tuple[str, ...]
    left: tuple[str, ...]  # targets that were evaluated and are not gone
    nadir_mm: Decimal | None


def target_size(lesion: Lesion, seen: Seen, switches: Switches) -> Decimal | None:
    """What a target adds to the sum; None when it was not evaluated."""
    match seen.state:
        case State.ABSENT | State.MERGED:
            return Decimal(0)
        case State.TOO_SMALL:
            return Decimal(switches.number("too-small"))
    return seen.mm


def targets(
    lesions: Sequence[Lesion], at: Assessment, baseline_mm: Decimal, nadir_mm: Decimal, switches: Switches
) -> Targets:
    """Whether the targets are gone, shrunk, stable or grown.

    Source: RECIST 1.1, section 4.3.1: response against the baseline, progression against the smallest sum so far.
    """
    if not lesions:
        return Targets(
            response=Response.NONE,
            why="no target lesion",
            sum_mm=None,
            complete=True,
            missing=(),
            left=(),
            nadir_mm=None,
        )
    sizes = {each.id: target_size(each, at.of(each.id), switches) for each in lesions}
    missing = tuple(id for id, mm in sizes.items() if mm is None)
    total = sum((mm for mm in sizes.values() if mm is not None), Decimal(0)) if len(missing) < len(lesions) else None
    response, why = _target_response(lesions, at, total, missing, baseline_mm, nadir_mm, switches)
    left = tuple(each.id for each in lesions if each.id not in missing and not is_gone(each, at.of(each.id)))
    return Targets(
        response=response,
        why=why,
        sum_mm=total,
        complete=not missing,
        missing=missing,
        left=left,
        nadir_mm=nadir_mm,
    )


def _target_response(
    lesions: Sequence[Lesion],
    at: Assessment,
    total: Decimal | None,
    missing: Sequence[str],
    baseline: Decimal,
    nadir: Decimal,
    switches: Switches,
) -> tuple[Response, str]:
    if total is None:
        return Response.NE, "no target lesion was evaluated"
    grown = f"sum {number(total)} mm, nadir {number(nadir)} mm ({_signed(total - nadir)} mm, {percent(total, nadir)})"
    if missing:
        certain = switches["missing-target"] == "progression" and has_progressed(total, nadir, switches)
        names = ", ".join(missing)
        if certain:
            return Response.PD, f"{grown}, although {names} was not evaluated"
        return Response.NE, f"not evaluated: {names}"
    if all(is_gone(each, at.of(each.id)) for each in lesions):
        return Response.CR, f"all target lesions gone, every node below {number(NODE_NORMAL_MM)} mm"
    if has_progressed(total, nadir, switches):
        return Response.PD, grown
    shrunk = f"sum {number(total)} mm, baseline {number(baseline)} mm ({percent(total, baseline)})"
    if has_shrunk(total, baseline):
        return Response.PR, shrunk
    return Response.SD, f"{shrunk}; {grown}"


def is_gone(lesion: Lesion, seen: Seen) -> bool:
    """Whether nothing of a target is left: absent, or a node of normal size."""
    if lesion.is_node and seen.state in (State.MEASURED, State.TOO_SMALL):
        return seen.mm is None or seen.mm < NODE_NORMAL_MM
    return seen.state is State.ABSENT


def has_shrunk(total: Decimal, baseline: Decimal) -> bool:
    """At least 30 % below the baseline sum: 100 → 70 mm is a partial response, 70.1 is none."""
    return total * 100 <= baseline * (100 - PARTIAL_PERCENT)


def has_progressed(total: Decimal, nadir: Decimal, switches: Switches) -> bool:
    """At least 20 % above the nadir, and by at least 5 mm: 20 → 24 mm is no progression, 20 → 25 is."""
    growth = total - nadir
    return growth > 0 and growth * 100 >= nadir * PROGRESSION_PERCENT and growth >= switches.number("absolute-increase")


def non_targets(lesions: Sequence[Lesion], at: Assessment, marker_was_raised: bool) -> Reading:
    """Whether non-target disease is gone, still there, or has progressed unequivocally. Section 4.3.3."""
    if not lesions and not marker_was_raised:
        return Reading(response=Response.NONE, why="no non-target disease")
    seen = {each.id: at.of(each.id) for each in lesions}
    if worse := _in(seen, State.PROGRESSION, State.FURTHER):
        return Reading(response=Response.PD, why=f"unequivocal progression of {worse}")
    if open_ := _in(seen, State.NOT_EVALUATED):
        return Reading(response=Response.NE, why=f"not all evaluated: {open_}")
    left = ", ".join(each.id for each in lesions if not is_absent(each, seen[each.id]))
    if left:
        return Reading(response=Response.NON, why=f"still there: {left}")
    if marker_was_raised and at.marker_raised is None:
        return Reading(response=Response.NE, why="the marker that was raised at baseline was not measured")
    if marker_was_raised and at.marker_raised:
        return Reading(response=Response.NON, why="the marker is still raised")
    return Reading(response=Response.CR, why="all non-target disease gone")


def is_absent(lesion: Lesion, seen: Seen) -> bool:
    """Whether a non-target lesion is gone: absent, or a node of normal size."""
    return seen.state is State.ABSENT or (lesion.is_node and seen.mm is not None and seen.mm < NODE_NORMAL_MM)


def is_new(lesion: Lesion, seen: Seen) -> bool:
    """Whether a lesion that the baseline does not know is certainly there; a node of normal size is none."""
    if seen.state in (State.EQUIVOCAL, State.ABSENT, State.NOT_EVALUATED, State.MERGED):
        return False
    return not (lesion.is_node and seen.mm is not None and seen.mm < NODE_NORMAL_MM)


def new_lesions(lesions: Sequence[Lesion], at: Assessment, certain: set[str]) -> tuple[str, ...]:
    """The new lesions of an assessment; `certain` are those that a later one made so."""
    return tuple(
        each.id
        for each in lesions
        if is_new(each, at.of(each.id)) or (each.id in certain and at.of(each.id).state is State.EQUIVOCAL)
    )


def _in(seen: dict[str, Seen], *states: State) -> str:
    return ", ".join(id for id, each in seen.items() if each.state in states)


def _signed(mm: Decimal) -> str:
    return f"+{number(mm)}" if mm > 0 else number(mm)


def percent(now: Decimal, before: Decimal) -> str:
    """The change in per cent, to one decimal and marked as about where that rounds; it is never compared."""
    if before == 0:
        return "from nothing"
    exact = (now - before) * 100 / before
    shown = exact.quantize(Decimal("0.1"))
    return ("" if shown == exact else "about ") + f"{_signed(shown)} %"
