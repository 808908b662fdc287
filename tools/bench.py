"""Measure the speeds that the project promises, and print them with what was measured.

    python tools/bench.py [--patients N]

One decision in process; NumPy and DuckDB over N patients (1,000,000); a screened table; the commands in a fresh
process. Each is run once or more to warm up, then as often as its line says; the time is the median, where nothing else
is said. What runs in process is also told in CPU time of the process, which other work on the machine lengthens far
less: a promise about an idle machine is judged by it when the machine is not idle. The load at the start stands in the
first line.
"""

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import as_file, files
from os import cpu_count, getloadavg
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np

from agree import bedside, drawn, load
from aldes import ward
from aldes.exchange import read as read_record
from aldes.exchange.bundled import bundled
from aldes.exchange.wide import PATIENTS, load_table
from aldes.findings.read import vocabulary
from aldes.protocols.compile import Compiled, compiled
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import selecting
from aldes.questions import arrays, sql
from aldes.questions.tree import Or
from aldes.selection.screening import asked_findings, screen

SITE = "demo"
ROWS = 60  # NumPy is measured on at least so many row questions
PATIENT = "well-before-dose-6"


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--patients", type=int, default=1_000_000, help="patients of the tables")
    patients = reader.parse_args().patients
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, DuckDB {duckdb.__version__}"
    print(f"{versions}, {cpu_count()} cores, load {getloadavg()[0]:.1f}")
    print(f"{'what':<74}{'n':>10}{'warm-up':>9}  result")
    one_decision()
    numpy_decisions(patients)
    duckdb_rows(patients)
    screened_table(patients)
    commands()


def one_decision(runs: int = 250, warm_up: int = 20) -> None:
    """Each bundled patient, already read: the decision, and the whole document."""
    seconds: dict[str, list[_Spent]] = {"ward.next_dose, course already folded": [], "ward.answer, document": []}
    for patient in bundled():
        protocol = read(patient.protocol, SITE)
        events = read_record(patient.bundle, now=patient.now).events
        course = ward.walk(events, protocol)
        asked: tuple[Callable[[], object], ...] = (
            partial(ward.next_dose, course, protocol, patient.now),
            partial(ward.answer, events, protocol, patient.now),
        )
        for times, verb in zip(seconds.values(), asked, strict=True):
            times += [_spent(verb) for _ in range(warm_up + runs)][warm_up:]
    for what, times in seconds.items():
        wall, cpu = _cuts([each.wall for each in times]), _cuts([each.cpu for each in times])
        _line(what, len(times), warm_up, f"{wall} of wall time; {cpu} of CPU time")


def _cuts(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms"


def numpy_decisions(patients: int, runs: int = 3) -> None:
    """The decision over the rows of as many protocols as make up 60 rows."""
    several: list[Compiled] = []
    for protocol in bedside():
        if sum(len(each.rows) for each in several) < ROWS:
            several.append(compiled(read(protocol, SITE)))
    stop, hold = Or(tuple(each.stop for each in several)), Or(tuple(each.hold for each in several))
    rows = sum(len(each.rows) for each in several)
    for grain, words in (("finding", "one column a finding"), ("row", "a column for each view and row")):
        table = drawn(Or((stop, hold)), grain, np.random.default_rng(0), patients)
        arrays.decide(stop, hold, table)
        middle = statistics.median(_seconds(partial(arrays.decide, stop, hold, table)) for _ in range(runs))
        _line(f"NumPy, decision of {rows} rows, {words}", patients, 1, f"{middle / patients * 1e6:.2f} µs a patient")


def duckdb_rows(patients: int, runs: int = 3) -> None:
    """Every row of a protocol as a column, and the decision, kept in a new table; and the refusal of bad values."""
    for protocol in bedside():
        decision = compiled(read(protocol, SITE))
        table = drawn(Or((decision.stop, decision.hold)), "finding", np.random.default_rng(0), patients)
        with duckdb.connect() as connection:
            connection.execute("SET threads=2; SET memory_limit='2GB'")
            load(connection, "patients", table)
            _ask_rows(connection, decision)
            middle = statistics.median(_seconds(partial(_ask_rows, connection, decision)) for _ in range(runs))
        _line(f"DuckDB, {protocol}: {len(decision.asked)} rows and the decision", patients, 1, f"{middle:.2f} s")


def _ask_rows(connection: duckdb.DuckDBPyConnection, decision: Compiled) -> None:
    columns = ", ".join(("place", *map(sql.identifier, decision.asked), "decision"))
    decided = sql.decide_table(connection, "patients", decision.stop, decision.hold, vocabulary(), decision.asked)
    connection.execute("DROP TABLE IF EXISTS answers")
    decided.project(columns).create("answers")


def screened_table(patients: int) -> None:
    """A CSV table screened by the present label, from the file to the attrition and what would decide most."""
    protocol = read("us-label-2023", SITE)
    own = selecting(protocol)
    table = drawn(Or((own.exclude, own.caution)), "finding", np.random.default_rng(0), patients)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "patients.csv"
        load(connection, "drawn", table)
        connection.table("drawn").project("* EXCLUDE (place)").write_csv(str(file))
        connection.execute("SET threads=2; SET memory_limit='4GB'")
        seconds = _seconds(partial(_screen, connection, file, protocol))
    _line(f"aldes screen, {len(own.deciding)} criteria, CSV of {len(table)} columns", patients, 0, f"{seconds:.2f} s")


def _screen(connection: duckdb.DuckDBPyConnection, file: Path, protocol: Protocol) -> None:
    load_table(connection, file, asked_findings(protocol))
    screen(connection, PATIENTS, protocol)


def commands(runs: int = 5) -> None:
    """The wall time of a fresh process, from start to end."""
    with as_file(files("aldes").joinpath("patients", PATIENT, "bundle.json")) as bundle:
        now = next(each.now for each in bundled() if each.name == PATIENT).isoformat()
        asked = ["next-dose", str(bundle), "--protocol", "us-label-2023", "--site", SITE, "--now", now]
        for words in (["--help"], asked):
            middle = statistics.median([_seconds(partial(_run, words)) for _ in range(runs + 1)][1:])
            _line(f"aldes {words[0]}, fresh process", runs, 1, f"{middle:.2f} s")


def _run(words: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "aldes", *words], check=True, capture_output=True)


class _Spent(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds of this process alone


def _spent(verb: Callable[[], object]) -> _Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    verb()
    return _Spent(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall)


def _seconds(verb: Callable[[], object]) -> float:
    return _spent(verb).wall


def _line(what: str, n: int, warm_up: int, result: str) -> None:
    print(f"{what:<74}{n:>10,}{warm_up:>9}  {result}", flush=True)


if __name__ == "__main__":
    main()
