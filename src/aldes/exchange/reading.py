"""What a reader hands over: one patient's events, and everything that it did not use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from aldes.course.events import AnyEvent, FindingCharted
from aldes.findings.charted import Charted


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUsed:
    """Something that came and did not count, or counted only against a dose: shown, never dropped."""

    where: str  # "entry 4, Observation/hr-1", "line 12"
    what: str
    why: str
    count: int = 1  # how many of the same sort; `where` is then the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One patient's record as it was read."""

    patient: str | None = None  # an opaque key, never a name
    events: tuple[AnyEvent, ...] = ()  # by the time they happened, then in the order they came
    not_used: tuple[NotUsed, ...] = ()
    protocol: str | None = None
    now: datetime | None = None  # as the input says; None leaves it to the caller's clock
    has_course: bool = False  # the input states slots, standing holds and stops itself: nothing is to be replayed
    id: str | None = None
    alert: tuple[str, ...] = ()  # what must be said first


@dataclass(slots=True)
class Notes:
    """Collects, while a reader works, what it does not use and what must be said first."""

    not_used: list[NotUsed] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # id of a charted entry → where it came from

    def skip(self, where: str, what: str, why: str) -> None:
        """Report one thing that was not used."""
        self.not_used.append(NotUsed(where=where, what=what, why=why))

    def warn(self, where: str, what: str, why: str) -> None:
        """Report it, and say it first as well: a dose or the patient's safety may hang on it."""
        self.skip(where, what, why)
        self.alerts.append(f"{where}: {what}: {why}")

    def grouped(self) -> tuple[NotUsed, ...]:
        """All reports; those that say the same are counted under the first."""
        groups: dict[tuple[str, str], list[NotUsed]] = {}
        for each in self.not_used:
            groups.setdefault((each.what, each.why), []).append(each)
        return tuple(
            NotUsed(where=same[0].where, what=same[0].what, why=same[0].why, count=len(same))
            for same in groups.values()
        )


def in_order(events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """The events by the time they happened; those of one time keep the order in which they came."""
    return tuple(sorted(events, key=lambda event: event.happened_at))


def note_doubts(events: Sequence[AnyEvent], notes: Notes) -> None:
    """Report each charted entry that may not answer no, and values that contradict each other (hazard H39)."""
    charted = [event.entry for event in events if isinstance(event, FindingCharted)]
    for entry in charted:
        if entry.fault:
            notes.skip(notes.places.get(entry.id, entry.id), entry.finding, entry.fault)
    for entry, other in _contradictions(charted):
        notes.skip(
            " and ".join(notes.places.get(each.id, each.id) for each in (entry, other)),
            entry.finding,
            "Two values came for one time. The worse one counts for each row. Correct the wrong one at its source.",
        )


def _contradictions(entries: Sequence[Charted]) -> Iterable[tuple[Charted, Charted]]:
    """The first pair of different values at each time of each finding."""
    at_one_time: dict[tuple[str, datetime], list[Charted]] = {}
    for entry in entries:
        if entry.valid is not None:
            at_one_time.setdefault((entry.finding, entry.time), []).append(entry)
    for same in at_one_time.values():
        different = (pair for pair in combinations(same[:2], 2) if pair[0].valid != pair[1].valid)
        yield from different
