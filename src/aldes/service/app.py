"""The application: pages, JSON interface, live stream, health; everything that it needs is handed in."""

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from aldes import __version__
from aldes.service.access import Gate
from aldes.service.api import router as api
from aldes.service.api.schema import describe
from aldes.service.faults import answer_faults
from aldes.service.headers import WithHeaders
from aldes.service.health import health
from aldes.service.house import House
from aldes.service.limits import Limits
from aldes.service.logs import RequestLog
from aldes.service.news import News
from aldes.service.pages import pages, refusal_page
from aldes.service.stream import stream
from aldes.service.templates import Templates
from aldes.ward import Ward

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]", "testserver")


def create_app(ward: Ward, gate: Gate, *, demo: bool, hosts: tuple[str, ...] = THIS_MACHINE) -> FastAPI:
    """The application of one ward."""
    app = FastAPI(title="aldes ward", version=__version__, docs_url=None, redoc_url=None)
    house = House(ward=ward, gate=gate, templates=Templates(demo=demo), demo=demo)
    app.state.news = news = News(ward)
    answer_faults(app, refusal_page(house))
    app.include_router(health(ward))
    app.include_router(api(ward, gate))
    app.include_router(stream(news, gate))
    app.include_router(pages(house))
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    describe(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))  # the innermost first
    app.add_middleware(WithHeaders)
    app.add_middleware(RequestLog)
    app.add_middleware(Limits)
    return app


def static_folder() -> Path:
    """Style, scripts and files of others, as they ship with the program."""
    return Path(str(files("aldes.service").joinpath("static")))
