"""What an act sees: the patient's course, the pinned protocol, who signs, and when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aldes import __version__
from aldes.administration.decide import decide
from aldes.administration.decision import Decision
from aldes.administration.document import answer as compose
from aldes.administration.document import by_the_clock
from aldes.course.chain import digest
from aldes.course.events import DecisionShown
from aldes.course.facts import next_number
from aldes.course.people import Person, Role
from aldes.course.state import Course
from aldes.errors import ActError
from aldes.findings.charting import CLOCK_SKEW
from aldes.protocols.row import Protocol
from aldes.ward.documents import canonical

LONG_PAST = timedelta(days=3650)  # our policy: nothing of a course happened ten years ago


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who does it, and who looked and signed with them."""

    person: Person
    second: Person | None = None

    @property
    def role(self) -> Role:
        """The role of the person who does it."""
        return self.person.role


def _nobody(_key: str) -> None:
    """Where one record alone is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """One patient's course at one instant, with the person who acts."""

    id: str
    course: Course
    protocol: Protocol
    now: datetime
    signature: Signature
    another: Callable[[str], Course | None] = field(default=_nobody, repr=False, compare=False)  # by its key
    documents: dict[str, str] = field(default_factory=dict)  # texts to be kept beside the events, by digest
    # A bed is a finished value, so what was decided of it once stays so.
    _decided: list[Decision] = field(default_factory=list, repr=False, compare=False)
    _composed: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cycle(self) -> int:
        """The present cycle."""
        return self.course.cycle

    @property
    def number(self) -> int:
        """The slot of the cycle that comes next."""
        return next_number(self.course)

    def signed(self, happened_at: datetime | None = None, why: str = "") -> dict[str, Any]:
        """The fields that every event of an act has."""
        second = self.signature.second
        return {
            "happened_at": happened_at or self.now,
            "recorded_at": self.now,
            "by": self.signature.role.value,
            "why": why,
            "person": self.signature.person.id,
            "second": second.id if second else "",
        }

    def decision(self) -> Decision:
        """What the protocol answers now."""
        if not self._decided:
            self._decided.append(decide(self.course, self.protocol, by_the_clock(self.protocol, self.now)))
        return self._decided[0]

    def document(self) -> dict[str, Any]:
        """The decision document now."""
        if not self._composed:
            decided = self.decision()
            self._composed.update(compose(self.course, self.protocol, self.now, patient=self.id, decided=decided))
        return dict(self._composed)

    def shown(self) -> DecisionShown:
        """The decision as it is shown now, with its document kept beside the event."""
        document = self.document()
        text = canonical(document)
        key = digest(text)
        self.documents[key] = text
        return DecisionShown(
            **self.signed(),
            cycle=self.cycle,
            number=self.number,
            decision=document["decision"],
            rows=tuple(each["row"] for each in document["because"]),
            scope=document["scope"] or "",
            version=self.course.version,
            asked_at=self.now,
            engine=f"aldes {__version__}",
            pin=self.protocol.pin,
            digest=key,
        )

    def past(self, time: datetime | None, what: str) -> datetime:
        """The time of something that happened; none is now.

        Raises
        ------
        ActError
            When it lies in the future, too far back, or has no zone.
        """
        if time is None:
            return self.now
        if time.utcoffset() is None:
            raise ActError(f"The time of {what} came without a zone. Give date, time and zone.")
        if time > self.now + CLOCK_SKEW or time < self.now - LONG_PAST:
            raise ActError(f"The time of {what} is not in the past that a course can have. Check date and time.")
        return min(time, self.now)


def need_why(why: str, what: str) -> str:
    """The reason in words, which must be there.

    Raises
    ------
    ActError
        When it is empty.
    """
    if not why.strip():
        raise ActError(f"{what} needs a reason in words. Write why.")
    return why.strip()
