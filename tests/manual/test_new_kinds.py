"""A kind of block that nobody has written yet gets its card and its table from its fields alone."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from aldes.evidence.register import cite
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.protocols.row import Status
from aldes.questions.parse import parse
from aldes.questions.tree import Question
from manual.blocks import card, cell, label, table
from manual.page import Link, Mark, plain

PLACE = cite("us-label-2023 2.4 table 2, respiratory")
LOW = parse("spo2 < 90", vocabulary())


class Colour(StrEnum):
    YELLOW = "yellow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    fluid_ml: Decimal
    over_min: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A kind of row that no protocol has."""

    id: str = "NEW-01"
    words: str = "something new is watched"
    source: Citation = PLACE
    status: Status = Status.READ
    text: str = "spo2 < 90"
    question: Question = LOW
    findings: tuple[str, ...] = ("spo2", "creatinine")
    every_h: tuple[Decimal, Decimal] = (Decimal(2), Decimal(4))
    do: Action = Action(fluid_ml=Decimal(250), over_min=Decimal("15.0"))
    colour: Colour = Colour.YELLOW
    after: timedelta = timedelta(hours=36)
    urgent: bool = True
    note: str = ""


def shown(name: str) -> str:
    return plain(dict(card(Unheard(), "us-label-2023", "unheard").entries)[label(name)])


def test_its_question_is_read_in_words_and_its_text_is_left_out() -> None:
    assert shown("question") == "oxygen saturation below 90 %"
    assert "text" not in dict(card(Unheard(), "us-label-2023", "unheard").entries)


def test_its_values_carry_the_units_of_their_names_and_no_trailing_zero() -> None:
    assert shown("every_h") == "2 to 4 h"
    assert shown("do") == "fluid: 250 mL; over: 15 min"
    assert shown("after") == "36 h"


def test_its_findings_lead_to_the_vocabulary_and_its_source_to_the_register() -> None:
    assert shown("findings") == "oxygen saturation, serum creatinine"
    assert cell("spo2", name="finding") == Link("oxygen saturation", "vocabulary.html#spo2")
    assert shown("source") == "us-label-2023 2.4 table 2, respiratory"
    assert dict(card(Unheard(), "us-label-2023", "unheard").entries)["status"] == Mark("read")


def test_an_empty_field_is_left_out_and_no_field_that_says_something_is() -> None:
    labels = [each for each, _ in card(Unheard(), "us-label-2023", "unheard").entries]
    assert "note" not in labels
    assert {"colour", "urgent", "every", "do", "after"} <= set(labels)


def test_where_it_stands_comes_after_what_it_says() -> None:
    labels = [each for each, _ in card(Unheard(), "us-label-2023", "unheard").entries]
    assert labels[-2:] == ["source", "status"]


def test_several_of_them_make_a_table_with_a_column_for_each_field_that_is_filled() -> None:
    found = table([Unheard(), Unheard(id="NEW-02", note="a note")], "Unheard")
    assert "note" in found.heads
    assert [plain(line.cells[0]) for line in found.lines] == ["NEW-01", "NEW-02"]
    assert "note" not in table([Unheard()], "Unheard").heads
