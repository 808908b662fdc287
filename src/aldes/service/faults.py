"""A fault as an answer over HTTP: one clear sentence, its kind, and never anything of the patient's."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from aldes.errors import (
    ActError,
    AldesError,
    InputError,
    JournalError,
    MayNotError,
    MovedOnError,
    ProtocolError,
    ReadOnlyError,
)


class RefusedError(AldesError):
    """A request that is not answered, with the status that says so."""

    def __init__(self, status: int, kind: str, sentence: str) -> None:
        self.status = status
        self.kind = kind
        super().__init__(sentence)


_STATUS: tuple[tuple[type[AldesError], int, str], ...] = (  # the first that fits
    (InputError, 400, "input"),
    (MayNotError, 403, "not allowed"),
    (ActError, 409, "refused"),
    (MovedOnError, 409, "moved on"),
    (ReadOnlyError, 503, "read only"),
    (JournalError, 409, "journal"),
    (ProtocolError, 503, "protocol"),
)


def status_of(fault: AldesError) -> tuple[int, str]:
    """The status and the kind of a fault."""
    if isinstance(fault, RefusedError):
        return fault.status, fault.kind
    return next(((status, kind) for sort, status, kind in _STATUS if isinstance(fault, sort)), (500, "fault"))


_OF_THE_PROTOCOL = {  # what HTTP itself refuses, in our words: what came is never repeated (hazard H80)
    404: ("not found", "Nothing is at this address. Look at the board."),
    405: ("method", "This address is not asked that way. Look at /openapi.json."),
}


def answer_faults(app: FastAPI, page: Callable[[Request, AldesError, int], Response] | None = None) -> None:
    """Let every refusal be answered with its sentence: as JSON to programs, as a `page` to people."""

    @app.exception_handler(AldesError)
    def refused(request: Request, fault: AldesError) -> Response:
        status, _ = status_of(fault)
        if page is None or request.url.path.startswith("/api/"):
            return JSONResponse(told(fault), status_code=status)
        return page(request, fault, status)

    @app.exception_handler(RequestValidationError)
    def unread(request: Request, _fault: RequestValidationError) -> Response:
        sentence = "A parameter or a field is missing, or is of another type. Look at /openapi.json, and send it so."
        return refused(request, RefusedError(422, "input", sentence))

    @app.exception_handler(HTTPException)
    def refused_by_http(request: Request, fault: HTTPException) -> Response:
        kind, sentence = _OF_THE_PROTOCOL.get(fault.status_code, ("input", "The request cannot be read. Send it anew."))
        answer = refused(request, RefusedError(fault.status_code, kind, sentence))
        answer.headers.update(fault.headers or {})
        return answer


def told(fault: AldesError, **more: Any) -> Mapping[str, Any]:
    """The body of the answer."""
    return {"error": status_of(fault)[1], "sentence": str(fault), **more}
