"""One dose and how it is prepared, as a protocol's source says it: editions of the label differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aldes.errors import ProtocolError
from aldes.evidence.register import read_register
from aldes.protocols.fields import Fields, positive, tables

# Our policy (hazard H02): no protocol doses outside these, and neither does an order after the site's rounding.
LEAST_IU_PER_KG, MOST_IU_PER_KG = 500_000, 700_000
PLACES = ("bench", "bedside")
FILLED = ("vials", "volume", "dose", "bag", "diluent")  # what a step's words may leave to the dose at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """The unit dose; it is never reduced, so a protocol has one."""

    iu_per_kg: int
    over_min: Decimal
    fact: str  # of the register


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """The bag of one band of doses. Without `ml` the source wants another volume and does not say which."""

    up_to_miu: Decimal | None  # included; None in the last band
    up_to_mg: Decimal | None  # included, where the source prints milligrams only
    ml: Decimal | None
    below_ml: Decimal | None  # of a band without a volume: the volume that it must stay below
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One step at the bench or at the bed, with the facts that it rests on."""

    at: str
    words: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """From the vial to the end of the infusion."""

    words: str
    miu_per_ml: Decimal  # of a reconstituted vial
    diluent: str
    bags: tuple[Bag, ...]
    least_mg_per_ml: Decimal
    most_mg_per_ml: Decimal
    keeps_h: Decimal  # from preparation to the end of the infusion
    steps: tuple[Work, ...]


def read_dosing(fields: Fields) -> Dosing:
    """The [dose] table."""
    fields.known(("iu_per_kg", "over_min", "fact"))
    if fields.whole("iu_per_kg", most=MOST_IU_PER_KG) < LEAST_IU_PER_KG:
        raise ProtocolError(
            f"{fields.where}iu_per_kg must be {LEAST_IU_PER_KG:,} to {MOST_IU_PER_KG:,}; the dose is never reduced."
        )
    return Dosing(
        iu_per_kg=fields.whole("iu_per_kg", most=MOST_IU_PER_KG),
        over_min=_number(fields, "over_min"),
        fact=_fact(fields, fields.text("fact")),
    )


def read_preparing(fields: Fields) -> Preparing:
    """The [preparation] table."""
    fields.known(("words", "miu_per_ml", "diluent", "bags", "least_mg_per_ml", "most_mg_per_ml", "keeps_h", "step"))
    made = Preparing(
        words=fields.text("words"),
        miu_per_ml=_number(fields, "miu_per_ml"),
        diluent=fields.text("diluent"),
        bags=_bags(fields),
        least_mg_per_ml=_number(fields, "least_mg_per_ml"),
        most_mg_per_ml=_number(fields, "most_mg_per_ml"),
        keeps_h=_number(fields, "keeps_h"),
        steps=tuple(_work(fields, each) for each in tables(fields.table, "step", fields.where)),
    )
    if made.least_mg_per_ml >= made.most_mg_per_ml:
        raise ProtocolError(f"{fields.where}least_mg_per_ml lies below most_mg_per_ml; compare both with the source.")
    return made


def _bags(fields: Fields) -> tuple[Bag, ...]:
    """Bands in order of the dose; the last one has no upper end, so that no dose falls out."""
    bags = tuple(_bag(fields, each) for each in tables(fields.table, "bags", fields.where))
    open_ones = [each for each in bags if each.up_to_miu is None and each.up_to_mg is None]
    ends = [each.up_to_miu for each in bags if each.up_to_miu is not None]
    if not bags or open_ones != [bags[-1]] or ends != sorted(set(ends)):
        raise ProtocolError(f"{fields.where}bags are bands in order of the dose, and only the last has no upper end.")
    return bags


def _bag(fields: Fields, came: Mapping[str, Any]) -> Bag:
    band = Fields(came, f"{fields.where}bags: ", {})
    band.known(("up_to_miu", "up_to_mg", "ml", "below_ml", "fact"))
    numbers = {key: _optional(band, key) for key in ("up_to_miu", "up_to_mg", "ml", "below_ml")}
    if (numbers["ml"] is None) is (numbers["below_ml"] is None):
        raise ProtocolError(f"{band.where}a band has ml, or below_ml where the source gives no volume.")
    return Bag(**numbers, fact=_fact(band, band.text("fact")))


def _work(fields: Fields, came: Mapping[str, Any]) -> Work:
    step = Fields(came, f"{fields.where}step: ", {})
    step.known(("at", "words", "facts"))
    at, words = step.text("at"), step.text("words")
    if at not in PLACES:
        raise ProtocolError(f"{step.where}a step is done at the {' or at the '.join(PLACES)}; '{at}' stands there.")
    try:
        words.format(**dict.fromkeys(FILLED, ""))
    except (KeyError, IndexError, ValueError):
        raise ProtocolError(f"{step.where}its words may leave {', '.join(FILLED)} open, in curly brackets.") from None
    return Work(at=at, words=words, facts=tuple(_fact(step, each) for each in step.listed("facts")))


def _number(fields: Fields, key: str) -> Decimal:
    return positive(fields.table.get(key), f"{fields.where}{key}")


def _optional(fields: Fields, key: str) -> Decimal | None:
    return _number(fields, key) if key in fields.table else None


def _fact(fields: Fields, id: str) -> str:
    try:
        return read_register().fact(id).id
    except ProtocolError as fault:
        raise ProtocolError(f"{fields.where}{fault}") from None
