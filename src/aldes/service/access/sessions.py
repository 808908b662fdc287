"""Who is signed in, in memory alone: a restart asks everybody to sign in again."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from threading import Lock

IDLE = timedelta(minutes=10)  # hazard H56, our policy: then the session is locked, and its person signs in to go on
LONGEST = timedelta(hours=12)  # a shift
MOST_OF_A_PERSON = 20  # browsers; with one more, the one that was used longest ago is signed out


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser's session."""

    key: str  # hash of what the cookie holds
    person: str  # empty of the keeper, who came by the link of the start and enrols people
    token: str  # each write brings it: no other page can write in this one's name
    began: datetime
    used: datetime
    locked: bool = False

    def token_for(self, course: str) -> str:
        """What a page of this patient brings with each write, so that no page writes for another one (H08, H12)."""
        return hmac.new(self.token.encode(), course.encode(), sha256).hexdigest()


class Sessions:
    """All sessions of this server."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}
        self._lock = Lock()

    def begin(self, person: str, now: datetime) -> tuple[str, Session]:
        """A new session; what its cookie holds, and the session."""
        cookie = token_urlsafe(32)
        session = Session(key=_key(cookie), person=person, token=token_urlsafe(32), began=now, used=now)
        with self._lock:
            self._by_key = {key: each for key, each in self._by_key.items() if now - each.began < LONGEST}
            self._by_key[session.key] = session
            own = sorted((each for each in self._by_key.values() if each.person == person), key=lambda each: each.used)
            for each in own[:-MOST_OF_A_PERSON]:
                del self._by_key[each.key]
        return cookie, session

    def of(self, cookie: str | None, now: datetime, *, touch: bool = True) -> Session | None:
        """The session of a cookie, locked where nobody used it for long; looking on by itself is no use."""
        with self._lock:
            session = self._by_key.get(_key(cookie)) if cookie else None
            if session is None or now - session.began >= LONGEST:
                return None
            if now - session.used >= IDLE:
                session = replace(session, locked=True)
            elif touch and not session.locked:
                session = replace(session, used=now)
            self._by_key[session.key] = session
            return session

    def count(self) -> int:
        """How many sessions are kept."""
        with self._lock:
            return len(self._by_key)

    def lock(self, session: Session) -> None:
        """One key locks it."""
        self._put(replace(session, locked=True))

    def unlock(self, session: Session, now: datetime) -> None:
        """Its person is there again."""
        self._put(replace(session, locked=False, used=now))

    def end(self, session: Session) -> None:
        """Sign out."""
        with self._lock:
            self._by_key.pop(session.key, None)

    def _put(self, session: Session) -> None:
        with self._lock:
            if session.key in self._by_key:
                self._by_key[session.key] = session


def _key(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
