"""A faulty protocol or site file is refused in one line: file, row, fault, and the nearest right word."""

from pathlib import Path

import pytest
from files import HEAD, SIGN, asking, block, row, save, site

from aldes.errors import ProtocolError
from aldes.protocols.compile import compiled
from aldes.protocols.coverage import covered
from aldes.protocols.read import names_of_protocols, names_of_sites, read
from aldes.protocols.row import Protocol, Row, RowKind, Status
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import ask


def resolved(folder: Path, text: str | bytes, site_text: str | None = None) -> Protocol:
    return read(save(folder, text), "demo" if site_text is None else save(folder, site_text, "site.toml"))


def refusal(folder: Path, text: str | bytes, site_text: str | None = None) -> str:
    """The one line with which a file is refused, the folder left out."""
    with pytest.raises(ProtocolError) as refused:
        resolved(folder, text, site_text)
    message = str(refused.value).replace(f"{folder}/", "")
    assert "\n" not in message
    return message


def row_of(protocol: Protocol, id: str) -> Row:
    found = protocol.row(id)
    assert found is not None
    return found


SOURCED = {"source": '"us-label-2023 2.4 table 2, respiratory"', "status": '"read"'}

# ── fields ──

FIELDS = [
    (row(holds='"spo2 < 85"'), "row WARD-01: 'holds' is no field. Did you mean 'hold'?"),
    (row(id=None), "row ?: 'id' is missing"),
    (row(words=None), "row WARD-01: 'words' is missing"),
    (row(hold=None), "row WARD-01: 'hold' is missing"),
    (row(hold='""'), "row WARD-01: 'hold' is missing"),
    (row(hold="85"), "row WARD-01: 'hold' is missing"),
    (row(source=None), "row WARD-01: 'source' is missing"),
    (row(source='"us-label-2022 2.4"'), "row WARD-01: Source 'us-label-2022' is not in the register"),
    (row(source='"us-label-2023"'), "row WARD-01: The citation of 'us-label-2023' names no place"),
    (row(status=None), "row WARD-01: 'status' is missing"),
    (row(status='"recaled"'), "row WARD-01: status 'recaled' is none of"),
    (row(topics='["oxigen"]'), "row WARD-01: 'oxigen' is no coverage topic. Did you mean 'oxygen'?"),
    (row(scope='"for god"'), "row WARD-01: scope 'for god' is none of"),
    (row(resume='"spo2 >"'), "row WARD-01: 'spo2 >' cannot be read as a predicate"),
    (row(resume_by='"physican"'), "row WARD-01: 'physican' is no role"),
    (row(from_dose="0"), "row WARD-01: from_dose must be a whole number from 1 to 14; '0'"),
    (row(from_dose="-2"), "row WARD-01: from_dose must be a whole number from 1 to 14; '-2'"),
    (row(from_dose="1.5"), "row WARD-01: from_dose must be a whole number from 1 to 14; '1.5'"),
    (row(from_dose='"2"'), "row WARD-01: from_dose must be a whole number from 1 to 14; '2'"),
    (row(from_dose="true"), "row WARD-01: from_dose must be a whole number from 1 to 14; 'True'"),
    (row(group='"oxygen"'), "row WARD-01: a relative row, and only that, needs a group"),
    (row("relative"), "row WARD-01: a relative row, and only that, needs a group"),
    (row() + row(), "row WARD-01: this id stands twice"),
    (row() + row("stop"), "row WARD-01: this id stands twice"),
]


@pytest.mark.parametrize(("text", "fault"), FIELDS, ids=[fault for _, fault in FIELDS])
def test_a_faulty_field_is_named_with_its_file_and_row(tmp_path: Path, text: str, fault: str) -> None:
    message = refusal(tmp_path, HEAD + text)

    assert message.startswith("ward.toml: row ")
    assert fault in message


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (row(status='"secondhand"'), "'second-hand'"),
        (row(source='"us-label-1991 table"'), "'us-label-1992'"),
        (asking("creatinin > 3"), "'creatinine'"),
        (asking("mental_status == 'nomal'"), "'normal'"),
    ],
)
def test_the_nearest_right_word_is_offered(tmp_path: Path, text: str, near: str) -> None:
    message = refusal(tmp_path, HEAD + text)

    assert message.endswith(f"Did you mean {near}?")


# ── predicates ──

PREDICATES = [
    ("spo < 85", "'spo' is no finding of the vocabulary. Did you mean 'spo2'?"),
    ("spo2 < creatinine", "it compares % with mg/dL; both sides need one unit"),
    ("spo2 - creatinine < 3", "it adds % and mg/dL; both need one unit"),
    ("creatinine * creatinine > 4", "a product of two findings has no unit here"),
    ("spo2 > 85", "a better 'spo2' would make the answer stricter, or a worse one milder; turn the comparison round"),
    ("80 < spo2 < 85", "a better 'spo2' would make"),
    ("not angina", "a better 'angina' would make"),
    ("mental_status == 'changed'", "a better 'mental_status' would make"),
    ("spo2 == 85", "a better 'spo2' would make"),
    ("spo2 < 85 # at rest", "the predicate holds a comment"),
    ("(spo := 3) > 2", "'(spo := 3)' is no term"),
    ("(lambda: 1)", "'lambda: 1' is not a question"),
    ("len(spo2) > 1", "'len(spo2)' is no term"),
    ("spo2.real < 1", "'spo2.real' is no term"),
    ("spo2[0] < 1", "'spo2[0]' is no term"),
    ('f"{mental_status}" == "severe"', "has no codes"),
    ("await angina", "'await angina' is not a question"),
    ("[angina for angina in angina]", "is not a question"),
    ("angina if seizure else seizure", "is not a question"),
    ("spo2 is None", "missing is unknown and cannot be asked for"),
    ("spo2 is not None", "missing is unknown and cannot be asked for"),
    ("spo2 == None", "'None' is no term"),
    ("spo2 < True", "'True' is no term"),
    ("angina == True", "'angina' is a yes or no"),
    ("spo2", "'spo2' is a number, not yes or no"),
    ("spo2 / 0 < 1", "division is only by a non-zero number"),
    ("spo2 / systolic < 1", "division is only by a non-zero number"),
    ("spo2 // 2 < 4", "'spo2 // 2' is no term"),
    ("spo2 ** 2 < 4", "'spo2 ** 2' is no term"),
    ("2 < 3", "it compares two numbers"),
    ("spo2 < 1e15", "is no number that a limit can have"),
    ("spo2 < 1e999", "is no number that a limit can have"),
    ("spo2 < 85 or", "cannot be read as a predicate"),
    ("spo2 < 85 %", "cannot be read as a predicate"),
    ("mental_status < 'severe'", "codes know == != and `in`"),
    ("spo2 in (84, 85)", "'spo2' has no codes"),
    ("angina or " * 50 + "angina", "the predicate has 506 characters; at most 500 are read"),
    ("not " * 21 + "angina", "the predicate is nested more than 20 levels deep"),
    (
        "platelets < 30",
        "'platelets' is asked but not required, and no statement can answer it; add [required.platelets].",
    ),
    ("heart_rate > 130", "'heart_rate' is asked but not required"),
    ("weight_gain > 15", "'weight' is asked but not required"),
]


@pytest.mark.parametrize(("predicate", "fault"), PREDICATES, ids=[predicate[:40] for predicate, _ in PREDICATES])
def test_a_faulty_predicate_is_refused(tmp_path: Path, predicate: str, fault: str) -> None:
    message = refusal(tmp_path, HEAD + asking(predicate))

    assert message.startswith("ward.toml: row WARD-01: ")
    assert fault in message


def test_a_resume_question_that_a_worse_value_answers_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, HEAD + row(resume='"spo2 < 90"'))

    assert "a better 'spo2' would make the answer stricter, or a worse one milder" in message


def test_exactly_500_characters_and_exactly_20_levels_are_read(tmp_path: Path) -> None:
    long = ("angina or " * 49 + "seizure").ljust(500)

    assert len(long) == 500
    assert resolved(tmp_path, HEAD + asking(long)).row("WARD-01")
    # a name has two levels of its own, and each `not` adds two
    assert read(save(tmp_path, HEAD + asking("not " * 8 + "angina"), "deep.toml"), "demo").row("WARD-01")


def test_a_row_may_ask_a_measurement_once_its_protocol_requires_it(tmp_path: Path) -> None:
    text = HEAD + "\n[required.platelets]\n" + asking("platelets < 30")

    assert resolved(tmp_path, text).row("WARD-01")


def test_a_chained_comparison_asks_both_of_its_parts(tmp_path: Path) -> None:
    predicate = "systolic < systolic_target < 100"  # below a target that itself lies below 100
    question = row_of(resolved(tmp_path, HEAD + asking(predicate)), "WARD-01").question

    def answer(systolic: float, target: float) -> int:
        return ask(question, lambda name: {"systolic": systolic, "systolic_target": target}[name.finding])

    assert (answer(80, 90), answer(95, 90), answer(80, 120)) == (YES, NO, NO)


# ── files ──

FILES = [
    (HEAD + 'holld = "x"\n', "ward.toml: 'holld' is no field. Did you mean 'hold'?"),
    (HEAD + "[[hold", "ward.toml: it is not TOML"),
    (b'id = "\xff"', "ward.toml: it cannot be read as UTF-8 text"),
    ("", "ward.toml: 'id' is missing"),
    (HEAD.replace("words", "# "), "ward.toml: 'words' is missing"),
    (HEAD.replace("us-label-2023", "us-label-2022"), "'us-label-2022' is no bundled protocol"),
    (HEAD + 'remove = ["HOLD-RESP-02"]\n', "ward.toml: remove: 'HOLD-RESP-02' is no row of it. Did you mean"),
    (HEAD + "[hold]\nspo2 = 85\n", "ward.toml: 'hold' must be written as [[hold]]"),
    (HEAD + "[required.spo]\n", "ward.toml: required.spo: 'spo' is no finding. Did you mean 'spo2'?"),
    (HEAD + "[required.spo2]\nfrom_doze = 2\n", "ward.toml: required.spo2: 'from_doze' is no field"),
    (HEAD + "[required.spo2]\nfrom_dose = 0\n", "ward.toml: required.spo2: from_dose must be a whole number"),
    (HEAD + "[required]\nspo2 = 2\n", "ward.toml: required.spo2: a table is wanted here"),
    (
        HEAD + block("not_covered", {"topic": '"oxigen"', "reason": '"x"', "signed": '"y"'}),
        "ward.toml: not_covered oxigen: 'oxigen' is no coverage topic. Did you mean 'oxygen'?",
    ),
    (
        HEAD + block("not_covered", {"topic": '"skin"', "signed": '"y"'}),
        "ward.toml: not_covered skin: 'reason' is missing",
    ),
    (
        HEAD + block("not_covered", {"topic": '"skin"', "reason": '"x"'}),
        "ward.toml: not_covered skin: 'signed' is missing",
    ),
    (HEAD + 'counting = "spr15"\n', "ward.toml: counting: 'spr15' is no rule of it"),
]


@pytest.mark.parametrize(("text", "fault"), FILES, ids=[fault for _, fault in FILES])
def test_a_faulty_protocol_file_is_refused(tmp_path: Path, text: str | bytes, fault: str) -> None:
    assert fault in refusal(tmp_path, text)


def test_a_protocol_that_extends_itself_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "")

    assert "extends itself" in refusal(tmp_path, HEAD.replace("us-label-2023", path))


def test_two_protocols_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    other = save(tmp_path, HEAD.replace("us-label-2023", str(tmp_path / "ward.toml")), "other.toml")

    assert "extends itself" in refusal(tmp_path, HEAD.replace("us-label-2023", other))


def test_an_unknown_protocol_is_answered_with_the_bundled_ones() -> None:
    with pytest.raises(ProtocolError, match=r"us-label-2023.* Did you mean 'us-label-2023'\?") as refused:
        read("us-label-23")

    assert all(name in str(refused.value) for name in names_of_protocols())


def test_an_unknown_site_is_answered_with_the_bundled_ones() -> None:
    assert "demo" in names_of_sites()
    with pytest.raises(ProtocolError, match=r"'dem' is no bundled site .* Did you mean 'demo'\?"):
        read("us-label-2023", "dem")


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


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("at_least", "0", "at_least must be a whole number from 1 to 99; '0'"),
        ("at_least", "2.5", "at_least must be a whole number from 1 to 99; '2.5'"),
        ("outcome", '"stopp"', "outcome 'stopp' is none of"),
        ("of", '"relatives"', "of 'relatives' is none of"),
        ("rule", '""', "'rule' is missing"),
        ("source", '"institution-2015"', "names no place"),
        ("only_if", '"not angina"', "a better 'angina' would make the answer stricter"),
        ("scope", '"this cyle"', "scope 'this cyle' is none of"),
        ("atleast", "2", "'atleast' is no field. Did you mean 'at_least'?"),
    ],
)
def test_a_faulty_counting_rule_is_refused(tmp_path: Path, field: str, value: str, fault: str) -> None:
    message = refusal(tmp_path, HEAD + 'counting = "spr15"\n' + block("count", {**COUNT, field: value}))

    assert message.startswith("ward.toml: count C-1: ")
    assert fault in message


# ── layers ──


def test_a_later_layer_takes_the_place_of_a_row_with_the_same_id(tmp_path: Path) -> None:
    changed = resolved(tmp_path, HEAD + row(id='"HOLD-RESP-01"'))

    assert row_of(changed, "HOLD-RESP-01").text == "spo2 < 85"
    assert len(changed.rows) == len(read("us-label-2023", "demo").rows)


def test_a_protocol_may_remove_a_row_of_the_one_that_it_extends(tmp_path: Path) -> None:
    assert resolved(tmp_path, HEAD + 'remove = ["HOLD-GI-01"]\n').row("HOLD-GI-01") is None


def test_a_site_may_make_a_row_of_its_own(tmp_path: Path) -> None:
    changed = read("us-label-2023", save(tmp_path, site(more=row(source='"site ward policy 12"')), "site.toml"))

    assert row_of(changed, "WARD-01").text == "spo2 < 85"


def test_a_site_may_override_a_row(tmp_path: Path) -> None:
    stricter = row(id='"HOLD-RESP-01"', hold='"spo2 < 92"', resume='"spo2 > 92"')
    changed = read("us-label-2023", save(tmp_path, site(more=stricter), "site.toml"))

    assert (row_of(changed, "HOLD-RESP-01").text, row_of(changed, "HOLD-RESP-01").resume_text) == (
        "spo2 < 92",
        "spo2 > 92",
    )


# ── sites ──

SITES = [
    (("words =", "wordz ="), "'wordz' is no field. Did you mean 'words'?"),
    (("min_interval_h", "min_intervall_h"), "settings: 'min_intervall_h' is no field. Did you mean 'min_interval_h'?"),
    (("spo2 = 2", "sp02 = 2"), "max_age_h: 'sp02' is no field. Did you mean 'spo2'?"),
    (("spo2 = 2", "spo2 = 0"), "max_age_h.spo2 must be a number above zero; '0'"),
    (("spo2 = 2", "spo2 = -1"), "max_age_h.spo2 must be a number above zero; '-1'"),
    (("spo2 = 2", 'spo2 = "2"'), "max_age_h.spo2 must be a number above zero; '2'"),
    (("spo2 = 2", "spo2 = true"), "max_age_h.spo2 must be a number above zero; 'True'"),
    (("spo2 = 2", "spo2 = inf"), "max_age_h.spo2 must be a number above zero; 'Infinity'"),
    (("min_interval_h = 7", "min_interval_h = 0"), "min_interval_h must be a number above zero; '0'"),
    (("min_interval_h = 7", "min_interval_h = nan"), "min_interval_h must be a number above zero; 'NaN'"),
    (("America/Chicago", "America/Chicgo"), "'America/Chicgo' is no time zone. Did you mean 'America/Chicago'?"),
    (("America/Chicago", "../../etc/localtime"), "'../../etc/localtime' is no time zone."),
]


@pytest.mark.parametrize(("change", "fault"), SITES, ids=[fault for _, fault in SITES])
def test_a_faulty_site_file_is_refused(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    message = refusal(tmp_path, HEAD, site(change))

    assert fault in message


def test_a_counting_rule_that_the_protocol_does_not_print_is_refused(tmp_path: Path) -> None:
    chosen = save(tmp_path, site(('"card-2007"', '"card-2008"')), "site.toml")

    with pytest.raises(ProtocolError, match="counting: 'card-2008' is no rule of it"):
        read("consensus-2014", chosen)


# ── settings that nobody made ──


def test_an_unset_interval_leaves_the_interval_unknown_and_names_the_setting() -> None:
    question = row_of(read("us-label-2023"), "DOSE-02").question
    looks = {"doses_in_course": 3.0, "hours_since_last_dose": 100.0}

    assert ask(question, lambda name: looks.get(name.finding)) is UNKNOWN
    assert "site setting min_interval_h is not set" in str(question)


def test_an_unset_age_is_none_and_never_a_default() -> None:
    assert {each.max_age for each in read("us-label-2023").required.values()} == {None}


def test_without_a_site_the_consensus_has_no_counting_rule_and_asks_for_one() -> None:
    unset = read("consensus-2014")

    assert (unset.counting, unset.counting_needed) == (None, True)
    assert "site setting counting is not set" in str(compiled(unset).stop)


def test_no_schedule_is_made_up() -> None:
    schedule = read("us-label-2023").schedule

    assert (schedule.zone, schedule.min_interval_h, schedule.late_h, schedule.valid_min) == (None, None, None, None)


def test_a_demo_site_says_so() -> None:
    assert read("us-label-2023", "demo").demo
    assert not read("us-label-2023").demo


# ── signed rows ──


def signed(folder: Path, **changed: str | None) -> Protocol:
    fields = {key: value for key, value in {**SIGN, **changed}.items() if value is not None}
    return read("us-label-2023", save(folder, site(more=block("sign", fields)), "site.toml"))


def test_a_recalled_row_never_resumes_by_itself_and_never_counts_for_coverage() -> None:
    recalled = read("us-label-2023", "demo")

    assert row_of(recalled, "HOLDO-REN-01").recalled
    assert compiled(recalled).resume["HOLDO-REN-01"] is None
    assert "creatinine" not in covered(recalled)


def test_a_recalled_row_that_the_site_signs_is_verified_resumes_by_itself_and_counts(tmp_path: Path) -> None:
    protocol = signed(tmp_path)
    verified = row_of(protocol, "HOLDO-REN-01")

    assert (verified.status, verified.recalled) == (Status.VERIFIED, False)
    assert verified.signed == "the pharmacist on duty, page 9, 2026-11-02"
    assert compiled(protocol).resume["HOLDO-REN-01"] is not None
    assert "creatinine" in covered(protocol)


def test_a_signature_leaves_the_other_recalled_rows_as_they_are(tmp_path: Path) -> None:
    assert row_of(signed(tmp_path), "HOLDO-REN-02").recalled


@pytest.mark.parametrize("field", ["by", "page", "date"])
def test_a_signature_without_its_name_page_or_date_is_refused(tmp_path: Path, field: str) -> None:
    with pytest.raises(ProtocolError, match=f"sign HOLDO-REN-01: '{field}' is missing"):
        signed(tmp_path, **{field: None})


def test_a_recalled_stop_reaches_no_further_than_this_dose(tmp_path: Path) -> None:
    text = HEAD + row("stop", status='"recalled"', scope='"for good"') + row("stop", id='"WARD-02"', scope='"for good"')
    stops = compiled(resolved(tmp_path, text)).stops

    assert (stops["WARD-01"].value, stops["WARD-02"].value) == ("this dose", "for good")


def test_every_bundled_protocol_is_read_with_and_without_a_site() -> None:
    for name in names_of_protocols():
        assert [*read(name).every_row(), *read(name).rows_before()]
        assert read(name, "demo").of_kind(RowKind.HOLD) or not read(name).bedside


# ── faults that would have passed in silence ──


def test_a_hospital_file_keeps_the_counting_rule_of_the_protocol_that_it_extends(tmp_path: Path) -> None:
    institution = resolved(tmp_path, HEAD.replace("us-label-2023", "institution-2015"))
    consensus = read(save(tmp_path, HEAD.replace("us-label-2023", "consensus-2014"), "other.toml"))

    assert institution.counting == "spr15"
    assert "COUNT-05" in compiled(institution).rows
    assert "CONS-BLD-01-A" in compiled(institution).stops
    assert consensus.counting_needed


def test_a_care_row_that_names_norepinephrine_leaves_it_held(tmp_path: Path) -> None:
    care = {"id": '"WARD-02"', "words": '"w"', "when": '"norepinephrine > 0"', "advice": '"wean"', **SOURCED}

    assert "NO-ROW-norepinephrine" in compiled(resolved(tmp_path, HEAD + block("care", care))).rows


def test_a_row_of_a_counting_rule_not_in_force_leaves_its_drug_held(tmp_path: Path) -> None:
    text = HEAD.replace("us-label-2023", "consensus-2014") + 'counting = "required"\n'
    protocol = resolved(tmp_path, text + row(hold='"norepinephrine > 0.3"', rule='"spr15"'))

    assert protocol.counting == "card-2007"
    assert "NO-ROW-norepinephrine" in compiled(protocol).rows


def test_a_row_of_a_counting_rule_that_nobody_prints_is_refused(tmp_path: Path) -> None:
    assert "spr16" in refusal(tmp_path, HEAD + row(rule='"spr16"'))


def test_a_stop_is_not_turned_into_care(tmp_path: Path) -> None:
    care = {"id": '"STOP-CV-03"', "words": '"w"', "when": '"angina"', "advice": '"an ECG"', **SOURCED}

    assert "STOP-CV-03" in refusal(tmp_path, HEAD, site(more=block("care", care)))


def test_a_row_that_would_begin_after_the_last_dose_is_refused(tmp_path: Path) -> None:
    assert "from_dose" in refusal(tmp_path, HEAD + row(from_dose="15"))


@pytest.mark.parametrize("text", ['bedside = "no"\n'], ids=str.strip)
def test_yes_or_no_is_not_written_as_text(tmp_path: Path, text: str) -> None:
    assert "bedside" in refusal(tmp_path, HEAD.replace("bedside = true\n", text))


def test_a_counting_rule_whose_id_stands_twice_is_refused(tmp_path: Path) -> None:
    assert "C-1" in refusal(tmp_path, HEAD + 'counting = "spr15"\n' + block("count", COUNT) * 2)


@pytest.mark.parametrize(("field", "value"), [("of", '"hold"'), ("outcome", '"care"'), ("outcome", '"relative"')])
def test_a_counting_rule_counts_relative_or_absolute_rows_and_holds_or_stops(
    tmp_path: Path, field: str, value: str
) -> None:
    text = HEAD + 'counting = "spr15"\n' + block("count", {**COUNT, field: value})

    assert f"count C-1: {field}" in refusal(tmp_path, text)


def test_a_signature_under_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="HOLDO-REN-11"):
        signed(tmp_path, row='"HOLDO-REN-11"')


def test_a_setting_does_not_carry_the_name_of_a_finding(tmp_path: Path) -> None:
    assert "settings: 'spo2'" in refusal(tmp_path, HEAD + '[settings]\nspo2 = "a limit"\n')


@pytest.mark.parametrize(
    "text",
    [
        row(topics="3"),
        row(resume="3"),
        row(rule="3"),
        row(signed="3"),
        row("relative", group='""'),
        row(do="3"),
        row(not_if='"angina"'),
        block(
            "care", {"id": '"C"', "words": '"w"', "when": '"angina"', "advice": '"a"', "not_if": '"angin"', **SOURCED}
        ),
        block("care", {"id": '"C"', "words": '"w"', "when": '"angina"', "advice": '"a"', "not_if": "3", **SOURCED}),
        "hold = [1]\n",
        "remove = 3\n",
        'remove = "HOLD-GI-01"\n',
        'required = ["spo2"]\n',
        "not_covered = [3]\n",
    ],
    ids=str.strip,
)
def test_a_value_of_the_wrong_sort_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    message = refusal(tmp_path, HEAD + text)

    assert message.startswith("ward.toml: ")
    assert "no row of it" not in message


@pytest.mark.parametrize("extends", ["3", '["us-label-2023"]'])
def test_extends_names_one_protocol(tmp_path: Path, extends: str) -> None:
    assert "extends" in refusal(tmp_path, HEAD.replace('"us-label-2023"', extends))


def test_a_signature_is_a_block(tmp_path: Path) -> None:
    head, _, rest = site().partition("\n[settings]")
    assert "sign" in refusal(tmp_path, HEAD, f"{head}\nsign = [3]\n[settings]{rest}")


def test_an_age_that_no_clock_can_hold_is_refused(tmp_path: Path) -> None:
    assert "max_age_h.spo2" in refusal(tmp_path, HEAD, site(("spo2 = 2", "spo2 = 1e30")))


def test_the_file_and_row_are_named_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + row(source=None)).count("ward.toml") == 1


@pytest.mark.parametrize("written", ["7.00000000000000001", "6.9999999999999999"])
def test_a_setting_of_more_digits_than_a_double_keeps_is_refused(tmp_path: Path, written: str) -> None:
    settings = site(("min_interval_h = 7", f"min_interval_h = {written}"))

    assert "min_interval_h must have at most 15 significant digits" in refusal(tmp_path, HEAD, settings)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + "settings = 3\n", "ward.toml: 'settings' must be written as [settings], one line a setting."),
        (HEAD + '"a\\nb" = 3\n', "ward.toml: '?' is no field."),
    ],
)
def test_a_table_of_another_shape_is_refused_in_one_line(tmp_path: Path, text: str, fault: str) -> None:
    assert refusal(tmp_path, text) == fault


@pytest.mark.parametrize(("right", "key"), [('id = "demo"', "id"), ("words = ", "words")])
def test_a_site_is_named_and_told_by_text(tmp_path: Path, right: str, key: str) -> None:
    wrong = "id = 3" if key == "id" else "words = 3 #"

    assert f"site site.toml: '{key}' is missing" in refusal(tmp_path, HEAD, site((right, wrong)))
