"""`aldes record …`: verify, export, replay, back up and restore the record of a ward."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aldes.cli import exits
from aldes.cli.parts import add, json_flag, site_flag

if TYPE_CHECKING:
    from aldes.cli.parts import Commands
    from aldes.journals.replaying import ReadProtocol, Replayed
    from aldes.journals.verify import Report

STORE = "the record: a file, or postgresql://…"


def add_commands(commands: "Commands") -> None:
    """The commands of the record, under one word."""
    words = "The record of a ward: verify, export, replay, back up, restore."
    inside = commands.add_parser("record", help=words, description=words).add_subparsers(required=True, metavar="VERB")
    _add_verify(inside)
    _add_export(inside)
    _add_replay(inside)
    _add_backup(inside)
    _add_restore(inside)


def _store(command: ArgumentParser) -> None:
    command.add_argument("store", help=STORE)


def _anchor(command: ArgumentParser) -> None:
    command.add_argument("--anchor", metavar="FILE", help="the file to which the record's heads are written")


# ── verify ──


def _add_verify(commands: "Commands") -> None:
    command = add(
        commands, "verify", "Is the record what was written? Files, chain, events, documents, anchor.", _verify
    )
    _store(command)
    _anchor(command)
    json_flag(command)


def _verify(given: Namespace) -> int:
    from aldes.errors import DamagedError
    from aldes.journals.anchor import read_marks
    from aldes.journals.migrate import Look
    from aldes.journals.opening import open_store
    from aldes.journals.verify import verify

    try:
        store = open_store(given.store, Look())
    except DamagedError as damaged:
        print(f"DAMAGED: {damaged}")
        return exits.DAMAGED
    try:
        report = verify(store, read_marks(Path(given.anchor)) if given.anchor else ())
    finally:
        store.close()
    if given.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(*_verified(report, bool(given.anchor)), sep="\n")
    if report.faults:
        return exits.DAMAGED
    return exits.BEHIND if report.anchored else exits.GIVE


def _verified(report: "Report", anchored: bool) -> list[str]:
    about, head = report.about, report.head
    lines = [
        f"{'DAMAGED' if report.faults else 'whole'}: {report.events} events in {report.streams} streams, "
        f"{report.documents} documents; a {about['kind']} record",
        f"head {head.hash} at {head.position}, epoch {head.epoch}; schema {about['schema']}, "
        f"written by version {about['engine']}",
    ]
    if anchored and not report.anchored:
        lines.append("the anchor agrees")
    if report.anchored:
        lines.append(report.anchored)
    return lines + [f"fault: {each}" for each in report.faults] + [f"note: {each}" for each in report.remarks]


# ── export ──


def _add_export(commands: "Commands") -> None:
    command = add(commands, "export", "The record as lines of JSON, with every hash.", _export)
    _store(command)
    command.add_argument("--out", metavar="FILE", help="a new file; without it the lines are printed")


def _export(given: Namespace) -> None:
    from aldes.journals import record
    from aldes.journals.export import lines, write_export
    from aldes.journals.migrate import Look
    from aldes.journals.opening import open_store

    store = open_store(given.store, Look())
    try:
        with store.reading() as ask, store.snapshot(ask):
            told = record.contents(ask)
            if given.out:
                write_export(told, _new(given.out))
            else:
                sys.stdout.writelines(f"{line}\n" for line in lines(told))
    finally:
        store.close()


def _new(name: str) -> Path:
    from aldes.errors import JournalError

    if (path := Path(name)).exists():
        raise JournalError("There is a file at this place already. Name a place that is empty; nothing was written.")
    return path


# ── replay ──


def _add_replay(commands: "Commands") -> None:
    words = "Every decision that was shown, computed again: where does this version of the program say otherwise?"
    command = add(commands, "replay", words, _replay)
    _store(command)
    command.add_argument("--protocol", help="the protocol's TOML file, where courses pinned one that is not bundled")
    site_flag(command)
    json_flag(command)


def _replay(given: Namespace) -> int:
    from aldes.journals.migrate import Look
    from aldes.journals.opening import open_store
    from aldes.journals.replaying import replay_shown

    store = open_store(given.store, Look())
    try:
        found = replay_shown(store, _protocols(given.protocol, given.site))
    finally:
        store.close()
    print(json.dumps(asdict(found), ensure_ascii=False) if given.json else "\n".join(_replayed(found)))
    return exits.DIFFERS if found.differences else exits.GIVE


def _protocols(protocol: str | None, site: str | None) -> "ReadProtocol":
    from aldes.protocols.read import read

    return lambda pinned, pinned_site: read(protocol or pinned, site or pinned_site)


def _replayed(found: "Replayed") -> list[str]:
    lines = [
        f"{found.decisions} decisions were shown: {found.alike} are the same to the byte, {found.same_core} the same "
        f"in decision, scope, rows and values; {len(found.differences)} differences"
    ]
    for each in found.differences:
        lines += [f"{each.course}, event {each.version}, {each.what}:", f"  shown {each.shown}", f"  now   {each.now}"]
    return lines


# ── copies ──


def _add_backup(commands: "Commands") -> None:
    command = add(commands, "backup", "A copy of a record in use, read again and found whole.", _backup)
    _store(command)
    command.add_argument("copy", help="a new file; beside it <file>.head says what it holds")


def _backup(given: Namespace) -> None:
    from aldes.journals.backup import back_up, head_file
    from aldes.journals.migrate import Look
    from aldes.journals.opening import open_store

    store = open_store(given.store, Look())
    try:
        report = back_up(store, Path(given.copy), _now())
    finally:
        store.close()
    print(f"copied and found whole: {report.events} events, head {report.head.hash} at {report.head.position}")
    print(f"its head is written to {head_file(Path(given.copy)).name}")


def _add_restore(commands: "Commands") -> None:
    command = add(commands, "restore", "Make a record from a copy; the one that it replaces is set aside.", _restore)
    command.add_argument("copy", help="what `aldes record backup` or `aldes record export` wrote")
    _store(command)
    _anchor(command)
    command.add_argument("--older", action="store_true", help="restore although events will be missing")


def _restore(given: Namespace) -> int:
    from aldes.journals.backup import restore

    anchor = Path(given.anchor) if given.anchor else None
    done = restore(Path(given.copy), given.store, _now(), anchor=anchor, older=given.older)
    print(f"restored and found whole: head {done.head.hash} at {done.head.position}, epoch {done.head.epoch}")
    if done.set_aside:
        print(f"the record that was there is kept as {done.set_aside.name}")
    if done.missing is None:
        return exits.GIVE
    print(f"OLDER COPY: {done.missing.words} Record them again from the drug chart.")
    return exits.BEHIND


def _now() -> datetime:
    return datetime.now(UTC)
