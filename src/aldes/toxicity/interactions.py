"""The patient's drugs held against the rows of interactions. What cannot be checked is never silently fine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aldes.course.medication import Medication, MedicationKind
from aldes.phase import Phase
from aldes.protocols.interaction import ATC, ATC_CODE, Interaction
from aldes.questions.answer import UNKNOWN, YES
from aldes.toxicity.at import Bedside

NO_CODE = "It has no code of the ATC index that we can read. Look it up by hand, or send its ATC code."
WIDE = "Its code stands for a class of which only a part interacts. Look it up by hand, or send the drug's own code."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row and a drug that it names."""

    row: Interaction
    medication: Medication
    why: str  # why it counts as in or out of the row's window


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChecked:
    """A drug that could not be checked, against some rows or against any."""

    medication: Medication
    why: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """Every drug of the record, as one of these; nothing is left out."""

    listed: tuple[Listed, ...]
    past: tuple[Listed, ...]  # named by a row, outside the window in which it matters
    not_checked: tuple[NotChecked, ...]
    checked: int  # drugs that no row names
    no_list: bool  # the record holds no drug: nothing was checked


def interactions(bed: Bedside) -> Interactions:
    """What interacts, what did, and what could not be checked."""
    drugs = tuple(bed.course.medications.values())
    named = [each for drug in drugs for each in _named(bed, drug)]
    missing = [each for drug in drugs for each in _unchecked(bed, drug)]
    told = {each.medication.id for _, each in named} | {each.medication.id for each in missing}
    return Interactions(
        listed=tuple(each for inside, each in named if inside),
        past=tuple(each for inside, each in named if not inside),
        not_checked=tuple(missing),
        checked=sum(drug.id not in told for drug in drugs),
        no_list=not drugs,
    )


def _named(bed: Bedside, drug: Medication) -> Iterator[tuple[bool, Listed]]:
    for row in bed.protocol.interactions:
        if row.concerns(drug.codes) is YES:
            inside, why = _window(bed, row, drug)
            yield inside, Listed(row=row, medication=drug, why=why)


def _unchecked(bed: Bedside, drug: Medication) -> Iterator[NotChecked]:
    if drug.doubt:
        yield NotChecked(medication=drug, why=drug.doubt)
    elif not any(system == ATC and ATC_CODE.fullmatch(code) for system, code in drug.codes):
        if not any(row.concerns(drug.codes) is YES for row in bed.protocol.interactions):
            yield NotChecked(medication=drug, why=NO_CODE)
    elif rows := tuple(row.id for row in bed.protocol.interactions if row.concerns(drug.codes) is UNKNOWN):
        yield NotChecked(medication=drug, why=WIDE, rows=rows)


def _window(bed: Bedside, row: Interaction, drug: Medication) -> tuple[bool, str]:
    """Whether a drug lies in the window in which the row matters; a time that is not known never rules it out."""
    ended = drug.end or (drug.start if drug.kind is MedicationKind.GIVEN else None)
    if drug.over and ended is None:
        return True, "it is over, but since when the list does not say"
    if row.after_days is not None:
        return _after(bed, row, drug, ended)
    begins = (bed.moment.cycle_start or bed.since or bed.now) - timedelta(days=float(row.before_days or 0))
    if ended is not None and ended < begins:
        return False, f"it ended on {_day(ended)}, before this cycle"
    home = bed.course.discharged_at
    if bed.phase is Phase.DISCHARGED and home and drug.start and drug.start > home:
        return False, f"it began on {_day(drug.start)}, after discharge"
    return True, _on_list(drug)


def _after(bed: Bedside, row: Interaction, drug: Medication, ended: datetime | None) -> tuple[bool, str]:
    """A row about what is given after the doses: from the first dose of the course to so many days after the last."""
    first, last, days = bed.moment.course_start, bed.moment.last_dose, row.after_days or 0
    if first is None or last is None:
        return (True, "on the list, and a dose may follow") if ended is None else (False, "before any dose")
    if ended is not None and ended < first:
        return False, f"on {_day(ended)}, before the first dose"
    if drug.start and drug.start > last + timedelta(days=float(days)):
        return False, f"on {_day(drug.start)}, more than {days} days after the last dose of {_day(last)}"
    return True, f"{_on_list(drug)}; last dose on {_day(last)}"


def _on_list(drug: Medication) -> str:
    if drug.start is None and drug.end is None:
        return f"{drug.kind.value}, without a time"
    if drug.kind is MedicationKind.GIVEN and drug.start:
        return f"given on {_day(drug.start)}"
    began = f"since {_day(drug.start)}" if drug.start else ""
    return " ".join(part for part in (drug.kind.value, began, f"until {_day(drug.end)}" if drug.end else "") if part)


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
