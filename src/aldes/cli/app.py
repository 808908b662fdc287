"""The commands, in the order in which a ward meets them."""

import sys
from typing import Annotated

import typer

from aldes import __version__
from aldes.cli import exits
from aldes.errors import AldesError, ProtocolError

app = typer.Typer(
    name="aldes",
    help=(
        "Decision support for high-dose aldesleukin therapy of metastatic kidney cancer. "
        "It supports and never replaces a clinician: every answer shows its basis, its source and its age."
    ),
    epilog=(
        f"Exit codes: {exits.GIVE} no listed reason to hold, {exits.HOLD} hold, {exits.STOP} stop, "
        f"{exits.INSUFFICIENT} not enough is known, {exits.BAD_INPUT} input that cannot be read, "
        f"{exits.BAD_PROTOCOL} faulty protocol file, {exits.USAGE} wrong use."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
protocol_app = typer.Typer(help="Protocols as data: list them, read one, check a file.", no_args_is_help=True)
evidence_app = typer.Typer(help="The register of sources and facts.", no_args_is_help=True)
app.add_typer(protocol_app, name="protocol")
app.add_typer(evidence_app, name="evidence")

Site = Annotated[
    str | None, typer.Option("--site", help="A bundled site or a site's TOML file; without one, nothing is set.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the JSON document instead of text.")]


def main() -> None:
    """Run a command; a fault of the input is one sentence and an exit code, never a traceback."""
    try:
        app()
    except ProtocolError as fault:
        _refuse(fault, exits.BAD_PROTOCOL)
    except AldesError as fault:
        _refuse(fault, exits.BAD_INPUT)


def _refuse(fault: AldesError, code: int) -> None:
    print(f"aldes: {fault}", file=sys.stderr)
    sys.exit(code)


@app.command("next-dose")
def next_dose(
    file: Annotated[str, typer.Argument(help="A FHIR R4 bundle, a batch line or a CSV table; - reads standard input.")],
    protocol: Annotated[
        str | None, typer.Option("--protocol", help="A bundled protocol or a protocol's TOML file.")
    ] = None,
    site: Site = None,
    now: Annotated[str | None, typer.Option("--now", help="The instant that is asked about, with zone.")] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", help="The id of the patient, where a bundle holds several.")
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="One JSON line in, one JSON line out.")] = False,
    as_json: Json = False,
) -> None:
    """Is there a listed reason to hold or stop the next dose, and which?"""
    from aldes.cli.next_dose import answer_batch, answer_one

    run = answer_batch if batch else answer_one
    raise typer.Exit(run(file, protocol, site, now, patient, as_json))


@app.command()
def walk(site: Site = "demo", as_json: Json = False) -> None:
    """Walk the bundled patients: for each the decision before the next dose, with everything it rests on."""
    from aldes.cli.walk import walk_patients

    walk_patients(site, as_json)


@app.command()
def dose(
    weight_kg: Annotated[str, typer.Option("--weight-kg", help="The dosing weight pinned for the cycle, kg.")],
    site: Site = None,
    cap_kg: Annotated[str | None, typer.Option("--cap-kg", help="The site's cap on the weight, or none.")] = None,
    round_to_miu: Annotated[
        str | None, typer.Option("--round-to-miu", help="The site's rounding step, or none.")
    ] = None,
    usable_ml: Annotated[
        str | None, typer.Option("--usable-ml-per-vial", help="1.0 or 1.2, the site's choice.")
    ] = None,
    prepared_at: Annotated[
        str | None, typer.Option("--prepared-at", help="When the vial is reconstituted, with zone.")
    ] = None,
    as_json: Json = False,
) -> None:
    """One dose of 600,000 IU/kg and how to prepare it."""
    from aldes.cli.dose import show_dose

    given = {"cap_kg": cap_kg, "round_to_miu": round_to_miu, "usable_ml_per_vial": usable_ml}
    show_dose(weight_kg, site, given, prepared_at, as_json)


@app.command()
def rows(
    protocol: Annotated[str | None, typer.Option("--protocol", help="Only this protocol.")] = None,
    as_json: Json = False,
) -> None:
    """Every row with its source, its status and its case lines; a row without a source or a case is an orphan."""
    from aldes.cli.rows import show_rows

    raise typer.Exit(show_rows(protocol, as_json))


@protocol_app.command("list")
def protocol_list(as_json: Json = False) -> None:
    """The bundled protocols and sites."""
    from aldes.cli.protocol import list_protocols

    list_protocols(as_json)


@protocol_app.command("show")
def protocol_show(protocol: str, site: Site = None, as_json: Json = False) -> None:
    """One protocol: its rows in words, what is required, what no row answers for, which settings are missing."""
    from aldes.cli.protocol import show_protocol

    show_protocol(protocol, site, as_json)


@protocol_app.command("check")
def protocol_check(file: str, site: Site = None) -> None:
    """Check a protocol file: faults in one line each, coverage, settings that the site still owes."""
    from aldes.cli.protocol import check_protocol

    raise typer.Exit(check_protocol(file, site))


@evidence_app.command("list")
def evidence_list(
    source: Annotated[str | None, typer.Option("--source", help="Facts of this source only.")] = None,
    status: Annotated[
        str | None, typer.Option("--status", help="read, second-hand, recalled, derived or unknown.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The sources; with --source or --status the facts."""
    from aldes.cli.evidence import list_evidence

    list_evidence(source, status, as_json)


@evidence_app.command("show")
def evidence_show(
    what: Annotated[str, typer.Argument(help="A source's key, a fact's id, or a word.")], as_json: Json = False
) -> None:
    """One source or fact, or all that hold a word."""
    from aldes.cli.evidence import show_evidence

    show_evidence(what, as_json)


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"aldes {__version__}")
        raise typer.Exit
