"""The server around the application: few seconds for the head of a request, and a stop that waits for no stream."""

import asyncio
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from aldes.service.news import News

STOPS_WITHIN_S = 5
MOST_AT_ONCE = 200  # connections; one more is told that the server is busy
HEAD_S = 10.0  # for a request's head; who takes longer is cut off (hazard H77)
LARGEST_HEAD = 32_768  # bytes


class WardServer(uvicorn.Server):
    """A server that, asked to stop, first ends the streams: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: no new request, streams end, what runs is answered."""
        self._news.close()
        await super().shutdown(sockets)


def server_of(app: FastAPI, host: str, port: int) -> WardServer:
    """The server of one ward, not started yet."""
    return WardServer(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=HurriedProtocol,
            ws="none",
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=STOPS_WITHIN_S,
            limit_concurrency=MOST_AT_ONCE,
            h11_max_incomplete_event_size=LARGEST_HEAD,
        ),
        app.state.news,
    )


class HurriedProtocol(H11Protocol):
    """HTTP/1.1 whose caller has few seconds for the head of each request."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected: the first head is awaited."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Something came: either a request is under way now, or its head still is."""
        super().data_received(data)
        if self._is_answering():
            self._wait_no_more()
        elif self._late is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody went."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._late = self.loop.call_later(HEAD_S, self._give_up)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if not self._is_answering():
            self.transport.close()
