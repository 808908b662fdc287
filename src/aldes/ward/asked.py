"""What is asked about one patient, and the documents that answer it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from aldes import __version__
from aldes.administration.decide import decide
from aldes.administration.decision import Decision
from aldes.administration.document import SCOPE_STATEMENT
from aldes.administration.document import answer as compose
from aldes.course.ended import before_another
from aldes.course.events import AnyEvent, FindingCharted
from aldes.course.fold import replay
from aldes.course.state import Course
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.protocols.row import Protocol
from aldes.questions.answer import NO
from aldes.response.document import response_document
from aldes.response.lesion import History
from aldes.response.next_course import FINDING, shrinkage
from aldes.response.switches import Switches
from aldes.response.timepoints import read as read_response
from aldes.selection.document import answer as selection
from aldes.toxicity.at import Bedside, bedside
from aldes.toxicity.ctcae.document import document as graded
from aldes.toxicity.ctcae.read import read as read_criteria
from aldes.toxicity.document import interactions_document, leak_document, watch_document
from aldes.ward.recording import walk


def next_dose(course: Course, protocol: Protocol, now: datetime) -> Decision:
    """Whether there is a listed reason to hold or stop the next dose, and which."""
    return decide(course, protocol, now)


def answer(
    events: Iterable[AnyEvent],
    protocol: Protocol,
    now: datetime,
    *,
    has_course: bool = False,
    patient: str | None = None,
    not_used: Iterable[Mapping[str, Any]] = (),
    alert: Iterable[str] = (),
) -> dict[str, Any]:
    """The decision document for a patient's events: what the terminal, batch lines and services all show.

    Without a course of their own the events are replayed entry by entry, so that holds open and lift as they would
    have at the bedside; with one (`has_course`) the standing holds and stops that it names are taken as they are.
    """
    course = replay(events) if has_course else walk(events, protocol)
    return compose(course, protocol, now, patient=patient, not_used=not_used, alert=alert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A patient's events, or where they led, with what is asked about them and what their reader did not use."""

    events: tuple[AnyEvent, ...] = ()
    known: Course | None = None  # where the events led, where the ward's own record has folded them
    protocol: Protocol
    now: datetime
    has_course: bool = False
    patient: str | None = None
    not_used: tuple[Mapping[str, Any], ...] = ()
    alert: tuple[str, ...] = ()

    def course(self) -> Course:
        """Where the events lead, replayed as for a decision."""
        if self.known is not None:
            return replay(self.events, self.known)
        return replay(self.events) if self.has_course else walk(self.events, self.protocol)


def assess(asked: Asked) -> dict[str, Any]:
    """Whether a listed criterion excludes this patient from a course, row by row; after a course from another one."""
    return selection(
        before_another(asked.course(), asked.now),
        asked.protocol,
        asked.now,
        patient=asked.patient,
        not_used=asked.not_used,
        alert=asked.alert,
    )


def responses(
    histories: Iterable[History],
    switches: Switches,
    *,
    irecist: bool = False,
    not_used: Iterable[Mapping[str, Any]] = (),
    alert: Iterable[str] = (),
) -> dict[str, Any]:
    """Whether each patient's tumour has responded, and for how long.

    Raises
    ------
    InputError
        When the targets of a patient cannot be told.
    """
    return {
        "alert": list(alert),
        **response_document(histories, switches, irecist),
        "engine": f"aldes {__version__}",
        "not_used": [dict(each) for each in not_used],
        "scope_statement": SCOPE_STATEMENT,
    }


def next_course(asked: Asked, history: History, switches: Switches) -> dict[str, Any]:
    """Whether a listed criterion excludes another course, with what the images say put beside the record.

    That the tumour did not shrink is charted, so that it excludes; that it shrank clears nothing until a physician
    says so, and is only shown (DOSE-11).

    Raises
    ------
    InputError
        When the targets cannot be told.
    """
    return assess(replace(asked, events=(*asked.events, *_seen_on_images(asked, history, switches))))


def _seen_on_images(asked: Asked, history: History, switches: Switches) -> Iterator[FindingCharted]:
    """An earlier course, since the history has one; and no shrinkage, where that is what the images say.

    Both count as of now: a word charted between the scan and now contradicts the images, and then it clears nothing.
    """
    found = shrinkage(read_response(history, switches))
    yield _charted("earlier_course", True, f"first dose on {history.start}", asked.now)
    if found.answer is NO:
        yield _charted(FINDING, False, f"no, by the images: {found.why}", asked.now)


def _charted(finding: str, value: bool, text: str, now: datetime) -> FindingCharted:
    entry = chart(Raw(finding=vocabulary()[finding], id=f"images~{finding}", value=value, time=now, text=text), now)
    return FindingCharted(happened_at=now, recorded_at=now, entry=entry)


def watch(asked: Asked) -> dict[str, Any]:
    """What is owed to the patient, of what a clinician is told, and the steps of care."""
    return _document(asked, watch_document)


def leak(asked: Asked) -> dict[str, Any]:
    """The components of the capillary leak with their trends."""
    return _document(asked, leak_document)


def interactions(asked: Asked) -> dict[str, Any]:
    """The patient's drugs held against the rows of interactions."""
    return _document(asked, interactions_document)


CTCAE = "5.0"  # for those who only ask: a site sets its own


def grades(asked: Asked, version: str | None = None, against: str | None = None) -> dict[str, Any]:
    """A patient's CTCAE grades now and by day, by the version asked for or the site's.

    With `against`, each day's grade that this other version gives otherwise.

    Raises
    ------
    ProtocolError
        When the version is none that we have.
    """
    set_by_site = asked.protocol.grading
    units = set_by_site.units or "conventional"
    criteria = read_criteria(version or set_by_site.version or CTCAE, units)
    other = read_criteria(against, units) if against else None
    return {
        "id": asked.patient,
        "alert": list(asked.alert),
        "version_assumed": version is None and set_by_site.version is None,
        **graded(asked.course(), criteria, asked.protocol, asked.now, other),
        "pin": asked.protocol.pin,
        "not_used": [dict(each) for each in asked.not_used],
        "scope_statement": SCOPE_STATEMENT,
    }


def _document(asked: Asked, body: Callable[[Bedside, tzinfo | None], dict[str, Any]]) -> dict[str, Any]:
    """A document under the head that every one of them has."""
    protocol = asked.protocol
    clock = ZoneInfo(protocol.schedule.zone) if protocol.schedule.zone else asked.now.tzinfo
    now = asked.now.astimezone(clock)
    return {
        "id": asked.patient,
        "alert": list(asked.alert),
        **body(bedside(asked.course(), protocol, now), clock),
        "asked_at": now.isoformat(),
        "protocol": protocol.id,
        "site": protocol.site,
        "demo": protocol.demo,
        "pin": protocol.pin,
        "engine": f"aldes {__version__}",
        "not_used": [dict(each) for each in asked.not_used],
        "scope_statement": SCOPE_STATEMENT,
    }
