"""A ward behind a real server on this machine, and sockets that speak to it as badly as they like."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import house as h
from aldes.service.server import WardServer, server_of


class Live:
    """A server that runs in a thread of its own, on a port that was free."""

    def __init__(self, served: h.Served) -> None:
        self.served = served
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.server: WardServer = server_of(served.app, "127.0.0.1", self.port)
        self.thread = Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)

    def start(self) -> None:
        """Until it answers."""
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.02)
        assert self.server.started

    def stop(self) -> float:
        """Ask it to stop; how many seconds it took."""
        began = time.monotonic()
        self.server.should_exit = True
        self.thread.join(timeout=20)
        assert not self.thread.is_alive()
        return time.monotonic() - began

    def connect(self, timeout_s: float = 15) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)

    def say(self, data: bytes) -> bytes:
        """Send these bytes; everything that comes back until the server closes or is silent."""
        with self.connect() as held:
            with suppress(ConnectionError):  # cut off before all was sent
                held.sendall(data)
            return heard(held)

    def head(self, method: str, path: str, cookie: str = "", **headers: str) -> bytes:
        """The head of a request, with the cookie of a session."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if cookie:
            lines.append(f"Cookie: aldes_session={cookie}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def cookie(self, name: str = "nurse A") -> str:
        """The cookie of somebody who is signed in."""
        return self.served.gate.sign_in(self.served.ids[name], h.SECRET)


def heard(held: socket.socket, *, until: bytes = b"", most_s: float = 15) -> bytes:
    """What comes until these bytes, the end, or the time is over."""
    found, end = b"", time.monotonic() + most_s
    while time.monotonic() < end and not (until and until in found):
        held.settimeout(max(0.01, end - time.monotonic()))
        try:
            part = held.recv(65536)
        except (TimeoutError, ConnectionResetError):
            break
        if not part:
            break
        found += part
    return found


@contextmanager
def live(served: h.Served | None = None) -> Iterator[Live]:
    """A server for the block, which ends with it."""
    found = Live(served or h.Served())
    found.start()
    try:
        yield found
    finally:
        if found.thread.is_alive():
            found.stop()
