"""A disk between SQLite and the real one, that fails, fills up, tears or loses power at a chosen call.

What was written and not yet flushed may be lost in any part when the power is cut: each sector of each such write is
there afterwards or not, by chance. What was flushed stays.
"""

import os
import random
import signal
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import apsw

SECTOR = 512


class Fault(StrEnum):
    """What happens at the chosen call."""

    KILL = "the process is killed"
    TORN = "half of it is written, and the process is killed"
    POWER = "the power is cut: of what was not flushed any part is lost"
    ERROR = "the call fails, once"
    FULL = "the disk is full from there on"
    FLUSH = "every flush fails from there on"


COUNTED = ("write", "sync", "truncate", "lock", "unlock", "size", "delete", "open")


@dataclass(slots=True)
class Plan:
    """At which call what happens; calls are counted from the first one that the disk sees."""

    fault: Fault
    at: int
    seed: int = 0
    count: int = 0

    @property
    def is_now(self) -> bool:
        """Whether this is the call."""
        return self.count == self.at

    @property
    def is_past(self) -> bool:
        """Whether the call was this one or an earlier one."""
        return self.count >= self.at


@dataclass(slots=True)
class Platter:
    """What of a file is durable, and what was written to it since."""

    durable: bytes
    pending: list[tuple[int, bytes]] = field(default_factory=list)

    def after(self, chance: random.Random) -> bytes:
        """What a disk without power would hold: each sector that was not flushed is there or not."""
        image = bytearray(self.durable)
        for offset, data in self.pending:
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    part = data[start : start + SECTOR]
                    image.extend(bytes(max(0, offset + start + len(part) - len(image))))
                    image[offset + start : offset + start + len(part)] = part
        return bytes(image)


class Disk(apsw.VFS):
    """The disk; `name` is what SQLite is told to use."""

    def __init__(self, name: str, plan: Plan) -> None:
        self.plan = plan
        self.platters: dict[Path, Platter] = {}
        super().__init__(name, "")

    def xOpen(self, name: object, flags: list[int]) -> "File":  # noqa: N802 - SQLite's own name
        return File(name, flags, self)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.call("delete")
        super().xDelete(filename, syncdir)
        self.platters.pop(Path(filename), None)

    def call(self, what: str) -> None:
        """Count one call, and let happen what was planned for it."""
        plan = self.plan
        plan.count += 1
        if plan.fault is Fault.FLUSH and plan.is_past and what == "sync":
            raise apsw.IOError("the flush failed")
        if plan.fault is Fault.FULL and plan.is_past and what in ("write", "truncate"):
            raise apsw.FullError("the disk is full")
        if not plan.is_now:
            return
        if plan.fault in (Fault.KILL, Fault.TORN):
            die()
        if plan.fault is Fault.POWER:
            self.cut_power()
        if plan.fault is Fault.ERROR:
            raise apsw.BusyError("the lock failed") if what == "lock" else apsw.IOError("the call failed")

    def cut_power(self) -> None:
        """Leave of each file what was flushed, and any sectors of what was not; then die."""
        chance = random.Random(self.plan.seed)
        for path, platter in self.platters.items():
            if path.is_file():
                path.write_bytes(platter.after(chance))
        die()


class File(apsw.VFSFile):
    """One opened file of the record; several connections may have the same one open."""

    def __init__(self, name: object, flags: list[int], disk: Disk) -> None:
        self.disk = disk
        self.path = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name or ""))
        super().__init__("", name, flags)  # type: ignore[arg-type]
        self.platter = disk.platters.setdefault(self.path, Platter(durable=self._now()))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        plan = self.disk.plan
        if plan.fault is Fault.TORN and plan.count + 1 == plan.at:
            super().xWrite(data[: len(data) // 2], offset)
        if plan.fault is Fault.POWER:
            self.platter.pending.append((offset, bytes(data)))
        self.disk.call("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.call("sync")
        super().xSync(flags)
        if self.disk.plan.fault is Fault.POWER:
            self.platter.durable, self.platter.pending = self._now(), []

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.call("truncate")
        super().xTruncate(size)

    def xLock(self, level: int) -> None:  # noqa: N802
        self.disk.call("lock")
        super().xLock(level)

    def xUnlock(self, level: int) -> None:  # noqa: N802
        self.disk.call("unlock")
        super().xUnlock(level)

    def xFileSize(self) -> int:  # noqa: N802
        self.disk.call("size")
        return super().xFileSize()

    def _now(self) -> bytes:
        return self.path.read_bytes() if self.disk.plan.fault is Fault.POWER and self.path.is_file() else b""


def die() -> None:
    """As `kill -9` does it."""
    os.kill(os.getpid(), signal.SIGKILL)
