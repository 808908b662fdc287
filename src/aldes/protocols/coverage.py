"""Coverage: for each topic of the bedside a row, or a signed reason why no row answers for it."""

from aldes.protocols.row import Protocol

TOPICS = (
    *("pressure", "pressor", "rhythm", "rate", "ischaemia", "oxygen", "breathing support", "urine", "creatinine"),
    *("dialysis", "liver", "platelets", "bleeding", "gut", "mental state", "seizure", "infection", "skin", "weight"),
    *("temperature", "diastolic pressure", "oxygen need", "respiratory rate"),
    *("bicarbonate", "electrolytes", "urea nitrogen", "glucose", "albumin", "liver enzymes", "muscle enzymes"),
    *("blood count", "blood gas", "clotting", "heart tests", "kidney tests", "skin area", "stools"),
)


def covered(protocol: Protocol) -> frozenset[str]:
    """The topics that a read or verified row answers for; a recalled row never counts."""
    return frozenset(topic for row in protocol.rows if not row.recalled for topic in row.topics)


def uncovered(protocol: Protocol) -> tuple[str, ...]:
    """The topics with neither a row nor a signed reason; a protocol with any cannot be pinned at the bedside."""
    excused = {each.topic for each in protocol.not_covered}
    return tuple(topic for topic in TOPICS if topic not in covered(protocol) | excused)
