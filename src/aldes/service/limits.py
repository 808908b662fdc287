"""What a request may cost, in bytes and in seconds; and no fault shows anything of it (hazards H76, H77, H80)."""

import asyncio
import logging
import traceback

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aldes.exchange.text import MOST_BYTES
from aldes.service.faults import RefusedError, status_of, told

LOG = logging.getLogger("aldes.service")
BODY_S = 20.0  # our policy: on this machine the largest body takes a hundredth of it


class Limits:
    """Around the application: each body within its size and its time, each fault of ours one sentence."""

    def __init__(self, app: ASGIApp, *, most_bytes: int = MOST_BYTES, seconds: float = BODY_S) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, receive, send)
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception as fault:
            exchange.refused = exchange.refused or _ours(fault)
        if exchange.refused is not None:
            await exchange.answer_refused(scope)


class _Exchange:
    """One request and its answer."""

    def __init__(self, limits: Limits, receive: Receive, send: Send) -> None:
        self._limits = limits
        self._receive, self._send = receive, send
        self._until = asyncio.get_running_loop().time() + limits.seconds
        self._bytes = 0
        self._is_whole = False  # whether the body has come
        self._began = False  # whether the answer is under way
        self.refused: RefusedError | None = None

    async def receive(self) -> Message:
        """The next part of the body; after it, whatever comes, whenever it comes."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(408, "too slow", f"The body took more than {self._limits.seconds:g} seconds.") from None
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._limits.most_bytes:
            raise self._refuse(413, "too large", f"The body has more than {self._limits.most_bytes:,} bytes.")
        self._is_whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer, unless the request was refused meanwhile."""
        if self.refused is None:
            self._began = True
            await self._send(message)

    async def answer_refused(self, scope: Scope) -> None:
        """The refusal, where no answer is under way; the rest of the body is not waited for."""
        if self.refused is None or self._began:
            return
        status, _ = status_of(self.refused)
        headers = {"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        await JSONResponse(told(self.refused), status, headers)(scope, self._receive, self._send)

    def _refuse(self, status: int, kind: str, why: str) -> RefusedError:
        self.refused = RefusedError(status, kind, f"{why} Send it anew; nothing was recorded.")
        return self.refused


def _ours(fault: Exception) -> RefusedError:
    """A fault of the program: told by its kind and place alone, since its words may hold what came (hazard H80)."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    LOG.error('{"fault": "%s", "at": "%s:%s"}', type(fault).__name__, last.name, last.lineno)
    return RefusedError(500, "fault", "The program has a fault here. Do not rely on this page; tell who runs the ward.")
