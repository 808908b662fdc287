"""What the commands share: the exit codes in words, how one is added, the options that several take."""

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable
from typing import TYPE_CHECKING

from aldes.cli import exits

if TYPE_CHECKING:
    Commands = _SubParsersAction[ArgumentParser]  # the name that argparse gives it

EXITS = (
    f"exit codes: {exits.GIVE} no listed reason to hold (or done), {exits.HOLD} hold, {exits.STOP} stop,\n"
    f"{exits.INSUFFICIENT} not enough is known, {exits.BAD_INPUT} input that cannot be read,\n"
    f"{exits.BAD_PROTOCOL} faulty protocol file or orphan row, {exits.USAGE} wrong use;\n"
    f"of a selection: {exits.GIVE} no listed exclusion, {exits.CAUTION} caution, {exits.EXCLUDED} excluded, "
    f"{exits.INSUFFICIENT} undetermined;\n"
    f"beside the decision: {exits.LOOK} something to look at, {exits.UNTOLD} something could not be told or checked;\n"
    f"of a record: {exits.DAMAGED} not what was written, {exits.DIFFERS} a decision is another now, "
    f"{exits.BEHIND} events are missing;\n"
    f"of a response: {exits.LOOK} progression, {exits.UNTOLD} something could not be told; with a record as a selection"
)


def add(commands: "Commands", name: str, words: str, run: Callable[[Namespace], int | None]) -> ArgumentParser:
    """A command with its words, the exit codes under its help, and what runs it."""
    command = commands.add_parser(
        name, help=words, description=words, epilog=EXITS, formatter_class=RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    return command


def site_flag(command: ArgumentParser, default: str | None = None) -> None:
    """The option `--site`."""
    command.add_argument(
        "--site", default=default, help="a bundled site or a site's TOML file; without one nothing is set"
    )


def json_flag(command: ArgumentParser) -> None:
    """The option `--json`."""
    command.add_argument("--json", action="store_true", help="print the JSON document instead of text")


def record_flags(command: ArgumentParser) -> None:
    """A patient's record, and the protocol, instant and patient that are asked about."""
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    site_flag(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")
