"""Who signs an act: the person of the session, with their own secret where the act asks for it, and a second one."""

from dataclasses import dataclass

from fastapi import Request

from aldes.course.people import Person
from aldes.service.access.gate import Gate
from aldes.service.faults import RefusedError
from aldes.ward import Signature
from aldes.ward.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What came to sign with."""

    secret: str = ""  # of the person of the session
    second: str = ""  # the second person's id
    second_secret: str = ""


def signature(gate: Gate, request: Request, person: Person, act: Act, came: Signed) -> Signature:
    """The signature of an act.

    Raises
    ------
    RefusedError
        When a secret is wrong, or the act asks for one that did not come.
    """
    if act.signed:
        if not came.secret:
            raise RefusedError(403, "not signed", f"Sign for {act.words} with your own secret. Nothing was recorded.")
        gate.signed_by(person, came.secret)
    second = gate.second(request, came.second, came.second_secret) if came.second else None
    return Signature(person=person, second=second)
