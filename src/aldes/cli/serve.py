"""`aldes serve`: the ward's pages and its JSON interface, on this machine."""

import asyncio
import logging
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aldes.cli import exits
from aldes.course.keeping import Kind
from aldes.errors import InputError, JournalError, ProtocolError

HOSTS = ("127.0.0.1", "localhost", "::1")  # until a hospital's own sign-on is built, this machine alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What to serve, and where."""

    host: str
    port: int
    store: str
    protocol: str
    site: str | None
    anchor: str | None
    demo: bool


def serve(given: Serving) -> int:
    """Serve until somebody stops it; a request that runs is answered first.

    Raises
    ------
    InputError
        When the host is another machine's.
    JournalError
        When the record cannot be opened, or a package is missing.
    ProtocolError
        When the program does not answer as it should.
    """
    if given.host not in HOSTS:
        raise InputError(
            f"The host is none of {', '.join(HOSTS)}. The ward is served on this machine alone until a hospital's own "
            "sign-on is there. Leave --host out."
        )
    try:
        from aldes.journals import open_journal
        from aldes.service.access import Gate
        from aldes.service.app import create_app
        from aldes.service.demo import SECRET, populate
        from aldes.service.heartbeat import beat, beating
        from aldes.service.server import server_of
        from aldes.ward import Ward
    except ModuleNotFoundError as missing:
        raise JournalError(f"The ward's pages need the package {missing.name}: install aldes[ward].") from missing
    if given.demo:
        _lay_anew(given.store)
    kind = Kind.DEMO if given.demo else Kind.LIVE
    journal = open_journal(given.store, kind, Path(given.anchor) if given.anchor else None)
    try:
        ward = Ward(journal, protocol=given.protocol, site=given.site, clock=lambda: datetime.now(UTC))
        if why := beat(ward):
            raise ProtocolError(why)
        gate = Gate(ward, ward.clock)
        if given.demo:
            populate(ward, gate)
        address = f"http://{'[::1]' if given.host == '::1' else given.host}:{given.port}"
        print(*_said(address, gate.link, given, SECRET), sep="\n", flush=True)
        if why := journal.writable():
            print(f"aldes: {why}", file=sys.stderr)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
        server = server_of(create_app(ward, gate, demo=given.demo), given.host, given.port)
        with beating(ward):
            asyncio.run(server.serve())
    finally:
        journal.close()
    return exits.GIVE if server.started else exits.BAD_INPUT


def _said(address: str, link: str, given: Serving, secret: str) -> list[str]:
    if given.demo:
        return [
            f"The demo ward is open: {address}",
            f"Sign in as nurse A, nurse B, physician A, pharmacist A or reader A; each signs with: {secret}",
            "Made-up patients, invented settings; the record is laid anew at each start. Ctrl-C ends it.",
        ]
    return [
        f"The ward is open: {address}",
        f"Enrol people by this link, which works once: {address}{link}",
        "Ctrl-C ends it; the record stays.",
    ]


def _lay_anew(store: str) -> None:
    """A demo record begins anew, so that its patients' now is now; nothing but a demo record is ever removed."""
    path = Path(store)
    if "://" in store or not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    from aldes.journals import open_journal

    open_journal(store, Kind.DEMO).close()  # refuses a live record
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)
