"""Around each limit: below, at, above, missing; and the switches that are our own."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from lesion_histories import BASELINE, START, after, course_of, event, history_of, row, sizes

from aldes.errors import InputError
from aldes.evidence import read_register
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.response import limits
from aldes.response.best import best, confirmed_best
from aldes.response.categories import has_progressed, has_shrunk
from aldes.response.courses import timing
from aldes.response.durations import progression_free
from aldes.response.irecist import second_reading
from aldes.response.lesion import Method
from aldes.response.next_course import shrinkage
from aldes.response.switches import known_switches, set_switches

DEFAULT = set_switches()


@pytest.mark.parametrize(("now", "shrunk"), [("69.9", True), ("70", True), ("70.1", False)])
def test_thirty_per_cent_below_the_baseline(now: str, shrunk: bool) -> None:
    assert has_shrunk(Decimal(now), Decimal(100)) is shrunk


@pytest.mark.parametrize(("now", "grown"), [("119.9", False), ("120", True), ("120.1", True)])
def test_twenty_per_cent_above_the_nadir(now: str, grown: bool) -> None:
    assert has_progressed(Decimal(now), Decimal(100), DEFAULT) is grown


@pytest.mark.parametrize(("now", "grown"), [("14.9", False), ("15", True), ("15.1", True)])
def test_five_millimetres_above_the_nadir(now: str, grown: bool) -> None:
    assert has_progressed(Decimal(now), Decimal(10), DEFAULT) is grown


def test_what_did_not_grow_is_no_progression_even_from_nothing() -> None:
    without = set_switches(["absolute-increase=0"])
    assert not has_progressed(Decimal(0), Decimal(0), without)
    assert has_progressed(Decimal("0.1"), Decimal(0), without)


@pytest.mark.parametrize(("mm", "targets"), [("9.9", 0), ("10", 1), ("10.1", 1)])
def test_ten_millimetres_make_a_target(mm: str, targets: int) -> None:
    assert len(course_of(row(BASELINE, "L1", mm)).chosen.targets) == targets


@pytest.mark.parametrize(("mm", "targets"), [("14.9", 0), ("15", 1), ("15.1", 1)])
def test_fifteen_millimetres_make_a_node_a_target(mm: str, targets: int) -> None:
    assert len(course_of(row(BASELINE, "N1", mm, organ="lymph node")).chosen.targets) == targets


@pytest.mark.parametrize(("mm", "normal"), [("9.9", 1), ("10", 0), ("10.1", 0)])
def test_below_ten_millimetres_a_node_is_normal(mm: str, normal: int) -> None:
    chosen = course_of(row(BASELINE, "L1", "30"), row(BASELINE, "N1", mm, organ="lymph node")).chosen
    assert len(chosen.normal) == normal


def test_a_lesion_without_a_size_is_no_target() -> None:
    chosen = course_of(row(BASELINE, "L1", state="present")).chosen
    assert (chosen.targets, [each.id for each in chosen.non_targets]) == ((), ["L1"])


def test_without_a_method_nothing_is_measurable_and_nothing_is_computed() -> None:
    with pytest.raises(InputError, match="by which method"):
        course_of(row(BASELINE, "L1", "30", method=""))


@pytest.mark.parametrize("method", [each for each in Method if each not in (Method.CT, Method.MRI)])
def test_thick_slices_are_a_matter_of_ct_and_mri(method: Method) -> None:
    thick = row(BASELINE, "L1", "30", method=method.value, slice_mm=Decimal(20))
    measures = method in (Method.CALLIPER, Method.XRAY)
    assert bool(course_of(thick, row(BASELINE, "E1", state="present")).chosen.targets) is measures


def test_of_lesions_of_one_size_the_name_decides_so_that_targets_are_always_the_same() -> None:
    rows = [row(BASELINE, name, "20") for name in ("L3", "L1", "L2")]
    assert [each.id for each in course_of(*rows).chosen.targets] == ["L1", "L2"]


@pytest.mark.parametrize(
    ("fact", "numbers"),
    [
        ("RC-01", (limits.MEASURABLE_MM, limits.XRAY_MM, limits.THIN_SLICE_MM)),
        ("RC-02", (limits.NODE_TARGET_MM, limits.NODE_NORMAL_MM)),
        ("RC-03", (limits.MOST_TARGETS, limits.MOST_PER_ORGAN)),
        ("RC-06", (limits.PARTIAL_PERCENT,)),
        ("RC-07", (limits.PROGRESSION_PERCENT, 5)),
        ("RC-13", (28,)),
        ("RC-15", (5,)),
        ("RC-19", (limits.BASELINE_DAYS,)),
        ("TMR-06", (limits.FURTHER_MM, limits.CONFIRMS_FROM_DAYS // 7, limits.CONFIRMS_TO_DAYS // 7)),
        ("DOSE-10", (limits.SCAN_DAYS // 7,)),
    ],
)
def test_every_number_stands_in_the_fact_that_it_names(fact: str, numbers: tuple[object, ...]) -> None:
    printed = re.findall(r"\d+", read_register().fact(fact).words)
    assert {str(each) for each in numbers} <= set(printed)


# ── as charted ───────────────────────────────────────────────────────────────────────────────────────────────
def test_targets_are_those_that_the_reader_of_the_images_chose() -> None:
    rows = [row(BASELINE, "L1", "50", role="non-target"), row(BASELINE, "L2", "20", role="target")]
    assert [each.id for each in course_of(*rows).chosen.targets] == ["L2"]


def test_a_third_target_of_an_organ_is_refused() -> None:
    rows = [row(BASELINE, f"L{number}", "20", role="target") for number in range(3)]
    with pytest.raises(InputError, match=r"3 targets in one organ \(lung\)"):
        course_of(*rows)


def test_a_sixth_target_is_refused() -> None:
    organs = ("lung", "liver", "kidney", "adrenal", "brain", "spleen")
    with pytest.raises(InputError, match="6 targets"):
        course_of(*(row(BASELINE, organ, "20", organ=organ, role="target") for organ in organs))


def test_a_target_that_is_not_measurable_is_refused() -> None:
    with pytest.raises(InputError, match="below 10 mm"):
        course_of(row(BASELINE, "L1", "9.9", role="target"))


def test_roles_of_some_lesions_only_are_refused() -> None:
    with pytest.raises(InputError, match="Give each one, or none"):
        course_of(row(BASELINE, "L1", "20", role="target"), row(BASELINE, "L2", "20"))


# ── confirmation, stable disease ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "answer"), [(27, "SD"), (28, "PR"), (29, "PR")])
def test_a_response_is_confirmed_from_the_28th_day_on(days: int, answer: str) -> None:
    course = course_of(*sizes((-7, "30"), (46, "20"), (46 + days, "20")))
    assert confirmed_best(course).response == answer


@pytest.mark.parametrize(("days", "answer"), [(34, "SD"), (35, "PR")])
def test_the_days_of_confirmation_can_be_set(days: int, answer: str) -> None:
    course = course_of(*sizes((-7, "30"), (46, "20"), (46 + days, "20")), switches=("confirm-days=35",))
    assert confirmed_best(course).response == answer


@pytest.mark.parametrize(("day", "answer"), [(55, "NE"), (56, "SD")])
def test_the_days_of_stable_disease_can_be_set(day: int, answer: str) -> None:
    course = course_of(*sizes((-7, "30"), (day, "30")), switches=("stable-days=56",))
    assert best(course).response == answer


def test_without_an_assessment_nothing_can_be_told() -> None:
    course = course_of(row(BASELINE, "L1", "30"))
    assert best(course).response == confirmed_best(course).response == "NE"
    assert (progression_free(course).days, progression_free(course).event) == (0, False)


def test_a_complete_response_is_confirmed_only_by_a_complete_one() -> None:
    course = course_of(*sizes((-7, "30"), (46, "absent"), (80, "not evaluated"), (120, "absent")))
    assert best(course).response == "CR"
    assert confirmed_best(course).response == "SD"


def test_what_was_not_looked_at_after_a_complete_response_is_no_disease() -> None:
    effusion = row(BASELINE, "E1", state="present", organ="pleura", kind="effusion")
    gone = row(after(46), "E1", state="absent", organ="pleura")
    course = course_of(effusion, gone, *sizes((-7, "30"), (46, "absent"), (90, "absent")))
    assert [each.overall.value for each in course.points] == ["CR", "NE"]


def test_one_lesion_seen_again_after_a_complete_response_is_disease_though_another_was_not_looked_at() -> None:
    course = course_of(*sizes((-7, "30"), (46, "absent"), (90, "4")), *sizes((-7, "30"), (46, "absent"), lesion="L2"))
    assert [each.overall.value for each in course.points] == ["CR", "PD"]


@pytest.mark.parametrize(("days", "answer"), [(27, "PR"), (28, "CR")])
def test_a_complete_response_of_28_days_was_true(days: int, answer: str) -> None:
    rows = sizes((-7, "30"), (46, "absent"), (46 + days, "absent"), (120, "4"))
    course = course_of(*rows, switches=("disease-after-cr=residual",))
    assert course.points[0].overall == answer


def test_disease_that_is_too_large_was_not_residual() -> None:
    course = course_of(*sizes((-7, "30"), (46, "absent"), (90, "21.1")), switches=("disease-after-cr=residual",))
    assert [each.overall.value for each in course.points] == ["CR", "PD"]


# ── our own switches ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("day", "answer"), [(18, "NE"), (31, "NE"), (32, "PD"), (33, "PD")])
def test_progression_within_14_days_of_the_last_dose_may_be_left_open(day: int, answer: str) -> None:
    rows = [event(after(18), "last dose"), *sizes((-7, "30"), (day, "40"))]
    course = course_of(*rows, switches=("progression-outside-window=not evaluable",))
    assert course.points[0].overall == answer
    assert course_of(*rows).points[0].overall == "PD"


def test_an_unknown_last_dose_leaves_nothing_open() -> None:
    switch = "progression-outside-window=not evaluable"
    assert course_of(*sizes((-7, "30"), (25, "40")), switches=(switch,)).points[0].overall == "PD"


def test_what_is_seen_after_another_therapy_is_left_out_and_time_is_censored_before_it() -> None:
    rows = [*sizes((-7, "30"), (46, "30"), (90, "15"), (150, "40")), event(after(60), "other therapy")]
    course = course_of(*rows)
    assert [each.counts for each in course.points] == [True, False, False]
    assert best(course).response == "SD"
    assert (progression_free(course).days, progression_free(course).event) == (46, False)
    counting = course_of(*rows, switches=("other-therapy=counts",))
    assert best(counting).response == "PR"
    assert (progression_free(counting).days, progression_free(counting).event) == (150, True)


def test_a_scan_on_the_day_of_another_therapy_still_counts() -> None:
    course = course_of(*sizes((-7, "30"), (60, "15")), event(after(60), "other therapy"))
    assert course.points[0].counts


def test_death_after_another_therapy_is_no_event_here() -> None:
    course = course_of(*sizes((-7, "30"), (46, "30")), event(after(60), "other therapy"), event(after(80), "death"))
    assert (progression_free(course).days, progression_free(course).event) == (46, False)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("confirm-day=28", "Did you mean 'confirm-days'"),
        ("confirm-days=0", "a whole number from 1 to 365"),
        ("confirm-days=4.5", "a whole number"),
        ("missing-target=perhaps", "'progression' or 'not evaluable'"),
        ("missing-target", "'progression' or 'not evaluable'"),
    ],
)
def test_a_switch_is_set_as_it_can_be_or_not_at_all(setting: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        set_switches([setting])


@pytest.mark.parametrize("switch", known_switches().values(), ids=lambda each: each.name)
def test_a_switch_accepts_its_own_default_and_says_where_it_stands(switch: object) -> None:
    from aldes.response.switches import Switch

    assert isinstance(switch, Switch)
    assert switch.accepts(switch.default)
    assert switch.status == ("policy" if switch.source.startswith("policy") else "read")


# ── courses and the next one ─────────────────────────────────────────────────────────────────────────────────
def test_a_scan_is_told_by_the_course_before_it() -> None:
    rows = [event(after(18), "last dose"), event(after(80), "course")]
    history = history_of(*rows, *sizes((-7, "30"), (46, "30"), (120, "30")))
    assert timing(history, after(18)) == "during course 1"
    assert timing(history, after(46)) == "28 days after the last dose of course 1"
    assert timing(history, after(120)) == "course 2, whose last dose is not known"


@pytest.mark.parametrize(("after_mm", "answer"), [("29.9", YES), ("30", NO), ("30.1", NO)])
def test_any_fall_of_the_sum_since_the_course_began_is_shrinkage(after_mm: str, answer: object) -> None:
    assert shrinkage(course_of(*sizes((-7, "30"), (46, after_mm)))).answer is answer


def test_imaging_is_due_four_weeks_after_the_last_dose() -> None:
    known = [event(after(18), "last dose"), *sizes((-7, "30"))]
    assert shrinkage(course_of(*known)).scan_due == after(46)
    assert shrinkage(course_of(*sizes((-7, "30")))).scan_due is None


def test_shrinkage_is_counted_from_the_last_scan_before_the_last_course() -> None:
    rows = [*sizes((-7, "30"), (46, "18"), (120, "20")), event(after(77), "course")]
    found = shrinkage(course_of(*rows))
    assert (found.answer, found.before_mm, found.after_mm, found.course) == (NO, 18, 20, 2)


def test_a_new_lesion_is_no_shrinkage_whatever_the_sum_does() -> None:
    rows = [*sizes((-7, "30"), (46, "10")), row(after(46), "X1", "12", organ="liver")]
    assert shrinkage(course_of(*rows)).answer is NO


@pytest.mark.parametrize(
    "rows",
    [
        sizes((-7, "30")),
        [*sizes((-7, "30"), (46, "not evaluated"))],
        [
            row(BASELINE, "E1", state="present", organ="pleura", kind="effusion"),
            row(after(46), "E1", state="present", organ="pleura"),
        ],
        [*sizes((-7, "30"), (46, "20")), event(after(30), "other therapy")],
        [*sizes((-7, "30"), (46, "36"), (90, "20"))],
    ],
    ids=["no scan", "not evaluated", "nothing measured", "another therapy", "grown, then shrunk"],
)
def test_whether_it_shrank_stays_open(rows: list) -> None:
    assert shrinkage(course_of(*rows)).answer is UNKNOWN


def test_disease_without_a_size_that_is_gone_has_shrunk() -> None:
    rows = [row(BASELINE, "E1", state="present", organ="pleura", kind="effusion")]
    assert shrinkage(course_of(*rows, row(after(46), "E1", state="absent", organ="pleura"))).answer is YES


# ── iRECIST ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "answer"), [(27, "iUPD"), (28, "iCPD"), (56, "iCPD"), (57, "iUPD")])
def test_progression_is_confirmed_from_4_to_8_weeks(days: int, answer: str) -> None:
    course = course_of(*sizes((-7, "30"), (46, "36"), (46 + days, "45")), switches=("irecist-late=does not confirm",))
    assert second_reading(course).points[-1].overall == answer


def test_after_a_confirmation_that_came_too_late_growth_is_counted_from_then_on() -> None:
    late = ("irecist-late=does not confirm",)
    rows = sizes((-7, "30"), (46, "36"), (103, "45"), (135, "49.9"), (140, "50"))
    found = second_reading(course_of(*rows, switches=late))
    assert [each.overall.value for each in found.points] == ["iUPD", "iUPD", "iUPD", "iCPD"]


def test_time_without_progression_ends_at_the_first_sight_of_what_was_confirmed() -> None:
    found = second_reading(course_of(*sizes((-7, "30"), (46, "36"), (80, "45"))))
    assert (found.progression_free.days, found.progression_free.event) == (46, True)
    assert (found.unconfirmed_on, found.confirmed_on) == (after(46), after(80))


def test_unconfirmed_progression_that_a_response_follows_ends_nothing() -> None:
    found = second_reading(course_of(*sizes((-7, "30"), (46, "36"), (80, "20"))))
    assert (found.progression_free.days, found.progression_free.event) == (80, False)
    assert found.unconfirmed_on is None


def test_one_reading_does_not_change_the_other() -> None:
    course = course_of(*sizes((-7, "30"), (46, "36"), (80, "20")))
    second_reading(course)
    assert best(course).response == "PD"


def test_the_baseline_is_the_last_assessment_on_or_before_the_first_dose() -> None:
    early, late = START - timedelta(days=20), START
    history = history_of(row(early, "L1", "40"), row(late, "L1", "30"), row(after(46), "L1", "30"))
    assert history.baseline.day == START
    assert [each.day for each in history.later] == [after(46)]
