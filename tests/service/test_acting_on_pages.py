"""Forms of the pages: charting, doubting, giving, holding, as a browser sends them."""

import pytest
import shift as s

import house as h
from aldes.course.events import DoseStarted, FindingCharted


@pytest.fixture
def served():
    return h.Served()


def test_a_check_is_charted_and_the_decision_changes(served):
    nurse = served.browser()
    assert nurse.chart(**{"v.spo2": "87"}).status_code == 303
    assert "hold this dose" in nurse.get(f"/patients/{s.BED}/now").text
    assert served.shift.events(FindingCharted)[-1].person == served.ids["nurse A"]


def test_one_key_of_an_organ_system_is_a_statement(served):
    served.browser().chart(**{"s.neuro": "none"})
    made = served.shift.course.statements["neuro"]
    assert made.time == served.shift.now


def test_an_empty_check_is_nothing(served):
    answer = served.browser().chart(**{"v.spo2": " ", "s.neuro": ""})
    assert (answer.status_code, "Nothing was filled in" in answer.text) == (400, True)


def test_an_implausible_value_is_questioned_first_and_kept_as_such(served):
    nurse, before = served.browser(), served.shift.course.version
    asked = nurse.chart(**{"v.spo2": "970"})
    assert (asked.status_code, "implausible" in asked.text) == (422, True)
    assert served.shift.course.entries["spo2"][-1].text != "970 %"
    assert before <= served.shift.course.version
    assert nurse.chart(**{"v.spo2": "970", "keep": "1"}).status_code == 303
    entry = served.shift.course.entries["spo2"][-1]
    assert (entry.valid, entry.worst) == (None, None)
    assert served.shift.word() == "insufficient"


@pytest.mark.parametrize(("text", "said"), [("97,5", "comma"), ("1e2", "digits"), ("٩٧", "digits"), ("abc", "digits")])
def test_a_number_is_typed_in_one_way(served, text, said):
    """Hazard H05."""
    answer = served.browser().chart(**{"v.spo2": text})
    assert (answer.status_code, said in answer.text) == (400, True)


def test_an_amount_brings_the_hours_over_which_it_was_collected(served):
    served.browser().chart(**{"v.urine": "320", "h.urine": "8"})
    entry = served.shift.course.entries["urine"][-1]
    assert (entry.time - entry.start).total_seconds() == 8 * 3600


@pytest.mark.parametrize("hours", ["0", "24.1", "-8"])
def test_an_amount_over_no_sensible_time_is_refused(served, hours):
    assert served.browser().chart(**{"v.urine": "320", "h.urine": hours}).status_code == 400


def test_a_unit_is_converted(served):
    served.browser().chart(**{"v.creatinine": "97.26", "u.creatinine": "umol/L"})
    assert str(served.shift.course.entries["creatinine"][-1].valid).startswith("1.1")


def test_a_local_time_that_occurs_twice_is_refused(served):
    """Hazard H19: the night on which clocks go back, in Chicago."""
    answer = served.browser().chart(**{"v.spo2": "97", "at": "2023-11-05T01:30"})
    assert (answer.status_code, "occurs twice or never" in answer.text) == (400, True)


def test_a_dose_is_given_from_the_pages(served):
    assert served.browser("physician A").act("go").status_code == 303
    assert served.browser("pharmacist A").act("prepare", second="nurse A").status_code == 303
    assert served.browser("nurse A").act("start", second="nurse B", bag="1-6-1").status_code == 303
    assert "Running: slot 6" in served.browser().get(f"/patients/{s.BED}/give").text
    assert served.browser("nurse B").act("interrupt", sign=False).status_code == 303
    assert served.shift.course.infusing is None
    assert len(served.shift.events(DoseStarted)) == 1


def test_a_form_sent_twice_is_done_once(served):
    served.browser("physician A").act("go")
    served.browser("pharmacist A").act("prepare", second="nurse A")
    nurse = served.browser()
    form = nurse.hidden() | {"secret": h.SECRET, "bag": "1-6-1"}
    form |= {"second": served.ids["nurse B"], "second_secret": h.SECRET}
    answers = [nurse.client.post(f"/patients/{s.BED}/acts/start", data=form).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(served.shift.events(DoseStarted)) == 1


def test_signing_needs_ones_own_secret(served):
    answer = served.browser("physician A").act("go", sign=False)
    assert (answer.status_code, "your own secret" in answer.text) == (403, True)
    assert served.shift.course.go is None


def test_the_second_person_signs_with_their_own_secret(served):
    pharmacist = served.browser("pharmacist A")
    form = pharmacist.hidden() | {"secret": h.SECRET, "second": served.ids["nurse A"], "second_secret": "wrong-one"}
    assert pharmacist.client.post(f"/patients/{s.BED}/acts/prepare", data=form).status_code == 403
    assert not served.shift.course.bags


def test_a_page_that_saw_an_older_course_is_told(served):
    nurse = served.browser("physician A")
    form = nurse.hidden() | {"secret": h.SECRET, "seen": str(served.shift.course.version)}
    served.shift.chart("spo2", 96)
    answer = nurse.client.post(f"/patients/{s.BED}/acts/go", data=form)
    assert (answer.status_code, "look at what is new" in answer.text) == (409, True)
    assert "New since you looked: oxygen saturation" in answer.text


def test_what_was_refused_in_place_is_a_part_and_no_page(served):
    nurse = served.browser()
    answer = nurse.client.post(f"/patients/{s.BED}/acts/end", data=nurse.hidden(), headers={"hx-request": "true"})
    assert (answer.status_code, "<html" in answer.text, "No dose is running" in answer.text) == (409, False, True)


def test_a_patient_is_registered_once(served):
    nurse = served.browser()
    new = {"family": "New", "given": "One", "born": "1970-01-01", "system": "urn:aldes:demo", "value": "77"}
    new["token"] = nurse.hidden()["token"]
    assert nurse.client.post("/patients", data=new).status_code == 303
    assert nurse.client.post("/patients", data=new).status_code == 409
    assert nurse.client.post("/patients", data=new | {"value": "78"}).status_code == 409
    assert nurse.client.post("/patients", data=new | {"value": "78", "anyway": "1"}).status_code == 303
    assert len(served.shift.ward.courses()) == 3


def test_a_page_names_the_patient_by_two_identifiers(served):
    """Hazard H08."""
    for path in (f"/patients/{s.BED}", f"/patients/{s.BED}/give"):
        text = served.browser().get(path).text
        assert "Example, Ada" in text
        assert "1966-05-04" in text
        assert "no. 1" in text


def test_the_page_says_what_is_demo_and_that_it_replaces_nobody(served):
    text = served.browser().get("/").text
    assert "demo: made-up patients" in text
    assert "never replaces a clinician" in text


def test_no_log_line_holds_anything_of_a_patient(served, caplog):
    """Hazard H80."""
    with caplog.at_level("INFO", logger="aldes.service"):
        served.browser().chart(**{"v.spo2": "87"})
    text = "\n".join(caplog.messages)
    assert '"route": "/patients/{id}/chart"' in text
    for word in ("Example", "Ada", "1966", s.BED, "spo2", "value"):
        assert word not in text


def test_findings_come_before_the_answer(served):
    """Hazard H52: the reasons are read before the verdict."""
    served.shift.chart("spo2", 87)
    text = served.browser().get(f"/patients/{s.BED}/give").text
    assert text.index("HOLD-RESP-01") < text.index('class="verdict hold large"')
