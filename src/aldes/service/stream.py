"""The live stream: which course has news, as server-sent events, with a beat so that silence means something."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from aldes.service.access import Gate
from aldes.service.news import News

BEAT_S = 10.0  # the page says in words that the stream is silent after three of these (hazard H70)


class EventStream(StreamingResponse):
    """An answer of server-sent events, which ends when either side goes."""

    media_type = "text/event-stream"


def stream(news: News, gate: Gate) -> APIRouter:
    """The route of the stream."""
    router = APIRouter(tags=["stream"])

    @router.get("/stream", summary="Which course has news, as it happens.", response_class=EventStream)
    def follow(request: Request) -> StreamingResponse:
        session = gate.follower(request)
        news.refuse_more(session.key)
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        heard = news.follow(session.key, BEAT_S, lambda: gate.may_follow(request))
        return EventStream(_events(heard), headers=headers)

    return router


async def _events(heard: AsyncIterator[list[str]]) -> AsyncIterator[str]:
    """Events named `course`, whose data is the patient's key; `beat` where nothing happened."""
    async for courses in heard:
        if not courses:
            yield _event("beat", "")
        for id in courses:
            yield _event("course", id)
            yield _event(f"course-{id}", id)


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
