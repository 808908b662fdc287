"""News of the record for everybody who follows it: one look at the journal for all, however many pages are open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from threading import Lock, Thread

from aldes.course.journal import WARD
from aldes.errors import AldesError
from aldes.service.faults import RefusedError
from aldes.ward import Ward

LOOK_S = 0.5  # how long one look waits for something new
MOST_OF_A_SESSION = 5  # a browser opens six connections to one server: one stays for everything else
MOST = 100


class _Follower:
    """One page that follows; what it has not heard of yet, each course once, so that a slow page costs nothing."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.loop = asyncio.get_running_loop()
        self.heard = asyncio.Event()
        self.courses: dict[str, None] = {}
        self.is_over = False

    def tell(self, courses: list[str], *, over: bool = False) -> None:
        """From the thread that looks."""

        def hear() -> None:
            self.courses.update(dict.fromkeys(courses))
            self.is_over = self.is_over or over
            self.heard.set()

        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(hear)


class News:
    """Who follows the record, and the one thread that looks at it while anybody does."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward
        self._followers: set[_Follower] = set()
        self._lock = Lock()
        self._closed = False
        self._looks = False

    def close(self) -> None:
        """The server stops: every page that follows is told, and its stream ends."""
        with self._lock:
            self._closed = True
            followers = tuple(self._followers)
        for each in followers:
            each.tell([], over=True)

    def refuse_more(self, session: str) -> None:
        """Whether one more page of this session may follow.

        Raises
        ------
        RefusedError
            When the server stops, or so many pages follow already.
        """
        with self._lock:
            own = sum(each.session == session for each in self._followers)
            if self._closed:
                raise RefusedError(503, "stopping", "The ward is being closed. Open it again later.")
            if own >= MOST_OF_A_SESSION or len(self._followers) >= MOST:
                raise RefusedError(429, "too many", "Too many pages follow the ward already. Close one of them.")

    async def follow(self, session: str, beat_s: float, may: Callable[[], bool]) -> AsyncIterator[list[str]]:
        """The courses that have news, as it comes; an empty list now and after each silent `beat_s`.

        It ends when the server stops, and when the session `may` follow no more (hazard H56).
        """
        follower = _Follower(session)
        self._join(follower)
        try:
            yield []
            while not follower.is_over and may():
                try:
                    async with asyncio.timeout(beat_s):
                        await follower.heard.wait()
                except TimeoutError:
                    yield []
                    continue
                follower.heard.clear()
                courses, follower.courses = list(follower.courses), {}
                if courses and may():
                    yield courses
        finally:
            with self._lock:
                self._followers.discard(follower)

    def _join(self, follower: _Follower) -> None:
        with self._lock:
            self._followers.add(follower)
            if self._closed:
                follower.is_over = True
            elif not self._looks:
                self._looks = True
                position = self._ward.journal.head().position
                Thread(target=self._look, args=(position,), name="news", daemon=True).start()

    def _look(self, position: int) -> None:
        """Look at the journal until nobody follows."""
        while True:
            with self._lock:
                if self._closed or not self._followers:
                    self._looks = False
                    return
            try:
                newest = self._ward.journal.wait(position, LOOK_S)
                courses = self._since(position) if newest > position else []
            except AldesError:  # the record is closed or cannot be read: silence, which the pages say in words
                self.close()
                continue
            position = max(position, newest)
            if courses:
                with self._lock:
                    followers = tuple(self._followers)
                for each in followers:
                    each.tell(courses)

    def _since(self, position: int) -> list[str]:
        return [
            id for id in dict.fromkeys(each.course for each in self._ward.journal.kept(None, position)) if id != WARD
        ]
