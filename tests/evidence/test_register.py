"""The register answers where a number comes from, and refuses a citation that leads nowhere."""

import re

import pytest

from aldes.errors import ProtocolError
from aldes.evidence import Citation, Fact, Kind, Status, cite, read_register
from aldes.evidence.outcomes import read_outcomes
from aldes.evidence.register import parse

REGISTER = read_register()
FACTS = REGISTER.facts()
SOURCES = REGISTER.sources()

CITED_BY_ROWS_AND_PAGES = """
    us-label-2023 us-label-1992 consensus-2014 institution-2015 nci-2001 card-2007 til-2024 uk-smpc-2020
    handbook-injectable faq-manufacturer orders-a orders-b cheo-2015 openfda-ndc ctcae-5 ctcae-6 recist-1-1
    fhir-codes policy site
"""

# evidence keys of the fact base, each of which leads to one source
QUOTED = """
    LBL23 LBLOLD SMPC20 PILL2TRIP DUT14 SCH01 CARD07 SPR15 SITC16 TIL24 LAM14 BUCH19 FYFE95 FISHR00 YANG03 YANG97
    MCD05 MCD15 CLA17 FISHM19 UW14 EJUO21 LEIB03 HAN CHO92 ZUK90 UWRAD ASN18 ORD-A ORD-B UWHC SKYSC GLOBRPH CHEO
    IL2FAQ OPENFDA-NDC AMTAGVI MEDNET MEDSCAPE CTC5 CTC6 REC11 IREC LOINC-MAP
"""

# the same, of its part on outcomes
QUOTED_OUTCOMES = """
    fyfe1995 fisher1997 fisher2000 rosenberg1994 rosenberg1998 yang2003 klapper2008 select2015 proclaim_abs2015
    proclaim2016 fishman2019 curti2017 buchbinder2019 chow2016 hawkins_ncri stenehjem2016 ucla1997 cho2009
    kammula1998 schwartzentruber2001 dutcher2014 asn2018_table2 krouse1995 kruit1993 leiden1993 negrier1998
    leibovich2003 upton2005 atkins2005 bui2003 civ327 clark2021 clark2003 lvhn2015 atkins1999 atkins2000
    rosenberg2014 pittsburgh2017 label_tbl label_hcp label_2024 chesney2022 medina2023 pdq2025 asco2015_proclaim
    proclaim_abs2015_tbl chatzkel2022 pembro_il2_2025 sabr_il2 nci_mel684
"""

SECTIONS = {"DOSE": 22, "UNIT": 8, "PREP": 16, "STAB": 5, "ADM": 6, "COUNT": 9}
CARD = """
    NCI-PRE-01 NCI-PRE-02 NCI-PRE-03 NCI-BP-01 NCI-COUNT-01 NCI-COUNT-02 NCI-COUNT-03 NCI-CV-01 NCI-CV-02
    NCI-SKIN-01 NCI-GI-01 NCI-REST
"""

SMALL = """
[[source]]
key = "label"
kind = "label"
citation = "A label"
read = "whole"

[[fact]]
id = "DOSE-01"
words = "A dose."
source = "label 2, dose"
status = "read"
"""


def small(old: str, new: str) -> str:
    """The small register with one thing changed in it."""
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


# ── what ships with the program ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("key", CITED_BY_ROWS_AND_PAGES.split())
def test_every_key_that_rows_cite_is_registered(key: str) -> None:
    assert REGISTER.source(key).key == key


def test_every_evidence_key_leads_to_one_source() -> None:
    assert sorted(quoted for source in SOURCES for quoted in source.evidence) == sorted(
        [*QUOTED.split(), *QUOTED_OUTCOMES.split()]
    )


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_every_fact_is_a_sentence_with_an_exact_place(fact: Fact) -> None:
    assert len(fact.words.split()) >= 4
    assert fact.words.endswith(".")
    assert all(len(cite(str(place)).place) > 3 for place in fact.cited)


@pytest.mark.parametrize(("section", "last"), SECTIONS.items())
def test_no_fact_of_a_section_is_left_out(section: str, last: int) -> None:
    carried = {fact.id for fact in FACTS if re.fullmatch(rf"{section}-\d\d", fact.id)}
    assert carried == {f"{section}-{number:02}" for number in range(1, last + 1)}


def test_the_pocket_card_is_carried_whole() -> None:
    assert [fact.id for fact in FACTS if fact.id.startswith("NCI-")] == CARD.split()


def test_every_outside_source_carries_a_fact_or_is_marked_reference_only() -> None:
    ours = {Kind.POLICY, Kind.SITE, Kind.CODE_SYSTEM}  # cited by rows, settings and the vocabulary
    carrying = {place.source for fact in FACTS for place in fact.cited}
    carrying |= {each.source.source for each in read_outcomes().endpoints()}
    carrying |= {key for series in read_outcomes().series.values() for key in series.sources}
    idle = {each.key for each in SOURCES if each.kind not in ours and each.key not in carrying}
    assert idle == {each.key for each in SOURCES if each.reference_only}


def test_no_fact_is_printed_so_that_a_dose_is_misread() -> None:
    trailing_zero, naked_point = re.compile(r"\d\.\d*0(?!\d)"), re.compile(r"(?<!\d)\.\d")
    bare_thousands = re.compile(r"(?<![\d.])\d{4,}(?!\d)")
    for fact in FACTS:
        for printed in (fact.words, fact.derivation, fact.conflict, fact.note):
            assert not trailing_zero.search(printed), fact.id
            assert not naked_point.search(printed), fact.id
            assert all(int(found[0]) in range(1990, 2030) for found in bare_thousands.finditer(printed)), fact.id


def test_a_disagreement_names_a_fact_that_exists() -> None:
    named = {found for fact in FACTS for found in re.findall(r"[A-Z]+(?:-[A-Z]+)*-\d\d", fact.conflict)}
    assert named
    assert all(REGISTER.fact(id).id == id for id in named)


def test_the_doses_of_the_label_are_those_the_program_counts_with() -> None:
    assert "600,000 IU per kg" in REGISTER.fact("DOSE-01").words
    assert "14 doses" in REGISTER.fact("DOSE-04").words
    assert "28 doses" in REGISTER.fact("DOSE-07").words


@pytest.mark.parametrize("id", ["HOLD-HEP-01", "HOLD-REN-01", "HOLD-INF-01", "HOLD-SKIN-01"])
def test_a_row_of_the_label_that_nobody_saw_stays_unknown(id: str) -> None:
    assert REGISTER.fact(id).status is Status.UNKNOWN


def test_which_weight_a_dose_is_reckoned_on_is_left_to_the_site() -> None:
    weight = REGISTER.fact("DOSE-18")
    assert (weight.source.source, weight.status) == ("site", Status.UNKNOWN)


def test_the_skipped_dose_is_recalled_because_one_half_of_it_is() -> None:
    assert REGISTER.fact("DOSE-17").status is Status.RECALLED


# ── citing ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "text",
    [
        "us-label-2023 2.4 table 2, respiratory",
        "us-label-2023, 2.4 table 2, respiratory",
        "  us-label-2023   2.4 table 2,\n respiratory ",
    ],
)
def test_a_citation_is_the_key_and_the_exact_place(text: str) -> None:
    assert cite(text) == Citation(source="us-label-2023", place="2.4 table 2, respiratory")


def test_a_citation_reads_back_as_it_prints() -> None:
    here = REGISTER.source("card-2007").at("first page, skin")
    assert cite(str(here)) == here


@pytest.mark.parametrize("text", ["us-label-2023", "us-label-2023,", "us-label-2023 , –"])
def test_a_paper_alone_is_no_citation(text: str) -> None:
    with pytest.raises(ProtocolError, match="names no place"):
        cite(text)


def test_an_unknown_source_is_refused_with_the_nearest_key() -> None:
    with pytest.raises(ProtocolError, match="Did you mean 'us-label-2023'"):
        cite("us-label-2033 2.4 table 2, respiratory")


def test_an_evidence_key_is_not_a_key_of_the_register() -> None:
    with pytest.raises(ProtocolError, match="'LBL23' is not in the register"):
        cite("LBL23 2.4")


def test_an_empty_citation_is_refused() -> None:
    with pytest.raises(ProtocolError, match="not in the register"):
        cite("  ")


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_fact_is_found_in_small_letters_too() -> None:
    assert REGISTER.fact("dose-01") is REGISTER.fact("DOSE-01")


def test_an_unknown_fact_is_refused_with_the_nearest_id() -> None:
    with pytest.raises(ProtocolError, match="Did you mean 'UNIT-0"):
        REGISTER.fact("UNITS-07")


def test_the_facts_of_one_source_include_those_that_also_cite_it() -> None:
    carried = {fact.id for fact in REGISTER.facts(source="nci-2001")}
    assert {"DOSE-17", "COUNT-07", "NCI-REST"} <= carried
    assert "DOSE-17" in {fact.id for fact in REGISTER.facts(source="institution-2015")}


def test_recalled_facts_can_be_listed() -> None:
    assert {fact.id for fact in REGISTER.facts(status=Status.RECALLED)} == {
        *("DOSE-17", "COUNT-07", "NCI-REST", "INT-11", "ISM-02", "RC-18")
    }


def test_how_often_an_adverse_event_came_is_found_by_its_word_and_a_recalled_table_is_not_shown() -> None:
    assert "hypotension 71" in REGISTER.fact("AE-02").words
    assert {"AE-09", "AE-10"} <= {getattr(each, "id", "") for each in REGISTER.find("oliguria")}
    assert REGISTER.fact("AE4-01").status is Status.UNKNOWN


def test_source_and_status_narrow_together() -> None:
    assert [fact.id for fact in REGISTER.facts(source="uk-smpc-2020", status=Status.SECOND_HAND)] == ["STAB-04"]


def test_the_facts_of_an_unknown_source_are_refused_rather_than_none() -> None:
    with pytest.raises(ProtocolError, match="Did you mean 'card-2007'"):
        REGISTER.facts(source="card-2008")


def test_sources_can_be_listed_by_kind() -> None:
    assert {each.key for each in REGISTER.sources(kind=Kind.REGISTRY)} == {
        "proclaim-2015",
        "proclaim-2015-table",
        "proclaim-2017",
        "proclaim-2019",
        "proclaim-asco-2015",
        "proclaim-irae-2017",
    }


def test_a_word_finds_sources_first_and_then_facts() -> None:
    found = REGISTER.find("ALBUMIN")
    sources, facts = ["mskcc-risk", "albumin-escape-1995"], ["PREP-14", "PREP-15", "MEC-19", "MEC-20"]
    assert [getattr(each, "key", None) or each.id for each in found] == sources + facts
    assert [getattr(each, "key", None) for each in REGISTER.find("PMC11005706")] == ["til-2024"]


def test_a_word_that_nobody_wrote_finds_nothing() -> None:
    assert REGISTER.find("levoleucovorin") == ()


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_register_is_read_once() -> None:
    assert read_register() is read_register()


def test_the_small_register_of_these_tests_is_right() -> None:
    assert parse(SMALL, "small.toml").fact("DOSE-01").words == "A dose."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('read = "whole"', 'raed = "whole"', "source 'label': 'raed' is no field. Did you mean 'read'"),
        ('citation = "A label"', "", "source 'label': 'citation' is missing"),
        ('citation = "A label"', 'citation = ""', "source 'label': 'citation' came as ''; write a text"),
        ('citation = "A label"', "citation = 7", "source 'label': 'citation' came as 7; write a text"),
        ('key = "label"', 'key = "The Label"', "source 'The Label': a key is lowercase"),
        ('kind = "label"', 'kind = "paper"', "source 'label': 'paper' is no kind; use one of label, guideline"),
        ('read = "whole"', 'read = "whole"\nevidence = [7]', "'evidence' holds 7; write a list of texts"),
        ('read = "whole"', 'read = "whole"\nreference_only = 1', "'reference_only' came as 1; write true or false"),
        ('read = "whole"', 'read = "whole"\nreference_only = true', "'DOSE-01' rests on 'label', which is marked"),
        ('status = "read"', 'status = "sure"', "fact 'DOSE-01': 'sure' is no status; use one of read, second-hand"),
        ('status = "read"', 'status = "derived"', "fact 'DOSE-01': a derived fact shows its arithmetic"),
        ('status = "read"', "", "fact 'DOSE-01': 'status' is missing"),
        ('id = "DOSE-01"', 'id = "dose 1"', "fact 'dose 1': an id is capitals"),
        ('source = "label 2, dose"', 'source = "label"', "fact 'DOSE-01': The citation of 'label' names no place"),
        ('source = "label 2, dose"', 'source = "labels 2"', "fact 'DOSE-01': Source 'labels' is not in the register"),
        ('status = "read"', 'status = "read"\nalso = ["lable 3"]', "Did you mean 'label'"),
        ("[[fact]]", "[[facts]]", "'facts' is no list of tables; write [[source]] and [[fact]]"),
        ("[[fact]]", "[[fact]", "small.toml: this cannot be read as TOML"),
    ],
)
def test_a_fault_in_the_file_is_named_in_one_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(ProtocolError, match=re.escape(fault)) as caught:
        parse(small(old, new), "small.toml")
    assert str(caught.value).startswith("small.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", ["source", "fact"])
def test_an_entry_defined_twice_is_refused(table: str) -> None:
    before, entry = SMALL.split(f"[[{table}]]")
    entry = entry.split("[[")[0]
    with pytest.raises(ProtocolError, match="is defined twice; keep one"):
        parse(f"{before}[[{table}]]{entry}[[{table}]]{entry}" + (SMALL if table == "source" else ""), "small.toml")


@pytest.mark.parametrize(
    ("name", "value", "well_formed"),
    [
        ("doi", "10.1186/s40425-014-0026-0", True),
        ("doi", "10.1200/JCO.2003.02.122", True),
        ("doi", "https://doi.org/10.1186/s40425-014-0026-0", False),
        ("doi", "10.1186", False),
        ("doi", "10.1186/ s40425", False),
        ("pmid", "11565830", True),
        ("pmid", "PMID 11565830", False),
        ("pmc", "PMC11005706", True),
        ("pmc", "11005706", False),
        ("set_id", "f3c516ad-d405-4fbe-af6a-962080dbfa7d", True),
        ("set_id", "f3c516ad", False),
        ("ndc", "73776-022-01", True),
        ("ndc", "73776", False),
        ("page", "hemonc.org", True),
        ("page", "somewhere", False),
        ("isbn", "0", False),
    ],
)
def test_an_identifier_is_well_formed_or_refused(name: str, value: str, well_formed: bool) -> None:
    text = small('read = "whole"', f'read = "whole"\nidentifiers = {{ {name} = "{value}" }}')
    if well_formed:
        assert parse(text, "small.toml").source("label").identifiers == {name: value}
    else:
        with pytest.raises(ProtocolError, match=r"no identifier|no well-formed"):
            parse(text, "small.toml")


def test_the_register_cannot_be_edited_by_a_reader() -> None:
    with pytest.raises(TypeError):
        REGISTER.source("card-2007").identifiers["doi"] = "10.1/x"
    with pytest.raises(TypeError):
        REGISTER.by_id["DOSE-01"] = None
