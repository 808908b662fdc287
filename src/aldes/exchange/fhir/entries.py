"""The entries of a bundle, each with its place and with what makes it unusable."""

import re
from dataclasses import dataclass, replace

from aldes.errors import InputError
from aldes.exchange.document import fingerprint
from aldes.exchange.fhir.shapes import Resource, absent_part, part, parts, unknown_modifier, word
from aldes.exchange.reading import Notes
from aldes.exchange.text import code_shown

MOST_ENTRIES = 5_000  # our policy (hazard H76); the largest real patient bundle that we know has about 3,000
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")  # R4, datatypes, id
LONGEST_TYPE = 64  # characters; R4 has none beyond 33


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry with its resource."""

    index: int
    full_url: str
    resource: Resource
    unusable: str = ""  # why nothing in it may be believed: an unknown modifier
    doubt: str = ""  # why it may not answer no
    twice: bool = False  # another entry says something else under its id

    @property
    def type(self) -> str:
        """The resource's type, or nothing; it is shown where the resource is not used (hazard H81)."""
        own = word(self.resource, "resourceType")
        return (
            own if not own or (own.isascii() and own.isalnum() and len(own) <= LONGEST_TYPE) else "an unreadable type"
        )

    @property
    def id(self) -> str:
        """The resource's logical id, or nothing where it is none by the specification."""
        own = word(self.resource, "id")
        return own if _ID.fullmatch(own) else ""

    @property
    def key(self) -> str:
        """What the record calls it: type and id; where these are missing or not its own, a name from its content.

        An id that is charted again replaces what it charted before, so two contents must never share one.
        """
        known = f"{self.type}/{self.id}" if self.id else code_shown(self.type).strip("'")
        return known if self.id and not self.twice else f"{known}~{fingerprint(self.resource)}"

    @property
    def name(self) -> str:
        """Type and logical id: what an earlier import called it; nothing without an id."""
        return f"{self.type}/{self.id}" if self.id else ""

    @property
    def where(self) -> str:
        """Its place for a report. A patient's id may be a record number: it is left out."""
        place = f"Bundle.entry[{self.index}]"
        return f"{place}, {self.type}/{self.id}" if self.id and self.type != "Patient" else place


def entries_of(bundle: Resource, notes: Notes) -> list[Entry]:
    """The entries that hold a resource; an identical repetition is left out.

    Raises
    ------
    InputError
        When it is no bundle, has too many entries, or stands under rules that we do not know.
    """
    _check(bundle)
    found: list[Entry] = []
    came = bundle.get("entry", [])
    for index, each in enumerate(came if isinstance(came, list) else []):
        entry = _entry(index, each, notes)
        if entry is not None:
            found.append(entry)
    return _once(found, notes)


def _check(bundle: Resource) -> None:
    if word(bundle, "resourceType") != "Bundle":
        raise InputError("The input is not a FHIR bundle. We read a Bundle of R4 resources. Send the record as one.")
    if not isinstance(bundle.get("entry", []), list):
        raise InputError("The bundle's entries are not a list. We read a Bundle of R4 resources. Check its source.")
    if len(parts(bundle, "entry")) > MOST_ENTRIES:
        raise InputError(
            f"The bundle has more than {MOST_ENTRIES:,} entries. Send one patient, and only what is asked."
        )
    if bundle.get("implicitRules") or bundle.get("modifierExtension"):
        raise InputError(
            "The bundle stands under implicit rules or a modifier that we do not know, so that nothing in it can be "
            "believed. Send it without them."
        )


def _entry(index: int, came: object, notes: Notes) -> Entry | None:
    place = f"Bundle.entry[{index}]"
    if not isinstance(came, dict):
        notes.skip(place, "an entry that is not an object", "We read entries with a resource.")
        return None
    resource = part(came, "resource")
    if not word(resource, "resourceType"):
        notes.skip(place, "an entry without a resource", "Deletions, responses and empty entries hold nothing to read.")
        return None
    if word(part(came, "request"), "method") == "DELETE":
        notes.skip(place, "a deletion", "A deleted resource is not read. Retract it as entered-in-error.")
        return None
    modifier = unknown_modifier(resource) or ("modifierExtension" if came.get("modifierExtension") else "")
    unusable = f"It carries {modifier}, which may turn its meaning round. We know none. Send it without." * bool(
        modifier
    )
    absent = absent_part(resource) if word(resource, "resourceType") != "Patient" else ""
    doubt = f"It says that its {absent} is absent. Send it, or leave the entry out." * bool(absent)
    return Entry(index=index, full_url=word(came, "fullUrl"), resource=resource, unusable=unusable, doubt=doubt)


def _once(entries: list[Entry], notes: Notes) -> list[Entry]:
    """Identical repetitions once; different contents under one type and id are all in doubt."""
    first: dict[tuple[str, str], Entry] = {}
    doubtful: set[tuple[str, str]] = set()
    kept: list[Entry] = []
    for entry in entries:
        key = (entry.type, entry.id)
        earlier = first.setdefault(key, entry) if entry.id else entry
        if earlier is not entry and earlier.resource == entry.resource:
            notes.skip(entry.where, code_shown(entry.type), "The same resource came before. It was read once.")
            continue
        if earlier is not entry:
            doubtful.add(key)
        kept.append(entry)
    doubt = "Another entry has the same type and id but says something else. Send the version that holds."
    return [replace(entry, doubt=doubt, twice=True) if (entry.type, entry.id) in doubtful else entry for entry in kept]
