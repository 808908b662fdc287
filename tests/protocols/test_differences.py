"""Two protocols side by side differ by what their rows do, whatever they are called."""

from dataclasses import replace
from pathlib import Path

from files import HEAD, asking, row, save

from aldes.protocols.differences import (
    COURSE,
    NO_ROW,
    Difference,
    counting_differences,
    criterion,
    differences,
    required_differences,
)
from aldes.protocols.read import read
from aldes.protocols.row import Protocol, Row

NEW, OLD = read("us-label-2023", "demo"), read("us-label-1992", "demo")


def on(topic: str, one: Protocol = NEW, other: Protocol = OLD) -> Difference:
    return next(each for each in differences(one, other) if each.topic == topic)


def ids(rows: tuple[Row, ...]) -> list[str]:
    return [row.id for row in rows]


def test_a_protocol_does_not_differ_from_itself() -> None:
    assert differences(NEW, NEW) == ()
    assert counting_differences(NEW, NEW) == ((), ())
    assert required_differences(NEW, NEW) == ((), ())


def test_chest_pain_alone_stops_under_one_label_and_only_with_the_ecg_under_the_other() -> None:
    found = on("ischaemia")

    assert "STOP-CV-03" in ids(found.ours)
    assert "RT-03" in ids(found.theirs)


def test_the_same_criterion_under_another_id_is_no_difference() -> None:
    """STOP-RESP-01 and RT-05 both stop for good after more than 72 hours of intubation."""
    assert "breathing support" not in {each.topic for each in differences(NEW, OLD)}


def test_the_same_criterion_recalled_instead_of_read_is_a_difference() -> None:
    """A recalled row never resumes by itself and never counts for coverage."""
    assert (ids(on("oxygen").ours), ids(on("oxygen").theirs)) == (["HOLD-RESP-01"], ["HOLDO-RESP-01"])


def test_a_topic_without_a_row_shows_the_reason() -> None:
    found = on("platelets", NEW, read("consensus-2014", "demo"))

    assert found.ours == ()
    assert found.our_reason is not None
    assert found.our_reason.topic == "platelets"
    assert found.their_reason is None


def test_what_holds_because_no_row_names_it_is_compared_too() -> None:
    assert "NO-ROW-angina" in ids(on(NO_ROW).theirs)
    assert "NO-ROW-lethargy" in ids(on(NO_ROW).ours)


def test_a_row_of_the_course_that_one_lacks_is_shown_under_the_course(tmp_path: Path) -> None:
    other = read(save(tmp_path, HEAD + 'remove = ["DOSE-05"]\n'), "demo")

    assert ids(on(COURSE, NEW, other).ours) == ["DOSE-05"]


def test_a_limit_moved_by_one_step_is_a_difference(tmp_path: Path) -> None:
    moved = row(id='"HOLD-RESP-01"', hold='"spo2 < 91"', resume='"spo2 > 90"', topics='["oxygen"]')
    found = on("oxygen", NEW, read(save(tmp_path, HEAD + moved), "demo"))

    assert (ids(found.ours), ids(found.theirs)) == (["HOLD-RESP-01"], ["HOLD-RESP-01"])


def test_other_words_and_another_source_are_no_difference() -> None:
    row = NEW.rows[0]

    assert criterion(replace(row, id="X", words="in other words", text="")) == criterion(row)


def test_a_recalled_stop_is_compared_by_the_scope_that_it_has_and_not_by_the_one_that_it_will_have() -> None:
    recalled = OLD.row("HOLDO-HEP-01")
    assert recalled is not None

    assert criterion(replace(recalled, scope=NEW.rows[0].scope)) == criterion(recalled)


def test_required_measurements_and_counting_rules_are_compared() -> None:
    consensus, hospital = read("consensus-2014", "demo"), read("institution-2015", "demo")

    assert "heart_rate" in required_differences(NEW, hospital)[1]
    assert required_differences(NEW, hospital)[1] == required_differences(hospital, NEW)[0]
    assert [each.id for each in counting_differences(NEW, hospital)[1]] == ["COUNT-01", "COUNT-02", "COUNT-03"]
    assert {each.rule for each in counting_differences(consensus, hospital)[0]} == {"card-2007"}


def test_a_row_on_two_topics_is_shown_under_both(tmp_path: Path) -> None:
    both = asking("spo2 < 85", topics='["oxygen", "liver"]')
    other = read(save(tmp_path, HEAD + both), "demo")

    assert "WARD-01" in ids(on("oxygen", NEW, other).theirs)
    assert "WARD-01" in ids(on("liver", NEW, other).theirs)
