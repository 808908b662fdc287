"""What a row or a counting rule may be called: never what the compiler itself writes."""

from pathlib import Path

import pytest
from files import HEAD, block, row, save, site

from aldes.errors import ProtocolError
from aldes.protocols.compile import compiled
from aldes.protocols.ids import LONGEST_ID, checked
from aldes.protocols.read import names_of_protocols, read

COUNT = {
    "id": '"C-1"',
    "rule": '"spr15"',
    "words": '"w"',
    "outcome": '"stop"',
    "of": '"relative"',
    "at_least": "3",
    "source": '"institution-2015 table 1"',
    "status": '"read"',
}
RESERVED = ["NO-ROW-norepinephrine", "NO-ROW", "NO-ROW-X", "REQUIRED-SPO2", "REQUIRED", "OTHER-PROTOCOL", "SETTING"]
MALFORMED = [
    *("ward-01", "Ward-01", "WARD_01", "WARD 01", " WARD-01", "WARD-01 ", "WARD.01", "WARD--01", "-WARD", "WARD-"),
    *("1-WARD", "WÄRD", "WARD-٣", "WARD\u202e01", "W" * (LONGEST_ID + 1)),
]


def refusal(folder: Path, text: str, of_site: bool = False) -> str:
    name, at = (
        ("us-label-2023", save(folder, site(more=text), "site.toml")) if of_site else (save(folder, text), "demo")
    )
    with pytest.raises(ProtocolError) as refused:
        read(name, at)
    message = str(refused.value).replace(f"{folder}/", "")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("id", [each for each in RESERVED if each.isupper()])
@pytest.mark.parametrize("of_site", [False, True])
def test_a_row_that_takes_a_name_of_the_compiler_s_is_refused(tmp_path: Path, id: str, of_site: bool) -> None:
    text = row(id=f'"{id}"')
    message = refusal(tmp_path, text if of_site else HEAD + text, of_site)

    assert message.startswith(f"{'site site.toml' if of_site else 'ward.toml'}: row {id}: its id is reserved")
    assert "NO-ROW-" in message


@pytest.mark.parametrize("id", RESERVED)
def test_no_id_of_the_compiler_s_passes(id: str) -> None:
    with pytest.raises(ProtocolError):
        checked(id, "ward.toml: ")


@pytest.mark.parametrize("id", MALFORMED)
def test_a_malformed_id_is_refused_with_what_is_accepted(tmp_path: Path, id: str) -> None:
    message = refusal(tmp_path, HEAD + row(id=f'"{id}"'))

    assert message.startswith("ward.toml: row ")
    assert "its id is malformed; an id has capital letters and digits" in message


def test_an_id_of_two_lines_is_refused_in_one() -> None:
    with pytest.raises(ProtocolError, match="malformed"):
        checked("WARD-01\nWARD-02", "")


def test_an_id_of_two_lines_does_not_break_the_message(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + row(id='"WARD\\nforged: line"')).startswith("ward.toml: row ?: its id is malformed")


@pytest.mark.parametrize("id", ["SETTING", "REQUIRED-SPO2", "c-1", "C 1"])
def test_a_counting_rule_is_held_to_the_same(tmp_path: Path, id: str) -> None:
    text = HEAD + 'counting = "spr15"\n' + block("count", {**COUNT, "id": f'"{id}"'})

    assert refusal(tmp_path, text).startswith(f"ward.toml: count {id}: its id is ")


def test_a_counting_rule_cannot_have_the_id_of_a_row(tmp_path: Path) -> None:
    """Its stop would take the place of the row's in the decision."""
    text = HEAD + 'counting = "spr15"\n' + block("count", {**COUNT, "id": '"STOP-CV-03"'})

    assert "count STOP-CV-03: this id stands twice" in refusal(tmp_path, text)


@pytest.mark.parametrize("name", names_of_protocols())
def test_the_bundled_ids_and_those_of_the_compiler_never_meet(name: str) -> None:
    protocol = read(name, "demo")
    own = {row.id for row in (*protocol.rows, *protocol.counts, *protocol.rows_before())}

    assert {checked(id, "") for id in own} == own
    for written in set(compiled(protocol).rows) - own:
        with pytest.raises(ProtocolError):
            checked(written, "")
