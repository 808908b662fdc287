"""Codes: always matched by system and code together, never by text."""

from aldes.exchange.fhir.shapes import Resource, parts, word
from aldes.exchange.text import code_shown
from aldes.findings.read import LOINC, OWN, SNOMED, vocabulary
from aldes.protocols.interaction import ATC

UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"

Coding = tuple[str, str]  # system, code

# WHO ATC index, L03AC01; RxNorm ingredient 70223 (second-hand: read in a copy of RxNorm data)
ALDESLEUKIN: frozenset[Coding] = frozenset({(ATC, "L03AC01"), (RXNORM, "70223")})
PRESSURE_PANELS: frozenset[Coding] = frozenset({(LOINC, "85354-9"), (LOINC, "55284-4")})
YES_OR_NO: dict[Coding, bool] = {  # SNOMED CT: yes, no, positive, negative
    (SNOMED, "373066001"): True,
    (SNOMED, "373067005"): False,
    (SNOMED, "10828004"): True,
    (SNOMED, "260385009"): False,
}
ROLES: dict[Coding, str] = {  # SNOMED CT, occupation
    (SNOMED, "309343006"): "physician",
    (SNOMED, "224535009"): "nurse",
    (SNOMED, "46255001"): "pharmacist",
}
CONDITION_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ENCOUNTER_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
INPATIENT = frozenset({"IMP", "ACUTE", "NONAC"})  # v3 ActCode: inpatient encounter and its two kinds

_SYSTEM_NAMES = {LOINC: "LOINC", SNOMED: "SNOMED", UCUM: "UCUM", ATC: "ATC", OWN: "own code"}


def codings(concept: Resource) -> list[Coding]:
    """System and code of every coding of a CodeableConcept that has both."""
    pairs = ((word(each, "system"), word(each, "code")) for each in parts(concept, "coding"))
    return [(system, code) for system, code in pairs if system and code]


def findings_of(concept: Resource) -> list[str]:
    """The findings that a code leads to, each once."""
    by_code = vocabulary().by_code
    return list(dict.fromkeys(by_code[pair] for pair in codings(concept) if pair in by_code))


def statement_of(concept: Resource) -> str | None:
    """The system that a statement's own code names, known or not; None where it is no statement."""
    named = (code.partition(".") for system, code in codings(concept) if system == OWN)
    return next((organ for word_, _, organ in named if word_ == "statement"), None)


def shown(concept: Resource) -> str:
    """A code as a report may repeat it, never its text."""
    for system, code in codings(concept):
        return f"{_SYSTEM_NAMES.get(system, 'system ' + code_shown(system))} {code_shown(code)}"
    if parts(concept, "coding"):
        return "a code without its system"
    return "a code as text only" if word(concept, "text") else "no code"
