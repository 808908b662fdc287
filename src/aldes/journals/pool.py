"""Connections for readers: one at a time for each, kept for the next reader."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Closing(Protocol):
    """What can be let go of."""

    def close(self) -> None:
        """Let go of it."""


_Connection = TypeVar("_Connection", bound=Closing)


@contextmanager
def closing_what_failed(connection: Closing) -> Iterator[None]:
    """A connection is prepared inside; where that fails, nothing stays open."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


class Pool(Generic[_Connection]):
    """As many connections as there are readers at once; one that failed is not used again."""

    def __init__(self, connect: Callable[[], _Connection]) -> None:
        self._connect = connect
        self._idle: list[_Connection] = []
        self._closed = False

    @contextmanager
    def one(self) -> Iterator[_Connection]:
        """A connection that nobody else uses meanwhile."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        is_sound = False
        try:
            yield connection
            is_sound = True
        except GeneratorExit:  # a reader who looked at a part
            is_sound = True
            raise
        finally:
            if is_sound and not self._closed:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close what is idle now, and what is in use as soon as it is given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
