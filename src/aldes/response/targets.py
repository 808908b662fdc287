"""Which lesions are measurable, and which of them are targets: RECIST 1.1, sections 3.1 and 4.2."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from aldes.errors import InputError
from aldes.numbers import number
from aldes.response.lesion import History, Irradiated, Kind, Lesion, Method, Role, Seen
from aldes.response.limits import (
    MEASURABLE_MM,
    MOST_PER_ORGAN,
    MOST_TARGETS,
    NODE_NORMAL_MM,
    NODE_TARGET_MM,
    THIN_SLICE_MM,
    XRAY_MM,
)

MEASURING = frozenset({Kind.SOLID, Kind.NODE, Kind.CYST, Kind.SOFT_BONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What became of each lesion of the baseline, with the reason in words."""

    targets: tuple[Lesion, ...]
    non_targets: tuple[Lesion, ...]
    normal: tuple[Lesion, ...]  # nodes below 10 mm: no disease
    why: Mapping[str, str]


def choose(history: History) -> Chosen:
    """Targets, non-targets and normal nodes of the baseline: as the reader of the images chose, else by the rule.

    Raises
    ------
    InputError
        When a target cannot be one, when there are too many, and when the baseline holds no disease.
    """
    seen, lesions = history.baseline.seen, history.at_baseline()
    normal = tuple(each for each in lesions if is_normal_node(each, seen[each.id]))
    diseased = [each for each in lesions if each not in normal]
    if not diseased:
        raise InputError("The baseline holds no lesion that is disease: nothing can respond. Nothing was computed.")
    not_measurable = {each.id: unmeasurable(each, seen[each.id]) for each in diseased}
    measurable = [each for each in diseased if not not_measurable[each.id]]
    charted = any(each.role for each in lesions)
    targets = _as_charted(lesions, not_measurable) if charted else by_rule(measurable, seen)
    rest = tuple(each for each in diseased if each not in targets)
    why = {each.id: "as charted" if charted else "by size and organ" for each in targets}
    why |= {each.id: not_measurable[each.id] or _why_not(each, charted) for each in rest}
    why |= {each.id: f"a node below {number(NODE_NORMAL_MM)} mm is normal: not followed" for each in normal}
    return Chosen(targets=targets, non_targets=rest, normal=normal, why=why)


def is_normal_node(lesion: Lesion, seen: Seen) -> bool:
    """A node whose short axis is below 10 mm is no disease."""
    return lesion.is_node and seen.mm is not None and seen.mm < NODE_NORMAL_MM


def unmeasurable(lesion: Lesion, seen: Seen) -> str:
    """Why a lesion is not measurable; nothing if it is.

    Raises
    ------
    InputError
        When nobody said by which method it was measured.
    """
    if lesion.kind not in MEASURING:
        return f"{lesion.kind} is not measurable"
    if lesion.irradiated is Irradiated.YES:
        return "treated locally before, without progression since: not measurable"
    if seen.mm is None:
        return "not measured"
    if seen.method is None:
        raise InputError(
            f"Nobody said by which method lesion {lesion.id} was measured at baseline, and the least size hangs on it. "
            f"Send one of {', '.join(Method)}. Nothing was computed."
        )
    if seen.method in (Method.ULTRASOUND, Method.PET):
        return f"{seen.method} does not measure"
    least = least_mm(lesion, seen.method, seen.slice_mm)
    return "" if seen.mm >= least else f"{number(seen.mm)} mm, below {number(least)} mm: not measurable"


def least_mm(lesion: Lesion, method: Method, slice_mm: Decimal | None) -> Decimal:
    """The least size of a measurable lesion by this method; thick slices ask for twice their thickness."""
    if method is Method.XRAY:
        return XRAY_MM
    least = NODE_TARGET_MM if lesion.is_node else MEASURABLE_MM
    thick = slice_mm is not None and slice_mm > THIN_SLICE_MM and method in (Method.CT, Method.MRI)
    return max(least, 2 * slice_mm) if thick and slice_mm is not None else least


def by_rule(measurable: Iterable[Lesion], seen: Mapping[str, Seen]) -> tuple[Lesion, ...]:
    """The largest of each organ first, then the second of each, at most 2 an organ and 5 in all; cysts come last.

    Ties go by the lesion's name, so that one baseline always has the same targets.
    """
    ordered = sorted(measurable, key=lambda each: (each.kind is Kind.CYST, -_mm(seen[each.id]), each.id))
    rounds: dict[str, int] = {}
    ranked: list[tuple[int, int, Lesion]] = []
    for place, lesion in enumerate(ordered):
        rounds[lesion.organ] = rounds.get(lesion.organ, 0) + 1
        if rounds[lesion.organ] <= MOST_PER_ORGAN:
            ranked.append((rounds[lesion.organ], place, lesion))
    return tuple(lesion for _, _, lesion in sorted(ranked, key=lambda each: each[:2])[:MOST_TARGETS])


def _as_charted(lesions: Iterable[Lesion], not_measurable: Mapping[str, str]) -> tuple[Lesion, ...]:
    targets = tuple(each for each in lesions if each.role is Role.TARGET)
    for lesion in targets:
        why = not_measurable.get(lesion.id, "a normal node")
        if why:
            raise InputError(
                f"Lesion {lesion.id} is charted as a target, and is {why}. Correct it. Nothing was computed."
            )
    organs = [each.organ for each in targets]
    over = next((organ for organ in organs if organs.count(organ) > MOST_PER_ORGAN), None)
    if over or len(targets) > MOST_TARGETS:
        what = f"{organs.count(over)} targets in one organ ({over})" if over else f"{len(targets)} targets"
        raise InputError(
            f"The baseline has {what}. RECIST 1.1 takes at most {MOST_PER_ORGAN} an organ and {MOST_TARGETS} in all. "
            "Choose among them. Nothing was computed."
        )
    return targets


def _why_not(lesion: Lesion, charted: bool) -> str:
    return "as charted" if charted else "measurable; other lesions were chosen as targets"


def _mm(seen: Seen) -> Decimal:
    return seen.mm if seen.mm is not None else Decimal(0)
