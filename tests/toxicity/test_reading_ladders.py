"""A file of ladders is read strictly: a fault is one line that names file, term and what to do."""

import pytest

from aldes.errors import ProtocolError
from aldes.toxicity.ctcae.read import parse, read

RIGHT = """
version = "5.0"
[[term]]
id = "CT-X-01"
name = "nausea"
term = "Nausea"
meddra = 10028813
source = "ctcae-5 Gastrointestinal disorders, Nausea (CT-C-17)"
status = "read"
absent = [4, 5]
instead_if = "weight_baseline > 80"
1 = { words = "one", ask = "weight_gain > 1" }
2 = { words = "two", ask = "weight_gain > 2", instead = "weight_gain > 2.5" }
3 = { words = "three" }
"""


def test_a_right_file_is_read() -> None:
    ladder = parse([("own", RIGHT)], "5.0").ladders[0]

    assert [rung.grade for rung in ladder.rungs] == [1, 2, 3]
    assert ladder.absent == (4, 5)
    assert ladder.judged == "grade_nausea"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("absent = [4, 5]", "absent = [5]", "grade 4 must either stand with its words or be named as absent"),
        ("absent = [4, 5]", "absent = [3, 4, 5]", "grade 3 must either stand with its words or be named as absent"),
        ("absent = [4, 5]", "absent = [4, 6]", "absent must be a list of grades from 1 to 5"),
        ("absent = [4, 5]", "absent = [4]", "'grade_nausea' has no code for grade 5; add it"),
        ('3 = { words = "three" }', '3 = { words = "three" }\n5 = { words = "d" }', "is not written out; remove it"),
        ('name = "nausea"', 'name = "nausee"', "'grade_nausee' is no judged grade of the vocabulary. Did you mean"),
        ("weight_gain > 1", "weight_gain < 1", "'weight_gain' moves the grade both ways; turn one round"),
        ("weight_gain > 1", "weight_gian > 1", "'weight_gian' is no finding of the vocabulary"),
        ("weight_gain > 1", "1 > 2", "it compares two numbers; ask a finding"),
        ('instead_if = "weight_baseline > 80"\n', "", "'instead' needs 'ask' beside it, and the term's 'instead_if'"),
        ('words = "three"', 'wrods = "three"', "grade 3: 'wrods' is no field. Did you mean 'words'?"),
        ('status = "read"', 'status = "red"', "status 'red' is none of"),
        ("ctcae-5 Gast", "ctcae-7 Gast", "Source 'ctcae-7' is not in the register"),
        ('term = "Nausea"\n', "", "'term' is missing"),
        ("[[term]]", "[[trem]]", "'trem' is no field. Did you mean 'term'?"),
        ('version = "5.0"', 'version = "5.0', "it is not TOML"),
    ],
)
def test_a_fault_is_named_with_what_to_do(right: str, wrong: str, message: str) -> None:
    assert RIGHT.count(right) >= 1
    with pytest.raises(ProtocolError) as refused:
        parse([("own", RIGHT.replace(right, wrong, 1))], "5.0")
    assert str(refused.value).startswith("own: ")
    assert message in str(refused.value)


def test_one_id_stands_once_in_a_file_and_a_later_file_takes_its_place() -> None:
    twice = RIGHT + RIGHT.split('version = "5.0"\n')[1]
    with pytest.raises(ProtocolError, match="this id stands twice"):
        parse([("own", twice)], "5.0")
    over = parse([("own", RIGHT), ("over", RIGHT.replace("weight_gain > 1", "weight_gain > 1.5"))], "6.0")
    assert [each.rungs[0].text for each in over.ladders] == ["weight_gain > 1.5"]


def test_only_what_stands_there_can_be_removed() -> None:
    gone = parse([("own", RIGHT), ("over", '[[removed]]\nid = "CT-X-01"\nwhy = "no longer a term"')], "6.0")
    assert (gone.ladders, gone.removed[0].why) == ((), "no longer a term")
    with pytest.raises(ProtocolError, match=r"this id is no term of it\. Did you mean 'CT-X-01'"):
        parse([("own", RIGHT), ("over", '[[removed]]\nid = "CT-X-11"\nwhy = "no longer a term"')], "6.0")


@pytest.mark.parametrize(("version", "units"), [("4.0", "conventional"), ("5", "conventional"), ("5.0", "SI")])
def test_another_version_or_set_of_units_is_refused(version: str, units: str) -> None:
    with pytest.raises(ProtocolError, match="there are"):
        read(version, units)


def test_every_term_cites_the_criteria_and_says_how_they_were_read() -> None:
    for ladder in read("5.0").ladders:
        assert (ladder.source.source, ladder.status) == ("ctcae-5", "read")
        assert len(ladder.meddra) == 8
    second_hand = [each for each in read("6.0").ladders if each.source.source == "ctcae-6"]
    assert len(second_hand) == 10
    assert {each.status for each in second_hand} == {"second-hand"}
