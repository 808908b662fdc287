"""The live stream: which course has news, as server-sent events, with a beat so that silence means something."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from aldes.course.journal import WARD
from aldes.service.access import Gate
from aldes.ward import Ward

BEAT_S = 10.0  # the page says in words that the stream is silent after three of these (hazard H70)
LOOK_S = 0.5  # how often the journal is looked at between two beats


class EventStream(StreamingResponse):
    """An answer of server-sent events, which ends when either side goes."""

    media_type = "text/event-stream"


def stream(ward: Ward, gate: Gate) -> APIRouter:
    """The route of the stream."""
    router = APIRouter(tags=["stream"])

    @router.get("/stream", summary="Which course has news, as it happens.", response_class=EventStream)
    def follow(request: Request) -> StreamingResponse:
        gate.person(request)
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return EventStream(_news(request, ward), headers=headers)

    return router


async def _news(request: Request, ward: Ward) -> AsyncIterator[str]:
    """Events named `course`, whose data is the patient's key; `beat` where nothing happened."""
    position = ward.journal.head().position
    yield _event("beat", "")
    quiet = 0.0
    while not await request.is_disconnected():
        newest = await run_in_threadpool(ward.journal.wait, position, LOOK_S)
        if newest > position:
            courses = await run_in_threadpool(_courses_since, ward, position)
            position, quiet = newest, 0.0
            for id in courses:
                yield _event("course", id)
                yield _event(f"course-{id}", id)
            continue
        await asyncio.sleep(0)
        quiet += LOOK_S
        if quiet >= BEAT_S:
            quiet = 0.0
            yield _event("beat", "")


def _courses_since(ward: Ward, position: int) -> list[str]:
    return [id for id in dict.fromkeys(each.course for each in ward.journal.kept(None, position)) if id != WARD]


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
