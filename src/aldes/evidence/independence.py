"""Which series may stand in one pool: those of one question, one regimen, and no patient in common."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aldes.evidence.outcomes import Outcomes
from aldes.evidence.series import Count, Endpoint, EndpointKind, Overlap, RegimenClass, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A counted proportion of one series or cohort."""

    endpoint: Endpoint
    series: Series
    count: Count

    @property
    def name(self) -> str:
        """The series, and the cohort where it is one: `proclaim_2015/retrospective`."""
        return f"{self.series.id}/{self.endpoint.cohort}" if self.endpoint.cohort else self.series.id

    def era(self, year: int) -> str:
        """Whether everybody was treated before a year, or from it on."""
        first, last = self.series.years(self.endpoint.cohort)
        if last is not None and last < year:
            return f"before {year}"
        if first is not None and first >= year:
            return f"from {year} on"
        return f"across {year}" if first is not None and last is not None else "years unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A figure that does not stand in the pool, and why."""

    endpoint: Endpoint
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The series of a pool, those left out, and the other pools that independence would have allowed."""

    chosen: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    others: tuple[tuple[Candidate, ...], ...]


def candidates(
    outcomes: Outcomes, kind: EndpointKind, tumour: str = "mRCC", risk: str = ""
) -> tuple[list[Candidate], list[LeftOut]]:
    """The counted proportions under the high-dose bolus, and the rest of this kind with the reason.

    Those of whole series, or, where a risk is named, those of its patients in each series.
    """
    fit: list[Candidate] = []
    unfit: list[LeftOut] = []
    for series in outcomes.series.values():
        for each in series.endpoints:
            if each.kind is not kind or each.tumour != tumour or each.group or each.risk != risk:
                continue
            count, why = each.count(), _unfit(series, each)
            if count is None or why:
                unfit.append(LeftOut(endpoint=each, why=why or "how many patients stand behind it is not printed"))
            else:
                fit.append(Candidate(endpoint=each, series=series, count=count))
    return fit, unfit


def _unfit(series: Series, endpoint: Endpoint) -> str:
    """Why a figure answers another question, or nothing."""
    cohort = series.cohorts.get(endpoint.cohort)
    given = series.class_of(endpoint.cohort)
    if given is not RegimenClass.HIGH_DOSE_BOLUS:
        return f"regimen: {given}"
    if endpoint.superseded_by:
        return f"superseded by {endpoint.superseded_by}"
    if series.setting:
        return f"setting: {series.setting}"
    if cohort and cohort.selected:
        return f"chosen by {cohort.selected}"
    return ""


def shared(one: Candidate, other: Candidate, overlaps: Iterable[Overlap]) -> Overlap | None:
    """Why two candidates may have patients in common, or nothing.

    Two cohorts of one series have none. Two other figures of one series do. A possible overlap counts as one.
    """
    if one.series.id == other.series.id:
        apart = one.endpoint.cohort and other.endpoint.cohort and one.endpoint.cohort != other.endpoint.cohort
        return None if apart else Overlap(series=(one.name, other.name), certainty="stated", why="the same patients")
    for each in overlaps:
        if _among(one, each) and _among(other, each):
            return each
    return None


def _among(candidate: Candidate, overlap: Overlap) -> bool:
    """A whole series has part in what is said of one of its cohorts."""
    for name in overlap.series:
        series, _, cohort = name.partition("/")
        if series == candidate.series.id and (not cohort or candidate.endpoint.cohort in ("", cohort)):
            return True
    return False


def choose(found: Sequence[Candidate], overlaps: Sequence[Overlap]) -> Choice:
    """The independent candidates with the most patients together; what each of the others shares with them.

    Every largest set that shares no patient is looked at, so that the reader sees what another choice would have said.
    """
    sets = sorted(_independent(found, overlaps), key=lambda each: (-_patients(each), [c.name for c in each]))
    if not sets:
        return Choice(chosen=(), left_out=(), others=())
    chosen, *others = sets
    left_out = [
        LeftOut(endpoint=each.endpoint, why=_reason(each, chosen, overlaps)) for each in found if each not in chosen
    ]
    return Choice(chosen=chosen, left_out=tuple(left_out), others=tuple(others))


def _reason(candidate: Candidate, chosen: Iterable[Candidate], overlaps: Sequence[Overlap]) -> str:
    with_whom = [(each, why) for each in chosen if (why := shared(candidate, each, overlaps))]
    words = [f"{why.certainty} overlap with {each.name}: {why.why}" for each, why in with_whom]
    return "; ".join(words)


def _patients(those: Iterable[Candidate]) -> int:
    return sum(each.count.patients for each in those)


def _independent(found: Sequence[Candidate], overlaps: Sequence[Overlap]) -> Iterator[tuple[Candidate, ...]]:
    """Every set without an overlap to which nothing can be added (Bron and Kerbosch on what is compatible)."""
    n = range(len(found))
    fits = [{j for j in n if i != j and shared(found[i], found[j], overlaps) is None} for i in n]

    def grow(kept: list[int], open_: set[int], closed: set[int]) -> Iterator[tuple[Candidate, ...]]:
        if not open_ and not closed:
            yield tuple(found[i] for i in sorted(kept))
        for i in sorted(open_):
            yield from grow([*kept, i], open_ & fits[i], closed & fits[i])
            open_, closed = open_ - {i}, closed | {i}

    if found:
        yield from grow([], set(n), set())
