"""The published outcomes: all there, each with its place, and none that cannot be right."""

import re
from decimal import Decimal

import pytest

from aldes.errors import ProtocolError
from aldes.evidence.outcomes import parse_outcomes, read_outcomes
from aldes.evidence.register import read_register
from aldes.evidence.series import SHARES, Endpoint, EndpointKind, Missing, RegimenClass, range_of
from aldes.evidence.source import Status

OUTCOMES = read_outcomes()
REGISTER = read_register()
ENDPOINTS = tuple(OUTCOMES.endpoints())


def is_number(each: Endpoint) -> bool:
    return isinstance(each.value, (Decimal, tuple))


# ── complete ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_no_series_and_no_figure_is_left_out() -> None:
    assert (len(OUTCOMES.series), len(ENDPOINTS)) == (37, 299)
    numbers = [each.split for each in ENDPOINTS if is_number(each)]
    assert (numbers.count("calibration"), numbers.count("label")) == (211, 56)


def test_nothing_that_stands_beside_the_figures_is_left_out() -> None:
    assert (len(OUTCOMES.newer), sum(len(each.rows) for each in OUTCOMES.newer)) == (10, 88)
    beside = (OUTCOMES.definitions, OUTCOMES.conflicts, OUTCOMES.guidelines, OUTCOMES.datasets, OUTCOMES.checks)
    assert [len(each) for each in beside] == [11, 11, 6, 13, 10]
    assert len(OUTCOMES.gaps) == 8


def test_ids_are_unique_and_say_their_series() -> None:
    assert len({each.id for each in ENDPOINTS}) == len(ENDPOINTS)
    assert all(each.id.startswith(f"{each.series}.") for each in ENDPOINTS)


@pytest.mark.parametrize("each", ENDPOINTS, ids=lambda each: each.id)
def test_every_figure_has_a_place_in_a_source_of_its_series(each: Endpoint) -> None:
    assert each.source.source in {*OUTCOMES.series[each.series].sources, "us-label-1992"}
    assert len(each.source.place) > 3
    assert each.words
    assert each.unit


def test_every_source_of_outcomes_is_cited_by_a_series_or_marked() -> None:
    cited = {key for series in OUTCOMES.series.values() for key in series.sources}
    cited |= {key for each in OUTCOMES.conflicts for key in each.sources}
    idle = [each.key for each in REGISTER.sources() if each.pages and each.key not in cited and not each.reference_only]
    assert idle == ["us-label-2023"]  # its rows are those of the protocol


def test_what_no_page_showed_has_no_value_and_says_so() -> None:
    unknown = [each.id for each in ENDPOINTS if each.status is Status.UNKNOWN]
    assert len(unknown) == 5
    assert all(OUTCOMES.endpoint(id).missing is Missing.NOT_SEEN for id in unknown)
    assert OUTCOMES.endpoint("proclaim_2015.os_pro").missing is Missing.NOT_REACHED
    assert [each.body for each in OUTCOMES.guidelines if each.status is Status.UNKNOWN] == ["NCCN", "ESMO", "EAU"]


def test_what_only_a_review_quotes_is_second_hand() -> None:
    assert {each.series for each in ENDPOINTS if each.status is Status.SECOND_HAND} == {"renal_tox_reviews"}
    assert all(trial.status is Status.SECOND_HAND for trial in OUTCOMES.newer)


def test_a_derived_figure_shows_its_arithmetic() -> None:
    derived = [each for each in ENDPOINTS if each.status is Status.DERIVED]
    assert len(derived) == 9
    for each in derived:
        if match := re.fullmatch(r"(\d+) / (\d+)", each.derivation):
            assert isinstance(each.value, Decimal)
            assert float(each.value) == pytest.approx(int(match[1]) / int(match[2]), abs=0.006)


# ── in range ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("each", [each for each in ENDPOINTS if is_number(each)], ids=lambda each: each.id)
def test_a_number_lies_where_its_unit_allows(each: Endpoint) -> None:
    values = each.value if isinstance(each.value, tuple) else (each.value,)
    highest = 1 if each.unit in (*SHARES, "proportion range", "fraction") else 200
    assert all(isinstance(value, Decimal) and 0 <= value <= highest for value in values)


@pytest.mark.parametrize(
    "each", [each for each in ENDPOINTS if each.is_share and each.n and each.of], ids=lambda e: e.id
)
def test_a_printed_share_is_that_of_its_printed_count(each: Endpoint) -> None:
    """To one per cent: sources round, and `make published` lists what differs by more than rounding."""
    assert each.n is not None
    assert each.of is not None
    assert float(Decimal(str(each.value))) == pytest.approx(each.n / each.of, abs=0.01)


def test_responses_are_complete_and_partial_ones_together() -> None:
    for whole, complete, partial in (
        ("fda_pool_rcc.orr_upd", "fda_pool_rcc.cr_upd", "fda_pool_rcc.pr_upd"),
        ("fda_pool_rcc.orr_1995", "fda_pool_rcc.cr_1995", "fda_pool_rcc.pr_1995"),
        ("nci_klapper2008.orr", "nci_klapper2008.cr", "nci_klapper2008.pr"),
        ("select.orr", "select.cr", "select.pr"),
        ("fda_pool_mel.orr", "fda_pool_mel.cr", "fda_pool_mel.pr"),
        ("til_il2.orr", "til_il2.cr", "til_il2.pr"),
    ):
        counts = [OUTCOMES.endpoint(each).n for each in (complete, partial)]
        assert OUTCOMES.endpoint(whole).n == sum(each for each in counts if each is not None)


def test_the_two_vintages_of_the_pivotal_trials_are_never_mixed() -> None:
    assert OUTCOMES.endpoint("fda_pool_rcc.cr_1995").superseded_by == "fda_pool_rcc.cr_upd"
    assert {each.split for each in ENDPOINTS if each.id.endswith("_upd")} == {"label"}


def test_a_count_that_is_not_printed_is_a_range() -> None:
    found = OUTCOMES.endpoint("proclaim_2015.orr_pro").count()
    assert found is not None
    assert (found.events, found.fewest, found.most, found.stated) == (50, 49, 51, False)
    assert range_of(Decimal("0.5"), 525) == range_of(Decimal("0.50"), 525)
    assert OUTCOMES.endpoint("select.orr").count().stated  # type: ignore[union-attr]
    assert OUTCOMES.endpoint("proclaim_imdc.os2y_poor").count() is None  # read off a curve: nobody counted


def test_a_cohort_may_have_a_regimen_of_its_own() -> None:
    trial = OUTCOMES.series["nci_rct_yang2003"]
    assert trial.class_of("high dose") is RegimenClass.HIGH_DOSE_BOLUS
    assert trial.class_of("low dose") is RegimenClass.LOW_DOSE
    assert trial.class_of() is RegimenClass.RANDOMISED_ARMS


def test_every_kind_of_figure_is_used() -> None:
    assert {each.kind for each in ENDPOINTS} == set(EndpointKind)


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────
SMALL = """
[[overlap]]
series = ["one", "one/late"]
certainty = "stated"
why = "it is a part of it"

[[series]]
id = "one"
patients = 20
tumour = "mRCC"
sources = ["select-2015"]
regimen = { class = "high-dose bolus" }

[[series.cohort]]
name = "late"

[[series.endpoint]]
id = "one.orr"
kind = "response"
words = "objective response rate"
tumour = "mRCC"
cohort = "late"
value = 0.2
unit = "proportion"
n = 4
of = 20
ci = [0.1, 0.4]
ci_level = 0.95
source = "select-2015 abstract"
status = "read"
split = "calibration"
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("value = 0.2", "", "write a value, or 'missing' with why"),
        ("value = 0.2", "value = 0.2\nmissing = 'not seen'", "and not both"),
        ("value = 0.2", "value = 1.2", "a fraction from 0 to 1"),
        ("value = 0.2", "value = 0.5", "limits on both sides of the value"),
        ("value = 0.2", "value = true", "'value' came as True; write a number"),
        ("n = 4", "n = 21", "a count of at most 20"),
        ("n = 4", "n = -1", "a whole number from 0 on"),
        ("ci = [0.1, 0.4]", "ci = [0.4, 0.1]", "two numbers, the lower first"),
        ("ci_level = 0.95", "", "the level of the interval"),
        ('kind = "response"', 'kind = "respons"', "one of response, complete response"),
        ('cohort = "late"', 'cohort = "lat"', "Did you mean 'late'"),
        ('id = "one.orr"', 'id = "two.orr"', "'one.' and a name of its own"),
        ('status = "read"', 'status = "derived"', "the arithmetic of a derived figure"),
        ('split = "calibration"', 'split = "held out"', "one of calibration, label"),
        ('split = "calibration"', 'split = "label"\nsuperseded_by = "one.new"', "which is not here"),
        ('split = "calibration"', 'split = "label"\nsplitt = "label"', "Did you mean 'split'"),
        ('source = "select-2015 abstract"', 'source = "select-2051 abstract"', "Did you mean 'select-2015'"),
        ('source = "select-2015 abstract"', 'source = "melanoma-2000 abstract"', "marked reference_only"),
        ('sources = ["select-2015"]', 'sources = ["select-2051"]', "Did you mean 'select-2015'"),
        ('series = ["one", "one/late"]', 'series = ["one", "one/lat"]', "is no series here"),
        ('series = ["one", "one/late"]', 'series = ["one"]', "two series or more"),
        ("[[overlap]]", "[[overlaps]]", "'overlaps' is no list of tables"),
        ("patients = 20", "patients = 20\ntreated = [1885, 1992]", "a first and a last year"),
        ("[[overlap]]", "[[overlap]", "cannot be read as TOML"),
    ],
)
def test_a_fault_in_the_file_is_named_in_one_sentence(old: str, new: str, fault: str) -> None:
    assert SMALL.count(old) == 1
    with pytest.raises(ProtocolError, match=re.escape(fault)) as caught:
        parse_outcomes(SMALL.replace(old, new), "", "", REGISTER)
    assert str(caught.value).startswith("trials.toml: ")
    assert "\n" not in str(caught.value)


def test_the_small_register_of_these_tests_is_right() -> None:
    assert parse_outcomes(SMALL, "", "", REGISTER).endpoint("one.orr").value == Decimal("0.2")


def test_an_unknown_figure_is_refused_with_the_nearest_id() -> None:
    with pytest.raises(ProtocolError, match=r"Did you mean 'select\.orr'"):
        OUTCOMES.endpoint("select.or")
