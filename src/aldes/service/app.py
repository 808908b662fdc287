"""The application: pages, JSON interface, live stream, health; everything that it needs is handed in."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aldes import __version__
from aldes.service.access import Gate
from aldes.service.api import router as api
from aldes.service.api.schema import describe
from aldes.service.faults import answer_faults
from aldes.service.health import health
from aldes.service.house import House
from aldes.service.logs import log_requests
from aldes.service.pages import pages, refusal_page
from aldes.service.stream import stream
from aldes.service.templates import Templates
from aldes.ward import Ward

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]", "testserver")
_HEADERS = {  # nothing inline, nothing from elsewhere, nothing kept in a cache (hazard H71)
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(ward: Ward, gate: Gate, *, demo: bool, hosts: tuple[str, ...] = THIS_MACHINE) -> FastAPI:
    """The application of one ward."""
    app = FastAPI(title="aldes ward", version=__version__, docs_url=None, redoc_url=None)
    house = House(ward=ward, gate=gate, templates=Templates(demo=demo), demo=demo)
    answer_faults(app, refusal_page(house))
    app.include_router(health(ward))
    app.include_router(api(ward, gate))
    app.include_router(stream(ward, gate))
    app.include_router(pages(house))
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    describe(app)
    app.middleware("http")(_with_headers)
    app.middleware("http")(log_requests)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    return app


def static_folder() -> Path:
    """Style, scripts and files of others, as they ship with the program."""
    return Path(str(files("aldes.service").joinpath("static")))


async def _with_headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await go_on(request)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    kept = "public, max-age=3600" if request.url.path.startswith("/static/") else "no-store"
    answer.headers.setdefault("Cache-Control", kept)
    return answer
