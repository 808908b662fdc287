"""What every page of a patient begins with: who looks, at whom, and what its forms must bring."""

from dataclasses import dataclass
from uuid import uuid4

from fastapi import Request

from aldes.course.people import Person
from aldes.course.state import Course
from aldes.service.access.sessions import Session
from aldes.service.faults import RefusedError
from aldes.service.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """A person at a page, perhaps a patient's."""

    person: Person
    session: Session
    id: str = ""
    course: Course | None = None

    @property
    def token(self) -> str:
        """What each form of this session brings."""
        return self.session.token

    @property
    def patient_token(self) -> str:
        """What each form of this patient brings."""
        return self.session.token_for(self.id)

    def command(self) -> str:
        """An id for one form: sent twice, it is done once."""
        return uuid4().hex


def looking(house: House, request: Request, id: str = "", *, by_itself: bool = False) -> Looking:
    """Who looks at this page, at which patient; a part that loads `by_itself` is no use of the session (hazard H56).

    Raises
    ------
    RefusedError
        When nobody is signed in, or no patient has this key.
    """
    person = house.gate.person_of_form(request, touch=not by_itself)  # who reads a form checks the tokens in it
    session = house.gate.session(request, touch=False)
    if session is None:
        raise RefusedError(401, "nobody", "Nobody is signed in.")
    if not id:
        return Looking(person=person, session=session)
    if not house.ward.knows(id):
        raise RefusedError(404, "not found", "No patient has this key here. Look at the board.")
    return Looking(person=person, session=session, id=id, course=house.ward.course(id))
