"""The order that goes with a decision: dose and preparation under the site's settings, or why there is none."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from aldes.administration.asking import moment
from aldes.administration.dose import OrderedDose, order
from aldes.administration.preparation import Preparation, prepare
from aldes.course.state import Course
from aldes.errors import AldesError
from aldes.findings.view import View
from aldes.protocols.row import Protocol

NEEDED = ("cap_kg", "round_to_miu", "usable_ml_per_vial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A dose with its preparation, or the sentence that says what stands in the way."""

    dose: OrderedDose | None = None
    preparation: Preparation | None = None
    why_not: str = ""


def order_for(course: Course, protocol: Protocol, now: datetime, prepared_at: datetime | None = None) -> Order:
    """The dose of this course at `now`, from its dosing weight and the site's settings. It never raises."""
    if missing := [each for each in NEEDED if each not in protocol.settings]:
        return Order(
            why_not=f"site setting {', '.join(missing)} is not set; the site settles it before a dose is ordered"
        )
    weight = moment(course, protocol, now).look("dosing_weight", View.VALID)
    if not isinstance(weight.value, Decimal):
        return Order(
            why_not=f"the dosing weight is not known ({weight.why}); prescriber and pharmacist pin it for the cycle"
        )
    if protocol.dose is None or protocol.preparation is None:
        return Order(why_not=f"{protocol.id} says no dose; choose a protocol that is for the bedside")
    try:
        cap, step = (_setting(protocol.settings[each]) for each in ("cap_kg", "round_to_miu"))
        ordered = order(weight.value, protocol.dose, round_to_miu=step, cap_kg=cap)
        usable = Decimal(protocol.settings["usable_ml_per_vial"])
        rules = (protocol.preparation, protocol.dose)
        return Order(
            dose=ordered, preparation=prepare(ordered.dose, *rules, usable_ml_per_vial=usable, prepared_at=prepared_at)
        )
    except (AldesError, InvalidOperation) as fault:
        return Order(why_not=str(fault))


def _setting(text: str) -> Decimal | None:
    """A number, or the site's word that there is none."""
    return None if text == "none" else Decimal(text)
