"""Papers when they are needed most: a dose runs, slots were missed, dose 1 is near, a row is recalled."""

import re

import pytest
import shift as s

import house as h
from aldes.protocols.read import read
from aldes.protocols.readiness import rows_before_dose_1
from aldes.service.views.prints import criteria
from aldes.ward.acts import End


def paper(served, name):
    answer = served.browser().get(f"/patients/{s.BED}/print/{name}")
    assert answer.status_code == 200
    return answer.text


def slot(text, number):
    """What the drug chart says of one slot of cycle 1."""
    return text.split(f'<tr><th scope="row">{number}</th>')[1].split("</tr>")[0]


# ── a dose that runs ──


@pytest.fixture
def running():
    served = h.Served()
    served.shift.give()
    return served


def test_a_dose_that_runs_is_not_yet_given_on_the_drug_chart(running):
    """Who reads *given* believes that the bag is empty."""
    assert "<td>running</td>" in slot(paper(running, "chart"), 6)
    running.shift.do(End())
    assert "<td>given</td>" in slot(paper(running, "chart"), 6)


@pytest.mark.parametrize("name", ["downtime", "handover"])
def test_a_dose_that_runs_is_named_where_another_person_takes_over(running, name):
    assert "slot 6 runs since 2024-03-06 10:00 (UTC-06:00)" in paper(running, name)
    running.shift.do(End())
    assert "runs since" not in paper(running, name)


# ── slots that nobody accounted for ──


@pytest.mark.parametrize(("hours", "missed"), [(0, 0), (7, 1), (20, 3)])
def test_a_slot_that_passed_without_a_word_stands_on_the_drug_chart(hours, missed):
    served = h.Served()
    served.shift.pass_time(hours=hours)
    text = paper(served, "chart")
    assert len(re.findall("<td>unaccounted</td>", text)) == missed
    assert ("nobody has said what happened" in text) is (missed > 0)


@pytest.mark.parametrize("name", ["downtime", "handover"])
def test_slots_without_a_word_are_counted_before_the_next_person(name):
    served = h.Served()
    assert not re.search(r"\d past slots? that nobody", paper(served, name))
    served.shift.pass_time(hours=20)
    assert "3 past slots that nobody has accounted for" in paper(served, name)


# ── the criteria by hand ──


def test_the_paper_before_dose_1_asks_readiness_as_the_decision_does():
    served = h.Served(s.shift(given=0))
    text = paper(served, "downtime")
    first = [each.id for each in rows_before_dose_1(read("us-label-2023", "demo"))]
    protocol = served.shift.ward.protocol(served.shift.course)
    assert [each.id for each in protocol.readiness if f"<code>{each.id}</code>" not in text] == []
    assert first
    assert "Before dose 1 of a cycle" in text


def test_the_paper_of_a_later_dose_says_that_dose_1_needs_another():
    text = paper(h.Served(), "downtime")
    assert "Before dose 1 of a cycle readiness is asked too: print the sheet anew." in text


@pytest.mark.parametrize("name", ["us-label-2023", "consensus-2014", "nci-2001", "institution-2015"])
def test_a_recalled_row_reaches_no_further_and_ends_no_sooner_on_paper(name):
    """As in the decision: never beyond this dose, and never lifted by its own resume question."""
    rows = [row for _, them in criteria(read(name, "demo"), cycle=1, dose_1=False) for row in them if row.recalled]
    assert [row.id for row in rows if row.scope not in ("", "this dose")] == []
    assert [row.id for row in rows if row.resumes and "a physician lifts it" not in row.resumes] == []


def test_a_protocol_with_recalled_rows_was_among_them():
    found = [row for _, them in criteria(read("us-label-2023", "demo"), cycle=1, dose_1=False) for row in them]
    assert "this dose" in {row.scope for row in found if row.recalled}


@pytest.mark.parametrize("name", ["consensus-2014", "institution-2015"])
def test_a_row_of_a_counting_rule_that_is_not_in_force_is_not_asked_by_hand(name):
    protocol = read(name, "demo")
    printed = {row.id for _, them in criteria(protocol, cycle=1, dose_1=False) for row in them}
    out = {each.id for each in protocol.rows if each.rule not in ("", protocol.counting)}
    assert printed.isdisjoint(out)
    assert {each.id for each in protocol.rows} - out <= printed


def test_the_handover_says_the_decision_without_a_wall_of_row_ids(running):
    """Sixty ids in one line are read by nobody; what is to be measured stands above it by its name."""
    text = paper(running, "handover")
    assert "The decision now" not in text
    assert "hold this dose" in text
    assert max(len(re.findall(r"\bNO-ROW-", line)) for line in text.splitlines()) <= 1
