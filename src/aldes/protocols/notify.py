"""When a protocol wants a clinician told. A threshold is off until the site has confirmed its limit and its units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.protocols.fields import Fields
from aldes.protocols.row import Cited
from aldes.questions.tree import Question, names

_KEYS = ("id", "words", "source", "status", "signed", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(Cited):
    """One condition of which a clinician is told, once, and again only when it becomes worse."""

    text: str
    question: Question
    confirmed: str = ""  # by whom and when the site confirmed limit and units; empty: the threshold is off


def read_notify(fields: Fields) -> Notify:
    """One [[notify]] block."""
    fields.known(_KEYS)
    return Notify(**fields.cited(), text=fields.predicate("when"), question=fields.needed("when", worse=None))


def confirm(row: Notify, fields: Fields) -> Notify:
    """The row switched on by the site's [[confirm]], which repeats its limit and the units that its numbers are in.

    Raises
    ------
    ProtocolError
        When limit or units are not those of the row: what was confirmed was another threshold.
    """
    fields.known(("row", "asks", "units", "by", "date"))
    asks, units = " ".join(fields.text("asks").split()), fields.table.get("units", {})
    if asks != row.text:
        raise ProtocolError(f"{fields.where}it confirms '{asks}', but the row asks '{row.text}'; compare the two.")
    own = _units(row)
    if not isinstance(units, Mapping) or dict(units) != own:
        wanted = ", ".join(f'{name} = "{unit}"' for name, unit in own.items())
        raise ProtocolError(
            f"{fields.where}it confirms other units than the row's; compare, then write units = {{ {wanted} }}."
        )
    return replace(row, confirmed=f"{fields.text('by')}, {fields.text('date')}")


def _units(row: Notify) -> dict[str, str]:
    found = (vocabulary()[name.finding] for name in names(row.question))
    return {finding.name: finding.unit for finding in found if finding.unit}
