"""The pages of the mechanism show every state, equation and parameter, and a run's own numbers."""

import pytest
from markup import look

from aldes.mechanism.equations import equations
from aldes.mechanism.functions import exp, log, maximum, power, where
from aldes.mechanism.read import read_parameters
from aldes.mechanism.state import State
from aldes.mechanism.symbols import Symbol
from aldes.mechanism.targets import read_targets
from calibration.result import kept
from manual import mechanism
from manual.html import render
from manual.mathml import equation, expression
from manual.page import Page
from manual.pathway import ARROWS, BOXES, picture, words


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    def rendered(page: Page) -> str:
        return render(page, parts=[], beside=[], scope_statement="", version="")

    return {page.path: rendered(page) for page in mechanism.mechanism_pages()}


def test_the_picture_has_every_state_and_says_itself_in_words() -> None:
    assert {state for box in BOXES.values() for state in box.states} == set(State._fields)
    assert {name for arrow in ARROWS for name in arrow} == set(BOXES)
    assert look(str(picture())).faults == []
    assert 'aria-label="dose acts on drug in plasma, receptors.' in picture()
    assert words().count(" acts on ") == len({start for start, _ in ARROWS})


def test_no_two_boxes_lie_on_each_other() -> None:
    assert len({(box.x, box.y) for box in BOXES.values()}) == len(BOXES)


def test_every_equation_stands_on_the_page_as_the_model_has_it(pages: dict[str, str]) -> None:
    for each in equations():
        assert equation(each) in pages["mechanism.html"]


def test_every_parameter_has_its_value_source_and_status(pages: dict[str, str]) -> None:
    looked = look(pages["mechanism.html"])
    for each in read_parameters().values():
        line = looked.within(f"p-{each.name}")
        assert f"{each.value:.4g}" in line
        assert each.sources[0].source in line
        assert each.status.value in line


def test_every_target_stands_with_the_number_of_the_run(pages: dict[str, str]) -> None:
    looked = look(pages["validation.html"])
    assert looked.faults == []
    for target in read_targets().values():
        number = kept().simulated[target.id, target.parts[0].name]
        assert f"{number:.3g}" in looked.within(target.id)
        assert "met" in looked.within(target.id)
    assert f"{kept().patients:,} virtual patients, seed {kept().seed}" in looked.text
    assert "HAS CHANGED" not in looked.text


def test_a_run_of_an_earlier_model_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.result.digest", lambda: "another")
    assert "THE MODEL HAS CHANGED" in str(list(mechanism.mechanism_pages())[1].lead)


def test_brackets_stand_where_they_are_needed_and_nowhere_else() -> None:
    a, b, c = Symbol("a"), Symbol("b"), Symbol("c")
    opening = "<mo>(</mo>"
    assert opening not in expression(a + b - c)
    assert opening not in expression((a + b) / c)
    assert opening in expression(a - (b - c))
    assert opening in expression((a + b) * c)
    assert opening in expression(power(a / b, c))
    assert opening in expression(power(power(a, b), c))
    assert expression(exp(a)) == "<msup><mi>e</mi><mrow><mi>a</mi></mrow></msup>"
    assert "ln" in expression(log(a))
    assert "max" in expression(maximum(a, 0.0))
    assert "if " in expression(where(a < b, a, b))


def test_a_long_sum_stands_on_several_lines_with_every_sign() -> None:
    [central] = [each for each in equations() if each.block == "rhs" and each.name == "central"]
    shown = equation(central)
    assert shown.count("<mtr>") == 6
    assert shown.count("<mtr><mtd><mo>−</mo>") == 3
