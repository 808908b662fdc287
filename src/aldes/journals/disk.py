"""The disk under a store: a local one, with room (hazards H59, H61)."""

import os
import shutil
from pathlib import Path

from aldes.errors import JournalError

REMOTE = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "beegfs", "gfs2", "ocfs2", "gpfs", "fuse.")
MOUNTS = Path("/proc/self/mountinfo")


def refuse_remote(path: Path, mounts: Path = MOUNTS) -> None:
    """A network drive may lose what it has called written, and its locks are not to be trusted."""
    kind = _kind_of_disk(path, mounts)
    if kind.startswith(REMOTE):
        raise JournalError(
            f"The record lies on a drive of the kind {kind}. We keep it on a local disk only: a network drive "
            "may lose what it said was written. Name a local file, or take PostgreSQL."
        )


def _kind_of_disk(path: Path, mounts: Path) -> str:
    """The file system that holds a path; empty where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    whole, best, kind = path.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = Path(before.split()[4].replace("\\040", " "))
        if whole.is_relative_to(mount) and len(mount.parts) >= best:
            best, kind = len(mount.parts), after.split()[0]
    return kind


def flush_folder(folder: Path) -> None:
    """A new or moved file keeps its name when the power goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """A new file that only its owner reads, on the disk when this returns."""
    with path.open("x", encoding="utf-8") as file:
        os.chmod(path, 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    flush_folder(path.parent)


def why_full(path: Path, reserve_mb: int) -> str | None:
    """The sentence that says that too little room is left, or None."""
    try:
        free_mb = shutil.disk_usage(path.parent).free // 1_000_000
    except OSError as fault:
        return f"The disk under the record does not answer ({fault.strerror}). The record takes nothing until it does."
    if free_mb >= reserve_mb:
        return None
    return (
        f"The disk under the record has {free_mb} MB left, and {reserve_mb} MB are kept free. "
        "The record takes nothing until there is room; make room, and record again."
    )
