"""A ward on a free port of this machine, and people with a real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import shift as s
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

import house as h
from aldes.course.events import AnyEvent
from aldes.course.keeping import Kind
from aldes.journals import open_journal
from aldes.service.access.gate import COOKIE
from aldes.service.access.sessions import IDLE

CHROMIUM = shutil.which("chromium") or ""
PATIENT = f"/patients/{s.BED}"
STREAM_ENDED = "[object Event]"  # what htmx writes on the console when the stream was ended by the other side
LOOKS_S = 5  # how long a page may take to show what is waited for

expect.set_options(timeout=LOOKS_S * 1000)


def require_chromium() -> None:
    """Skip with one line where Chromium is missing, and fail where `ALDES_REQUIRE` names it."""
    if CHROMIUM:
        return
    if "chromium" in os.environ.get("ALDES_REQUIRE", "").replace(",", " ").split():
        pytest.fail("ALDES_REQUIRE names chromium, and no program of this name is here")
    pytest.skip("Chromium is not here")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; its sandbox is left out for root alone, who may not use it."""
    require_chromium()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def ward(folder: Path, browser: Browser, *changes: AnyEvent) -> Iterator["Floor"]:
    """One ward with its SQLite record, served from another thread until the test ends."""
    journal = open_journal(str(folder / "ward.db"), Kind.DEMO)
    served = h.Served(s.shift(*changes, journal=journal))
    with closing(journal), serving(served) as address:
        floor = Floor(served, browser, address)
        try:
            yield floor
        finally:
            floor.everybody_leaves()
        floor.check()


@contextmanager
def serving(served: h.Served) -> Iterator[str]:
    """The address at which the application answers."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        config = uvicorn.Config(served.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        running.start()
        try:
            _wait(lambda: server.started)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            running.join(timeout=10)
        assert not running.is_alive(), "the server did not stop"


class Floor:
    """The ward as people walk in: each has a browser of their own, whose clock is the ward's."""

    def __init__(self, served: h.Served, browser: Browser, address: str) -> None:
        self.served = served
        self.shift = served.shift
        self.address = address
        self._browser = browser
        self._people: list[Someone] = []

    def someone(self, name: str | None = "nurse A", **how: object) -> "Someone":
        """A person whose session is open already, or nobody yet."""
        context = self._browser.new_context(base_url=self.address, **how)
        person = Someone(self, context)
        self._people.append(person)
        if name:
            cookie = self.served.gate.sign_in(self.served.ids[name], h.SECRET)
            context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.address}])
        return person

    def everybody_leaves(self) -> None:
        """Close every browser."""
        for person in self._people:
            person.context.close()

    def check(self) -> None:
        """A page that complained on its console, or asked elsewhere, fails the test."""
        complaints = [each for person in self._people for each in (*person.complaints, *person.elsewhere)]
        if complaints:
            pytest.fail("\n".join(complaints))


class Someone:
    """One person at one page."""

    def __init__(self, floor: Floor, context: BrowserContext) -> None:
        self.floor = floor
        self.context = context
        self.page: Page = context.new_page()
        self.page.clock.set_fixed_time(floor.shift.now)
        self.locked_out = False
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: object) -> None:
        if self.locked_out and message.text == STREAM_ENDED:
            return
        if message.type in ("error", "warning") and not _is_a_refusal(message.text):
            self.complaints.append(f"on the console of {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.floor.address, "data:")):
            self.elsewhere.append(f"asked elsewhere: {request.url}")

    # ── going about ──

    def go(self, path: str) -> Page:
        """Open a page by its path."""
        self.page.goto(path)
        return self.page

    def listen(self, path: str) -> Page:
        """Open a page, and wait until it hears the ward's stream."""
        page = self.go(path)
        for _ in range(200):  # asked from outside, since the page's policy forbids a script that is a text
            if page.evaluate("document.body['htmx-internal-data']?.sseEventSource?.readyState === 1"):
                return page
            page.wait_for_timeout(50)
        raise AssertionError("the page hears no stream after ten seconds")

    def sign(self, button: str, second: str | None = None, *, press: bool = True) -> None:
        """Fill what the form of this button asks to sign with, and press it."""
        form = self.page.locator("form", has=self.page.get_by_role("button", name=button))
        form.get_by_label("your secret").fill(h.SECRET)
        if second:
            form.locator("[name=second]").select_option(self.floor.served.ids[second])
            form.get_by_label("their secret").fill(h.SECRET)
        if press:
            self.press(button)

    def press(self, button: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=button).click()

    def later(self, **how_much: float) -> None:
        """Let time pass on the ward and in this browser; who did nothing for long is locked, and the stream ends."""
        self.locked_out = self.locked_out or timedelta(**how_much) >= IDLE
        self.floor.shift.now += timedelta(**how_much)
        self.page.clock.set_fixed_time(self.floor.shift.now)


def _is_a_refusal(text: str) -> bool:
    """Chromium writes a line for each answer of 400 and more; that the ward refuses is no fault of a page."""
    return text.startswith("Failed to load resource: the server responded with a status of 4")


def _wait(until, seconds: float = 10) -> None:
    last = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < last, "waited too long"
        time.sleep(0.01)
