"""What is asked of one patient's course, as documents."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aldes import ward
from aldes.course.chain import Kept
from aldes.ward import Ward
from aldes.ward.acts import blocks
from aldes.ward.bed import Signature

VERBS: Mapping[str, Callable[[ward.Asked], dict[str, Any]]] = {
    "assessment": ward.assess,
    "watch": ward.watch,
    "leak": ward.leak,
    "interactions": ward.interactions,
    "grades": ward.grades,
}


def decision(of: Ward, id: str, signature: Signature) -> dict[str, Any]:
    """The decision document as shown to this person, its version, and what else keeps a dose from running."""
    bed = of.show(id, signature)
    return {"course": id, "version": bed.course.version, "decision": bed.document(), "blocks": list(blocks(bed))}


def event(kept: Kept) -> dict[str, Any]:
    """An event of the journal as it is kept."""
    return {
        "course": kept.course,
        "version": kept.version,
        "position": kept.position,
        "hash": kept.hash,
        "head": kept.head,
        "event": json.loads(kept.text),
    }
