"""What an observation or one of its components says: number and unit, yes or no, a code, or why nothing usable."""

from dataclasses import dataclass
from decimal import Decimal

from aldes.exchange.document import Json, LongNumber
from aldes.exchange.fhir.codes import UCUM, YES_OR_NO, codings
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.text import code_shown
from aldes.findings.charted import Value
from aldes.findings.read import OWN
from aldes.findings.vocabulary import Finding, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value[x], as far as it can be read."""

    value: Value | None = None
    unit: str | None = None
    comparator: str = ""
    range: tuple[Decimal | None, Decimal | None] | None = None
    faults: tuple[str, ...] = ()


def said(holder: Resource, finding: Finding) -> list[Said]:
    """Each value that a resource or component carries for this finding; one without value when it carries none."""
    keys = [key for key in holder if key.startswith("value") and key[5:6].isupper()]
    absent = _absent(holder)
    if not keys:
        return [Said(faults=(absent or f"No value came for {finding.words}. Chart it again with its value.",))]
    two = ("Two values came in one observation. We read one. Send the one that holds.",) if len(keys) > 1 else ()
    more = (*two, *((absent,) if absent else ()))
    return [_with(_read(key, holder[key], finding), more) for key in keys]


def _absent(holder: Resource) -> str:
    if "dataAbsentReason" not in holder:
        return ""
    codes = [code for _, code in codings(part(holder, "dataAbsentReason"))]
    reason = code_shown(codes[0]) if codes else "no reason by code"
    return f"It says that there is no value: {reason}. Measure or ask again."


def _with(read: Said, faults: tuple[str, ...]) -> Said:
    return Said(
        value=read.value,
        unit=read.unit,
        comparator=read.comparator,
        range=read.range,
        faults=(*faults, *read.faults),
    )


def _read(key: str, came: Json, finding: Finding) -> Said:
    match key:
        case "valueQuantity" if isinstance(came, dict):
            return _quantity(came)
        case "valueRange" if isinstance(came, dict):
            return _range(came)
        case "valueInteger":
            return _integer(came, finding)
        case "valueBoolean" if isinstance(came, bool):
            return Said(value=came)
        case "valueCodeableConcept" if isinstance(came, dict):
            return _coded(came, finding)
        case "valueString" if finding.kind is Kind.CODE and isinstance(came, str):
            return Said(value=came)
    return Said(faults=(f"It came as {_form(key)}, which we do not read for {finding.words}. {_accepted(finding)}",))


_FORMS = {
    "valueQuantity": "a quantity of a wrong shape",
    "valueBoolean": "a boolean of a wrong shape",
    "valueCodeableConcept": "a code of a wrong shape",
    "valueString": "text",
}


def _form(key: str) -> str:
    return _FORMS.get(key, code_shown(key))


def _accepted(finding: Finding) -> str:
    match finding.kind:
        case Kind.NUMBER:
            return f"We read valueQuantity with a UCUM code ({', '.join(finding.units)}). Send it so."
        case Kind.FLAG:
            return "We read valueBoolean, or yes, no, positive or negative by SNOMED code. Send it so."
    return f"We read one of {', '.join(repr(code) for code in finding.codes)}. Send it so."


def _quantity(came: Resource) -> Said:
    value, comparator = came.get("value"), came.get("comparator")
    unit, fault = unit_of(came)
    faults = (fault,) if fault else ()
    if not isinstance(value, Decimal):
        return Said(faults=(*faults, _no_number(value)))
    shown = "" if comparator is None else comparator if isinstance(comparator, str) and comparator else "?"
    return Said(value=value, unit=unit, comparator=shown, faults=faults)


def _no_number(value: Json) -> str:
    match value:
        case None:
            return "The quantity came without a number. Send the number."
        case LongNumber():
            return "The quantity came with a number that no measurement has. Correct it at its source."
    return "The quantity came with text or yes/no in place of a number. We read a JSON number. Send it so."


def unit_of(quantity: Resource) -> tuple[str | None, str]:
    """The UCUM code of a quantity: the code decides and only with its system; the text is for people."""
    code, system = word(quantity, "code"), word(quantity, "system")
    if code and system == UCUM:
        return code, ""
    if code:
        return None, "The unit's code came without the UCUM system. We read UCUM codes. Send the system with it."
    if word(quantity, "unit"):
        return None, "The unit came as text only. We read UCUM codes. Send the code with its system."
    return None, ""


def _range(came: Resource) -> Said:
    low, high = part(came, "low"), part(came, "high")
    ends = [end for end in (low, high) if end]
    units = {unit_of(end)[0] for end in ends}
    numbers = [_end(end) for end in (low, high)]
    if len(units) != 1 or any(end and number is None for end, number in zip((low, high), numbers, strict=True)):
        return Said(faults=("It came as a range whose ends are not two numbers of one unit. Send the number itself.",))
    return Said(range=(numbers[0], numbers[1]), unit=units.pop())


def _end(quantity: Resource) -> Decimal | None:
    value = quantity.get("value")
    return value if isinstance(value, Decimal) and "comparator" not in quantity else None


def _integer(came: Json, finding: Finding) -> Said:
    """An integer has no unit; it is a value only of a finding that has none either."""
    unitless = finding.unit in ("1", "{score}")
    if isinstance(came, Decimal) and came == came.to_integral_value():
        return Said(value=came, unit=finding.unit if unitless else None)
    return Said(faults=("valueInteger came without a whole number. Send the number.",))


def _coded(concept: Resource, finding: Finding) -> Said:
    """A code in our own system or SNOMED's yes and no; codings that disagree say nothing."""
    pairs = codings(concept)
    meant: set[Value]
    if finding.kind is Kind.FLAG:
        meant = {YES_OR_NO[pair] for pair in pairs if pair in YES_OR_NO}
    else:
        meant = {code for system, code in pairs if system == OWN and code in finding.codes}
    if len(meant) == 1:
        return Said(value=meant.pop())
    came = "codes that contradict each other" if meant else "a code that we do not know, or as text only"
    return Said(faults=(f"It came as {came}. {_accepted(finding)}",))


# Positive, detected, reactive, weakly reactive, abnormal (HL7 v3 ObservationInterpretation, recalled).
_FOUND = frozenset({"POS", "DET", "RR", "WR", "A", "AA"})


def judged(holder: Resource, finding: Finding, value: Said) -> Said:
    """The same; a *no* that is interpreted as found contradicts itself, and may hold."""
    codes = {word(each, "code") for concept in parts(holder, "interpretation") for each in parts(concept, "coding")}
    if finding.kind is not Kind.FLAG or value.value is not False or not codes & _FOUND:
        return value
    why = "It says no, and its interpretation says that it was found. Correct one of the two."
    return Said(value=True, faults=(*value.faults, why))


def limits_of(holder: Resource, unit: str | None) -> tuple[Decimal | None, Decimal | None]:
    """The one normal reference range printed with a result, in the unit of its value; else none.

    Several ranges (age, sex, therapeutic) are not chosen among.
    """
    ranges = [each for each in parts(holder, "referenceRange") if _is_normal(each)]
    if len(ranges) != 1:
        return None, None
    return _limit(part(ranges[0], "low"), unit), _limit(part(ranges[0], "high"), unit)


def _is_normal(reference: Resource) -> bool:
    kind = part(reference, "type")
    return not kind or any(code == "normal" for _, code in codings(kind))


def _limit(quantity: Resource, unit: str | None) -> Decimal | None:
    bare = not (word(quantity, "code") or word(quantity, "unit") or word(quantity, "system"))
    return _end(quantity) if bare or unit_of(quantity)[0] == unit else None
