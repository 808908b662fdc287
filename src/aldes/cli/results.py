"""The commands about what came of it: response and outcomes. Their work is imported when they run."""

from argparse import Namespace
from typing import TYPE_CHECKING

from aldes.cli.parts import add, json_flag, site_flag

if TYPE_CHECKING:
    from aldes.cli.parts import Commands


def add_commands(commands: "Commands") -> None:
    """The response of one patient, the outcomes of many."""
    _add_response(commands)
    _add_outcomes(commands)


def _add_response(commands: "Commands") -> None:
    words = (
        "Has the tumour responded, and for how long? RECIST 1.1 from lesion measurements, every cell with its reason."
    )
    command = add(commands, "response", words, _response)
    command.add_argument(
        "file", help="a CSV table with a row a lesion an assessment, or a FHIR R4 bundle; - reads standard input"
    )
    command.add_argument("--patient", help="only this patient of the file")
    command.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="set a disputed edge")
    command.add_argument("--irecist", action="store_true", help="read the same history by iRECIST as well")
    command.add_argument("--record", help="the patient's record: may a next course follow, by the rows of --protocol?")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file, asked with --record")
    site_flag(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--plot", metavar="FILE", help="write a picture: .svg, .pdf or .png")
    command.add_argument(
        "--picture",
        choices=("waterfall", "spider", "swimmer", "sums"),
        help="which; without it, sums of one patient and the waterfall of several",
    )
    json_flag(command)


def _response(given: Namespace) -> int:
    from aldes.cli.response import Wanted, show_response

    return show_response(
        Wanted(
            file=given.file,
            patient=given.patient,
            switches=given.switch,
            irecist=given.irecist,
            now=given.now,
            record=given.record,
            protocol=given.protocol,
            site=given.site,
            as_json=given.json,
            plot=given.plot,
            picture=given.picture,
        )
    )


def _add_outcomes(commands: "Commands") -> None:
    words = (
        "How long, and in how many: curves, medians, comparison and causes of a table of patients, with the picture."
    )
    command = add(commands, "outcomes", words, _outcomes)
    command.add_argument("file", help="a CSV or Parquet table with a row a patient")
    command.add_argument("--time", metavar="COL", help="the time to the event or to the end of observation (time)")
    command.add_argument("--event", metavar="COL", default="event", help="1 or true where the event was seen (event)")
    command.add_argument("--start", metavar="COL", help="the date of the origin, in place of --time")
    command.add_argument("--end", metavar="COL", help="the date of the event or of the end of observation")
    command.add_argument(
        "--by", metavar="COL", help="the groups that are compared; the first in order is the reference"
    )
    command.add_argument("--entry", metavar="COL", help="when the observation began, for patients who came late")
    command.add_argument("--weight", metavar="COL", help="how many patients a row stands for")
    command.add_argument("--cause", metavar="COL", help="the cause of each event, empty where there is none")
    command.add_argument("--unit", choices=("days", "weeks", "months", "years"), default="months", help="of the times")
    command.add_argument(
        "--at", metavar="T,T", help="the times at which survival is said; 1, 2, 3 and 5 years without it"
    )
    command.add_argument("--horizon", metavar="T", help="up to where the mean is taken")
    command.add_argument("--cure", action="store_true", help="fit a mixture cure fraction to each group")
    command.add_argument("--plot", metavar="FILE", help="write the curves: .svg, .pdf or .png")
    command.add_argument("--title", help="the title of the picture")
    command.add_argument("--outcome", help="what the vertical axis shows, such as 'alive'")
    command.add_argument("--source", help="where the table is from, for the foot of the picture")
    json_flag(command)


COLUMNS = ("time", "event", "start", "end", "by", "entry", "weight", "cause")


def _outcomes(given: Namespace) -> int:
    from aldes.cli.outcomes import Wanted, show_outcomes

    columns = {each: getattr(given, each) for each in COLUMNS}
    if given.time is None and not (given.start or given.end):
        columns["time"] = "time"
    return show_outcomes(
        Wanted(
            file=given.file,
            columns=columns,
            unit=given.unit,
            at=given.at,
            horizon=given.horizon,
            with_cure=given.cure,
            plot=given.plot,
            title=given.title,
            outcome=given.outcome,
            source=given.source,
            as_json=given.json,
        )
    )
