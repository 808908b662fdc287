"""References between the entries of one bundle. Nothing outside it is ever fetched (hazard H73)."""

import re
from collections import defaultdict
from collections.abc import Sequence

from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.shapes import Resource, part, parts, word

MOST_CANDIDATES = 10  # our policy: more entries under one id are ambiguous anyway, and would only cost time
_RELATIVE = re.compile(r"([A-Za-z]+)/([A-Za-z0-9.-]{1,64})")
_REST = re.compile(r"(https?://.+)/([A-Za-z]+)/([A-Za-z0-9.-]{1,64})")


class Index:
    """Finds the one entry that a reference means; where there are none or several, it finds none."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_url: dict[str, list[Entry]] = defaultdict(list)
        self._by_id: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._by_identifier: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.full_url:
                self._by_url[entry.full_url].append(entry)
            if entry.id:
                self._by_id[entry.type, entry.id].append(entry)
            for identifier in parts(entry.resource, "identifier"):
                self._by_identifier[_pair(identifier)].append(entry)

    def entry(self, reference: Resource, source: Entry) -> Entry | None:
        """The entry of this bundle that a reference in `source` means.

        By urn, absolute (only where an entry has that very fullUrl), relative, or by identifier alone. Conditional
        and versioned references are not guessed; a contained resource is no entry.
        """
        target = word(reference, "reference")
        if target:
            return _only(self._by_url.get(target, []) if ":" in target else self._relative(target, source))
        pair = _pair(part(reference, "identifier"))
        wanted = word(reference, "type")
        found = self._by_identifier.get(pair, []) if all(pair) else []
        return _only([each for each in found if wanted in ("", each.type)])

    def resource(self, reference: Resource, source: Entry) -> Resource | None:
        """The resource that a reference means: contained in `source`, or an entry of its own."""
        target = word(reference, "reference")
        if target.startswith("#"):
            inside = [each for each in parts(source.resource, "contained") if "#" + word(each, "id") == target]
            return inside[0] if len(inside) == 1 else None
        entry = self.entry(reference, source)
        return None if entry is None or entry.unusable or entry.doubt else entry.resource

    def _relative(self, target: str, source: Entry) -> list[Entry]:
        """Entries of that type and id, on the source's own server where both say where they come from."""
        match = _RELATIVE.fullmatch(target)
        if match is None:
            return []
        base = _base(source)
        found = self._by_id.get((match[1], match[2]), [])
        if len(found) > MOST_CANDIDATES:
            return []
        return [each for each in found if not base or _base(each) in ("", base)]


def _base(entry: Entry) -> str:
    match = _REST.fullmatch(entry.full_url)
    return match[1] if match else ""


def _pair(identifier: Resource) -> tuple[str, str]:
    return word(identifier, "system"), word(identifier, "value")


def _only(found: list[Entry]) -> Entry | None:
    return found[0] if len(found) == 1 else None
