"""A pin names a protocol by its content: the same content the same pin, and no change goes unseen."""

from dataclasses import replace
from pathlib import Path

import pytest
from files import HEAD, SIGN, block, row, save, site

from aldes.findings import read as findings
from aldes.findings.vocabulary import Vocabulary
from aldes.protocols import pin
from aldes.protocols.pin import pin_of
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from cases import PROTOCOLS


def under(folder: Path, site_text: str, protocol: str = "us-label-2023", name: str = "site.toml") -> str:
    """The pin of a bundled protocol at a site."""
    return read(protocol, save(folder, site_text, name)).pin


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_same_content_has_the_same_pin(tmp_path: Path, protocol: str) -> None:
    assert under(tmp_path, site(), protocol) == read(protocol, "demo").pin == pin_of(read(protocol, "demo")).pin


def test_a_pin_says_how_it_was_made() -> None:
    assert read("us-label-2023", "demo").pin.startswith("sha256:")
    assert len(read("us-label-2023", "demo").pin) == len("sha256:") + 64


def test_no_two_protocols_share_a_pin() -> None:
    pins = {read(protocol, name).pin for protocol in PROTOCOLS for name in ("demo", None)}

    assert len(pins) == 2 * len(PROTOCOLS)


def test_the_order_of_the_sites_settings_does_not_matter(tmp_path: Path) -> None:
    turned = site(
        ("late_h = 4", "late_h_first = 4"),
        ("min_interval_h = 7", "late_h = 4"),
        ("late_h_first = 4", "min_interval_h = 7"),
    )
    turned = turned.replace("spo2 = 2", "spo2_first = 2").replace("systolic = 2", "spo2 = 2")

    assert under(tmp_path, turned.replace("spo2_first = 2", "systolic = 2")) == read("us-label-2023", "demo").pin


def test_comments_and_spaces_do_not_matter(tmp_path: Path) -> None:
    assert under(tmp_path, "# a note\n" + site(("spo2 = 2", "spo2   =   2"))) == read("us-label-2023", "demo").pin


SETTINGS = [
    ("min_interval_h = 7", "min_interval_h = 7.5"),
    ("cycle_2_after_days = 14", "cycle_2_after_days = 15"),
    ("late_h = 4", "late_h = 3"),
    ("valid_min = 60", "valid_min = 59"),
    ('cap_kg = "none"', 'cap_kg = "120"'),
    ('round_to_miu = "none"', 'round_to_miu = "1"'),
    ("usable_ml_per_vial = 1.0", "usable_ml_per_vial = 1.1"),
    ("America/Chicago", "America/Denver"),
    ("spo2 = 2", "spo2 = 1"),
]


@pytest.mark.parametrize(("old", "new"), SETTINGS, ids=[new for _, new in SETTINGS])
def test_a_changed_setting_changes_the_pin(tmp_path: Path, old: str, new: str) -> None:
    assert under(tmp_path, site((old, new))) != read("us-label-2023", "demo").pin


def test_another_counting_rule_changes_the_pin(tmp_path: Path) -> None:
    other = under(tmp_path, site(('counting = "card-2007"', 'counting = "spr15"')), "consensus-2014")

    assert other != read("consensus-2014", "demo").pin


@pytest.mark.parametrize(
    "changed",
    [
        {"hold": '"spo2 < 86"'},
        {"hold": '"spo2 <= 85"'},
        {"words": '"oxygen saturation under 85 %"'},
        {"resume": '"spo2 > 85"'},
        {"resume_by": '"physician"'},
        {"from_dose": "2"},
        {"source": '"us-label-2023 2.4 table 2"'},
        {"status": '"second-hand"'},
        {"scope": '"this cycle"'},
        {"topics": '["oxygen"]'},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_field_of_a_row_changes_the_pin(tmp_path: Path, changed: dict[str, str]) -> None:
    before = read(save(tmp_path, HEAD + row(), "before.toml"), "demo")
    after = read(save(tmp_path, HEAD + row("hold", **changed), "after.toml"), "demo")

    assert before.pin != after.pin


def test_a_row_removed_a_row_added_and_a_row_signed_change_the_pin(tmp_path: Path) -> None:
    texts = {"as it is": HEAD, "removed": HEAD + 'remove = ["HOLD-GI-01"]\n', "added": HEAD + row()}
    pins = {read(save(tmp_path, text, f"{name}.toml"), "demo").pin for name, text in texts.items()}
    signed = save(tmp_path, site(more=block("sign", SIGN)), "signed.toml")

    assert len(pins) == 3
    assert read("us-label-2023", signed).pin != read("us-label-2023", "demo").pin


def repinned(monkeypatch: pytest.MonkeyPatch, protocol: Protocol, finding: str, **changed: object) -> str:
    """The pin when one row of the vocabulary is another."""
    known = findings.vocabulary()
    other = Vocabulary({**known.findings, finding: replace(known[finding], **changed)}, known.by_code)  # type: ignore[arg-type]  # one field of any sort
    monkeypatch.setattr(pin, "vocabulary", lambda: other)
    return pin_of(protocol).pin


@pytest.mark.parametrize(
    ("finding", "changed"),
    [
        ("spo2", {"words": "saturation"}),
        ("spo2", {"loinc": ("2708-6",)}),
        ("spo2", {"survivable": None}),
        ("creatinine", {"molar": None}),
        ("systolic", {"unit": "kPa"}),  # asked only through what is derived from it
        ("weight", {"words": "mass"}),
    ],
)
def test_a_changed_row_of_the_vocabulary_changes_the_pin(
    monkeypatch: pytest.MonkeyPatch, finding: str, changed: dict[str, object]
) -> None:
    protocol = read("consensus-2014" if finding == "weight" else "us-label-2023", "demo")

    assert repinned(monkeypatch, protocol, finding, **changed) != protocol.pin


def test_another_window_of_a_derived_finding_changes_the_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    protocol, known = read("institution-2015", "demo"), findings.vocabulary()["urine_8h"]
    assert known.derived is not None

    longer = replace(known.derived, window_h=known.derived.window_h + 1 if known.derived.window_h else None)

    assert repinned(monkeypatch, protocol, "urine_8h", derived=longer) != protocol.pin


def test_a_row_of_the_vocabulary_that_no_row_asks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    protocol = read("us-label-2023", "demo")

    assert repinned(monkeypatch, protocol, "palpitations", words="a fast heart") == protocol.pin


def test_the_holds_for_support_that_no_row_names_are_pinned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    protocol = read("us-label-2023", "demo")

    assert repinned(monkeypatch, protocol, "norepinephrine", words="noradrenaline rate") != protocol.pin
