"""The response document as a page of plain text: best response first, then every cell with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from aldes.cli.paper import number_of, section

Document = Mapping[str, Any]

SHAPES = {"CR": "( ✓ )", "PR": "( ↘ )", "SD": "[ = ]", "non-CR/non-PD": "[ = ]", "PD": "< ↗ >", "NE": "{ ? }"}
WORDS = {
    "CR": "complete response",
    "PR": "partial response",
    "SD": "stable disease",
    "non-CR/non-PD": "neither complete response nor progression",
    "PD": "progression",
    "NE": "not evaluable",
}


def page(document: Document) -> Iterator[str]:
    """The whole document, for reading."""
    yield from (f"! {each}" for each in document["alert"])
    for patient in document["patients"]:
        yield from _patient(patient)
        yield ""
    if document["next_course"] is not None:
        yield from _verdict(document["next_course"])
    yield from section("switches", [[_switch(each)] for each in document["switches"]])
    yield from section("not used", [[f"{e['what']}, {e['where']}: {e['why']}"] for e in document["not_used"]])
    basis = f"{document['criteria']}; {document['engine']}"
    yield from section("basis", [[basis], [document["scope_statement"]]])


def _patient(patient: Document) -> Iterator[str]:
    best, confirmed = patient["best"]["unconfirmed"], patient["best"]["confirmed"]
    name = f"{patient['patient']}: " if patient["patient"] else ""
    yield f"{SHAPES[best['response']]} {name}best response {WORDS[best['response']]}".upper()
    yield f"      with confirmation {WORDS[confirmed['response']]} ({confirmed['why']})"
    yield from section("best", [[f"{best['response']}: {best['why']}"]])
    yield from section("progression", [[f"first seen on {patient['progression']}"]] * bool(patient["progression"]))
    yield from section("free of it", [[_duration(patient["progression_free"])]])
    yield from section("in response", [[each] for each in _lasting(patient)])
    yield from section("baseline", [[_baseline(patient["baseline"])]])
    yield from section("lesions", [[_lesion(each)] for each in patient["baseline"]["lesions"]])
    yield from section("time points", [_point(each) for each in patient["time_points"]])
    yield from section("iRECIST", list(_immune(patient["irecist"])) if patient["irecist"] else [])
    yield from section("next course", [_next(patient["next_course"])])
    yield from section("look at", [[each] for each in patient["doubts"]])


def _lasting(patient: Document) -> Iterator[str]:
    found = patient["response_duration"]
    for name in ("unconfirmed", "confirmed"):
        if found[name] is not None:
            yield f"{name}: {_duration(found[name])}"
    if patient["stable_duration"] is not None:
        yield f"stable: {_duration(patient['stable_duration'])}"


def _duration(found: Document) -> str:
    ends = "until" if found["event"] else "at least until"
    length = f"{found['days']} days (about {number_of(found['months'])} months)"
    censored = "" if found["event"] else ", censored"
    return f"{length}, from {found['since']} {ends} {found['until']}: {found['why']}{censored}"


def _baseline(found: Document) -> str:
    total = "no target lesion" if found["sum_mm"] is None else f"sum of diameters {number_of(found['sum_mm'])} mm"
    return f"{found['day']}: {total}"


def _lesion(lesion: Document) -> str:
    size = "not measured" if lesion["mm"] is None else f"{number_of(lesion['mm'])} mm ({lesion['axis']} axis)"
    return f"{lesion['lesion']}  {lesion['organ']}, {lesion['kind']}, {size}: {lesion['role']}; {lesion['why']}"


def _point(point: Document) -> list[str]:
    after = "" if point["counts"] else "  [after progression or another therapy: not counted]"
    new = ", ".join(point["new"]) or "none"
    perhaps = f"; perhaps {', '.join(point['equivocal'])}" if point["equivocal"] else ""
    return [
        f"{point['day']}  {point['overall']}  {point['row']}{after}",
        f"targets {point['targets']['response']}: {point['targets']['why']}",
        f"non-targets {point['non_targets']['response']}: {point['non_targets']['why']}",
        f"new lesions: {new}{perhaps}",
        f"{point['timing']}; because: {point['why']}",
    ]


def _immune(found: Document) -> Iterator[list[str]]:
    yield [f"best {found['best']}: {found['why']}", f"free of progression {_duration(found['progression_free'])}"]
    for each in found["time_points"]:
        yield [f"{each['day']}  {each['overall']}: {each['why']}"]


def _next(found: Document) -> list[str]:
    words = {"yes": "it shrank", "no": "no shrinkage that counts", "unknown": "whether it shrank is unknown"}
    due = f"; imaging after course {found['since_course']} due about {found['scan_due']}" if found["scan_due"] else ""
    return [
        f"since course {found['since_course']}: {words[found['shrank']]}: {found['why']}{due}",
        f"shrinkage and no bar are what the label asks; a physician decides. source: {found['source']}",
    ]


def _verdict(found: Document) -> Iterator[str]:
    rows = {each["row"]: each for each in found["rows"]}
    yield f"A NEXT COURSE BY {found['protocol']}: {found['words'].upper()}"
    because = [[f"{id}  {rows[id]['words']}" if id in rows else id] for id in found["because"]]
    yield from section("because", because)
    yield ""


def _switch(switch: Document) -> str:
    mark = " [changed]" if switch["changed"] else ""
    return f"{switch['name']} = {switch['value']}{mark}: {switch['words']} ({switch['source']}; {switch['status']})"
