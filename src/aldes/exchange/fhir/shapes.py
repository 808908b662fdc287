"""Parts of a resource, taken without trust: a part of the wrong shape is as good as absent."""

from aldes.exchange.document import Json

Resource = dict[str, Json]


def part(parent: Resource, key: str) -> Resource:
    """The object under this key; empty where there is none."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def parts(parent: Resource, key: str) -> list[Resource]:
    """The objects in the list under this key."""
    value = parent.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def word(parent: Resource, key: str) -> str:
    """The text under this key; empty where there is none."""
    value = parent.get(key)
    return value if isinstance(value, str) else ""


ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"  # R4, extensions
_READ_PARTS = frozenset(
    {
        *("status", "value", "comparator", "unit", "system", "code", "start", "end"),
        *("effectiveDateTime", "effectiveInstant", "valueBoolean", "valueInteger", "valueString"),
    }
)


def absent_part(tree: Json) -> str:
    """The key of a part that we read and that says, beside its value or instead of it, why there is none."""
    if isinstance(tree, list):
        return next((key for each in tree if (key := absent_part(each))), "")
    if not isinstance(tree, dict):
        return ""
    for key in _READ_PARTS & {name[1:] for name in tree if name.startswith("_")}:
        if any(word(each, "url") == ABSENT for each in parts(part(tree, f"_{key}"), "extension")):
            return key
    inner = (each for name, each in tree.items() if name not in ("contained", "text", "subject", "performer", "note"))
    return next((key for each in inner if (key := absent_part(each))), "")


def unknown_modifier(tree: Json) -> str:
    """The key in this resource that can turn its meaning round, or nothing (hazard H40).

    We know no modifier extension and no implicit rules, so that their presence alone makes a resource unusable.
    Contained resources speak for themselves.
    """
    if isinstance(tree, list):
        return next((key for each in tree if (key := unknown_modifier(each))), "")
    if not isinstance(tree, dict):
        return ""
    own = next((key for key in ("modifierExtension", "implicitRules") if tree.get(key)), "")
    return own or next(
        (key for name, each in tree.items() if name != "contained" and (key := unknown_modifier(each))), ""
    )
