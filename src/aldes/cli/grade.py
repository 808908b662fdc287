"""Grade the adverse events of one record by the CTCAE."""

import json
import sys
from typing import Any

from aldes import ward
from aldes.cli.clock import instant, site_now
from aldes.cli.grade_paper import page
from aldes.cli.next_dose import ASKED_WITH, content
from aldes.exchange import read
from aldes.protocols.read import read as read_protocol


def grade_one(
    file: str, site: str | None, now: str | None, patient: str | None, version: str | None, against: str | None
) -> dict[str, Any]:
    """The grades of one record as a document."""
    clock = instant(now) if now else None
    reading = read(content(file), now=clock or site_now(site), patient_id=patient)
    at = clock or reading.now or site_now(site)
    not_used = [
        {"where": each.where, "what": each.what, "why": each.why, "count": each.count} for each in reading.not_used
    ]
    return ward.grades(
        reading.events,
        read_protocol(ASKED_WITH, site),
        at,
        version=version,
        against=against,
        patient=reading.id or reading.patient,
        not_used=not_used,
        alert=reading.alert,
    )


def show_grades(
    file: str,
    site: str | None,
    now: str | None,
    patient: str | None,
    version: str | None,
    against: str | None,
    as_json: bool,
) -> None:
    """Print the grades, as a document or as a page."""
    document = grade_one(file, site, now, patient, version, against)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(page(document))
