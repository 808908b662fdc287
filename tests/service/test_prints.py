"""Papers: what stands on them, in which order, on which patient's, and as a PDF."""

import importlib
import os
import re
import select
import socket
import sys

import builders as b
import pytest
import shift as s
from markup import look
from test_reading_pages import misread

import house as h
from aldes.service.paper import pdf
from aldes.service.views.prints import SHEETS
from aldes.ward.acts import Hold, Register

NAMES = [each.name for each in SHEETS]


@pytest.fixture
def served():
    return h.Served()


def paper(served, name, who="nurse A", **asked):
    return served.browser(who).client.get(f"/patients/{s.BED}/print/{name}", params=asked)


def heads(text: str, table: int) -> list[str]:
    """The heads of the columns of one table of the paper, left to right."""
    found = re.findall(r'<table class="ruled[^"]*">\s*<thead>(.*?)</thead>', text, re.DOTALL)
    return re.findall(r'<th scope="col">(.*?)</th>', found[table])


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_says_whose_it_is_when_it_was_printed_and_what_it_is_not(served, name):
    """Hazard H08: two identifiers in the head that is repeated on each sheet."""
    answer = paper(served, name)
    assert (answer.status_code, look(answer.text).faults) == (200, [])
    head = answer.text.split('<div class="heads">')[1].split("</thead>")[0]
    for said in ("Example, Ada", "born 1966-05-04", "no. 1", "2024-03-06 10:00 (UTC-06:00)", "nurse A", "DEMO"):
        assert said in head
    assert "not the drug chart of record" in answer.text


@pytest.mark.parametrize("name", NAMES)
def test_nobody_prints_without_signing_in(served, name):
    assert paper(served, name, who=None).status_code in (303, 401)


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_printed_so_that_it_is_misread(served, name):
    assert misread(paper(served, name).text) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_time_on_paper_has_its_zone(served, name):
    text = look(paper(served, name).text).text
    times = re.findall(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(.{0,13})", text)
    assert times
    assert all(each.startswith(" (UTC") for each in times)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_another_patient_is_printed(served, name):
    other = s.Patient(family="Anders", given="Bo", born=s.date(1950, 1, 1), identifiers=(("urn:aldes:demo", "987654"),))
    served.shift.do(Register(patient=other), bed="bed-2")
    assert "Anders" not in paper(served, name).text


def test_what_is_no_paper_is_refused(served):
    assert paper(served, "everything").status_code == 404
    assert paper(served, "chart", form="docx").status_code == 404


def test_the_list_leads_to_each_paper(served):
    text = served.browser().get(f"/patients/{s.BED}/print").text
    assert all(f'/print/{name}"' in text for name in NAMES)


# ── the order of columns (hazard H54) ──


def test_the_columns_of_the_drug_chart(served):
    assert heads(paper(served, "chart").text, 0) == [
        "slot",
        "date, time, zone",
        "state",
        "dose",
        "bag",
        "given by",
        "checked by",
        "why, deviation",
    ]


def test_the_columns_of_the_downtime_sheet(served):
    text = paper(served, "downtime").text
    assert heads(text, 0) == ["what", "how old at most", "value and unit", "date, time, zone", "by"]
    assert heads(text, 2) == ["row", "if", "ends when", "source", "yes", "no", "not known"]


def test_the_columns_of_the_newest_values(served):
    assert heads(paper(served, "handover").text, 0) == ["what", "value", "date, time, zone", "how old", "remark"]


def test_slots_stand_in_the_order_in_which_they_were(served):
    numbers = re.findall(r'<tr><th scope="row">(\d+)</th>', paper(served, "chart").text)
    assert numbers == ["1", "2", "3", "4", "5"]


# ── each paper ──


def test_the_drug_chart_names_who_gave_and_who_checked(served):
    served.browser("physician A").act("go")
    served.browser("pharmacist A").act("prepare", second="nurse A")
    served.browser("nurse A").act("start", second="nurse B", bag="1-6-1")
    served.browser("nurse B").act("interrupt", sign=False, volume_ml="20")
    row = paper(served, "chart").text.split('<tr><th scope="row">6</th>')[1].split("</tr>")[0]
    for said in ("given partly", "42 million IU, 20 mL of it", "1-6-1", "nurse A, nurse", "nurse B, nurse"):
        assert said in row


def test_a_dose_that_the_record_knows_no_amount_of_says_so(served):
    assert "not recorded" in paper(served, "chart").text


def test_the_preparation_sheet_has_each_step_with_its_source_and_room_for_two(served):
    text = paper(served, "preparation").text
    for said in ("42 million IU", "70 kg", "PREP-02", "prepared by", "checked by", "infusion ends by"):
        assert said in text


def test_nothing_is_prepared_after_a_stop():
    served = h.Served(s.shift(b.charted("tamponade", True, 0.2)))
    text = paper(served, "preparation").text
    assert "nothing is prepared" in text
    assert "million IU" not in text


def test_the_downtime_sheet_has_every_row_of_the_pinned_decision(served):
    """Hazard H69: with no page, the criteria are asked by hand."""
    text = paper(served, "downtime").text
    protocol = served.shift.ward.protocol(served.shift.course)
    assert [each.id for each in protocol.rows if f"<code>{each.id}</code>" not in text] == []
    assert all(words in text for words in ("systolic blood pressure", "at most 2 h old", "given by", "checked by"))


def test_the_downtime_sheet_of_a_counting_protocol_says_how_is_counted():
    text = paper(h.Served(s.shift(protocol="consensus-2014")), "downtime").text
    for said in ("Relative criteria, which are counted", "How criteria are counted", "in force"):
        assert said in text


def test_the_handover_says_what_stands_and_since_when(served):
    served.shift.chart("spo2", 87)
    served.shift.do(Hold(why="looks unwell"), s.NURSE)
    text = paper(served, "handover").text
    for said in ("HOLD-RESP-01", "hold this dose", "a clinician's hold", "87 %", "since 2024-03-06 10:00 (UTC-06:00)"):
        assert said in text.replace("&#39;", "'")


def test_the_discharge_plan_says_what_nobody_settles(served):
    text = paper(served, "discharge").text
    for said in ("No source that was read and no site settles it.", "INT-09", "DOSE-12", "TIME-05", "Thyroid"):
        assert said in text


# ── as a PDF ──


def need_weasyprint() -> None:
    """Skip where it or Pango is missing; where `ALDES_REQUIRE` names pdf, that fails."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as fault:
        if "pdf" in os.environ.get("ALDES_REQUIRE", "").replace(",", " ").split():
            raise
        pytest.skip(f"no PDF here: {fault}")


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_is_a_pdf_whose_name_tells_nothing(served, name):
    need_weasyprint()
    answer = paper(served, name, form="pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert answer.headers["content-disposition"] == f'inline; filename="{name}.pdf"'


def test_without_weasyprint_one_sentence_says_what_to_install(served, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = paper(served, "chart", form="pdf")
    assert (answer.status_code, "install aldes[pdf]" in answer.text) == (501, True)


def test_a_pdf_fetches_nothing():
    """Hazard H73: neither from the network nor from the disk."""
    need_weasyprint()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        made = pdf(f'<p>x<img src="http://127.0.0.1:{port}/x.png"><img src="file:///etc/hostname"></p>')
        called, _, _ = select.select([listening], [], [], 0)
    assert made.startswith(b"%PDF-")
    assert called == []
