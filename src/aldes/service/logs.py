"""What the server writes down of its requests: listed fields alone, and nothing of a patient (hazard H80)."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from secrets import token_bytes

from fastapi import Request, Response

LOG = logging.getLogger("aldes.service")
_SALT = token_bytes(16)  # of this run: the same patient has one mark in one log, and another one in the next


async def log_requests(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """One line a request: when, method, route, a mark for the patient, status, how long."""
    began = time.perf_counter()
    answer = await go_on(request)
    route = request.scope.get("route")
    line = {
        "method": request.method if request.method.isalpha() else "?",
        "route": getattr(route, "path", "static or unknown"),
        "patient": _mark(request.path_params.get("id", "")),
        "status": answer.status_code,
        "ms": round(1000 * (time.perf_counter() - began), 1),
    }
    LOG.info(json.dumps(line))
    return answer


def _mark(id: str) -> str:
    return sha256(_SALT + id.encode("utf-8", "replace")).hexdigest()[:12] if id else ""
