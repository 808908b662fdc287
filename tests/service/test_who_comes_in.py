"""Access: named people, a link that works once, locks, tokens, slow guesses (hazards H12, H55, H56, H71)."""

from datetime import timedelta

import pytest
import shift as s

import house as h
from aldes.errors import InputError
from aldes.service.access.secrets import hashed, matches
from aldes.service.access.sessions import IDLE, LONGEST


@pytest.fixture
def served():
    return h.Served()


PATHS = ["/", f"/patients/{s.BED}", f"/patients/{s.BED}/give", f"/patients/{s.BED}/series", "/patients/new"]


@pytest.mark.parametrize("path", [*PATHS, "/stream"])
def test_nobody_sees_a_page_without_signing_in(served, path):
    answer = served.browser(None).get(path)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("path", PATHS)
def test_who_signed_in_sees_the_page(served, path):
    assert served.browser().get(path).status_code == 200


def test_a_wrong_secret_opens_nothing(served):
    client = served.browser(None).client
    answer = client.post("/sign-in", data={"person": served.ids["nurse A"], "secret": "wrong-secret"})
    assert answer.status_code == 403
    assert "aldes_session" not in client.cookies


def test_guessing_becomes_slow_for_the_name_alone(served):
    client = served.browser(None).client
    for _ in range(5):
        client.post("/sign-in", data={"person": served.ids["nurse A"], "secret": "wrong-secret"})
    right = {"person": served.ids["nurse A"], "secret": h.SECRET}
    assert client.post("/sign-in", data=right).status_code == 429
    assert served.browser("nurse B").get("/").status_code == 200
    served.shift.pass_time(minutes=1)
    assert client.post("/sign-in", data=right).status_code == 303


def test_the_link_of_the_start_works_once(served):
    client = served.browser(None).client
    assert client.get(served.gate.link).headers["location"] == "/people"
    assert client.get("/people").status_code == 200
    assert served.browser(None).client.get(served.gate.link).status_code == 403


@pytest.mark.parametrize("link", ["", "x", "/begin?link="])
def test_another_link_opens_nothing(served, link):
    assert served.browser(None).client.get(f"/begin?link={link}").status_code == 403


def test_people_are_enrolled_by_the_keeper_alone(served):
    assert served.browser("physician A").get("/people").status_code == 403
    keeper = served.browser(None)
    keeper.client.get(served.gate.link)
    token = keeper.client.get("/people").text.split('name="token" value="')[1].split('"')[0]
    new = {"token": token, "name": "nurse C", "role": "nurse", "secret": "a-new-secret"}
    assert keeper.client.post("/people", data=new).status_code == 303
    assert keeper.client.post("/people", data=new).status_code == 400  # the name is taken
    assert keeper.client.post("/people", data=new | {"token": "x", "name": "nurse D"}).status_code == 403
    assert "nurse C" in {each.name for each in served.gate.people().values()}


def test_who_left_signs_in_no_more(served):
    browser = served.browser("nurse B")
    served.gate.leave(served.ids["nurse B"], "keeper")
    assert browser.get("/").status_code == 303
    answer = served.browser(None).client.post("/sign-in", data={"person": served.ids["nurse B"], "secret": h.SECRET})
    assert answer.status_code == 403


@pytest.mark.parametrize(("idle", "locked"), [(IDLE - timedelta(seconds=1), False), (IDLE, True)])
def test_a_session_that_nobody_uses_is_locked(served, idle, locked):
    browser = served.browser()
    served.shift.now += idle
    assert (browser.get("/").status_code == 303) is locked


def test_a_locked_session_opens_with_its_secret(served):
    browser = served.browser()
    served.shift.now += IDLE
    browser.get("/")
    again = browser.client.post("/sign-in", data={"person": served.ids["nurse A"], "secret": h.SECRET})
    assert (again.status_code, browser.get("/").status_code) == (303, 200)


def test_one_key_locks(served):
    browser = served.browser()
    assert browser.client.post("/lock", data={"token": browser.hidden()["token"]}).status_code == 303
    assert browser.get("/").status_code == 303


def test_a_session_ends_with_the_shift(served):
    browser = served.browser()
    for _ in range(int(LONGEST / timedelta(minutes=9)) + 1):
        served.shift.now += timedelta(minutes=9)
        browser.get("/patients/new")
    assert browser.get("/patients/new").status_code == 303


def test_signing_out_ends_the_session(served):
    browser = served.browser()
    cookie = browser.client.cookies["aldes_session"]
    browser.client.post("/sign-out", data={"token": browser.hidden()["token"]})
    browser.client.cookies.set("aldes_session", cookie)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("field", ["token", "patient"])
def test_a_form_of_another_page_writes_nothing(served, field):
    browser, before = served.browser(), served.shift.course.version
    data = browser.hidden() | {field: "x", "why": "unwell"}
    assert browser.client.post(f"/patients/{s.BED}/acts/hold", data=data).status_code in (403, 409)
    assert served.shift.course.clinician_hold is False
    assert served.shift.course.version >= before


def test_the_form_of_one_patient_writes_nothing_for_another(served):
    """Hazards H08 and H12: two tabs, two patients."""
    other = s.PATIENT.__class__(family="Other", given="Bo", born=s.PATIENT.born, identifiers=(("urn:aldes:demo", "2"),))
    served.shift.do(s.Register(patient=other), bed="bed-2")
    browser = served.browser()
    data = browser.hidden() | {"why": "unwell"}
    answer = browser.client.post("/patients/bed-2/acts/hold", data=data)
    assert (answer.status_code, "another patient" in answer.text) == (409, True)
    assert served.shift.ward.course("bed-2").clinician_hold is False


def test_the_cookie_is_for_this_server_alone_and_for_no_script(served):
    client = served.browser(None).client
    answer = client.post("/sign-in", data={"person": served.ids["nurse A"], "secret": h.SECRET})
    kept = answer.headers["set-cookie"].lower()
    assert "httponly" in kept
    assert "samesite=strict" in kept


@pytest.mark.parametrize("to", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x"])
def test_signing_in_leads_nowhere_else(served, to):
    answer = served.browser(None).client.post(
        "/sign-in", data={"person": served.ids["nurse A"], "secret": h.SECRET, "to": to}
    )
    assert answer.headers["location"] == "/"


def test_another_host_name_is_refused(served):
    assert served.browser(None).client.get("/sign-in", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/sign-in", "/static/ward.css", "/healthz"])
def test_nothing_inline_and_nothing_from_elsewhere(served, path):
    answer = served.browser(None).get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [*PATHS, "/sign-in"])
def test_no_page_holds_a_script_or_a_style_of_its_own(served, path):
    text = served.browser().get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert not [part for part in text.split("<script")[1:] if not part.startswith(' src="/static/')]
    assert " onclick=" not in text


def test_a_name_that_is_code_is_shown_as_text(served):
    """Hazard H71."""
    evil = s.PATIENT.__class__(
        family="<script>alert(1)</script>", given='"><img src=x>', born=s.PATIENT.born, identifiers=(("a", "<b>"),)
    )
    served.shift.do(s.Register(patient=evil, why="corrected"))
    for path in ("/", f"/patients/{s.BED}", f"/patients/{s.BED}/give"):
        text = served.browser().get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


def test_secrets_are_kept_as_slow_hashes_and_compared():
    kept = hashed("six-or-more")
    assert "six-or-more" not in kept
    assert matches("six-or-more", kept)
    assert not matches("six-or-less", kept)
    assert not matches("", "")
    assert hashed("six-or-more") != kept


@pytest.mark.parametrize("secret", ["", "12345", "x" * 129])
def test_a_secret_that_is_too_short_or_too_long_is_refused(secret):
    with pytest.raises(InputError, match="6 to 128"):
        hashed(secret)


def test_health_says_nothing_of_patients(served):
    client = served.browser(None)
    assert client.get("/healthz").json() == {"state": "alive"}
    assert client.get("/readyz").json() == {"state": "ready", "why": ""}
