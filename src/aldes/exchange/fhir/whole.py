"""Whether a bundle is the whole record: what it lacks, or hides where no reader looks, holds a dose."""

from decimal import Decimal

from aldes.exchange.fhir.codes import ALDESLEUKIN, codings, findings_of
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.reading import Notes

_CHARTING = ("Observation", "Condition", "MedicationAdministration")
_MISSING = frozenset({"error", "fatal"})  # severities of an issue (R4, OperationOutcome)
_OBJECTS = ("code", "subject", "medicationCodeableConcept", "clinicalStatus", "verificationStatus")


def warn_of_missing(bundle: Resource, notes: Notes) -> None:
    """A page of a longer answer, or a search that failed in part, lacks what may be the newest."""
    if any(word(link, "relation") == "next" for link in parts(bundle, "link")):
        notes.warn("Bundle.link", "a bundle of several pages", "More pages follow this one. Send the whole record.")
    total, entries = bundle.get("total"), bundle.get("entry")
    if isinstance(total, Decimal) and total > (len(entries) if isinstance(entries, list) else 0):
        notes.warn("Bundle.total", "a bundle with fewer entries than its total", "Some are missing. Send them all.")


def warn_of_hidden(entry: Entry, notes: Notes) -> None:
    """What stands where no reader looks: a failed search, another bundle, contained results, a shape that is none."""
    resource = entry.resource
    if entry.type == "OperationOutcome" and any(
        word(each, "severity") in _MISSING for each in parts(resource, "issue")
    ):
        notes.warn(entry.where, entry.type, "The search that made this bundle failed in part. Ask again.")
    if entry.type == "Bundle":
        notes.warn(entry.where, entry.type, "A bundle within the bundle is not read. Send its entries.")
    if any(_charts(inside) for inside in parts(resource, "contained")):
        notes.warn(
            entry.where, "a contained result", "What is contained in another resource is not read. Send it as an entry."
        )
    near = [kind for kind in _CHARTING if entry.type != kind and entry.type.casefold() == kind.casefold()]
    if near:
        notes.warn(entry.where, "a misspelt type", f"Types are written exactly. Did you mean '{near[0]}'?")
    if entry.type in _CHARTING and (key := _misshapen(resource)):
        notes.warn(
            entry.where, entry.type, f"Its {key} has another form than R4 gives it, so that it may be lost. Correct it."
        )


def _charts(resource: Resource) -> bool:
    """Whether a contained resource says something that we would have read as an entry."""
    if word(resource, "resourceType") not in _CHARTING:
        return False
    concepts = [part(resource, "code"), part(resource, "medicationCodeableConcept")]
    concepts += [part(each, "code") for each in parts(resource, "component")]
    return any(findings_of(each) or not ALDESLEUKIN.isdisjoint(codings(each)) for each in concepts)


def _misshapen(resource: Resource) -> str:
    """A part on which it hangs whether an entry is read at all, in a form that it cannot have."""
    for key in _OBJECTS:
        if key in resource and not isinstance(resource[key], dict):
            return key
    components = resource.get("component", [])
    if not isinstance(components, list) or len(parts(resource, "component")) < len(components):
        return "component"
    concepts = [part(resource, key) for key in _OBJECTS if key != "subject"]
    concepts += [part(each, "code") for each in parts(resource, "component")]
    for concept in concepts:
        listed = concept.get("coding", [])
        if not isinstance(listed, list) or len(parts(concept, "coding")) < len(listed):
            return "coding"
    return ""
