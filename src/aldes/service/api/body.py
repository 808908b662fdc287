"""The body of a request: one strict JSON document of a bounded size (hazards H76, H78)."""

from fastapi import Request

from aldes.exchange.document import Json, parse
from aldes.exchange.text import MOST_BYTES
from aldes.service.faults import RefusedError

JSON_TYPES = ("application/json", "application/fhir+json")


async def document(request: Request) -> Json:
    """The JSON document that came.

    Raises
    ------
    RefusedError
        When it says that it is something else, or is too large.
    InputError
        When it is no strict JSON.
    """
    return parse(await whole(request))


async def whole(request: Request) -> bytes:
    """The body as it came, if it is called JSON and is not too large.

    Raises
    ------
    RefusedError
        When it says that it is something else, or is too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES:
        raise RefusedError(415, "media type", "The body is not called JSON. We read application/json. Send it so.")
    found = bytearray()  # given up as soon as it is too large, whatever its header says
    async for part in request.stream():
        found += part
        if len(found) > MOST_BYTES:
            raise RefusedError(413, "too large", f"The body has more than {MOST_BYTES:,} bytes. Send less at a time.")
    return bytes(found)
