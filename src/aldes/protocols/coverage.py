"""Coverage: for each topic of the bedside a row, or a signed reason why no row answers for it."""

from collections.abc import Iterable

from aldes.protocols.row import Protocol, Row

TOPICS = (
    *("pressure", "pressor", "rhythm", "rate", "ischaemia", "oxygen", "breathing support", "urine", "creatinine"),
    *("dialysis", "liver", "platelets", "bleeding", "gut", "mental state", "seizure", "infection", "skin", "weight"),
    *("temperature", "diastolic pressure", "oxygen need", "respiratory rate", "lungs", "diarrhoea"),
    *("bicarbonate", "electrolytes", "urea nitrogen", "glucose", "albumin", "liver enzymes", "muscle enzymes"),
    *("blood count", "blood gas", "clotting", "heart tests", "kidney tests", "skin area", "stools"),
    *("fluid balance",),
)


def covered(protocol: Protocol) -> frozenset[str]:
    """The topics that a protocol's rows answer for."""
    return answered_for(protocol.rows)


def answered_for(rows: Iterable[Row]) -> frozenset[str]:
    """The topics that these rows answer for, if they were read or verified; a recalled row never counts."""
    return frozenset(topic for row in rows if not row.recalled for topic in row.topics)


def uncovered(protocol: Protocol) -> tuple[str, ...]:
    """The topics with neither a row nor a signed reason; a protocol with any cannot be pinned at the bedside."""
    excused = {each.topic for each in protocol.not_covered}
    return tuple(topic for topic in TOPICS if topic not in covered(protocol) | excused)
