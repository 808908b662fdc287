"""Every page for everybody: WCAG 2.2 AA by axe in day, night and print, targets, letters and narrow screens (H53)."""

from pathlib import Path

import browsing as w
import builders as b
import pytest

from aldes.service.access.gate import COOKIE

AXE = next((Path(__file__).parent / "axe").glob("axe-*.min.js"))
PAGES = {
    "board": "/",
    "course": w.PATIENT,
    "give": f"{w.PATIENT}/give",
    "stay": f"{w.PATIENT}/stay",
    "patient": f"{w.PATIENT}/about",
    "audit": f"{w.PATIENT}/audit",
    "papers": f"{w.PATIENT}/print",
    "new patient": "/patients/new",
    "people": "/people",
    "protocol": "/protocol/us-label-2023",
    "comparison": "/protocol/compare?a=us-label-2023&b=nci-2001",
}
PAPERS = {name: f"{w.PATIENT}/print/{name}" for name in ("chart", "preparation", "downtime", "handover", "discharge")}
SERIOUS = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "day": {"color_scheme": "light"},
    "night": {"color_scheme": "dark"},
    "print": {"color_scheme": "dark", "media": "print"},
}
TARGET_PX, LETTER_PX, PAPER_PT = 44, 14, 8.5
NARROW_PX = 320  # WCAG 2.2, 1.4.10


@pytest.fixture(scope="module")
def browser():
    with w.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def floor(tmp_path_factory, browser):
    """A ward with something of everything: a hold, a stop, doubtful values, CTCAE grades, one who may be given."""
    changes = [
        b.charted("spo2", 120, 2, fault="120 % cannot be: at most 100 %."),
        b.charted("spo2", 87, 1),
        b.charted("heart_rate", 200, 0.5, fault="The status is 'preliminary'."),
        b.charted("creatinine", "2.9", 3),
        b.charted("ventricular_tachycardia", True, 0.4),
    ]
    with w.ward(tmp_path_factory.mktemp("everybody"), browser, *changes) as opened:
        yield opened


@pytest.fixture(scope="module")
def keeper(floor):
    """The cookie of whoever opened the link that was printed: it opens once."""
    return floor.served.gate.begin(floor.served.gate.link.partition("=")[2])


@pytest.fixture
def opened(floor, keeper):
    """A page with all its details open; whoever looked leaves after the test."""
    came = []

    def look(path, name="physician A", **how):
        person = floor.someone(None if path == PAGES["people"] else name, **how)
        came.append(person)
        if path == PAGES["people"]:
            person.context.add_cookies([{"name": COOKIE, "value": keeper, "url": floor.address}])
        person.page.emulate_media(reduced_motion="reduce")  # a colour on its way to another is no colour of the page
        answer = person.page.goto(path)
        assert answer.ok, f"{path}: {answer.status}"
        for part in person.page.locator("details").all():
            part.evaluate("each => each.open = true")
        return person.page

    yield look
    for person in came:
        person.context.close()


def found_by_axe(page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    result = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in result["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("path", [*PAGES.values(), *PAPERS.values()], ids=[*PAGES, *PAPERS])
def test_axe_finds_nothing_serious_by_day_by_night_and_in_print(opened, path):
    page = opened(path, bypass_csp=True)  # axe is a script that the page's own policy rightly forbids
    for look, how in LOOKS.items():
        page.emulate_media(**how)
        assert found_by_axe(page) == [], look


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?locked=1"])
def test_axe_finds_nothing_serious_where_nobody_is_signed_in(opened, path):
    page = opened(path, None, bypass_csp=True)
    assert found_by_axe(page) == []


def test_what_axe_should_find_is_found(opened):
    page = opened("/", bypass_csp=True)
    page.evaluate(
        "document.querySelector('main').innerHTML += '<p style=\"color:#999;background:#fff\">grey</p><img src=x>'"
    )
    assert {each.split(":")[0] for each in found_by_axe(page)} == {"color-contrast", "image-alt"}


_SMALL = """least => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((each) => each.type !== 'hidden' && each.checkVisibility() && !each.closest('.skip'))
  .filter((each) => !each.matches('p a, td a, th a, li a') || getComputedStyle(each).display !== 'inline')
  .map((each) => {
    const box = (each.matches('[type=checkbox], [type=radio]') ? each.closest('label') : each).getBoundingClientRect();
    return [each.outerHTML.slice(0, 90), box.width, box.height];
  })
  .filter(([, width, height]) => Math.min(width, height) < least - 0.5)"""


@pytest.mark.parametrize("path", [*PAGES.values(), "/sign-in"], ids=[*PAGES, "sign in"])
def test_what_is_pressed_is_at_least_44_pixels_wide_and_high(opened, path):
    """Links inside a sentence are excepted, as in WCAG 2.2, 2.5.8."""
    page = opened(path)
    assert page.evaluate(_SMALL, TARGET_PX) == []


_TINY = """least => {
  const found = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement, size = parseFloat(getComputedStyle(at).fontSize);
    const seen = walk.currentNode.textContent.trim() && at.checkVisibility() && !at.closest('script, style, .hidden');
    if (seen && size < least - 0.01) found.add(`${size} px: ${at.outerHTML.slice(0, 90)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("path", [*PAGES.values(), *PAPERS.values()], ids=[*PAGES, *PAPERS])
def test_letters_can_be_read_at_arm_s_length_and_on_paper(opened, path):
    page = opened(path)
    assert page.evaluate(_TINY, LETTER_PX) == []
    page.emulate_media(media="print")
    assert page.evaluate(_TINY, PAPER_PT * 96 / 72) == []


@pytest.mark.parametrize("path", [*PAGES.values(), *PAPERS.values()], ids=[*PAGES, *PAPERS])
def test_a_narrow_screen_scrolls_no_page_sideways(opened, path):
    """Tables may scroll inside a region of their own, which the keyboard reaches."""
    page = opened(path, viewport={"width": NARROW_PX, "height": 640})
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter((each) => !each.parentElement.closest('[role=region]')"
        " && each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 90))"
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW_PX
    for region in page.locator(".scroll").all():
        assert region.get_attribute("tabindex") == "0"


def test_the_page_keeps_its_look_after_a_look_at_another(opened):
    page = opened("/", color_scheme="light")
    page.get_by_role("button", name="night").click()
    page.goto(w.PATIENT)
    assert page.evaluate("document.documentElement.dataset.theme") == "night"
    assert page.get_by_role("button", name="day").get_attribute("aria-pressed") == "true"
