"""The commands of the virtual ward; their work is imported when they run."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aldes.cli.parts import add, json_flag

if TYPE_CHECKING:
    from aldes.cli.parts import Commands


def add_commands(commands: "Commands") -> None:
    """One virtual patient, and a virtual trial."""
    _add_simulate(commands)
    _add_trial(commands)


def _add_simulate(commands: "Commands") -> None:
    words = "One virtual patient, nursed by a real protocol through a regimen and followed: every slot with its reason."
    command = add(commands, "simulate", words, _simulate)
    command.add_argument("file", help='the patient as JSON, like {"weight_kg": 70, "protocol": "nci-2001"}')
    command.add_argument("--plot", metavar="FILE", help="write the picture of everything: .png, .svg or .pdf")
    command.add_argument("--table", metavar="FILE", help="write the state hour by hour: .csv or .parquet")
    _ensemble_flag(command)
    json_flag(command)


def _simulate(given: Namespace) -> None:
    from aldes.cli.simulate import simulate

    simulate(given.file, given.plot, given.table, given.ensemble, as_json=given.json)


def _ensemble_flag(command: ArgumentParser) -> None:
    words = "do it again with so many other sets of parameters that meet the published observations too"
    command.add_argument("--ensemble", metavar="SETS", type=int, default=0, help=words)


def _add_trial(commands: "Commands") -> None:
    words = "A virtual trial: the same people in every arm, each arm nursed by its own protocol."
    command = add(commands, "trial", words, _trial)
    command.add_argument("design", help="the design as TOML: arms, patients, follow-up")
    command.add_argument("--out", metavar="FOLDER", default="trial", help="where chunks and columns are kept (trial)")
    command.add_argument("--plot", metavar="FILE", help="write the picture of the endpoints: .png, .svg or .pdf")
    _ensemble_flag(command)
    json_flag(command)


def _trial(given: Namespace) -> None:
    from aldes.cli.trial import run_trial

    run_trial(given.design, given.out, given.plot, given.ensemble, as_json=given.json)
