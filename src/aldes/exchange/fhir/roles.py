"""Who judged it: the role behind a performer, where the bundle says it by code."""

from aldes.exchange.fhir.codes import ROLES, codings
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import Chart
from aldes.exchange.fhir.shapes import Resource, part, parts, unknown_modifier, word

MOST_PERFORMERS = 20  # our policy: nobody's judgement has more, and each costs a search


def role_of(entry: Entry, chart: Chart, key: str = "performer") -> str | None:
    """The one role of all performers, or of whom else `key` names; None where it is not certain.

    A Practitioner alone has no role: only a PractitionerRole says in which capacity somebody judged.
    """
    performers = parts(entry.resource, key)
    if len(performers) > MOST_PERFORMERS:
        return None
    roles = {_role(_reference(performer), entry, chart) for performer in performers}
    return roles.pop() if len(roles) == 1 else None


def _reference(performer: Resource) -> Resource:
    """An Observation's performer is a reference, that of an administration holds one as `actor`."""
    return part(performer, "actor") or performer


def _role(reference: Resource, entry: Entry, chart: Chart) -> str | None:
    found = chart.index.resource(reference, entry)
    if found is None or word(found, "resourceType") != "PractitionerRole":
        return None
    if found.get("active") is False or unknown_modifier(found):
        return None
    roles = {ROLES[pair] for concept in parts(found, "code") for pair in codings(concept) if pair in ROLES}
    return roles.pop() if len(roles) == 1 else None
