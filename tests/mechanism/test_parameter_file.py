"""The file of parameters is read strictly: what cannot be right is one clear sentence."""

import json
import re
import tomllib
from importlib.resources import files

import pytest

from aldes.errors import ModelError
from aldes.evidence import cite
from aldes.mechanism.parameters import Params, unit_of
from aldes.mechanism.read import Standing, parse, read_parameters

TEXT = (files("aldes.mechanism") / "parameters.toml").read_text(encoding="utf-8")
KA = next(line for line in TEXT.splitlines() if line.startswith("ka = "))


def changed(old: str, new: str) -> str:
    """The file with one thing changed in the line of `ka`."""
    assert old in KA
    return TEXT.replace(KA, KA.replace(old, new))


@pytest.mark.parametrize("set_name", ["konrad-1990", "label-clearance"])
def test_every_parameter_has_unit_source_place_and_status(set_name: str) -> None:
    for name, each in read_parameters(set_name).items():
        assert each.unit == unit_of(Params, name)
        assert all(len(source.place) > 3 for source in each.sources)
        assert each.status in list(Standing)
        assert each.words


def test_what_was_calibrated_names_range_and_targets() -> None:
    calibrated = [each for each in read_parameters().values() if each.status is Standing.CALIBRATED]
    assert calibrated
    assert all(each.range and each.pins for each in calibrated)


def test_what_is_assumed_or_policy_rests_on_a_page_of_ours() -> None:
    for each in read_parameters().values():
        if each.status in (Standing.ASSUMED, Standing.POLICY):
            assert [source.source for source in each.sources] == ["assumption"], each.name


def test_the_sets_differ_in_the_drug_alone() -> None:
    one, other = read_parameters(), read_parameters("label-clearance")
    assert {name for name in one if one[name].value != other[name].value} == {"cl", "vc", "k12", "k21"}


def test_an_unknown_set_is_refused_with_the_nearest() -> None:
    with pytest.raises(ModelError, match="Did you mean 'label-clearance'"):
        read_parameters("label-clearence")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ka = ", "kaa = ", "'kaa' is not in the model. Did you mean 'ka'"),
        ("value = ", "valu = ", "'ka' has 'valu', which is no field. Did you mean 'value'"),
        ("value = ", "value = -", "'ka' came as -0."),
        ("value = ", 'value = "much" #', "cannot be read as TOML"),
        ('unit = "1/h"', 'unit = "L/h"', "'ka' came in 'L/h'; it is read in 1/h or 1/d or 1/min"),
        ("source = ", "sauce = ", "'sauce', which is no field. Did you mean 'source'"),
        ("piscitelli-1996 abstract, time of the maximum and half-life", "piscitelli-1996", "names no place"),
        ("piscitelli-1996 abstract", "piscitelli-1997 abstract", "Did you mean 'piscitelli-1996'"),
        ('status = "calibrated"', 'status = "sure"', "has the status 'sure'; use one of read"),
        ("cv = 0.4", "cv = 0.4, sd = 1", "has cv and sd; keep one"),
        ("cv = 0.4", "cv = 0.4, shared = 2", "shares 2 of its variability"),
        ("range = [0.15, 0.5], ", "", "is calibrated and has no range"),
        ("range = [0.15, 0.5]", "range = [0.9, 1]", "lies outside its own range of 0.9 to 1"),
        ("cv = 0.4", 'per = "height"', "grows with 'height'; write weight or bsa"),
    ],
)
def test_a_fault_is_named_in_one_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(ModelError, match=re.escape(fault)) as caught:
        parse(changed(old, new), "own.toml")
    assert str(caught.value).startswith("own.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["value", "unit", "words", "source", "status"])
def test_a_line_without_one_of_its_parts_is_refused(key: str) -> None:
    row = tomllib.loads(KA)["ka"]
    del row[key]
    without = f"ka = {{ {', '.join(f'{name} = {json.dumps(value)}' for name, value in row.items())} }}"
    with pytest.raises(ModelError, match=f"'ka' has no {key}"):
        parse(TEXT.replace(KA, without), "own.toml")


def test_a_missing_line_is_refused() -> None:
    with pytest.raises(ModelError, match="the parameter 'ka' is missing"):
        parse(TEXT.replace(KA + "\n", ""), "own.toml")


def test_every_source_of_the_file_is_in_the_register() -> None:
    cited = [source for each in read_parameters().values() for source in each.sources]
    assert all(cite(str(source)) == source for source in cited)
