"""How soon a nurse sees what she asked for: a real Chromium on a ward with forty patients, over loopback.

Printed: the board's first paint and what it weighs, a routine check by keyboard in keys and seconds, and how soon a
second browser shows what the first one charted. `make bench-pages`.
"""

import argparse
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from bench_service import WELL, server

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
CHECK = ("112", "74", "86", "97", "16", "36.8", "320", "600")  # the vital signs in the order of the fields
SYSTEMS = 8
VERDICT = ".verdict.large"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Chromium is not here: install the package chromium.")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


def signed_in(browser: Browser, port: int, name: str) -> Page:
    """A page of somebody's own browser, past the door."""
    page = browser.new_context(base_url=f"http://127.0.0.1:{port}").new_page()
    page.goto("/sign-in")
    page.get_by_label("name").select_option(label=page.locator("option", has_text=name).first.inner_text())
    page.get_by_label("secret").fill("aldes-demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    return page


def painted(page: Page, path: str, times: int) -> list[float]:
    """Milliseconds from asking for a page to its first paint, by the browser's own clock."""
    found = []
    for _ in range(times):
        page.goto(path)
        page.wait_for_load_state()
        while (at := page.evaluate(PAINT)) is None:  # asked from outside: the policy forbids a script that is a text
            page.wait_for_timeout(10)
        found.append(float(at))
    return sorted(found)


def weight(browser: Browser, port: int, path: str) -> tuple[int, int]:
    """Bytes of a page alone, and with all that it fetches, in a browser that kept nothing."""
    page = signed_in(browser, port, "nurse A")
    bodies: dict[str, int] = {}

    def came(answer: Response) -> None:
        if not answer.url.endswith("/stream"):
            bodies[answer.url] = int(answer.headers.get("content-length", 0)) or len(answer.body())

    session = page.context.new_cdp_session(page)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.on("response", came)
    page.goto(path)
    page.wait_for_load_state()
    page.context.close()
    alone = next(size for url, size in bodies.items() if url.endswith(path))
    return alone, sum(bodies.values())


def routine(page: Page) -> tuple[int, float]:
    """Keys and seconds of a check before a dose in which nothing is new, from the first key to the new answer."""
    page.goto(f"/patients/{WELL}")
    page.wait_for_load_state()
    keys = ["e", *[key for value in CHECK for key in (*value, "Enter")], *["0"] * SYSTEMS, "Enter"]
    began = time.perf_counter()
    with page.expect_response(lambda answer: "/chart" in answer.url):
        for key in keys:
            page.keyboard.press(key)
    expect(page.locator("#now")).to_contain_text("What to measure")
    return len(keys), time.perf_counter() - began


def seen_elsewhere(one: Page, other: Page, times: int) -> list[float]:
    """Milliseconds from one nurse's save to the change on another one's page."""
    found = []
    for page in (one, other):
        page.goto(f"/patients/{WELL}")
        page.wait_for_load_state()
    other.wait_for_timeout(1000)  # until it hears the stream
    for number in range(times):
        other.evaluate("document.querySelector('#now').firstElementChild.id = 'old'")
        one.get_by_label("oxygen saturation").first.fill(str(96 - number % 3))
        one.get_by_role("button", name="save the check").click()
        began = time.perf_counter()
        expect(other.locator("#now > #old")).to_have_count(0)
        found.append(1000 * (time.perf_counter() - began))
    return sorted(found)


def told(found: Sequence[float]) -> str:
    """Median and worst."""
    return f"median {found[len(found) // 2]:.0f} ms, worst {found[-1]:.0f} ms of {len(found)}"


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(prog="bench_pages", description=__doc__)
    asked.add_argument("--times", type=int, default=10)
    times = asked.parse_args().times
    with server() as (port, _), chromium() as browser:
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        nurse, other = signed_in(browser, port, "nurse A"), signed_in(browser, port, "nurse B")
        print(f"board of 40, first paint: {told(painted(nurse, '/', times))}")
        print(f"page of a course, first paint: {told(painted(nurse, f'/patients/{WELL}', times))}")
        for words, path in (("board of 40", "/"), ("page of a course", f"/patients/{WELL}")):
            alone, whole = weight(browser, port, path)
            print(f"{words}: {alone / 1000:.1f} kB, with all that it fetches {whole / 1000:.1f} kB")
        keys, seconds = routine(nurse)
        print(f"a routine check: {keys} keys, {seconds:.1f} s by a hand that never thinks")
        print(f"charted here, seen by another browser: {told(seen_elsewhere(nurse, other, times))}")


if __name__ == "__main__":
    main()
