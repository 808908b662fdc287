"""Copies of a record: made while it is in use, verified when they are made, restored without forgetting in silence.

A copy of a file is a file, made through SQLite's own online backup; a copy of a server's record is its export. Beside
each stands a small file with the head that it holds. A restored record begins a new epoch, and whoever restores an
older copy is told how many events will be missing, and until when they were recorded (hazard H65).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aldes.course.chain import beginning
from aldes.course.journal import Head
from aldes.errors import JournalError, NoRecordError
from aldes.journals import record
from aldes.journals.anchor import Mark, missing_words, newest, read_marks, write_mark
from aldes.journals.disk import flush_folder, write_durably
from aldes.journals.export import read_lines
from aldes.journals.fence import numbers, ours
from aldes.journals.migrate import Fill, Look
from aldes.journals.opening import SERVER, open_store
from aldes.journals.record import Contents
from aldes.journals.store import Store
from aldes.journals.verify import Report, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a copy does not hold of the record that it is to replace."""

    events: int | None  # None: the record that is there cannot be read
    until: str = ""  # when the last of them was recorded

    @property
    def words(self) -> str:
        """The sentence."""
        if self.events is None:
            return "the record that is there cannot be read, so nobody can tell what is missing."
        return f"{missing_words(self.events)}, recorded until {self.until}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of a restore."""

    head: Head
    missing: Missing | None
    set_aside: Path | None  # where the record that was replaced is kept


# ── making a copy ──


def back_up(store: Store, target: Path, at: datetime) -> Report:
    """A copy of a record in use, read again and found whole; beside it `<name>.head` says what it holds.

    Raises
    ------
    JournalError
        When there is a file already, or the copy is not whole: then there is no copy.
    """
    if target.exists():
        raise JournalError("There is a file at this place already. Name a place that is empty; nothing was written.")
    try:
        store.copy_to(target)
        report = _verified(target)
    except BaseException:
        _remove(target)
        raise
    if report.faults:
        _remove(target)
        raise JournalError(f"The copy is not whole, and was thrown away: {report.faults[0]} Verify the record.")
    write_durably(head_file(target), _head_text(report, at))
    return report


def head_file(copy: Path) -> Path:
    """The small file beside a copy."""
    return copy.with_name(f"{copy.name}.head")


def _head_text(report: Report, at: datetime) -> str:
    told = {
        "position": report.head.position,
        "head": report.head.hash,
        "epoch": report.head.epoch,
        "kind": report.about["kind"],
        "record": report.about["record"],
        "time": at.isoformat(),
    }
    return json.dumps(told, indent=1) + "\n"


def _remove(copy: Path) -> None:
    for path in (copy, copy.with_name(f"{copy.name}-wal"), copy.with_name(f"{copy.name}-shm")):
        with suppress(FileNotFoundError):
            path.unlink()


def _verified(copy: Path) -> Report:
    if _is_database(copy):
        with _looking(str(copy)) as store:
            return verify(store)
    contents = read_copy(copy)
    events = list(contents.events)
    end = events[-1] if events else None
    head = Head(position=end.position if end else 0, hash=_last_head(contents), epoch=contents.epochs[-1][1])
    return Report(
        about=dict(contents.about),
        head=head,
        streams=len({each.course for each in events}),
        events=len(events),
        documents=len(contents.documents),
        faults=(),
        anchored=None,
        remarks=(),
    )


@contextmanager
def _looking(address: str) -> Iterator[Store]:
    store = open_store(address, Look())
    try:
        yield store
    finally:
        store.close()


# ── restoring one ──


def read_copy(copy: Path) -> Contents:
    """What a copy holds, a database or an export, whole and unaltered.

    Raises
    ------
    JournalError
        When it is neither, or not whole.
    """
    if not copy.is_file():
        raise JournalError("There is no copy at this place. Name the file that `aldes record backup` wrote.")
    if not _is_database(copy):
        return read_lines(copy.read_text(encoding="utf-8").splitlines())
    with _looking(str(copy)) as store:
        if faults := verify(store).faults:
            raise JournalError(f"The copy is not whole: {faults[0]} Take an older copy; nothing was written.")
        with store.reading() as ask, store.snapshot(ask):
            contents = record.contents(ask)
            return Contents(
                about=contents.about,
                epochs=contents.epochs,
                commands=contents.commands,
                documents=contents.documents,
                events=list(contents.events),
            )


def _is_database(copy: Path) -> bool:
    with copy.open("rb") as file:
        return file.read(16) == b"SQLite format 3\x00"


def restore(copy: Path, address: str, at: datetime, *, anchor: Path | None = None, older: bool = False) -> Restored:
    """Make the record at this address from a copy; a record that is there is set aside, never overwritten.

    `older`: whoever restores knows that events are missing, or that another record is replaced.

    Raises
    ------
    JournalError
        When the copy is not whole, knows less than the record that it replaces or than its anchor, or is another's.
    """
    contents = read_copy(copy)
    _refuse_newer(contents)
    _refuse_cut(copy, contents)
    missing = _missing(contents, address, anchor)
    if missing and not older:
        raise JournalError(
            f"The copy is older than the record: {missing.words} Take a newer copy, or say `--older` and record "
            "again what is missing; nothing was written."
        )
    why = f"restored from a copy up to event {_end(contents)}" + (f"; {missing.words}" if missing else "")
    fill = Fill(contents=contents, why=why)
    if address.startswith(SERVER):
        head, set_aside = _filled(address, fill), None
    else:
        head, set_aside = _replaced(Path(address), fill, at)
    if anchor is not None:
        write_mark(anchor, Mark(head=head, time=at, restored=True))
    return Restored(head=head, missing=missing, set_aside=set_aside)


def _refuse_newer(contents: Contents) -> None:
    """A copy that a newer program made may hold what this one does not know (hazard H90)."""
    if numbers(contents.about["engine"]) > ours():
        raise JournalError(
            f"The copy was made by version {contents.about['engine']} of the program. Restore it with that version; "
            "nothing was written."
        )


def _refuse_cut(copy: Path, contents: Contents) -> None:
    """The end of a copy may be gone, which its chain cannot see; the file beside it can (hazard H64)."""
    if not head_file(copy).is_file():
        return
    try:
        told = json.loads(head_file(copy).read_text(encoding="utf-8"))
        held = (told["position"], told["head"]) == (_end(contents), _last_head(contents))
    except (ValueError, KeyError, TypeError):
        held = False
    if not held:
        raise JournalError(
            f"The copy does not hold what {head_file(copy).name} says that it held. Take another copy; "
            "nothing was written."
        )


def _last_head(contents: Contents) -> str:
    last = max(contents.events, key=lambda each: each.position, default=None)
    return last.head if last else beginning(contents.about["kind"], contents.about["record"])


def _filled(address: str, fill: Fill) -> Head:
    """A new record that holds what the copy holds, read again and found whole."""
    store = open_store(address, fill)
    try:
        if faults := verify(store).faults:
            raise JournalError(f"What was restored is not whole: {faults[0]} Do not use it.")
        return store.head()
    finally:
        store.close()


def _replaced(path: Path, fill: Fill, at: datetime) -> tuple[Head, Path | None]:
    """Written beside, found whole, and only then put in the place of the record that is there."""
    beside = path.with_name(f"{path.name}.restoring")
    _refuse_in_use(path)
    _remove(beside)
    head = _filled(str(beside), fill)
    set_aside = _set_aside(path, at)
    beside.rename(path)
    flush_folder(path.parent)
    return head, set_aside


def _refuse_in_use(path: Path) -> None:
    from aldes.journals.sqlite import in_use

    if path.exists() and in_use(path):
        raise JournalError("The record is open in another program. Stop it, and restore again; nothing was written.")


def _missing(contents: Contents, address: str, anchor: Path | None) -> Missing | None:
    """What the record that is replaced, or its anchor, knows beyond the copy."""
    found = [_missing_of_record(contents, address), _missing_of_anchor(contents, anchor)]
    return max((each for each in found if each), key=lambda each: each.events or 0, default=None)


def _missing_of_record(contents: Contents, address: str) -> Missing | None:
    if not address.startswith(SERVER) and not Path(address).exists():
        return None
    try:
        store = open_store(address, Look())
    except NoRecordError:
        return None
    except JournalError:
        return Missing(events=None)
    try:
        return _beyond(store, contents)
    finally:
        store.close()


def _beyond(store: Store, contents: Contents) -> Missing | None:
    with store.reading() as ask, store.snapshot(ask):
        told = record.about(ask)
        events = list(record.kept(ask, None, 0))
    if told["kind"] != contents.about["kind"]:
        raise JournalError(
            f"The copy is of a {contents.about['kind']} record, and a {told['kind']} one is there. Nothing was written."
        )
    if told["record"] != contents.about["record"] and events:
        return Missing(events=len(events), until=_recorded(events[-1].text) + ", of another record")
    known = {each.hash for each in contents.events}
    lost = [each for each in events if each.hash not in known]
    return Missing(events=len(lost), until=_recorded(lost[-1].text)) if lost else None


def _recorded(text: str) -> str:
    try:
        return str(json.loads(text)["recorded_at"])
    except (ValueError, KeyError):
        return "a time that cannot be read"


def _missing_of_anchor(contents: Contents, anchor: Path | None) -> Missing | None:
    mark = newest(read_marks(anchor)) if anchor else None
    if mark is None or mark.head.position <= _end(contents):
        return None
    return Missing(events=mark.head.position - _end(contents), until=mark.time.isoformat())


def _end(contents: Contents) -> int:
    return max((each.position for each in contents.events), default=0)


def _set_aside(path: Path, at: datetime) -> Path | None:
    """Move a record out of the way, with its log, so that nothing that it holds is lost."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.replaced-{at:%Y%m%dT%H%M%S}")
    if aside.exists():
        raise JournalError("A record was set aside at this very moment. Restore again.")
    for ending in ("-wal", "-shm", ""):
        if (part := path.with_name(f"{path.name}{ending}")).exists():
            part.rename(aside.with_name(f"{aside.name}{ending}"))
    flush_folder(path.parent)
    return aside
