"""What the server writes down of its requests: listed fields alone, and nothing of a patient (hazard H80)."""

import json
import logging
import time
from hashlib import sha256
from secrets import token_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("aldes.service")
_SALT = token_bytes(16)  # of this run: the same patient has one mark in one log, and another one in the next


class RequestLog:
    """Around the application: one line a request, once its answer begins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                LOG.info(json.dumps(_line(scope, message["status"], time.perf_counter() - began)))
            await send(message)

        await self.app(scope, receive, logged)


def _line(scope: Scope, status: int, seconds: float) -> dict[str, object]:
    """Method, route, a mark for the patient, status, how long until the answer began."""
    route, method = scope.get("route"), str(scope.get("method", "?"))
    return {
        "method": method if method.isascii() and method.isalpha() and len(method) < 10 else "?",
        "route": getattr(route, "path", "static or unknown"),
        "patient": _mark(str(scope.get("path_params", {}).get("id", ""))),
        "status": status,
        "ms": round(1000 * seconds, 1),
    }


def _mark(id: str) -> str:
    return sha256(_SALT + id.encode("utf-8", "replace")).hexdigest()[:12] if id else ""
