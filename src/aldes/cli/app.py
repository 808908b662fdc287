"""The commands, in the order in which a ward meets them.

Each command's work is imported when it runs, so that help is there at once.
"""

import sys
import zoneinfo
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable
from functools import partial

from aldes import __version__
from aldes.cli import exits, virtual
from aldes.errors import AldesError, ProtocolError

EXITS = (
    f"exit codes: {exits.GIVE} no listed reason to hold (or done), {exits.HOLD} hold, {exits.STOP} stop,\n"
    f"{exits.INSUFFICIENT} not enough is known, {exits.BAD_INPUT} input that cannot be read,\n"
    f"{exits.BAD_PROTOCOL} faulty protocol file or orphan row, {exits.USAGE} wrong use;\n"
    f"of a selection: {exits.GIVE} no listed exclusion, {exits.CAUTION} caution, {exits.EXCLUDED} excluded, "
    f"{exits.INSUFFICIENT} undetermined;\n"
    f"beside the decision: {exits.LOOK} something to look at, {exits.UNTOLD} something could not be told or checked;\n"
    f"of a response: {exits.LOOK} progression, {exits.UNTOLD} something could not be told; with a record as a selection"
)
ABOUT = (
    "Decision support for high-dose aldesleukin therapy of metastatic kidney cancer.\n"
    "It supports and never replaces a clinician: every answer shows its basis, its source and its age."
)

_Commands = _SubParsersAction  # the name that argparse gives it


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
    _add_response(commands)
    virtual.add_commands(partial(_add, commands))
    _add_dose(commands)
    _add_protocol(commands)
    _add_outcomes(commands)
    _add_evidence(commands)
    _add_rows(commands)
    return top


def _add(
    commands: "_Commands[ArgumentParser]", name: str, words: str, run: Callable[[Namespace], int | None]
) -> ArgumentParser:
    command = commands.add_parser(
        name, help=words, description=words, epilog=EXITS, formatter_class=RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    return command


def _site(command: ArgumentParser, default: str | None = None) -> None:
    command.add_argument(
        "--site", default=default, help="a bundled site or a site's TOML file; without one nothing is set"
    )


def _json(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print the JSON document instead of text")


def _record(command: ArgumentParser) -> None:
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    _site(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")


BESIDE = {
    "watch": "What is owed to this patient now: overdue, next, of what a clinician is told, and steps of care.",
    "leak": "The components of the capillary leak with their trends; no score.",
    "interactions": "Which drugs of the record interact with aldesleukin, and which could not be checked.",
}


def _add_beside(commands: "_Commands[ArgumentParser]", name: str, words: str) -> None:
    command = _add(commands, name, words, _beside)
    command.set_defaults(verb=name)
    _record(command)
    _json(command)


def _beside(given: Namespace) -> int:
    from aldes.cli.toxicity import Given, show

    return show(given.verb, Given(given.file, given.protocol, given.site, given.now, given.patient), given.json)


def _add_assess(commands: "_Commands[ArgumentParser]") -> None:
    words = "Does a listed criterion exclude this patient from a course, and which? Row by row, with what is missing."
    command = _add(commands, "assess", words, _assess)
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    _site(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")
    _json(command)


def _assess(given: Namespace) -> int:
    from aldes.cli.assess import show_assessment
    from aldes.cli.toxicity import Given

    asked = Given(given.file, given.protocol, given.site, given.now, given.patient)
    return show_assessment(asked, given.json)


def _add_screen(commands: "_Commands[ArgumentParser]") -> None:
    words = "The verdict for every patient of a table, and how many each criterion leaves."
    command = _add(commands, "screen", words, _screen)
    command.add_argument("table", help="a CSV or Parquet file: a row a patient, a column a finding, creatinine[umol/L]")
    command.add_argument("--protocol", default="us-label-2023", help="a bundled protocol or a protocol's TOML file")
    _site(command)
    command.add_argument("--as-of", help="when the table was exported, with its zone; it is printed, never guessed")
    command.add_argument("--out", help="a CSV or Parquet file for the verdict of each patient")
    _json(command)


def _screen(given: Namespace) -> int:
    from aldes.cli.screen import screen_table

    return screen_table(given.table, given.protocol, given.site, given.as_of, given.out, given.json)


def _add_next_dose(commands: "_Commands[ArgumentParser]") -> None:
    command = _add(
        commands, "next-dose", "Is there a listed reason to hold or stop the next dose, and which?", _next_dose
    )
    _record(command)
    command.add_argument(
        "--batch", action="store_true", help="one JSON line in, one JSON line out; bad lines are answered too"
    )
    _json(command)


def _next_dose(given: Namespace) -> int:
    from aldes.cli.next_dose import answer_batch, answer_one

    run = answer_batch if given.batch else answer_one
    return run(given.file, given.protocol, given.site, given.now, given.patient, given.json)


def _add_strictest(commands: "_Commands[ArgumentParser]") -> None:
    words = "One patient under every high-dose bolus protocol: the strictest answer, a view and never a decision."
    command = _add(commands, "strictest", words, _strictest)
    command.add_argument("file", help="a FHIR R4 bundle, a batch line or a CSV table; - reads standard input")
    _site(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--patient", help="the id of the patient, where a bundle holds several")
    _json(command)


def _strictest(given: Namespace) -> int:
    from aldes.cli.strictest import show_strictest

    return show_strictest(given.file, given.site, given.now, given.patient, given.json)


def _add_walk(commands: "_Commands[ArgumentParser]") -> None:
    words = "Walk the bundled patients: the next dose of each, or the verdict before a course, and what it rests on."
    command = _add(commands, "walk", words, _walk)
    _site(command, "demo")
    _json(command)


def _walk(given: Namespace) -> None:
    from aldes.cli.walk import walk_patients

    walk_patients(given.site, given.json)


def _add_grade(commands: "_Commands[ArgumentParser]") -> None:
    words = "The CTCAE grades of one patient: now, by day, and what an unknown grade waits for."
    command = _add(commands, "grade", words, _grade)
    _record(command)
    command.add_argument("--ctcae", help="the version of the criteria, 5.0 or 6.0; without it the site's")
    command.add_argument("--against", help="another version: each grade that it gives otherwise is listed")
    _json(command)


def _grade(given: Namespace) -> None:
    from aldes.cli.grade import show_grades
    from aldes.cli.toxicity import Given

    record = Given(given.file, given.protocol, given.site, given.now, given.patient)
    show_grades(record, given.ctcae, given.against, given.json)


def _add_response(commands: "_Commands[ArgumentParser]") -> None:
    words = (
        "Has the tumour responded, and for how long? RECIST 1.1 from lesion measurements, every cell with its reason."
    )
    command = _add(commands, "response", words, _response)
    command.add_argument(
        "file", help="a CSV table with a row a lesion an assessment, or a FHIR R4 bundle; - reads standard input"
    )
    command.add_argument("--patient", help="only this patient of the file")
    command.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="set a disputed edge")
    command.add_argument("--irecist", action="store_true", help="read the same history by iRECIST as well")
    command.add_argument("--record", help="the patient's record: may a next course follow, by the rows of --protocol?")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file, asked with --record")
    _site(command)
    command.add_argument("--now", help="the instant that is asked about, with its zone")
    command.add_argument("--plot", metavar="FILE", help="write a picture: .svg, .pdf or .png")
    command.add_argument(
        "--picture",
        choices=("waterfall", "spider", "swimmer", "sums"),
        help="which; without it, sums of one patient and the waterfall of several",
    )
    _json(command)


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


def _add_dose(commands: "_Commands[ArgumentParser]") -> None:
    command = _add(commands, "dose", "One dose of 600,000 IU/kg and how to prepare it.", _dose)
    command.add_argument("--weight-kg", required=True, help="the dosing weight pinned for the cycle, kg")
    command.add_argument("--protocol", help="a bundled protocol or a protocol's TOML file")
    _site(command)
    command.add_argument("--cap-kg", help="the heaviest weight that the site doses, or none")
    command.add_argument("--round-to-miu", help="the site's rounding step in million IU, or none")
    command.add_argument("--usable-ml-per-vial", help="1.0 or 1.2, the site's choice")
    command.add_argument("--prepared-at", help="when the vial is reconstituted, with its zone")
    _json(command)


def _dose(given: Namespace) -> None:
    from aldes.cli.dose import show_dose

    settings = {key: getattr(given, key) for key in ("cap_kg", "round_to_miu", "usable_ml_per_vial")}
    show_dose(given.weight_kg, given.protocol, given.site, settings, given.prepared_at, given.json)


def _add_protocol(commands: "_Commands[ArgumentParser]") -> None:
    words = "Protocols as data: list them, read one, check a file, set two side by side, sign a recalled row."
    verbs = commands.add_parser("protocol", help=words, description=words).add_subparsers(required=True, metavar="VERB")
    _json(_add(verbs, "list", "The bundled protocols and sites.", _protocol_list))
    show = _add(
        verbs, "show", "One protocol: rows in words, what is required, what no row answers for.", _protocol_show
    )
    show.add_argument("protocol", help="a bundled protocol or a protocol's TOML file")
    _site(show)
    _json(show)
    check = _add(
        verbs, "check", "Check a protocol file: faults in one line each, coverage, what the site owes.", _protocol_check
    )
    check.add_argument("file", help="a protocol's TOML file, or a bundled protocol")
    _site(check)
    _add_protocol_diff(verbs)
    _add_protocol_sign(verbs)


def _add_protocol_diff(verbs: "_Commands[ArgumentParser]") -> None:
    words = "Where two protocols differ: row by row, and on which patients."
    diff = _add(verbs, "diff", words, _protocol_diff)
    diff.add_argument("one", nargs="?", help="a bundled protocol or a protocol's TOML file")
    diff.add_argument("other", nargs="?", help="the one that it is compared with")
    diff.add_argument(
        "--cases", action="store_true", help="ask every situation of the evidence in which the packs differ"
    )
    _site(diff)
    _json(diff)


def _add_protocol_sign(verbs: "_Commands[ArgumentParser]") -> None:
    words = "Sign a recalled row that a pharmacist compared with the printed page, in the hospital's own site file."
    sign = _add(verbs, "sign", words, _protocol_sign)
    sign.add_argument("row", help="the id of the recalled row")
    sign.add_argument("--protocol", required=True, help="a bundled protocol or a protocol's TOML file")
    sign.add_argument("--by", required=True, help="who compared it: a role, or the name that you give")
    sign.add_argument("--page", required=True, help="where it stands in print")
    sign.add_argument("--date", required=True, help="when it was compared, like 2026-11-20")
    sign.add_argument("--site", required=True, metavar="FILE", help="the hospital's own site file; it is written to")


def _protocol_diff(given: Namespace) -> int:
    from aldes.cli.diff import show_cases, show_difference

    if given.cases and given.one is None:
        return show_cases(given.json)
    if given.cases or given.other is None:
        print("aldes: name two protocols, or --cases alone.", file=sys.stderr)
        return exits.USAGE
    return show_difference(given.one, given.other, given.site, given.json)


def _protocol_sign(given: Namespace) -> None:
    from aldes.cli.sign import sign_row

    sign_row(given.row, given.protocol, given.site, by=given.by, page=given.page, date=given.date)


def _protocol_list(given: Namespace) -> None:
    from aldes.cli.protocol import list_protocols

    list_protocols(given.json)


def _protocol_show(given: Namespace) -> None:
    from aldes.cli.protocol import show_protocol

    show_protocol(given.protocol, given.site, given.json)


def _protocol_check(given: Namespace) -> int:
    from aldes.cli.protocol import check_protocol

    return check_protocol(given.file, given.site)


def _add_outcomes(commands: "_Commands[ArgumentParser]") -> None:
    words = (
        "How long, and in how many: curves, medians, comparison and causes of a table of patients, with the picture."
    )
    command = _add(commands, "outcomes", words, _outcomes)
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
    _json(command)


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


def _add_evidence(commands: "_Commands[ArgumentParser]") -> None:
    words = "The register of sources and facts."
    verbs = commands.add_parser("evidence", help=words, description=words).add_subparsers(required=True, metavar="VERB")
    listed = _add(verbs, "list", "The sources; with --source or --status the facts.", _evidence_list)
    listed.add_argument("--source", help="facts of this source only")
    listed.add_argument("--status", help="read, second-hand, recalled, derived or unknown")
    _json(listed)
    _add_trials(verbs)
    show = _add(verbs, "show", "One source or fact, or all that hold a word.", _evidence_show)
    show.add_argument("what", help="a source's key, a fact's id, or a word")
    _json(show)


def _add_trials(verbs: "_Commands[ArgumentParser]") -> None:
    words = "Published outcomes: list them, filter, pool independent series, draw a forest."
    trials = _add(verbs, "trials", words, _evidence_trials)
    trials.add_argument("--endpoint", metavar="KIND", help="response, complete response, median survival, toxicity ...")
    trials.add_argument("--regimen", metavar="CLASS", help="high-dose bolus, low dose, continuous infusion, mixed ...")
    trials.add_argument("--tumour", help="mRCC, melanoma, both")
    trials.add_argument("--risk", metavar="WORD", help="a word of the risk or group, such as favourable or IMDC")
    trials.add_argument("--era", metavar="YEAR-YEAR", help="treated in these years, as far as they are known")
    trials.add_argument("--series", metavar="ID", help="only this series")
    trials.add_argument("--newer", action="store_true", help="newer therapies too, beside and not compared")
    trials.add_argument("--pool", action="store_true", help="pool independent series of --endpoint, whole and by era")
    trials.add_argument("--cut", type=int, metavar="YEAR", help="the year that parts the eras of --pool (2000)")
    trials.add_argument("--plot", metavar="FILE", help="write a forest: .svg, .pdf or .png")
    _json(trials)


def _evidence_trials(given: Namespace) -> int:
    from aldes.cli.trials import Asked, show_trials

    return show_trials(
        Asked(
            endpoint=given.endpoint,
            regimen=given.regimen,
            tumour=given.tumour,
            risk=given.risk,
            series=given.series,
            era=given.era,
            newer=given.newer,
            pool=given.pool,
            cut=given.cut,
            plot=given.plot,
            as_json=given.json,
        )
    )


def _evidence_list(given: Namespace) -> None:
    from aldes.cli.evidence import list_evidence

    list_evidence(given.source, given.status, given.json)


def _evidence_show(given: Namespace) -> None:
    from aldes.cli.evidence import show_evidence

    show_evidence(given.what, given.json)


def _add_rows(commands: "_Commands[ArgumentParser]") -> None:
    words = "Every row with its source, its status and its case lines; a row without either is an orphan."
    command = _add(commands, "rows", words, _rows)
    command.add_argument("--protocol", help="only this protocol")
    _json(command)


def _rows(given: Namespace) -> int:
    from aldes.cli.rows import show_rows

    return show_rows(given.protocol, given.json)
