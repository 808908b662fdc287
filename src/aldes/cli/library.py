"""The commands that read the library: protocols, evidence, rows. Their work is imported when they run."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from aldes.cli import exits
from aldes.cli.parts import add, json_flag, site_flag

if TYPE_CHECKING:
    from aldes.cli.parts import Commands


def add_commands(commands: "Commands") -> None:
    """Protocols, the register of evidence, and every row."""
    _add_protocol(commands)
    _add_evidence(commands)
    _add_rows(commands)


def _add_protocol(commands: "Commands") -> None:
    words = "Protocols as data: list them, read one, check a file, set two side by side, sign a recalled row."
    verbs = commands.add_parser("protocol", help=words, description=words).add_subparsers(required=True, metavar="VERB")
    json_flag(add(verbs, "list", "The bundled protocols and sites.", _protocol_list))
    show = add(verbs, "show", "One protocol: rows in words, what is required, what no row answers for.", _protocol_show)
    show.add_argument("protocol", help="a bundled protocol or a protocol's TOML file")
    site_flag(show)
    json_flag(show)
    check = add(
        verbs, "check", "Check a protocol file: faults in one line each, coverage, what the site owes.", _protocol_check
    )
    check.add_argument("file", help="a protocol's TOML file, or a bundled protocol")
    site_flag(check)
    _add_protocol_diff(verbs)
    _add_protocol_sign(verbs)


def _add_protocol_diff(verbs: "Commands") -> None:
    words = "Where two protocols differ: row by row, and on which patients."
    diff = add(verbs, "diff", words, _protocol_diff)
    diff.add_argument("one", nargs="?", help="a bundled protocol or a protocol's TOML file")
    diff.add_argument("other", nargs="?", help="the one that it is compared with")
    diff.add_argument(
        "--cases", action="store_true", help="ask every situation of the evidence in which the packs differ"
    )
    site_flag(diff)
    json_flag(diff)


def _add_protocol_sign(verbs: "Commands") -> None:
    words = "Sign a recalled row that a pharmacist compared with the printed page, in the hospital's own site file."
    sign = add(verbs, "sign", words, _protocol_sign)
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


def _add_evidence(commands: "Commands") -> None:
    words = "The register of sources and facts."
    verbs = commands.add_parser("evidence", help=words, description=words).add_subparsers(required=True, metavar="VERB")
    listed = add(verbs, "list", "The sources; with --source or --status the facts.", _evidence_list)
    listed.add_argument("--source", help="facts of this source only")
    listed.add_argument("--status", help="read, second-hand, recalled, derived or unknown")
    json_flag(listed)
    _add_trials(verbs)
    show = add(verbs, "show", "One source or fact, or all that hold a word.", _evidence_show)
    show.add_argument("what", help="a source's key, a fact's id, or a word")
    json_flag(show)


def _add_trials(verbs: "Commands") -> None:
    words = "Published outcomes: list them, filter, pool independent series, draw a forest."
    trials = add(verbs, "trials", words, _evidence_trials)
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
    json_flag(trials)


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


def _add_rows(commands: "Commands") -> None:
    words = "Every row with its source, its status and its case lines; a row without either is an orphan."
    command = add(commands, "rows", words, _rows)
    command.add_argument("--protocol", help="only this protocol")
    json_flag(command)


def _rows(given: Namespace) -> int:
    from aldes.cli.rows import show_rows

    return show_rows(given.protocol, given.json)
