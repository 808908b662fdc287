"""A PostgreSQL server of our own on a socket in a temporary folder, for as long as it is needed."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import quote

_numbers = count(1)


class Cluster:
    """One server; every address that it gives names an empty place of its own."""

    def __init__(self) -> None:
        """Make the files and start the server, as a user who is not root."""
        self.folder = Path(tempfile.mkdtemp(prefix="aldes-pg-"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "--auth=trust", "--username=ward", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=200"
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}", f"--options={options}")

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is what a power cut leaves."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={how}")

    def remove(self) -> None:
        """Stop it, and leave nothing behind."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self) -> str:
        """Where a record finds an empty schema of its own."""
        name = f"ward_{os.getpid()}_{next(_numbers)}"
        self._sql(f"CREATE SCHEMA {name}")
        search = quote(f"-csearch_path={name}")
        return f"postgresql:///postgres?host={quote(str(self.folder), safe='')}&user=ward&options={search}"

    def _sql(self, sql: str) -> None:
        where = ["--host", str(self.folder), "--username", "ward", "--dbname", "postgres"]
        self._call([_program("psql"), "--no-psqlrc", "--quiet", *where, "--command", sql])

    def _run(self, program: str, *arguments: str) -> None:
        call = [_program(program), *arguments, f"--pgdata={self.data}"]
        self._call(["runuser", "-u", "postgres", "--", *call] if os.geteuid() == 0 else call)

    def _call(self, call: list[str]) -> None:
        done = subprocess.run(call, check=False, cwd=self.folder, timeout=120, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{Path(call[0]).name} failed; its log is {self.folder / 'log'}")


def is_here() -> bool:
    """Whether this machine has a PostgreSQL server to start."""
    return bool(_program("initdb")) and bool(_program("psql"))


def _program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name) or ""


@cache
def cluster() -> Cluster:
    """The server of this process; it is gone when the process ends."""
    made = Cluster()
    atexit.register(made.remove)
    return made
