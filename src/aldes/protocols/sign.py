"""Sign a recalled row that a pharmacist compared with the printed page: a block in the hospital's own site file.

The bundled sites are no hospital's, so they are never written to; what stands in a site file already is kept byte for
byte. A signature says who, which page and when; from then on the row is verified locally.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aldes.errors import ProtocolError, nearest
from aldes.protocols.coverage import covered
from aldes.protocols.layers import names_of_sites
from aldes.protocols.read import read
from aldes.protocols.row import Cited, Protocol, Status

LONGEST = 200  # characters of a name or a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who compared which row with which page, and when."""

    row: str
    by: str
    page: str
    date: date

    def block(self, newline: str) -> str:
        """The signature as a site file holds it."""
        fields = {"row": self.row, "by": self.by, "page": self.page, "date": self.date.isoformat()}
        lines = ["[[sign]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())]
        return newline.join([*lines, ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A protocol before and after a signature."""

    before: Protocol
    after: Protocol
    row: Cited

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that a row answers for from now on."""
        return tuple(sorted(covered(self.after) - covered(self.before)))


def signature(row: str, *, by: str, page: str, on: str, today: date) -> Signature:
    """A signature from what was typed.

    Raises
    ------
    ProtocolError
        When a part is empty, too long, not of one line, or the date is none or has not come.
    """
    texts = {"by": by, "page": page}
    for key, text in texts.items():
        if not text.strip() or len(text) > LONGEST or not text.isprintable():
            raise ProtocolError(f"--{key} must be one line of 1 to {LONGEST} printable characters; write it again.")
    try:
        when = date.fromisoformat(on)
    except ValueError:
        raise ProtocolError(f"--date '{on[:20]}' is no date; write it like 2026-11-20.") from None
    if when > today:
        raise ProtocolError(f"--date {when} has not come yet; write the day on which the page was compared.")
    return Signature(row=row, by=by.strip(), page=page.strip(), date=when)


def sign(protocol: str, site: str, signature: Signature) -> Signed:
    """Write a signature into a hospital's site file, and say what it changes; a fault leaves the file as it was.

    Raises
    ------
    ProtocolError
        When the site is a bundled one or no file, or the row is unknown, not recalled or signed already.
    """
    path = _own_file(site)
    before = read(protocol, str(path))
    row = _recalled(before, signature.row)
    text = _with(path.read_bytes().decode("utf-8"), signature)
    new = _beside(path, text)
    try:
        after = read(protocol, str(new))
        if (now := _row(after, row.id)) is None or now.status is not Status.VERIFIED:
            raise ProtocolError(f"{path.name}: row {row.id} would not be verified by this block; nothing was written.")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return Signed(before=before, after=after, row=now)


def _own_file(site: str) -> Path:
    path = Path(site)
    if site in names_of_sites() or Path(__file__).parent in path.resolve().parents:
        raise ProtocolError(f"'{path.name}' is a bundled site and no hospital's; sign in your own site file.")
    if path.suffix != ".toml" or not path.is_file():
        raise ProtocolError(f"'{path.name}' is no TOML file; name your hospital's own site file, ending in .toml.")
    return path


def _row(protocol: Protocol, id: str) -> Cited | None:
    return next((each for each in protocol.every_row() if each.id == id), None)


def _recalled(protocol: Protocol, id: str) -> Cited:
    row = _row(protocol, id)
    if row is None:
        near = nearest(id, [each.id for each in protocol.every_row() if each.recalled])
        raise ProtocolError(f"{protocol.id}: '{id[:40]}' is no row of it.{near}")
    if row.status is Status.VERIFIED:
        raise ProtocolError(f"{protocol.id}: row {id} is signed already ({row.signed}); change that block by hand.")
    if not row.recalled:
        raise ProtocolError(f"{protocol.id}: row {id} is {row.status}, not recalled; only a recalled row is signed.")
    return row


def _with(text: str, signature: Signature) -> str:
    """The file's text with the block at its end, in the file's own line ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else newline if text.endswith(newline) else newline * 2
    return text + gap + signature.block(newline)


def _beside(path: Path, text: str) -> Path:
    """A new file beside the old one, with its permissions: it takes the old one's place in one step, or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".toml")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    new = Path(name)
    new.chmod(path.stat().st_mode & 0o7777)
    return new
