"""What people do on the ward, done in a real browser."""

import time

import browsing as w
import builders as b
import pytest
import shift as s
from playwright.sync_api import expect

import house as h
from aldes.course.events import DoseStarted, EntryRetracted
from aldes.ward.acts import Go, Hold, Prepare, Retract


@pytest.fixture(scope="module")
def browser():
    with w.chromium() as opened:
        yield opened


@pytest.fixture
def floor(tmp_path, browser):
    with w.ward(tmp_path, browser) as opened:
        yield opened


def verdict(page):
    return page.locator(".verdict.large")


# ── chart, hold, lift ──


def test_a_value_is_charted_and_the_decision_changes(floor):
    nurse = floor.someone("nurse A")
    page = nurse.go(w.PATIENT)
    expect(verdict(page)).to_contain_text("no listed reason to hold")
    page.get_by_label("oxygen saturation").first.fill("87")
    nurse.press("save the check")
    expect(verdict(page)).to_contain_text("hold this dose")
    expect(page.locator("#now")).to_contain_text("HOLD-RESP-01")


def test_an_implausible_value_is_questioned_and_kept_by_one_more_key(floor):
    nurse = floor.someone("nurse A")
    page = nurse.go(w.PATIENT)
    page.get_by_label("oxygen saturation").first.fill("970")
    nurse.press("save the check")
    keep = page.get_by_role("button", name="keep as implausible")
    expect(keep).to_be_focused()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("not enough is known")
    assert floor.shift.course.entries["spo2"][-1].valid is None


def test_a_nurse_holds_and_a_physician_lifts(floor):
    nurse = floor.someone("nurse A")
    page = nurse.go(f"{w.PATIENT}/give")
    form = page.locator("form", has=page.get_by_role("button", name="hold", exact=True))
    form.get_by_label("why").fill("looks unwell")
    form.get_by_role("button").click()
    expect(verdict(page)).to_contain_text("hold this dose")
    physician = floor.someone("physician A")
    page = physician.go(f"{w.PATIENT}/give")
    form = page.locator("form", has=page.get_by_role("button", name="lift the clinician's hold"))
    form.get_by_label("why").fill("seen, is well")
    form.get_by_role("button").click()
    expect(verdict(page)).to_contain_text("no listed reason to hold")


def test_a_nurse_lifts_no_hold(floor):
    floor.shift.do(Hold(why="looks unwell"))
    nurse = floor.someone("nurse A")
    page = nurse.go(f"{w.PATIENT}/give")
    form = page.locator("form", has=page.get_by_role("button", name="lift the clinician's hold"))
    form.get_by_label("why").fill("I think so")
    form.get_by_role("button").click()
    expect(page.locator("#said")).to_contain_text("physician")
    assert floor.shift.course.clinician_hold


# ── a dose ──


def test_a_dose_from_the_go_to_the_interruption(floor):
    physician = floor.someone("physician A")
    physician.go(f"{w.PATIENT}/give")
    physician.sign("give the go")
    expect(physician.page.get_by_role("button", name="take it back")).to_be_visible()

    pharmacist = floor.someone("pharmacist A")
    pharmacist.go(f"{w.PATIENT}/give")
    pharmacist.sign("the bag is prepared", second="nurse A")
    expect(pharmacist.page.get_by_text("bag 1-6-1: 42 million IU")).to_be_visible()

    nurse = floor.someone("nurse A")
    look_and_start(nurse)
    expect(nurse.page.get_by_role("heading", name="Running: slot 6")).to_be_visible()

    nurse.page.locator("h1").click()  # the hands are on nothing
    nurse.page.keyboard.press("x")
    expect(nurse.page.get_by_role("heading", name="Running: slot 6")).to_have_count(0)
    assert floor.shift.course.infusing is None
    assert len(floor.shift.events(DoseStarted)) == 1


def test_the_bedside_check_cannot_be_skipped(floor):
    ready(floor)
    nurse = floor.someone("nurse A")
    nurse.go(f"{w.PATIENT}/give")
    nurse.sign("start the infusion", second="nurse B")
    expect(nurse.page.locator(".looked input:invalid")).to_have_count(4)
    assert not floor.shift.events(DoseStarted)


def test_two_nurses_start_at_once_and_one_dose_runs(floor):
    ready(floor)
    one, other = floor.someone("nurse A"), floor.someone("nurse B")
    for nurse, second in ((one, "nurse B"), (other, "nurse A")):
        look_and_start(nurse, second, press=False)
    for nurse in (one, other):
        nurse.page.evaluate("setTimeout(() => document.querySelector('[action$=start] button').click(), 50)")
    expect(one.page.get_by_role("heading", name="Running").or_(one.page.locator(".refusal"))).to_be_visible()
    expect(other.page.get_by_role("heading", name="Running").or_(other.page.locator(".refusal"))).to_be_visible()
    assert len(floor.shift.events(DoseStarted)) == 1


def test_a_double_click_starts_one_dose(floor):
    ready(floor)
    nurse = floor.someone("nurse A")
    look_and_start(nurse, press=False)
    nurse.page.get_by_role("button", name="start the infusion").dblclick()
    expect(nurse.page.get_by_role("heading", name="Running: slot 6")).to_be_visible()
    assert len(floor.shift.events(DoseStarted)) == 1


def ready(floor) -> None:
    """The go is there, and a bag."""
    floor.shift.do(Go(), s.PHYSICIAN)
    floor.shift.do(Prepare(), s.PHARMACIST, s.NURSE)


def look_and_start(nurse, second: str = "nurse B", *, press: bool = True) -> None:
    page = nurse.go(f"{w.PATIENT}/give")
    for box in page.locator(".looked input").all():
        box.check()
    nurse.sign("start the infusion", second=second, press=press)


# ── what others see ──


def test_a_second_browser_sees_a_change_within_a_second(floor):
    watching = floor.someone("physician A")
    page = watching.listen(w.PATIENT)
    floor.shift.chart("spo2", 87)
    began = time.monotonic()
    expect(verdict(page)).to_contain_text("hold this dose")
    assert time.monotonic() - began < 1


def test_the_board_follows_too(floor):
    watching = floor.someone("reader A")
    page = watching.listen("/")
    expect(page.locator(".board .verdict.give")).to_have_count(1)
    floor.shift.chart("spo2", 87)
    expect(page.locator(".board .verdict.hold")).to_have_count(1)


def test_a_silent_stream_is_said_in_words_after_30_seconds(floor):
    nurse = floor.someone("nurse A")
    page = nurse.page
    page.route("**/stream", lambda route: None)  # asked, and never answered
    nurse.go(w.PATIENT)
    nurse.later(seconds=29)
    page.wait_for_timeout(1_100)  # one beat of the page's own clock
    expect(page.locator("#silence")).to_be_hidden()
    nurse.later(seconds=2)
    expect(page.locator("#silence")).to_contain_text("No word from the server for 31 seconds")


def test_an_answer_past_its_time_greys_out_and_is_to_be_asked_again(floor):
    nurse = floor.someone("nurse A")
    page = nurse.go(w.PATIENT)
    page.route("**/now", lambda route: None)
    expect(page.locator("#now .is-old")).to_have_count(0)
    nurse.later(hours=2)
    expect(page.locator("#now .is-old [data-stands]")).to_contain_text("too old")


# ── pictures and paper ──


def test_a_picture_stands_in_words_too_and_crosses_out_what_is_not_believed(floor):
    nurse = floor.someone("nurse A")
    floor.shift.chart("spo2", 91, 30)
    floor.shift.chart("spo2", 88, 20, fault="the status is preliminary")
    page = nurse.go(w.PATIENT)
    page.get_by_label("oxygen saturation").first.fill("970")
    nurse.press("save the check")
    expect(page.get_by_role("button", name="keep as implausible")).to_be_focused()
    page.keyboard.press("Enter")
    picture = page.locator(".picture", has=page.get_by_role("heading", name="oxygen saturation"))
    expect(picture.locator(".key").get_by_text("not to be believed")).to_be_visible()
    expect(picture.locator("canvas")).to_be_visible()
    picture.get_by_text("values", exact=True).click()
    rows = picture.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="970")).to_contain_text("not to be believed")
    expect(rows.filter(has_text="88: the status is preliminary")).to_contain_text("not to be believed")
    expect(rows.filter(has_text="91")).not_to_contain_text("not to be believed")


def test_of_doubtful_values_alone_there_is_no_picture(floor):
    floor.shift.chart("heart_rate", 200, 20, fault="the status is preliminary")
    for entry in floor.shift.course.entries["heart_rate"][:-1]:
        floor.shift.do(Retract(id=entry.id, why="another patient's"))
    page = floor.someone("nurse A").go(w.PATIENT)
    picture = page.locator(".picture", has=page.get_by_role("heading", name="heart rate"))
    expect(picture).to_contain_text("no value that may be believed")
    expect(picture.locator("canvas")).to_have_count(0)
    balance = page.locator(".picture", has=page.get_by_role("heading", name="fluid balance"))
    expect(balance).to_contain_text("never charted")


def test_a_page_in_print_shows_the_decision_and_nothing_to_press(floor):
    page = floor.someone("nurse A").go(w.PATIENT)
    page.emulate_media(media="print")
    expect(verdict(page)).to_be_visible()
    for each in page.locator("form, button, .pictures, .keys").all():
        expect(each).to_be_hidden()


# ── who sits here ──


def test_one_key_locks_and_the_secret_opens_again(floor):
    nurse = floor.someone("nurse A")
    page = nurse.go(w.PATIENT)
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    nurse.go(w.PATIENT)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.get_by_label("secret").fill(h.SECRET)
    page.keyboard.press("Enter")
    expect(verdict(page)).to_be_visible()


def test_ten_idle_minutes_lock_the_session(floor):
    nurse = floor.someone("nurse A")
    nurse.listen(w.PATIENT)
    nurse.later(minutes=11)
    nurse.go(w.PATIENT)
    expect(nurse.page.get_by_role("heading", name="Locked")).to_be_visible()


# ── charted in error ──


def entry(page, words):
    """The line of an entry, opened."""
    line = page.locator(".entries li", has_text=words)
    line.locator("summary").click()
    return line


def test_an_entry_is_corrected_and_its_hold_waits_for_a_physician(floor):
    floor.shift.chart("spo2", 87)
    nurse = floor.someone("nurse A")
    line = entry(nurse.go(w.PATIENT), "oxygen saturation: 87")
    line.get_by_label("why").fill("read from the neighbour's monitor")
    line.get_by_label("right value of oxygen saturation").fill("97")
    line.get_by_role("button", name="correct it").click()
    expect(nurse.page.locator(".entries")).to_contain_text("oxygen saturation: 97 %")
    expect(nurse.page.locator(".entries")).not_to_contain_text("oxygen saturation: 87")
    expect(verdict(nurse.page)).to_contain_text("hold this dose")
    expect(nurse.page.locator("#now")).to_contain_text("a physician")


def test_an_entry_is_retracted(floor):
    floor.shift.chart("heart_rate", 61)
    nurse = floor.someone("nurse A")
    line = entry(nurse.go(w.PATIENT), "heart rate: 61")
    line.get_by_label("why").fill("another patient's")
    line.get_by_role("button", name="retract it").click()
    expect(nurse.page.locator(".entries")).not_to_contain_text("61 /min")
    assert len(floor.shift.events(EntryRetracted)) == 1


def test_an_implausible_correction_is_questioned_too(floor):
    nurse = floor.someone("nurse A")
    line = entry(nurse.go(w.PATIENT), "oxygen saturation")
    line.get_by_label("why").fill("mistyped")
    line.get_by_label("right value of oxygen saturation").fill("970")
    line.get_by_role("button", name="correct it").click()
    keep = nurse.page.get_by_role("button", name="keep as implausible")
    expect(keep).to_be_focused()
    nurse.page.keyboard.press("Enter")
    expect(verdict(nurse.page)).to_contain_text("not enough is known")


# ── by keyboard alone ──

CHECK_KEYS = 39  # stated in decision 32: the routine check of a patient with no news, first key to last


def test_the_routine_check_by_keyboard_takes_a_stated_number_of_keys(floor):
    """Vital signs typed, urine, tests, one key for each organ system, saved; far below a minute of a practised hand."""
    collected = floor.shift.course.entries["urine"][-1]
    floor.shift.do(Retract(id=collected.id, why="this check measures it"), s.NURSE)
    floor.shift.chart("urine", 20, minutes_ago=480, over_h=0.4)  # so that the collections meet
    nurse = floor.someone("nurse A")
    page = nurse.go(w.PATIENT)
    keys = Keys(page)
    before = floor.shift.course.version
    routine_check(keys)
    page.wait_for_url(f"**{w.PATIENT}")
    expect(page.locator(".entries")).to_contain_text("systolic blood pressure: 112")
    assert floor.shift.course.version > before
    assert floor.shift.word() == "give"
    assert {made.time for made in floor.shift.course.statements.values()} == {floor.shift.now}
    assert keys.count == CHECK_KEYS


def test_everything_of_a_dose_by_keyboard_alone(floor):
    ready(floor)
    nurse = floor.someone("nurse A")
    page = nurse.go("/")
    keys = Keys(page)
    keys.reach("Example, Ada")
    keys.press("Enter")
    expect(page.locator("#entry")).to_be_visible()
    keys.press("g")
    expect(page.get_by_role("heading", name="Give a dose")).to_be_visible()
    for box in ("the wristband", "the label of the bag", "no in-line filter", "the pump"):
        keys.reach(box)
        keys.press(" ")
    keys.reach("your secret", within="[action$=start]")
    keys.type(h.SECRET)
    keys.press("Tab")
    keys.type("nurse B")
    keys.press("Tab")
    keys.type(h.SECRET)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Running: slot 6")).to_be_visible()
    keys.press("x")
    expect(page.get_by_role("heading", name="Running: slot 6")).to_have_count(0)


def test_signing_in_by_keyboard(floor):
    nurse = floor.someone(None)
    page = nurse.go("/")
    keys = Keys(page)
    keys.type("nurse A")
    keys.press("Tab")
    keys.type(h.SECRET)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()


def routine_check(keys) -> None:
    """What a nurse types before a dose when nothing is new: eight values, eight organ systems, saved."""
    keys.press("e")
    for value in ("112", "74", "86", "97", "16", "36.8", "320", "600"):
        keys.type(value)
        keys.press("Enter")
    for _ in b.SYSTEMS:
        keys.press("0")
    keys.press("Enter")


class Keys:
    """A keyboard that counts."""

    def __init__(self, page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.page.wait_for_load_state()  # a page that was just reached hears no key before its scripts have run
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        for key in text:
            self.press(key)

    def reach(self, words: str, within: str = "body") -> None:
        """Tab until the focus is on what has these words; nothing that is reached so is without a visible focus."""
        for _ in range(120):
            self.press("Tab")
            if self.page.evaluate(_FOCUSED, [words, within]):
                return
        raise AssertionError(f"no key leads to {words}")


_FOCUSED = """([words, within]) => {
  const at = document.activeElement, said = at.labels?.length ? at.labels[0].textContent : at.textContent;
  if (getComputedStyle(at).outlineStyle === "none" && at !== document.body) throw new Error(`unseen focus: ${said}`);
  return said.includes(words) && Boolean(at.closest(within));
}"""
