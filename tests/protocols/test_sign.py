"""A pharmacist signs a recalled row in the hospital's own file: nothing else in it moves, nothing is signed twice."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest
from files import SIGN, block, save, site

from aldes.errors import ProtocolError
from aldes.protocols.compile import compiled
from aldes.protocols.read import read
from aldes.protocols.row import Status
from aldes.protocols.sign import Signature, Signed, sign, signature

TODAY = date(2026, 11, 20)


def signed_by(row: str = "HOLDO-REN-01") -> Signature:
    return signature(row, by="the pharmacist on duty", page="page 9", on="2026-11-02", today=TODAY)


def signing(folder: Path, text: str | bytes | None = None, row: str = "HOLDO-REN-01") -> tuple[Signed, bytes, bytes]:
    """What a signature does, and the file before and after."""
    path = Path(save(folder, site() if text is None else text, "hospital.toml"))
    before = path.read_bytes()
    return sign("us-label-2023", str(path), signed_by(row)), before, path.read_bytes()


def test_the_row_is_verified_by_whoever_compared_the_page(tmp_path: Path) -> None:
    done, _, _ = signing(tmp_path)

    assert done.row.status is Status.VERIFIED
    assert done.row.signed == "the pharmacist on duty, page 9, 2026-11-02"
    assert read("us-label-2023", str(tmp_path / "hospital.toml")).pin == done.before.pin  # read before it was signed


def test_a_signed_hold_ends_by_its_own_resume_question_and_its_topic_is_covered(tmp_path: Path) -> None:
    done, _, _ = signing(tmp_path)

    assert compiled(done.before).resume["HOLDO-REN-01"] is None
    assert compiled(done.after).resume["HOLDO-REN-01"] is not None
    assert done.topics == ("creatinine",)
    assert "creatinine" in {each.topic for each in done.before.not_covered}
    assert "creatinine" not in {each.topic for each in done.after.not_covered}


def test_a_signed_stop_reaches_as_far_as_the_table_says(tmp_path: Path) -> None:
    done, _, _ = signing(tmp_path, row="HOLDO-HEP-01")

    assert compiled(done.before).stops["HOLDO-HEP-01"].value == "this dose"
    assert compiled(done.after).stops["HOLDO-HEP-01"].value == "this course"


def test_a_signed_row_changes_the_pin(tmp_path: Path) -> None:
    done, _, _ = signing(tmp_path)

    assert done.before.pin != done.after.pin


@pytest.mark.parametrize(
    "text",
    [
        site(),
        site(more="\n# the last line is a remark"),
        site().rstrip("\n"),
        site().replace("\n", "\r\n"),
        "# Ä µ “quoted”\n" + site(more="\n\n\n"),
        site(more=block("sign", {**SIGN, "row": '"HOLDO-REN-02"'})),
    ],
)
def test_everything_that_stands_in_the_file_stays_byte_for_byte(tmp_path: Path, text: str) -> None:
    _, before, after = signing(tmp_path, text.encode())

    assert after.startswith(before)
    assert after.count(b"[[sign]]") == before.count(b"[[sign]]") + 1


def test_a_file_with_the_line_ends_of_another_system_keeps_them(tmp_path: Path) -> None:
    _, _, after = signing(tmp_path, site().replace("\n", "\r\n").encode())

    assert after.count(b"\n") == after.count(b"\r\n")


def test_a_name_with_quotes_is_written_so_that_it_reads_back(tmp_path: Path) -> None:
    path = save(tmp_path, site(), "hospital.toml")
    done = sign(
        "us-label-2023",
        path,
        signature("HOLDO-REN-01", by='J. "Jo" \\ pharmacist', page="p. 9", on="2026-11-02", today=TODAY),
    )

    assert done.row.signed.startswith('J. "Jo" \\ pharmacist, p. 9')


def test_the_file_keeps_its_permissions_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = Path(save(tmp_path, site(), "hospital.toml"))
    path.chmod(0o640)

    sign("us-label-2023", str(path), signed_by())

    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["hospital.toml"]


def test_a_row_of_another_protocol_may_stand_signed_in_the_same_file(tmp_path: Path) -> None:
    path = save(tmp_path, site(), "hospital.toml")
    sign("us-label-1992", path, signed_by("HOLDO-GI-01"))

    assert read("us-label-2023", save(tmp_path, Path(path).read_bytes(), "again.toml")).row("HOLDO-GI-01") is None


def refused(folder: Path, row: str, site_file: str | None = None, text: str | None = None) -> str:
    """The one sentence with which a signature is refused; the file is as it was."""
    path = Path(save(folder, site() if text is None else text, "hospital.toml"))
    before = path.read_bytes()
    with pytest.raises(ProtocolError) as fault:
        sign("us-label-2023", site_file or str(path), signed_by(row))
    assert path.read_bytes() == before
    assert os.listdir(folder) == ["hospital.toml"]
    return str(fault.value)


def test_a_second_signature_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "HOLDO-REN-01", text=site(more=block("sign", SIGN)))

    assert message.startswith("us-label-2023: row HOLDO-REN-01 is signed already (the pharmacist on duty")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("HOLD-RESP-01", "row HOLD-RESP-01 is read, not recalled"),
        ("RT-06-H", "row RT-06-H is policy, not recalled"),
        ("HOLDO-REN-11", "'HOLDO-REN-11' is no row of it. Did you mean 'HOLDO-REN-01'?"),
    ],
)
def test_only_a_recalled_row_is_signed(tmp_path: Path, row: str, fault: str) -> None:
    assert fault in refused(tmp_path, row)


def test_a_bundled_site_is_never_written_to(tmp_path: Path) -> None:
    bundled = Path(read.__wrapped__.__code__.co_filename).parent / "sites" / "demo.toml"
    text = bundled.read_bytes()

    assert "is a bundled site and no hospital's" in refused(tmp_path, "HOLDO-REN-01", "demo")
    assert "is a bundled site and no hospital's" in refused(tmp_path, "HOLDO-REN-01", str(bundled))
    assert bundled.read_bytes() == text


@pytest.mark.parametrize("name", ["nowhere.toml", "hospital.txt", "."])
def test_what_is_no_site_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "is no TOML file" in refused(tmp_path, "HOLDO-REN-01", str(tmp_path / name))


def test_a_faulty_site_file_is_refused_before_it_is_touched(tmp_path: Path) -> None:
    assert "is no field" in refused(tmp_path, "HOLDO-REN-01", text=site(("words =", "wordz =")))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"by": "  "}, "--by must be one line"),
        ({"by": "a\nb"}, "--by must be one line"),
        ({"page": ""}, "--page must be one line"),
        ({"page": "x" * 201}, "--page must be one line"),
        ({"on": "20 November"}, "is no date; write it like 2026-11-20"),
        ({"on": "2026-11-21"}, "has not come yet"),
    ],
)
def test_a_signature_that_cannot_be_right_is_refused(changed: dict[str, str], fault: str) -> None:
    given = {"by": "the pharmacist", "page": "page 9", "on": "2026-11-20"} | changed

    with pytest.raises(ProtocolError, match=fault):
        signature("HOLDO-REN-01", **given, today=TODAY)  # type: ignore[arg-type]
