"""How fast the ward answers over HTTP, and whether its memory stays: a real server on a SQLite record, and its callers.

The server is a process of its own with forty patients, one of them with 10,000 events. Requests leave by the clock, not
when the one before was answered, and each is timed from the moment at which it was due. `make bench-service`.
"""

import argparse
import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

WELL, LONG = "well-before-dose-6", "ten-thousand-events"
PATIENTS, EVENTS, CHUNK = 40, 10_000, 500
CALLERS = 8
TICKS = os.sysconf("SC_CLK_TCK")


# ── the server's side ──


def serve(store: str, port: int) -> None:
    """Lay the record and serve it until somebody ends the process."""
    import asyncio

    from aldes.course.keeping import Kind
    from aldes.journals import open_journal
    from aldes.service.access import Gate
    from aldes.service.app import create_app
    from aldes.service.demo import populate
    from aldes.service.server import server_of
    from aldes.ward import Ward

    journal = open_journal(store, Kind.DEMO)
    ward = Ward(journal, protocol="us-label-2023", site="demo", clock=lambda: datetime.now(UTC))
    gate = Gate(ward, ward.clock)
    staff = populate(ward, gate)
    _fill(ward, staff.nurse)
    logging.getLogger("aldes.service").setLevel(logging.WARNING)
    asyncio.run(server_of(create_app(ward, gate, demo=True), "127.0.0.1", port).serve())


def _fill(ward: Any, nurse: Any) -> None:
    """More patients of the same bundle, until there are forty; and one whose record is long."""
    from aldes.course.events import FindingCharted
    from aldes.exchange import read
    from aldes.exchange.bundled import bundled
    from aldes.service.demo import moved
    from aldes.ward import Signature
    from aldes.ward.acts import TakeOver

    now, sign = ward.clock(), Signature(person=nurse)
    patient = next(each for each in bundled() if each.name == WELL)
    events = read(moved(patient, now), now=now).events
    for number in range(PATIENTS - len(ward.courses()) - 1):
        ward.perform(f"like-{number}", TakeOver(events_read=events), sign)
    ward.perform(LONG, TakeOver(events_read=events), sign)
    charted = next(each for each in events if isinstance(each, FindingCharted) and each.entry.finding == "spo2")
    version = ward.course(LONG).version
    while version < EVENTS:
        more = [_again(charted, now, version + each) for each in range(min(CHUNK, EVENTS - version))]
        version = ward.journal.append(LONG, more, version).version


def _again(charted: Any, now: datetime, number: int) -> Any:
    at = now - timedelta(seconds=EVENTS - number)
    return replace(charted, happened_at=at, recorded_at=at, entry=replace(charted.entry, id=f"e-{number}", time=at))


# ── the callers' side ──


class Caller:
    """One browser: its connection, its cookie, its token."""

    def __init__(self, port: int) -> None:
        self.link = HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers: dict[str, str] = {}
        _, page = self.ask("GET", "/sign-in")
        person = re.search(r'value="(p-[0-9a-f]+)"[^>]*>\s*nurse A', page)
        assert person, "nobody can sign in"
        form = urlencode({"person": person[1], "secret": "aldes-demo"})
        status, _ = self.ask("POST", "/sign-in", form, "application/x-www-form-urlencoded")
        assert status == 303, status
        _, page = self.ask("GET", f"/patients/{WELL}/give")
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        self.headers["x-aldes-token"] = token[1]

    def ask(self, method: str, path: str, body: str | None = None, kind: str = "application/json") -> tuple[int, str]:
        """Status and text."""
        headers = {**self.headers, **({"Content-Type": kind} if body else {})}
        try:
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
        except (ConnectionError, OSError):  # the server closed an idle connection
            self.link.close()
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
        if cookie := answer.getheader("set-cookie"):
            self.headers["Cookie"] = cookie.partition(";")[0]
        return answer.status, answer.read().decode()


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Its port and its process, for the block."""
    with TemporaryDirectory() as folder:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        command = [sys.executable, __file__, "--serve", str(Path(folder) / "ward.db"), "--port", str(port)]
        process = subprocess.Popen(command)
        try:
            _await(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


def processor_s(pid: int) -> float:
    """Seconds of processor time of a process so far."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


def memory_mb(pid: int, key: str = "VmRSS") -> float:
    """What it holds now, or held at most (VmHWM)."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in text.splitlines() if line.startswith(key)).split()[1]) / 1024


def paced(port: int, rate: float, seconds: float, act: Callable[[Caller, int], tuple[int, str]]) -> dict[str, Any]:
    """Ask so many times a second, each timed from when it was due."""
    numbers, took, statuses = count(), list[float](), list[int]()
    began = time.perf_counter() + 1
    total = int(rate * seconds)

    def work(_: int) -> None:
        caller = Caller(port)
        while (number := next(numbers)) < total:
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status, _text = act(caller, number)
            took.append(1000 * (time.perf_counter() - due))
            statuses.append(status)

    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(work, range(CALLERS)))
    took.sort()
    return {
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "max": took[-1],
        "statuses": {each: statuses.count(each) for each in sorted(set(statuses))},
    }


def mixed(first: int, caller: Caller, number: int) -> tuple[int, str]:
    """What a ward does: mostly decisions, charting, pages, boards; some is refused."""
    number += first
    match number % 10:
        case 0 | 1:
            item = {"name": "spo2", "value": 96, "unit": "%"}
            body = {"act": {"do": "chart", "items": [item]}, "command": f"b-{number}"}
            return caller.ask("POST", f"/api/courses/like-{number % 20}/acts", json.dumps(body))
        case 2:
            return caller.ask("GET", "/")
        case 3:
            return caller.ask("GET", f"/patients/{WELL}")
        case 4:
            return caller.ask("GET", f"/api/courses/like-{number % 20}/watch")
        case 5:
            return caller.ask("POST", "/api/decision?site=demo", '{"findings": []}')
        case 6 if number % 100 == 6:
            form = urlencode({"person": f"p-{number}", "secret": "guess-it"})
            return caller.ask("POST", "/sign-in", form, "application/x-www-form-urlencoded")
        case _:
            return caller.ask("GET", f"/api/courses/like-{number % 20}/decision")


def once(caller: Caller, path: str, times: int) -> str:
    """The first answer, and the best and the median of the later ones."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        status, text = caller.ask("GET", path)
        took.append(1000 * (time.perf_counter() - began))
        assert status == 200, (path, status)
    later = sorted(took[1:])
    return f"first {took[0]:.0f} ms, then best {later[0]:.1f}, median {later[len(later) // 2]:.1f} ms; {len(text):,} B"


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(prog="bench_service")
    asked.add_argument("--serve")
    asked.add_argument("--port", type=int, default=0)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--rate", type=float, default=50)
    asked.add_argument("--mixed", type=float, default=600, help="seconds of mixed load")
    asked.add_argument("--mixed-rate", type=float, default=30)
    given = asked.parse_args()
    if given.serve:
        serve(given.serve, given.port)
        return
    with server() as (port, pid):
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        caller = Caller(port)
        for words, path in (
            ("decision of a course of 10,000 events", f"/api/courses/{LONG}/decision"),
            ("what is owed of it", f"/api/courses/{LONG}/watch"),
            ("board of 40", "/"),
            ("page of a course", f"/patients/{WELL}"),
        ):
            print(f"{words}: {once(caller, path, 20)}", flush=True)
        before = processor_s(pid)
        found = paced(port, given.rate, given.seconds, lambda each, _: each.ask("GET", f"/api/courses/{WELL}/decision"))
        used = 1000 * (processor_s(pid) - before) / (given.rate * given.seconds)
        print(
            f"decision at {given.rate:g}/s for {given.seconds:g} s: p50 {found['p50']:.1f}, p99 {found['p99']:.1f}, "
            f"max {found['max']:.1f} ms; {used:.1f} ms of processor time each; {found['statuses']}",
            flush=True,
        )
        parts, start = 10, memory_mb(pid)
        for part in range(parts):
            came = paced(port, given.mixed_rate, given.mixed / parts, partial(mixed, 10**6 * part))
            print(f"part {part + 1}: {memory_mb(pid):.1f} MB; p99 {came['p99']:.0f} ms; {came['statuses']}", flush=True)
        print(
            f"mixed load, {given.mixed:g} s at {given.mixed_rate:g}/s: memory {start:.1f} MB at its start, "
            f"{memory_mb(pid):.1f} at its end, {memory_mb(pid, 'VmHWM'):.1f} at most"
        )


if __name__ == "__main__":
    main()
