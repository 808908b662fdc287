"""Response by RECIST 1.1: lesions in, the table of time points with reasons, best response, durations, pictures."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aldes import ward
from aldes.cli import exits
from aldes.cli.clock import instant, site_now
from aldes.cli.next_dose import content
from aldes.cli.outputs import picture_path
from aldes.cli.response_paper import page
from aldes.cli.toxicity import Given, asked_of
from aldes.errors import AldesError, InputError
from aldes.exchange.lesions import read_lesions
from aldes.response.history import histories
from aldes.response.lesion import History
from aldes.response.switches import Switches, set_switches

PICTURES = ("waterfall", "spider", "swimmer", "sums")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks of the lesions."""

    file: str
    patient: str | None
    switches: Sequence[str]
    irecist: bool
    now: str | None
    record: str | None
    protocol: str | None
    site: str | None
    as_json: bool
    plot: str | None
    picture: str | None


def show_response(wanted: Wanted) -> int:
    """Print the response of every patient of a file, or of the chosen one; the exit code says what to look at."""
    plot = picture_path(wanted.plot)
    now = instant(wanted.now) if wanted.now else site_now(wanted.site)
    switches = set_switches(wanted.switches)
    came = read_lesions(content(wanted.file), now, wanted.patient)
    found = histories(came.rows, now.date())
    found = found if came.one_patient else _chosen(found, wanted.patient)
    not_used = [{"where": e.where, "what": e.what, "why": e.why, "count": e.count} for e in came.not_used]
    document = ward.responses(found, switches, irecist=wanted.irecist, not_used=not_used, alert=came.alert)
    document["next_course"] = _next_course(wanted, found, switches) if wanted.record else None
    if plot:
        _draw(document, wanted, plot)
    print(json.dumps(document, ensure_ascii=False, indent=2) if wanted.as_json else "\n".join(page(document)))
    return code(document)


def code(document: dict[str, Any]) -> int:
    """With a record the verdict on a next course; else progression is to be looked at, and doubt cannot be told."""
    if document["next_course"] is not None:
        return exits.BY_VERDICT[document["next_course"]["verdict"]]
    patients = document["patients"]
    if any(each["progression"] for each in patients):
        return exits.LOOK
    open_ = any(each["best"]["unconfirmed"]["response"] == "NE" or each["doubts"] for each in patients)
    return exits.UNTOLD if open_ or document["alert"] else exits.GIVE


def _chosen(found: tuple[History, ...], patient: str | None) -> tuple[History, ...]:
    """All histories of a table, or that of the patient who was asked for."""
    if patient is None:
        return found
    chosen = tuple(each for each in found if each.patient == patient)
    if not chosen:
        raise InputError("The file holds no patient of that name. Choose one that it holds, or leave --patient out.")
    return chosen


def _next_course(wanted: Wanted, found: tuple[History, ...], switches: Switches) -> dict[str, Any]:
    if len(found) != 1:
        raise InputError("A record is of one patient, and the lesions are of several. Choose one with --patient.")
    given = Given(str(wanted.record), wanted.protocol, wanted.site, wanted.now, None)
    return ward.next_course(asked_of(given), found[0], switches)


def _draw(document: dict[str, Any], wanted: Wanted, path: Path) -> None:
    """The picture of one patient is the sum over the courses, that of several the waterfall."""
    try:
        from aldes.response import pictures
    except ModuleNotFoundError:
        raise AldesError("Pictures need Matplotlib, which is not here; run: pip install 'aldes[lab]'.") from None
    picture = wanted.picture or ("sums" if len(document["patients"]) == 1 else "waterfall")
    pictures.draw(picture, document, path)
