"""What a hospital changed in a printed protocol is listed wherever its answers are shown."""

from pathlib import Path

import pytest
from files import HEAD, SIGN, block, row, save, site

from aldes import ward
from aldes.cli.paper import page
from aldes.cli.protocol import show_protocol
from aldes.exchange import read as read_record
from aldes.exchange.bundled import Bundled, bundled
from aldes.protocols.changes import Change, settings
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol

LAXER = row(id='"HOLD-RESP-01"', hold='"spo2 < 85"', resume='"spo2 > 85"', source='"site ward policy 12"')
WELL: Bundled = next(each for each in bundled() if each.name == "well-before-dose-6")


def at(folder: Path, more: str, protocol: str = "us-label-2023") -> Protocol:
    """The protocol at the demo site with more in its file; a file that was read once is not read again."""
    return read(protocol, save(folder, site(more=more), f"site-{len(list(folder.iterdir()))}.toml"))


def only(protocol: Protocol) -> Change:
    (change,) = protocol.changes
    return change


def told(change: Change) -> dict[str, tuple[str, str]]:
    return {each.field: (each.before, each.after) for each in change.fields}


@pytest.mark.parametrize("name", names_of_protocols())
@pytest.mark.parametrize("at_site", [None, "demo"])
def test_a_protocol_as_printed_has_no_changes(name: str, at_site: str | None) -> None:
    assert read(name, at_site).changes == ()


def test_a_row_that_the_site_replaces_is_told_with_what_stood_there(tmp_path: Path) -> None:
    change = only(at(tmp_path, LAXER))

    assert (change.row, change.change) == ("HOLD-RESP-01", "replaced")
    assert told(change)["asks"] == ("spo2 < 90", "spo2 < 85")
    assert told(change)["resumes"] == ("spo2 > 90", "spo2 > 85")
    assert told(change)["source"][1] == "site ward policy 12"
    assert told(change)["topics"] == ("oxygen", "")
    assert "asks spo2 < 90 → spo2 < 85; " in change.line


@pytest.mark.parametrize(
    ("field", "value", "name", "before", "after"),
    [
        ("resume", '"spo2 > 94"', "resumes", "spo2 > 90", "spo2 > 94"),
        ("resume", None, "resumes", "spo2 > 90", ""),
        ("resume_by", '"nurse"', "resume_by", "", "nurse"),
        ("from_dose", "3", "from_dose", "1", "3"),
        ("words", '"low oxygen"', "words", "oxygen saturation below 90 %", "low oxygen"),
        ("status", '"policy"', "status", "read", "policy"),
        ("scope", '"this cycle"', "scope", "this dose", "this cycle"),
    ],
)
def test_each_field_of_a_row_is_compared(
    tmp_path: Path, field: str, value: str | None, name: str, before: str, after: str
) -> None:
    as_printed = {
        "id": '"HOLD-RESP-01"',
        "words": '"oxygen saturation below 90 %"',
        "hold": '"spo2 < 90"',
        "resume": '"spo2 > 90"',
        "topics": '["oxygen"]',
    }

    assert at(tmp_path, row(**as_printed)).changes == ()
    assert told(only(at(tmp_path, row(**{**as_printed, field: value})))) == {name: (before, after)}


def test_a_row_of_the_site_s_own_is_added(tmp_path: Path) -> None:
    change = only(at(tmp_path, row(source='"site ward policy 12"')))

    assert (change.row, change.change, told(change)) == ("WARD-01", "added", {"asks": ("", "spo2 < 85")})


def test_a_row_that_a_pharmacist_signed_is_signed_and_not_replaced(tmp_path: Path) -> None:
    change, covered = at(tmp_path, block("sign", SIGN)).changes

    assert (change.row, change.change) == ("HOLDO-REN-01", "signed")
    assert (covered.row, covered.change) == ("not covered creatinine", "removed")  # the signed row answers for it
    assert told(change)["status"] == ("recalled", "verified locally")
    assert "the pharmacist on duty" in told(change)["signed"][1]


def test_a_topic_that_the_site_leaves_uncovered_is_told(tmp_path: Path) -> None:
    uncovered = {"topic": '"liver"', "reason": '"seen by the physician"', "signed": '"the ward"'}
    change = only(at(tmp_path, block("not_covered", uncovered)))

    assert (change.row, change.change) == ("not covered liver", "replaced")
    assert told(change)["reason"][1] == "seen by the physician"


def test_a_file_of_its_own_is_held_against_the_bundled_protocol_that_it_extends(tmp_path: Path) -> None:
    text = HEAD + 'remove = ["HOLD-GI-01"]\n[required.spo2]\nfrom_dose = 5\n' + LAXER
    changed = {each.row: each for each in read(save(tmp_path, text), "demo").changes}

    assert {name: each.change for name, each in changed.items()} == {
        "HOLD-RESP-01": "replaced",
        "HOLD-GI-01": "removed",
        "required spo2": "replaced",
    }
    assert changed["HOLD-GI-01"].line == "HOLD-GI-01 removed: stool test positive for blood"
    assert told(changed["required spo2"]) == {"from_dose": ("1", "5")}


def test_a_counting_rule_that_a_file_settles_is_told(tmp_path: Path) -> None:
    text = HEAD.replace("us-label-2023", "consensus-2014") + 'counting = "spr15"\n'

    assert told(only(read(save(tmp_path, text), "demo"))) == {"rule": ("", "spr15")}
    assert read("consensus-2014", "demo").changes == ()


def test_a_file_of_its_own_is_told_without_a_site_too(tmp_path: Path) -> None:
    assert only(read(save(tmp_path, HEAD + LAXER))).row == "HOLD-RESP-01"


def test_what_changed_is_no_part_of_the_pin_beside_the_content_that_it_follows_from(tmp_path: Path) -> None:
    as_printed = block("sign", {**SIGN, "row": '"HOLD-RESP-01"'})  # signing what was read changes nothing

    assert at(tmp_path, as_printed).pin == read("us-label-2023", "demo").pin
    assert at(tmp_path, LAXER).pin != read("us-label-2023", "demo").pin


def document(protocol: Protocol) -> dict[str, object]:
    return ward.answer(read_record(WELL.bundle, now=WELL.now).events, protocol, WELL.now)


def test_the_document_and_the_page_say_what_this_hospital_changed(tmp_path: Path) -> None:
    answer = document(at(tmp_path, LAXER))
    (change,) = answer["changes"]  # type: ignore[misc]  # a JSON document

    assert (change["row"], change["change"]) == ("HOLD-RESP-01", "replaced")
    assert {"field": "asks", "before": "spo2 < 90", "after": "spo2 < 85"} in change["fields"]
    text = " ".join(page(answer).split())
    assert "changed here HOLD-RESP-01 replaced: " in text
    assert "asks spo2 < 90 → spo2 < 85" in text


def test_a_protocol_as_printed_says_nothing_of_changes() -> None:
    answer = document(read("us-label-2023", "demo"))

    assert answer["changes"] == []
    assert "changed here" not in page(answer)


def test_every_setting_of_the_site_is_shown() -> None:
    protocol = read("us-label-2023", "demo")
    shown = settings(protocol)

    assert (shown["min_interval_h"], shown["cap_kg"], shown["max_age_h.creatinine"]) == ("7", "none", "24")
    assert shown.items() >= protocol.settings.items()
    assert document(protocol)["settings"] == shown
    assert "min_interval_h 7" in page(document(protocol))
    assert settings(read("us-label-2023")) == {}


def test_showing_a_protocol_at_a_site_tells_the_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_protocol("us-label-2023", save(tmp_path, site(more=LAXER), "site.toml"), False)
    text = capsys.readouterr().out

    assert "changed here: HOLD-RESP-01 replaced: " in text
    assert "settings: zone America/Chicago; " in text
    show_protocol("us-label-2023", save(tmp_path, site(more=LAXER), "site.toml"), True)
    assert '"before": "spo2 < 90"' in capsys.readouterr().out
