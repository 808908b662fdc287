"""Reading what stands beside the decision: what is watched, told, done and checked; a fault is one line."""

from pathlib import Path

import pytest
from files import HEAD, block, save, site

from aldes.errors import ProtocolError
from aldes.protocols.care import Fluid, Titration
from aldes.protocols.interaction import ATC
from aldes.protocols.monitor import Often
from aldes.protocols.read import read
from aldes.protocols.row import Status
from aldes.questions.answer import NO, UNKNOWN, YES

CITED = {"words": '"w"', "source": '"us-label-2023 2.4 table 2, respiratory"', "status": '"read"'}
MONITOR = {"id": '"M-1"', **CITED, "findings": '["systolic"]', "every_h": "4"}
NOTIFY = {"id": '"N-1"', **CITED, "when": '"bicarbonate < 20"'}
CARE = {"id": '"C-1"', **CITED, "when": '"systolic < 90"', "advice": '"fluid"'}
PREMEDICATION = {"id": '"P-1"', **CITED, "advice": '"acetaminophen"'}
INTERACTION = {"id": '"I-1"', **CITED, "atc": '["H02"]', "effect": '"less effect"', "action": '"avoid"'}
CONFIRM = {
    "row": '"N-1"',
    "asks": '"bicarbonate < 20"',
    "units": '{ bicarbonate = "mmol/L" }',
    "by": '"the charge nurse"',
    "date": '"2026-11-02"',
}


def one(folder: Path, kind: str, fields: dict[str, str | None], more: str = ""):
    """The protocol with one such block, and with more in the site's file."""
    text = HEAD + block(kind, {key: value for key, value in fields.items() if value is not None})
    number = len(list(folder.iterdir()))  # a file of its own: a protocol is read once for each path
    return read(save(folder, text, f"{number}.toml"), save(folder, site(more=more), f"site-{number}.toml"))


def refused(folder: Path, kind: str, fields: dict[str, str | None], more: str = "") -> str:
    with pytest.raises(ProtocolError) as fault:
        one(folder, kind, fields, more)
    assert "\n" not in str(fault.value)
    return str(fault.value)


# ── what is watched ──


def test_a_range_of_hours_keeps_both_ends_and_raised_surveillance_takes_the_shorter(tmp_path):
    row = one(tmp_path, "monitor", {**MONITOR, "every_h": "[2, 4]"}).monitors[-1]
    assert (row.within_h(raised=False), row.within_h(raised=True)) == (4, 2)


@pytest.mark.parametrize(
    ("each", "hours"), [("shift", 8), ("day", 24), ("dose", None), ("course", None), ("unset", None)]
)
def test_a_shift_is_8_hours_and_a_day_24_and_the_rest_no_clock_says(tmp_path, each, hours):
    row = one(tmp_path, "monitor", {**MONITOR, "every_h": None, "each": f'"{each}"'}).monitors[-1]
    assert row.often is Often(each)
    assert row.within_h(raised=False) == row.within_h(raised=True) == hours


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"every_h": None}, "how often?"),
        ({"each": '"day"'}, "how often?"),
        ({"every_h": "0"}, "every_h must be a number above zero"),
        ({"every_h": "[4, 2]"}, "the shorter and the longer end"),
        ({"every_h": "[1, 2, 3]"}, "every_h must be a number"),
        ({"every_h": None, "each": '"hours"'}, "each is shift or day"),
        ({"every_h": None, "each": '"dayly"'}, "Did you mean 'day'?"),
        ({"every_h": None, "each": '"event"'}, "needs its condition"),
        ({"findings": '["systolicc"]'}, "Did you mean 'systolic'?"),
        ({"findings": '["weight_gain"]'}, "'weight_gain' is no finding that is charted"),
        ({"findings": '["dose_number"]'}, "'dose_number' is no finding that is charted"),
        ({"phases": '["treatin"]'}, "'treatin' is no phase"),
        ({"phase": '["treating"]'}, "Did you mean 'phases'?"),
        ({"when": '"systolicc < 90"'}, "systolicc"),
    ],
)
def test_a_fault_of_a_monitor_is_one_line_that_names_it(tmp_path, changed, said):
    message = refused(tmp_path, "monitor", {**MONITOR, **changed})
    assert "M-1" in message
    assert said in message


# ── of what a clinician is told ──


def test_a_threshold_is_off_until_the_site_confirms_it(tmp_path):
    assert one(tmp_path, "notify", NOTIFY).notices[-1].confirmed == ""
    on = one(tmp_path, "notify", NOTIFY, block("confirm", CONFIRM)).notices[-1]
    assert on.confirmed == "the charge nurse, 2026-11-02"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"asks": '"bicarbonate < 18"'}, "it confirms 'bicarbonate < 18', but the row asks 'bicarbonate < 20'"),
        ({"units": '{ bicarbonate = "mg/dL" }'}, 'write units = { bicarbonate = "mmol/L" }'),
        ({"units": "{ }"}, 'write units = { bicarbonate = "mmol/L" }'),
        ({"row": '"N-2"'}, "confirm: 'N-2' is no row of it"),
        ({"row": '"HOLD-GI-01"'}, "HOLD-GI-01 is no [[notify]] row"),
        ({"page": '"9"'}, "'page' is no field"),
    ],
)
def test_what_was_confirmed_must_be_what_is_asked(tmp_path, changed, said):
    assert said in refused(tmp_path, "notify", NOTIFY, block("confirm", {**CONFIRM, **changed}))


def test_a_threshold_that_was_changed_is_no_longer_confirmed(tmp_path):
    changed = {**NOTIFY, "when": '"bicarbonate < 22"'}
    assert "but the row asks 'bicarbonate < 22'" in refused(tmp_path, "notify", changed, block("confirm", CONFIRM))


# ── care ──


def test_an_exact_action_is_fluid_or_a_titrated_drug(tmp_path):
    fluid = one(tmp_path, "care", {**CARE, "do": "{ fluid_ml = 500, over_min = 30 }", "recheck_min": "30"}).care[-1]
    assert fluid.do == Fluid(fluid_ml=500, over_min=30)
    assert fluid.recheck_min == 30
    do = '{ drug = "phenylephrine", start = 0.1, step = 0.1, max = 0.5, unit = "ug/kg/min" }'
    drug = one(tmp_path, "care", {**CARE, "do": do}).care[-1].do
    assert isinstance(drug, Titration)
    assert (drug.drug, drug.unit, float(drug.max)) == ("phenylephrine", "ug/kg/min", 0.5)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"advice": None}, "'advice' is missing"),
        ({"do": '"fluid"'}, "a table is wanted here"),
        ({"do": "{ fluid_ml = 500 }"}, "'over_min' is missing"),
        ({"do": "{ fluid_ml = -1, over_min = 30 }"}, "fluid_ml must be a number above zero"),
        ({"do": '{ drug = "phenylephrine", start = 0.1, max = 0.5, unit = "ug/kg/min" }'}, "'step' is missing"),
        ({"do": '{ drug = "adrenaline", start = 1, step = 1, max = 2, unit = "ug/kg/min" }'}, "is no rate"),
        ({"do": '{ drug = "dopamine", start = 1, step = 1, max = 2, unit = "ug/min" }'}, "is charted in ug/kg/min"),
        ({"do": '{ drug = "dopamine", start = 4, step = 1, max = 2, unit = "ug/kg/min" }'}, "above its greatest rate"),
        ({"recheck_min": "0"}, "recheck_min must be a number above zero"),
        ({"not_if": '"creatinin > 2"'}, "creatinin"),
        ({"not_if": '"creatinine > 2"', "not_if_source": '"til-2023 table 2"'}, "til-2023"),
    ],
)
def test_a_fault_of_a_care_row_is_one_line_that_names_it(tmp_path, changed, said):
    message = refused(tmp_path, "care", {**CARE, **changed})
    assert "C-1" in message
    assert said in message


def test_premedication_asks_no_condition(tmp_path):
    assert "'when' is no field" in refused(tmp_path, "premedication", {**PREMEDICATION, "when": '"angina"'})


# ── interactions ──


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        ([(ATC, "H02AB02")], YES),
        ([(ATC, "H02")], YES),
        ([(ATC, "H")], UNKNOWN),
        ([(ATC, "H03AA01")], NO),
        ([(ATC, "h02ab02")], UNKNOWN),
        ([("http://example.org", "H02AB02")], UNKNOWN),
        ([("http://example.org", "7")], YES),
        ([(ATC, "H03AA01"), ("http://example.org", "7")], YES),
        ([], UNKNOWN),
    ],
)
def test_a_drug_is_matched_by_class_or_by_the_sites_own_code(tmp_path, codes, answer):
    row = one(tmp_path, "interaction", {**INTERACTION, "codes": '["http://example.org|7"]'}).interactions[-1]
    assert row.concerns(codes) is answer


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"atc": "[]"}, "it names no drug"),
        ({"atc": '["H2"]'}, "'H2' is no code of the ATC index"),
        ({"codes": '["7"]'}, "a code of another system is written"),
        ({"within_days": "14"}, "a table is wanted here"),
        ({"within_days": "{ after = 0 }"}, "within_days must be a number above zero"),
        ({"context": '["INT-99"]'}, "INT-99"),
        ({"action": None}, "'action' is missing"),
    ],
)
def test_a_fault_of_an_interaction_is_one_line_that_names_it(tmp_path, changed, said):
    assert said in refused(tmp_path, "interaction", {**INTERACTION, **changed})


# ── ids, signatures, order sets ──


@pytest.mark.parametrize("kind", ["monitor", "notify", "premedication", "care", "interaction"])
def test_a_recalled_row_of_any_kind_is_signed_by_the_pharmacist(tmp_path, kind):
    fields = {"monitor": MONITOR, "notify": NOTIFY, "premedication": PREMEDICATION, "care": CARE}.get(kind, INTERACTION)
    id = fields["id"].strip('"')
    sign = {"row": f'"{id}"', "by": '"the pharmacist"', "page": '"9"', "date": '"2026-11-02"'}
    found = one(tmp_path, kind, {**fields, "status": '"recalled"'}, block("sign", sign))
    (row,) = (each for each in found.every_row() if each.id == id)
    assert row.status is Status.VERIFIED


def test_an_id_stands_for_one_kind_of_row(tmp_path):
    assert "stands for two kinds of rows" in refused(tmp_path, "care", {**CARE, "id": '"HOLD-GI-01"'})


def test_a_protocol_removes_a_row_of_any_kind(tmp_path):
    found = read(save(tmp_path, HEAD + 'remove = ["INT-03", "MON-B-02"]\n'))
    assert {"INT-03", "MON-B-02"} & {row.id for row in found.every_row()} == set()


def test_a_site_takes_an_order_set_over_by_its_name_and_replaces_one_row(tmp_path):
    own = block("monitor", {**MONITOR, "id": '"MON-V-01"', "every_h": "1"})
    found = read("us-label-2023", save(tmp_path, site(("demo = true", 'demo = true\norders = ["orders-a"]'), more=own)))
    (vital,) = (row for row in found.monitors if row.id == "MON-V-01")
    assert vital.every_h == (1, 1)
    assert {"MON-LAB-02", "MON-STOOL-01"} <= {row.id for row in found.monitors}
    assert found.pin != read("us-label-2023", "demo").pin


def test_one_hospitals_orders_are_in_no_protocol_of_another():
    for name in ("us-label-2023", "consensus-2014", "institution-2015"):
        sources = {row.source.source for row in read(name, "demo").every_row()}
        assert sources & {"orders-a", "orders-b"} == set()


def test_an_order_set_decides_nothing(tmp_path):
    save(tmp_path, 'id = "own"\nwords = "w"\nbedside = false\n' + block("hold", {"id": '"H"'}), "own.toml")
    text = site(("demo = true", f'demo = true\norders = ["{tmp_path / "own.toml"}"]'))
    with pytest.raises(ProtocolError, match="an order set: 'hold' is no field"):
        read("us-label-2023", save(tmp_path, text))
