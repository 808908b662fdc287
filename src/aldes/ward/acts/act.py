"""What every act of the ward is: a value that says what somebody does, who may, and which events it makes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from aldes.course.events import AnyEvent
from aldes.course.people import Role
from aldes.errors import MayNotError
from aldes.ward.bed import Bed, Signature

CLINICIANS = frozenset({Role.PHYSICIAN, Role.PHARMACIST, Role.NURSE})
PHYSICIAN = frozenset({Role.PHYSICIAN})
BEDSIDE = frozenset({Role.PHYSICIAN, Role.NURSE})
PRESCRIBING = frozenset({Role.PHYSICIAN, Role.PHARMACIST})


class Act(ABC):
    """Something that a named person does for one patient."""

    words: ClassVar[str]  # what is done, as in "lifting a hold"
    may: ClassVar[frozenset[Role]] = CLINICIANS
    second: ClassVar[frozenset[Role]] = frozenset()  # roles of the second person; none where one person is enough
    roles_differ: ClassVar[bool] = False  # both of `may` are needed, one each
    signed: ClassVar[bool] = False  # its author signs it with what only they know, however long they are signed in
    history: ClassVar[bool] = False  # told afterwards: followed as if each event had been recorded when it happened

    @abstractmethod
    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        """What happens, in order.

        Raises
        ------
        ActError
            When the course or its decision does not allow it.
        """

    def check(self, signature: Signature) -> None:
        """Whether these people may.

        Raises
        ------
        MayNotError
            Saying who may.
        """
        _check_person(self, signature)
        if self.second:
            _check_second(self, signature)


def _check_person(act: Act, signature: Signature) -> None:
    if signature.person.left or signature.role not in act.may:
        raise MayNotError(f"{_capital(act.words)} is not for a {signature.role.value}. {_some(act.may)} does it.")


def _check_second(act: Act, signature: Signature) -> None:
    second = signature.second
    if second is None or second.left or second.role not in act.second:
        raise MayNotError(f"{_capital(act.words)} needs a second person: {_some(act.second)} looks and signs too.")
    if second.id == signature.person.id:
        raise MayNotError(f"{_capital(act.words)} needs two different people.")
    if act.roles_differ and second.role is signature.role:
        raise MayNotError(f"{_capital(act.words)} needs {_some(act.second, ' and ')}.")


def _some(roles: frozenset[Role], glue: str = " or ") -> str:
    return glue.join(f"a {each.value}" for each in Role if each in roles)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
