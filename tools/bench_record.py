"""`make bench-record`: how long a long course takes to open: read, decode, fold, and the first decision on it."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from os import getloadavg
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from aldes.course.chain import digest
from aldes.course.events import (
    Admitted,
    AnyEvent,
    CourseOpened,
    CycleOpened,
    DecisionShown,
    FindingCharted,
    HoldLifted,
    HoldOpened,
    SlotClosed,
    SlotState,
    StatementMade,
)
from aldes.course.fold import replay
from aldes.course.keeping import Kind
from aldes.course.pins import Pins
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.journals.sqlite import SqliteJournal
from aldes.protocols.pin import content_of
from aldes.protocols.read import read
from aldes.ward import Ward

PROTOCOL, SITE = "us-label-2023", "demo"
BEGAN = datetime(2026, 11, 2, 8, tzinfo=UTC)
OFTEN = {"systolic": "112", "heart_rate": "96", "spo2": "96", "temperature": "37.4", "respiratory_rate": "18"}
SELDOM = {"creatinine": "1.2", "platelets": "150", "bilirubin": "0.9", "weight": "72"}
SYSTEMS = ("cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support")
EVERY = timedelta(minutes=10)


def course(events: int) -> Iterator[AnyEvent]:
    """So many events as a long stay leaves them: vital signs every ten minutes, checks, holds, slots, decisions."""
    protocol = read(PROTOCOL, SITE)
    at = BEGAN
    pins = Pins(protocol=PROTOCOL, site=SITE, pin=protocol.pin, demo=True)
    yield Admitted(happened_at=at, recorded_at=at)
    yield CourseOpened(happened_at=at, recorded_at=at, pins=pins)
    yield CycleOpened(happened_at=at, recorded_at=at, cycle=1)
    told = 3
    while told < events:
        for event in _ten_minutes(at, protocol.pin):
            yield event
            told += 1
            if told == events:
                return
        at += EVERY


def _ten_minutes(at: datetime, pin: str) -> Iterator[AnyEvent]:
    since = at - BEGAN
    for name, value in OFTEN.items():
        yield charted(name, value, at)
    if since % timedelta(hours=8):
        return
    for name, value in SELDOM.items():
        yield charted(name, value, at)
    for system in SYSTEMS:
        yield StatementMade(happened_at=at, recorded_at=at, by="nurse", id=f"{system}-{at:%d%H%M}", system=system)
    slot = since // timedelta(hours=8) + 1
    if slot <= 14:
        yield HoldOpened(happened_at=at, recorded_at=at, by="rule", row="HOLD-RESP-01", because=("o-1",))
        yield HoldLifted(happened_at=at, recorded_at=at, by="rule", row="HOLD-RESP-01", because=("o-2",))
        yield shown(at, slot, pin)
        yield SlotClosed(happened_at=at, recorded_at=at, by="nurse", cycle=1, number=slot, state=SlotState.GIVEN)


def charted(name: str, value: str, at: datetime) -> FindingCharted:
    """A value as the ward charts it."""
    finding = vocabulary()[name]
    raw = Raw(finding=finding, id=f"{name}-{at:%d%H%M}", value=Decimal(value), unit=finding.unit, time=at)
    return FindingCharted(happened_at=at, recorded_at=at, by="nurse", person="n1", entry=chart(raw, at))


def shown(at: datetime, number: int, pin: str) -> DecisionShown:
    """A decision that was shown before a slot."""
    return DecisionShown(
        happened_at=at,
        recorded_at=at,
        cycle=1,
        number=number,
        decision="give",
        version=1,
        asked_at=at,
        engine="aldes 0.1.0",
        pin=pin,
        digest=digest("{}"),
    )


def best(what: Callable[[], object], times: int = 15) -> tuple[float, float]:
    """Milliseconds of processor time of the quickest and of the middle run; other work on the machine counts little."""
    took = []
    for _ in range(times):
        began = process_time()
        what()
        took.append((process_time() - began) * 1000)
    return min(took), median(took)


def main() -> int:
    """Print what each part takes."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    given = parser.parse_args()
    protocol = read(PROTOCOL, SITE)
    with TemporaryDirectory(prefix="aldes-bench-") as folder:
        journal = SqliteJournal(Path(folder) / "record.sqlite", Kind.DEMO, reserve_mb=0)
        events = tuple(course(given.events))
        documents = {protocol.pin: content_of(protocol), digest("{}"): "{}"}
        journal.append("a", events, 0, None, documents)
        now = events[-1].recorded_at

        def opened() -> object:
            return Ward(journal, protocol=PROTOCOL, site=SITE, clock=lambda: now).decision("a")

        opened()
        read_all = journal.read("a")
        print(
            f"{given.events} events, load {getloadavg()[0]:.1f}; a loop of a million squares: {best(squares)[0]:.0f} ms"
        )
        show("read and decoded", lambda: journal.read("a"))
        show("folded", lambda: replay(read_all))
        show("opened cold, with its decision", opened)
        journal.close()
        show("the record itself opened: every file page, every link", lambda: reopened(Path(folder)))
    return 0


def squares() -> int:
    """Work that every reader knows, to compare machines and loads by."""
    total = 0
    for number in range(1_000_000):
        total += number * number
    return total


def reopened(folder: Path) -> None:
    """Open the store as a program that starts does."""
    SqliteJournal(folder / "record.sqlite", Kind.DEMO, reserve_mb=0).close()


def show(words: str, what: Callable[[], object]) -> None:
    """One line."""
    quickest, middle = best(what)
    print(f"{words}: {quickest:.1f} ms at best, {middle:.1f} ms in the middle", flush=True)


if __name__ == "__main__":
    sys.exit(main())
