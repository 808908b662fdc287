"""The gate: signs people in, knows who asks, and checks what each write must bring.

Access for now: this machine alone, a link that works once and is printed at the start, named people with roles. A
hospital's own sign-on comes later.
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_urlsafe
from threading import Lock
from uuid import uuid4

from fastapi import Request

from aldes.course.people import Person, PersonEnrolled, PersonLeft, Role, SecretChanged
from aldes.errors import InputError
from aldes.exchange.text import clean
from aldes.service.access.guesses import Guesses
from aldes.service.access.secrets import hashed, matches
from aldes.service.access.sessions import Session, Sessions
from aldes.service.faults import RefusedError
from aldes.ward import Ward

COOKIE = "aldes_session"
TOKEN_HEADER = "x-aldes-token"  # noqa: S105  (the name of a header)
NOBODY = ""  # all names that nobody has are guessed at as one
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """Who may come in, and as whom."""

    def __init__(self, ward: Ward, clock: Callable[[], datetime]) -> None:
        self.ward = ward
        self.clock = clock
        self.sessions = Sessions()
        self._guesses = Guesses()
        self._one_secret = Lock()
        self._link = token_urlsafe(32)

    # ── the link of the start ──

    @property
    def link(self) -> str:
        """The path that opens the keeper's session, once."""
        return f"/begin?link={self._link}"

    def begin(self, link: str) -> str:
        """The keeper's cookie, for the link that was printed; the next one needs a restart."""
        if not self._link or not hmac.compare_digest(link.encode(), self._link.encode()):
            raise RefusedError(
                403, "not allowed", "This link was used before, or is another start's. Start the ward again."
            )
        self._link = ""
        cookie, _ = self.sessions.begin("", self.clock())
        return cookie

    # ── people ──

    def people(self) -> Mapping[str, Person]:
        """Everybody who may sign in."""
        return {id: each for id, each in self.ward.people().items() if not each.left}

    def enrol(self, name: str, role: Role, secret: str, by: str) -> str:
        """A new person's id.

        Raises
        ------
        InputError
            When the name is empty or taken, or the secret too short.
        """
        named = clean(name)
        if not named or any(each.name.casefold() == named.casefold() for each in self.people().values()):
            raise InputError("The name is empty, or somebody here bears it. Give one that tells people apart.")
        now, id = self.clock(), f"p-{uuid4().hex[:12]}"
        self.ward.say(
            PersonEnrolled(
                happened_at=now, recorded_at=now, person=by, id=id, name=named, role=role, secret=hashed(secret)
            )
        )
        return id

    def change_secret(self, id: str, secret: str, by: str) -> None:
        """A new secret for somebody."""
        now = self.clock()
        self.ward.say(SecretChanged(happened_at=now, recorded_at=now, person=by, id=id, secret=hashed(secret)))

    def leave(self, id: str, by: str) -> None:
        """Somebody signs nothing more."""
        now = self.clock()
        self.ward.say(PersonLeft(happened_at=now, recorded_at=now, person=by, id=id))

    # ── signing in ──

    def sign_in(self, id: str, secret: str) -> str:
        """The cookie of a new session."""
        person = self._right(id, secret)
        cookie, _ = self.sessions.begin(person.id, self.clock())
        return cookie

    def unlock(self, session: Session, secret: str) -> None:
        """The person of a locked session is there again."""
        self._right(session.person, secret)
        self.sessions.unlock(session, self.clock())

    def signed_by(self, person: Person, secret: str) -> Person:
        """The person of this session, who signs with what only they know (hazard H56)."""
        return self._right(person.id, secret)

    # ── who asks ──

    def session(self, request: Request, *, touch: bool = True) -> Session | None:
        """The session of a request, locked or not."""
        return self.sessions.of(request.cookies.get(COOKIE), self.clock(), touch=touch)

    def follower(self, request: Request) -> Session:
        """The session that looks on without being used: it is locked as if nobody looked.

        Raises
        ------
        RefusedError
            When nobody is signed in, or the session is locked.
        """
        session = self.session(request, touch=False)
        self._person_of(session)
        if session is None:
            raise RefusedError(401, "nobody", "Nobody is signed in. Sign in first.")
        return session

    def may_follow(self, request: Request) -> bool:
        """Whether a stream that began may go on."""
        try:
            self.follower(request)
        except RefusedError:
            return False
        return True

    def person(self, request: Request) -> Person:
        """The named person who asks; a write brings the session's token.

        Raises
        ------
        RefusedError
            When nobody is signed in, the session is locked, or the token is missing.
        """
        person = self.person_of_form(request)
        session = self.session(request)
        if session is not None and request.method in WRITES:
            check_token(session, request.headers.get(TOKEN_HEADER, ""))
        return person

    def person_of_form(self, request: Request, *, touch: bool = True) -> Person:
        """The same for a form, which brings its tokens among its fields: whoever reads those checks them."""
        return self._person_of(self.session(request, touch=touch))

    def _person_of(self, session: Session | None) -> Person:
        person = self.people().get(session.person) if session else None
        if session is None or person is None:
            raise RefusedError(401, "nobody", "Nobody is signed in. Sign in first.")
        if session.locked:
            raise RefusedError(401, "locked", "The session is locked. Sign in again to go on.")
        return person

    def second(self, request: Request, id: str, secret: str) -> Person:
        """The second person, by what they sign with."""
        return self._right(id, secret)

    def _right(self, id: str, secret: str) -> Person:
        now, person = self.clock(), self.people().get(id)
        name = person.id if person else NOBODY
        with self._one_secret:  # one slow hash at a time: a flood of guesses leaves the rest of the machine alone
            if until := self._guesses.rests_until(name, now):
                wait = (until - now).total_seconds()
                raise RefusedError(429, "slow down", f"Too many wrong attempts for this name. Wait {wait:.0f} seconds.")
            if not matches(secret, person.secret if person else "") or person is None:
                self._guesses.wrong(name, now)
                raise RefusedError(403, "not allowed", "This is not what this person signs with. Try again.")
            self._guesses.right(name)
            return person


def check_token(session: Session, token: str) -> None:
    """Whether a write comes from a page of this session."""
    if not hmac.compare_digest(token.encode(), session.token.encode()):
        raise RefusedError(403, "not allowed", "The request does not come from a page of this session. Load it again.")


def check_patient(session: Session, course: str, token: str) -> None:
    """Whether a write comes from a page of this very patient (hazards H08, H12)."""
    if not hmac.compare_digest(token.encode(), session.token_for(course).encode()):
        raise RefusedError(
            409, "another patient", "This page belongs to another patient than the address. Open the patient again."
        )
