"""The commands, in the order in which a ward meets them.

Each command's work is imported when it runs, so that help is there at once.
"""

import sys
import zoneinfo
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from aldes import __version__
from aldes.cli import exits, library, record, results, virtual
from aldes.cli.parts import EXITS, add, json_flag, record_flags, site_flag
from aldes.errors import AldesError, ProtocolError

if TYPE_CHECKING:
    from aldes.cli.parts import Commands

ABOUT = (
    "Decision support for high-dose aldesleukin therapy of metastatic kidney cancer.\n"
    "It supports and never replaces a clinician: every answer shows its basis, its source and its age."
)


def main() -> None:
    """Run a command; a fault of the input is one sentence and an exit code, never a traceback."""
    zoneinfo.reset_tzpath(to=())  # zone rules of the pinned tzdata, not of whatever the host has (hazard H20)
    try:
        arguments = parser().parse_args()
        sys.exit(arguments.run(arguments) or 0)
    except ProtocolError as fault:
        _refuse(fault, exits.BAD_PROTOCOL)
    except AldesError as fault:
        _refuse(fault, exits.BAD_INPUT)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(exits.BAD_INPUT)  # the reader went away; nothing was recorded


def _refuse(fault: AldesError, code: int) -> None:
    print(f"aldes: {fault}", file=sys.stderr)
    sys.exit(code)


def parser() -> ArgumentParser:
    """The whole command line."""
    top = ArgumentParser(prog="aldes", description=ABOUT, epilog=EXITS, formatter_class=RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"aldes {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_assess(commands)
    _add_screen(commands)
    _add_next_dose(commands)
    for name, words in BESIDE.items():
        _add_beside(commands, name, words)
    _add_strictest(commands)
    _add_walk(commands)
    _add_grade(commands)
    _add_dose(commands)
    results.add_commands(commands)
    virtual.add_commands(commands)
    library.add_commands(commands)
    _add_serve(commands)
    record.add_commands(commands)
    return top


BESIDE = {
    "watch": "What is owed to this patient now: overdue, next, of what a clinician is told, and steps of care.",
    "leak": "The components of the capillary leak with their trends; no score.",
    "interactions": "Which drugs of the record interact with aldesleukin, and which could not be checked.",
}


def _add_beside(commands: "Commands", name: str, words: str) -> None:
    command = add(commands, name, words, _beside)
    command.set_defaults(verb=name)
    record_flags(command)
    json_flag(command)


def _beside(given: Namespace) -> int:
    from aldes.cli.toxicity import Given, show

    return show(given.verb, Given(given.file, given.protocol, given.site, given.now, given.patient), given.json)


def _add_assess(commands: "Commands") -> None:
    words = "Does a listed criterion exclude this patient from a course, and which? Row by row, with what is missing."
    command = add(commands, "assess", words, _assess)
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    site_flag(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")
    json_flag(command)


def _assess(given: Namespace) -> int:
    from aldes.cli.assess import show_assessment
    from aldes.cli.toxicity import Given

    asked = Given(given.file, given.protocol, given.site, given.now, given.patient)
    return show_assessment(asked, given.json)


def _add_screen(commands: "Commands") -> None:
    words = "The verdict for every patient of a table, and how many each criterion leaves."
    command = add(commands, "screen", words, _screen)
    command.add_argument("table", help="a CSV or Parquet file: a row a patient, a column a finding, creatinine[umol/L]")
    command.add_argument("--protocol", default="us-label-2023", help="a bundled protocol or a protocol's TOML file")
    site_flag(command)
    command.add_argument("--as-of", help="when the table was exported, with its zone; it is printed, never guessed")
    command.add_argument("--out", help="a CSV or Parquet file for the verdict of each patient")
    json_flag(command)


def _screen(given: Namespace) -> int:
    from aldes.cli.screen import screen_table

    return screen_table(given.table, given.protocol, given.site, given.as_of, given.out, given.json)


def _add_next_dose(commands: "Commands") -> None:
    command = add(
        commands, "next-dose", "Is there a listed reason to hold or stop the next dose, and which?", _next_dose
    )
    record_flags(command)
    command.add_argument(
        "--batch", action="store_true", help="one JSON line in, one JSON line out; bad lines are answered too"
    )
    json_flag(command)


def _next_dose(given: Namespace) -> int:
    from aldes.cli.next_dose import answer_batch, answer_one

    run = answer_batch if given.batch else answer_one
    return run(given.file, given.protocol, given.site, given.now, given.patient, given.json)


def _add_strictest(commands: "Commands") -> None:
    words = "One patient under every high-dose bolus protocol: the strictest answer, a view and never a decision."
    command = add(commands, "strictest", words, _strictest)
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    site_flag(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")
    json_flag(command)


def _strictest(given: Namespace) -> int:
    from aldes.cli.strictest import show_strictest

    return show_strictest(given.file, given.site, given.now, given.patient, given.json)


def _add_walk(commands: "Commands") -> None:
    words = "Walk the bundled patients: the next dose of each, or the verdict before a course, and what it rests on."
    command = add(commands, "walk", words, _walk)
    site_flag(command, "demo")
    json_flag(command)


def _walk(given: Namespace) -> None:
    from aldes.cli.walk import walk_patients

    walk_patients(given.site, given.json)


def _add_grade(commands: "Commands") -> None:
    words = "The CTCAE grades of one patient: now, by day, and what an unknown grade waits for."
    command = add(commands, "grade", words, _grade)
    record_flags(command)
    command.add_argument("--ctcae", help="the version of the criteria, 5.0 or 6.0; without it the site's")
    command.add_argument("--against", help="another version: each grade that it gives otherwise is listed")
    json_flag(command)


def _grade(given: Namespace) -> None:
    from aldes.cli.grade import show_grades
    from aldes.cli.toxicity import Given

    record = Given(given.file, given.protocol, given.site, given.now, given.patient)
    show_grades(record, given.ctcae, given.against, given.json)


def _add_dose(commands: "Commands") -> None:
    command = add(commands, "dose", "One dose of 600,000 IU/kg and how to prepare it.", _dose)
    command.add_argument("--weight-kg", required=True, help="the dosing weight pinned for the cycle, kg")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    site_flag(command)
    command.add_argument("--cap-kg", help="the heaviest weight that the site doses, or none")
    command.add_argument("--round-to-miu", help="the site's rounding step in million IU, or none")
    command.add_argument("--usable-ml-per-vial", help="1.0 or 1.2, the site's choice")
    command.add_argument("--prepared-at", help="when the vial is reconstituted, with its zone")
    json_flag(command)


def _dose(given: Namespace) -> None:
    from aldes.cli.dose import show_dose

    settings = {key: getattr(given, key) for key in ("cap_kg", "round_to_miu", "usable_ml_per_vial")}
    show_dose(given.weight_kg, given.protocol, given.site, settings, given.prepared_at, given.json)


def _add_serve(commands: "Commands") -> None:
    command = add(commands, "serve", "The ward's pages and its JSON interface, on this machine.", _serve)
    command.add_argument("--host", default="127.0.0.1", help="this machine's own name; others are refused")
    command.add_argument("--port", type=int, default=8700)
    command.add_argument("--store", default="aldes-ward.db", help="the record: a file, or postgresql://…")
    command.add_argument("--protocol", help="the bedside protocol of new courses; there is no default at the bedside")
    site_flag(command)
    command.add_argument("--anchor", metavar="FILE", help="the file outside to which the record's heads are written")
    command.add_argument("--demo", action="store_true", help="made-up patients in a record that is laid anew")


def _serve(given: Namespace) -> int:
    from aldes.cli.serve import Serving, serve

    protocol = given.protocol or ("us-label-2023" if given.demo else None)
    if protocol is None:
        raise ProtocolError("At the bedside no protocol is a default. Name the one of this ward with --protocol.")
    return serve(
        Serving(
            host=given.host,
            port=given.port,
            store=given.store,
            protocol=protocol,
            site=given.site or ("demo" if given.demo else None),
            anchor=given.anchor,
            demo=given.demo,
        )
    )
