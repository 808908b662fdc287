"""The tables of a record, asked and added to inside a transaction of whichever store: one text for all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from aldes import __version__
from aldes.course.chain import End, Kept, beginning, broken, linked
from aldes.course.journal import WARD, Appended, Command, Head
from aldes.course.keeping import Kind, refuse_another_content, refuse_moved_on
from aldes.journals.ask import Ask, Row
from aldes.journals.fence import refuse_older

PAGE = 2_000  # events that are fetched at once when all are walked

_LAST = "FROM events ORDER BY position DESC LIMIT 1"
_LAST_OF = "FROM events WHERE course = ? ORDER BY version DESC LIMIT 1"
_END = f"SELECT (SELECT position {_LAST}), (SELECT head {_LAST}), (SELECT version {_LAST_OF}), (SELECT hash {_LAST_OF})"
_KEPT = "SELECT course, version, position, event, command, previous, hash, head FROM events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be kept together."""

    course: str
    texts: Sequence[str]
    expected: int
    command: Command | None
    documents: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that a record holds."""

    about: Mapping[str, str]
    epochs: Sequence[Row]  # number, epoch, position, why
    commands: Sequence[Row]  # id, digest, course, version, position
    documents: Sequence[Row]  # digest, text
    events: Iterable[Kept]


def about(ask: Ask) -> dict[str, str]:
    """What the record says of itself."""
    return dict(ask("SELECT name, value FROM about"))


def found(ask: Ask, kind: Kind, schema: int) -> None:
    """Write the first lines of a record that has just been created."""
    _introduce(ask, kind, uuid4().hex, schema)
    open_epoch(ask, "created")


def _introduce(ask: Ask, kind: str, record: str, schema: int) -> None:
    for name, value in {"kind": kind, "record": record, "schema": str(schema), "engine": __version__}.items():
        ask("INSERT INTO about (name, value) VALUES (?, ?)", name, str(value))


def open_epoch(ask: Ask, why: str) -> None:
    """A new epoch: whoever wrote down an older one sees that the record was created or restored since."""
    number = len(epochs(ask)) + 1
    _insert_epoch(ask, (number, uuid4().hex, newest(ask), why))


def _insert_epoch(ask: Ask, epoch: Row) -> None:
    ask("INSERT INTO epochs (number, epoch, position, why) VALUES (?, ?, ?, ?)", *epoch)


def epochs(ask: Ask) -> list[Row]:
    """Each epoch: its number, its name, where the record stood, and why it began."""
    return ask("SELECT number, epoch, position, why FROM epochs ORDER BY number")


def contents(ask: Ask) -> Contents:
    """Everything that the record holds, to be read inside one snapshot."""
    return Contents(
        about=about(ask),
        epochs=epochs(ask),
        commands=ask("SELECT id, digest, course, version, position FROM commands ORDER BY id"),
        documents=ask("SELECT digest, text FROM documents ORDER BY digest"),
        events=kept(ask, None, 0),
    )


def fill(ask: Ask, told: Contents, schema: int, why: str) -> None:
    """Write what another record holds into empty tables, as it was, and open a new epoch."""
    _introduce(ask, told.about["kind"], told.about["record"], schema)
    for epoch in told.epochs:
        _insert_epoch(ask, epoch)
    for each in told.events:
        _insert(ask, each)
    for command in told.commands:
        _insert_command(ask, command)
    for digest, text in told.documents:
        _insert_document(ask, digest, text)
    open_epoch(ask, why)


def set_about(ask: Ask, name: str, value: str) -> None:
    """Change one line of what the record says of itself."""
    ask("UPDATE about SET value = ? WHERE name = ?", value, name)


def newest(ask: Ask) -> int:
    """The newest position."""
    return int(ask("SELECT coalesce(max(position), 0) FROM events")[0][0])


def head(ask: Ask) -> Head:
    """Where the record stands."""
    end = _end(ask)
    epoch = ask("SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1")[0][0]
    return Head(position=end.position, hash=end.head, epoch=epoch)


def holds(ask: Ask, known: Head) -> bool:
    """Whether the record still holds everything up to a head that was once its own."""
    if not known.position:
        return True
    return ask("SELECT head FROM events WHERE position = ?", known.position) == [(known.hash,)]


def begins(ask: Ask) -> str:
    """The head before the first event."""
    told = about(ask)
    return beginning(told["kind"], told["record"])


def _end(ask: Ask, course: str = "") -> End:
    """Where the record and a stream of it end, asked at once: each question costs a journey to a server."""
    position, top, version, previous = ask(_END, course, course)[0]
    return End(
        version=version or 0, position=position or 0, previous=previous or "", head=top if position else begins(ask)
    )


def append(ask: Ask, asked: Asked, schema: int) -> tuple[Appended, Kept | None]:
    """Keep what is asked, or refuse it; also the last event that was kept. The caller commits or rolls back."""
    refuse_older(about(ask), schema)
    if asked.command and (before := done(ask, asked.command)):
        return before, None
    end = _end(ask, asked.course)
    refuse_moved_on(end.version, asked.expected)
    kept = linked(asked.course, asked.texts, asked.command.id if asked.command else "", end)
    for each in kept:
        _insert(ask, each)
    for digest, text in asked.documents.items():
        _insert_document(ask, digest, text)
    appended = Appended(version=end.version + len(kept), position=end.position + len(kept))
    if asked.command:
        place = (asked.course, appended.version, appended.position)
        _insert_command(ask, (asked.command.id, asked.command.digest, *place))
    return appended, kept[-1] if kept else None


def _insert(ask: Ask, each: Kept) -> None:
    ask(
        "INSERT INTO events (course, version, position, event, command, previous, hash, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        each.course,
        each.version,
        each.position,
        each.text,
        each.command,
        each.previous,
        each.hash,
        each.head,
    )


def _insert_command(ask: Ask, command: Row) -> None:
    ask("INSERT INTO commands (id, digest, course, version, position) VALUES (?, ?, ?, ?, ?)", *command)


def _insert_document(ask: Ask, digest: str, text: str) -> None:
    ask("INSERT INTO documents (digest, text) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING", digest, text)


def done(ask: Ask, command: Command) -> Appended | None:
    """What came of a command, if it was done before."""
    rows = ask("SELECT digest, version, position FROM commands WHERE id = ?", command.id)
    if not rows:
        return None
    digest, version, position = rows[0]
    refuse_another_content(digest, command.digest)
    return Appended(version=version, position=position, again=True)


def courses(ask: Ask) -> tuple[str, ...]:
    """The records of patients, in the order in which they were opened."""
    return tuple(
        course for (course,) in ask("SELECT course FROM events WHERE version = 1 ORDER BY position") if course != WARD
    )


def texts(ask: Ask, course: str, after: int) -> list[str]:
    """The events of a stream later than a version."""
    rows = ask("SELECT event FROM events WHERE course = ? AND version > ? ORDER BY version", course, after)
    return [text for (text,) in rows]


def kept(ask: Ask, course: str | None, after: int) -> Iterator[Kept]:
    """Events with their places and hashes, a page at a time: what is appended meanwhile comes last."""
    while page := _page(ask, course, after):
        yield from page
        after = page[-1].position if course is None else page[-1].version


def _page(ask: Ask, course: str | None, after: int) -> list[Kept]:
    if course is None:
        rows = ask(f"{_KEPT} WHERE position > ? ORDER BY position LIMIT ?", after, PAGE)
    else:
        rows = ask(f"{_KEPT} WHERE course = ? AND version > ? ORDER BY version LIMIT ?", course, after, PAGE)
    return [_kept(row) for row in rows]


def _kept(row: Row) -> Kept:
    course, version, position, text, command, previous, hash, top = row
    return Kept(
        course=course,
        version=version,
        position=position,
        text=text,
        command=command,
        previous=previous,
        hash=hash,
        head=top,
    )


def damaged(ask: Ask) -> frozenset[str]:
    """The streams whose chain does not hold."""
    return frozenset(each.course for each in broken(kept(ask, None, 0), begins(ask)))


def document(ask: Ask, digest: str) -> str | None:
    """The text that is kept under this digest."""
    rows = ask("SELECT text FROM documents WHERE digest = ?", digest)
    return rows[0][0] if rows else None
