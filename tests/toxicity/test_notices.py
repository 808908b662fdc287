"""A clinician is told once a condition, again only when it is worse, until somebody acknowledges it by name."""

import pytest
from bedsides import LABEL, NOW, acknowledged, ago, at_bedside, charted, site, treated

from aldes.protocols.read import read
from aldes.toxicity.notices import Notice, Told, notices

CONFIRMED = """
[[confirm]]
row = "ALM-01"
asks = "temperature > 40"
units = { temperature = "Cel" }
by = "the charge nurse"
date = "2026-11-02"

[[confirm]]
row = "ALM-08"
asks = "potassium < 3 or potassium > 5.5"
units = { potassium = "mmol/L" }
by = "the charge nurse"
date = "2026-11-02"
"""


@pytest.fixture(scope="module")
def protocol(tmp_path_factory):
    """The label at a site that took one hospital's orders over and confirmed two of its thresholds."""
    return read(LABEL, site(tmp_path_factory.mktemp("site"), CONFIRMED, orders='orders = ["orders-a"]'))


def told(protocol, row: str, *events) -> Notice:
    return next(each for each in notices(at_bedside(treated(*events), protocol)) if each.row == row)


def test_without_the_sites_word_every_threshold_is_off(tmp_path):
    unconfirmed = read(LABEL, site(tmp_path, "", orders='orders = ["orders-a"]'))
    found = notices(at_bedside(treated(charted("temperature", 42)), unconfirmed))
    assert len(found) == 12
    assert {each.told for each in found} == {Told.OFF}


def test_a_threshold_that_the_site_confirmed_tells_with_value_and_time(protocol):
    notice = told(protocol, "ALM-01", charted("temperature", "40.5", 2))
    assert (notice.told, notice.since, notice.again) == (Told.TELL, ago(2), False)
    assert [each.text for each in notice.entries] == ["40.5"]
    assert told(protocol, "ALM-02", charted("respiratory_rate", 44)).told is Told.OFF


def test_at_the_limit_nobody_is_told(protocol):
    assert told(protocol, "ALM-01", charted("temperature", 40, 0.3)).told is Told.QUIET


def test_an_unknown_is_no_all_clear(protocol):
    assert told(protocol, "ALM-01").told is Told.UNKNOWN


def test_a_doubtful_value_tells_and_never_quiets(protocol):
    assert told(protocol, "ALM-01", charted("temperature", 41, 1, fault="preliminary")).told is Told.TELL
    assert told(protocol, "ALM-01", charted("temperature", 38, 1, fault="preliminary")).told is Told.UNKNOWN


def test_an_acknowledged_condition_stays_quiet_while_it_is_no_worse(protocol):
    fever = charted("temperature", "40.5", 3)
    notice = told(protocol, "ALM-01", fever, acknowledged("ALM-01", 2), charted("temperature", "40.5", 1))
    assert (notice.told, notice.acknowledged_by) == (Told.ACKNOWLEDGED, "the registrar on call")
    better = told(protocol, "ALM-01", fever, acknowledged("ALM-01", 2), charted("temperature", "40.2", 1))
    assert better.told is Told.ACKNOWLEDGED


def test_it_tells_again_only_when_it_is_worse(protocol):
    fever = charted("temperature", "40.5", 3)
    notice = told(protocol, "ALM-01", fever, acknowledged("ALM-01", 2), charted("temperature", "40.6", 1))
    assert (notice.told, notice.again) == (Told.TELL, True)


def test_worse_is_further_beyond_the_limit_on_whichever_side(protocol):
    low = charted("potassium", "2.9", 3)
    lower = told(protocol, "ALM-08", low, acknowledged("ALM-08", 2), charted("potassium", "2.7", 1))
    high = told(protocol, "ALM-08", low, acknowledged("ALM-08", 2), charted("potassium", "5.6", 1))
    same = told(protocol, "ALM-08", low, acknowledged("ALM-08", 2), charted("potassium", "2.95", 1))
    assert [each.told for each in (lower, high, same)] == [Told.TELL, Told.TELL, Told.ACKNOWLEDGED]


def test_a_condition_that_ended_and_came_back_is_a_new_one(protocol):
    notice = told(
        protocol,
        "ALM-01",
        charted("temperature", 41, 6),
        acknowledged("ALM-01", 5),
        charted("temperature", 37, 4),
        charted("temperature", "40.1", 1),
    )
    assert (notice.told, notice.again, notice.since) == (Told.TELL, False, ago(1))


def test_what_was_charted_in_an_earlier_stay_tells_nobody(protocol):
    assert told(protocol, "ALM-08", charted("potassium", "2.0", 24 * 20)).told is Told.UNKNOWN


def test_now_is_the_bedsides_own(protocol):
    bed = at_bedside(treated(charted("temperature", 41, 0.1)), protocol, now=NOW)
    assert bed.now == NOW
