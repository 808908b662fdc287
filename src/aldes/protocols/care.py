"""What a protocol's own source says to do about a finding: advice, and where it is exact, a nurse's action."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from aldes.errors import ProtocolError, nearest
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Kind
from aldes.phase import Phase
from aldes.protocols.fields import Fields, known_keys, positive
from aldes.protocols.monitor import phases
from aldes.protocols.row import Cited
from aldes.questions.tree import Question

_KEYS = ("id", "words", "source", "status", "signed", "when", "not_if", "not_if_source", "advice")
_FLUID, _DRUG = ("fluid_ml", "over_min"), ("drug", "start", "step", "max", "unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fluid:
    """So much fluid over so long."""

    fluid_ml: Decimal
    over_min: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Titration:
    """A drug begun at a rate, raised step by step up to a greatest rate."""

    drug: str  # a finding of the vocabulary: the rate as the record charts it
    start: Decimal
    step: Decimal
    max: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What must be known to be absent before a step is offered."""

    question: Question
    text: str
    source: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Care(Cited):
    """One step of care for what is present. It stands beside the decision and never changes it."""

    text: str
    question: Question
    advice: str
    not_if: Exclusion | None = None
    do: Fluid | Titration | None = None
    recheck_min: Decimal | None = None
    phases: tuple[Phase, ...] = ()  # empty: whenever it is present


@dataclass(frozen=True, slots=True, kw_only=True)
class Premedication(Cited):
    """One thing that is begun before the doses, or given around them, whether or not anything is present."""

    advice: str
    phases: tuple[Phase, ...]
    not_if: Exclusion | None = None


def read_care(fields: Fields) -> Care:
    """One [[care]] block."""
    fields.known((*_KEYS, "do", "recheck_min", "phases"))
    minutes = fields.table.get("recheck_min")
    return Care(
        **fields.cited(),
        text=fields.predicate("when"),
        question=fields.needed("when", worse=None),
        advice=fields.text("advice"),
        not_if=_exclusion(fields),
        do=_action(fields),
        recheck_min=None if minutes is None else positive(minutes, f"{fields.where}recheck_min"),
        phases=phases(fields, ()),
    )


def read_premedication(fields: Fields) -> Premedication:
    """One [[premedication]] block."""
    fields.known([key for key in (*_KEYS, "phases") if key != "when"])
    return Premedication(
        **fields.cited(),
        advice=fields.text("advice"),
        phases=phases(fields, (Phase.ADMITTED, Phase.TREATING)),
        not_if=_exclusion(fields),
    )


def _exclusion(fields: Fields) -> Exclusion | None:
    """Another source may only forbid a step, never add one: then `not_if_source` names it."""
    question = fields.question("not_if", worse=None)
    if question is None:
        return None
    key = "not_if_source" if "not_if_source" in fields.table else "source"
    return Exclusion(question=question, text=fields.predicate("not_if"), source=fields.citation(key))


def _action(fields: Fields) -> Fluid | Titration | None:
    """An exact action; whatever of it the source leaves open belongs into the advice, not here."""
    came, where = fields.table.get("do"), f"{fields.where}do: "
    if came is None:
        return None
    keys = _DRUG if isinstance(came, Mapping) and "drug" in came else _FLUID
    known_keys(came, keys, where)
    for key in keys:
        if key not in came:
            raise ProtocolError(f"{where}'{key}' is missing; an action is {', '.join(keys)}, each of them exact.")
    if keys is _FLUID:
        return Fluid(**{key: positive(came[key], f"{where}{key}") for key in _FLUID})
    return _titration(came, where)


def _titration(came: Mapping[str, object], where: str) -> Titration:
    rates = [
        each.name for each in vocabulary().findings.values() if each.group is Group.SUPPORT and each.kind is Kind.NUMBER
    ]
    drug, unit = str(came["drug"]), str(came["unit"])
    if drug not in rates:
        raise ProtocolError(f"{where}'{drug}' is no rate of the vocabulary ({', '.join(rates)}).{nearest(drug, rates)}")
    if unit != vocabulary()[drug].unit:
        raise ProtocolError(f"{where}{drug} is charted in {vocabulary()[drug].unit}; write the rates and the unit so.")
    start, step, most = (positive(came[key], f"{where}{key}") for key in ("start", "step", "max"))
    if start > most:
        raise ProtocolError(f"{where}it begins above its greatest rate; compare both with the source.")
    return Titration(drug=drug, start=start, step=step, max=most, unit=unit)
