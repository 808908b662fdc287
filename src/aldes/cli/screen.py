"""Screen a whole table: a verdict for each patient, what each criterion leaves, and what to measure first."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aldes import __version__
from aldes.cli.clock import instant
from aldes.cli.outputs import table_path
from aldes.cli.paper import section
from aldes.errors import AldesError
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.selection.document import SCOPE_STATEMENT
from aldes.selection.screening import Screened, asked_findings, screen, verdicts_of

Document = Mapping[str, Any]


def screen_table(table: str, protocol: str, site: str | None, as_of: str | None, out: str | None, as_json: bool) -> int:
    """Print what a table answers; with `out` also write the verdict of each patient."""
    try:
        import duckdb
    except ModuleNotFoundError:
        raise AldesError(
            "Screening a table needs DuckDB, which is not here; run: pip install 'aldes[cohort]'."
        ) from None
    from aldes.exchange.wide import PATIENTS, load_table

    path = table_path(out)
    resolved, exported = read(protocol, site), instant(as_of) if as_of else None
    with duckdb.connect() as connection:
        wide = load_table(connection, Path(table), asked_findings(resolved))
        found = screen(connection, PATIENTS, resolved)
        if path:
            _write(verdicts_of(connection, resolved), path)
    faults = [{"column": each.column, "why": each.why, "count": each.count} for each in wide.faults]
    not_used = [{"column": name, "why": why} for name, why in wide.not_used]
    document = _document(found, resolved, exported) | {
        "faults": faults,
        "no_column": list(wide.missing),
        "not_used": not_used,
    }
    print(json.dumps(document, ensure_ascii=False, indent=2) if as_json else "\n".join(page(document)))
    return 0


def _write(verdicts: Any, path: Path) -> None:
    write = verdicts.write_csv if path.suffix == ".csv" else verdicts.write_parquet
    write(str(path))


def _document(found: Screened, protocol: Protocol, as_of: datetime | None) -> dict[str, Any]:
    return {
        "patients": found.patients,
        "verdicts": found.verdicts,
        "attrition": [
            {
                "row": each.row,
                "words": each.words,
                "excluded": each.excluded,
                "unknown": each.unknown,
                "remain": each.remain,
            }
            for each in found.attrition
        ],
        "decides": [
            {"finding": each.finding, "words": each.words, "patients": each.patients} for each in found.decides
        ],
        "as_of": as_of.isoformat() if as_of else None,
        "protocol": protocol.id,
        "site": protocol.site,
        "demo": protocol.demo,
        "pin": protocol.pin,
        "engine": f"aldes {__version__}",
        "scope_statement": SCOPE_STATEMENT,
    }


def page(document: Document) -> Iterator[str]:
    """The whole document, for reading."""
    as_of = document["as_of"] or "NOT STATED: say with --as-of when the table was exported"
    yield f"{document['patients']:,} PATIENTS, as of {as_of}"
    yield from section("verdicts", [[f"{word}: {count:,}"] for word, count in document["verdicts"].items()])
    yield ""
    yield f"  {'criterion':<12}{'excluded':>12}{'unknown':>12}{'remain':>12}  in the source's order"
    for step in document["attrition"]:
        counts = "".join(f"{step[key]:>12,}" for key in ("excluded", "unknown", "remain"))
        yield f"  {step['row']:<12}{counts}  {step['words'][:60]}"
    yield ""
    decides = [[f"{each['words']}: would settle {each['patients']:,}"] for each in document["decides"][:8]]
    yield from section("would decide", decides)
    yield from section("unknown", [[f"{e['count']:,} cells of {e['column']}: {e['why']}"] for e in document["faults"]])
    missing = ", ".join(document["no_column"])
    yield from section("no column", [[f"unknown for everybody: {missing}"]] * bool(missing))
    yield from section("not used", [[f"{each['column']}: {each['why']}"] for each in document["not_used"]])
    demo = " (DEMO: invented settings)" if document["demo"] else ""
    site = f", site {document['site']}{demo}" if document["site"] else ""
    basis = f"{document['protocol']}{site}; pin {document['pin'][:19]}…; {document['engine']}"
    yield from section("basis", [[basis], [document["scope_statement"]]])
