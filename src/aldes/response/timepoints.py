"""The overall response at each time point: RECIST 1.1, tables 1 and 2, with what happened before in mind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from aldes.response.categories import (
    Reading,
    Response,
    Targets,
    has_shrunk,
    is_new,
    new_lesions,
    non_targets,
    target_size,
    targets,
)
from aldes.response.courses import outside_window, timing
from aldes.response.history import check_targets
from aldes.response.lesion import Assessment, History, State
from aldes.response.switches import Switches
from aldes.response.targets import Chosen, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """One assessment after the baseline, category by category, with the row of the table that answers."""

    day: date
    at: Assessment
    targets: Targets
    non_targets: Reading
    new: tuple[str, ...]
    equivocal: tuple[str, ...]
    overall: Response
    row: str  # of table 1 or 2 (RT1-01 ...), or the switch that decided
    why: str
    timing: str
    counts: bool = True  # False after progression or another therapy

    @property
    def shows_disease(self) -> bool:
        """Whether disease was seen, as against merely not looked for."""
        return bool(self.targets.left or self.new) or self.non_targets.response in (Response.NON, Response.PD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A history as RECIST 1.1 reads it: what is followed, from which sums, and every time point."""

    history: History
    switches: Switches
    chosen: Chosen
    baseline_mm: Decimal
    points: tuple[TimePoint, ...]

    @property
    def counted(self) -> tuple[TimePoint, ...]:
        """The time points up to progression, and before another therapy."""
        return tuple(each for each in self.points if each.counts)

    @property
    def progression(self) -> TimePoint | None:
        """The time point that is progression."""
        return next((each for each in self.counted if each.overall is Response.PD), None)


def read(history: History, switches: Switches) -> Course:
    """Every time point of a history.

    Raises
    ------
    InputError
        When no targets can be chosen, or a target carries what belongs to non-target disease.
    """
    chosen = choose(history)
    check_targets(history, chosen.targets)
    baseline = _sum(history, chosen, switches)
    residual: frozenset[date] = frozenset()
    points = tuple(_points(history, chosen, baseline, switches, residual))
    while more := _residual_days(points, residual, baseline, switches):
        residual |= more
        points = tuple(_points(history, chosen, baseline, switches, residual))
    return Course(
        history=history,
        switches=switches,
        chosen=chosen,
        baseline_mm=baseline,
        points=tuple(_counting(tuple(_after_cr(points, residual)), history, switches)),
    )


def _sum(history: History, chosen: Chosen, switches: Switches) -> Decimal:
    sizes = (target_size(each, history.baseline.of(each.id), switches) for each in chosen.targets)
    return sum((each for each in sizes if each is not None), Decimal(0))


def _points(
    history: History, chosen: Chosen, baseline: Decimal, switches: Switches, residual: frozenset[date]
) -> Iterator[TimePoint]:
    """Each assessment by the tables. The sum of a day on which residual disease was overlooked is no nadir."""
    nadir = baseline
    certain = _made_certain(history) if switches["equivocal-new-lesion"] == "from the first sight" else set()
    raised = history.baseline.marker_raised is True
    for at in history.later:
        target = targets(chosen.targets, at, baseline, nadir, switches)
        other = non_targets(chosen.non_targets, at, raised)
        new = (*new_lesions(history.afterwards(), at, certain), *_grown_nodes(chosen, at))
        equivocal = tuple(
            each.id for each in history.afterwards() if at.of(each.id).state is State.EQUIVOCAL and each.id not in new
        )
        overall, row, why = table(target, other, new)
        in_doubt = switches["progression-outside-window"] == "not evaluable" and outside_window(history, at.day)
        if overall is Response.PD and in_doubt:
            overall, row = Response.NE, "progression-outside-window"
            why = f"outside the window: {why}"
        yield TimePoint(
            day=at.day,
            at=at,
            targets=target,
            non_targets=other,
            new=new,
            equivocal=equivocal,
            overall=overall,
            row=row,
            why=why,
            timing=timing(history, at.day),
        )
        whole = target.complete and at.day not in residual
        if whole and target.sum_mm is not None and target.sum_mm < nadir:
            nadir = target.sum_mm


def _made_certain(history: History) -> set[str]:
    """The new lesions that were equivocal first and certain later: progression dates from the first sight."""
    return {each.id for each in history.afterwards() if any(is_new(each, at.of(each.id)) for at in history.later)}


def _grown_nodes(chosen: Chosen, at: Assessment) -> Iterator[str]:
    """Nodes that were normal at baseline, and are pathological now: new disease."""
    for node in chosen.normal:
        if is_new(node, at.of(node.id)):
            yield node.id


def table(target: Targets, other: Reading, new: tuple[str, ...]) -> tuple[Response, str, str]:
    """The overall response, the row of RECIST 1.1's table 1 (or 2, without targets) that gives it, and why."""
    if new:
        return Response.PD, "RT1-01", f"new lesion: {', '.join(new)}"
    if target.response is Response.PD:
        return Response.PD, "RT1-02", target.why
    if other.response is Response.PD:
        return Response.PD, "RT1-03", other.why
    if target.response is Response.NONE:
        return other.response, _TABLE_2[other.response], other.why
    if target.response is Response.CR:
        return _with_targets_gone(target, other)
    rows = {Response.PR: "RT1-07", Response.SD: "RT1-08", Response.NE: "RT1-09"}
    return target.response, rows[target.response], target.why


_TABLE_2 = {Response.CR: "RT2-01", Response.NON: "RT2-02", Response.NE: "RT2-03"}


def _with_targets_gone(target: Targets, other: Reading) -> tuple[Response, str, str]:
    if other.response in (Response.CR, Response.NONE):
        return Response.CR, "RT1-04", f"{target.why}; {other.why}"
    row = "RT1-05" if other.response is Response.NON else "RT1-06"
    return Response.PR, row, f"{target.why}; {other.why}"


def _residual_days(
    points: tuple[TimePoint, ...], known: frozenset[date], baseline: Decimal, switches: Switches
) -> frozenset[date]:
    """The days of an unconfirmed complete response that the next disease shows to have been a partial one (table 3).

    Only where the switch says so, and only where that disease is still small enough for a partial response. A complete
    response stands once a second one follows after `confirm-days`.
    """
    if switches["disease-after-cr"] != "residual":
        return frozenset()
    run: list[TimePoint] = []
    for point in points:
        if point.overall is Response.CR and point.day not in known:
            run.append(point)
        elif run and point.shows_disease:
            return frozenset(each.day for each in run) if _was_residual(run, point, baseline, switches) else frozenset()
    return frozenset()


def _was_residual(run: list[TimePoint], point: TimePoint, baseline: Decimal, switches: Switches) -> bool:
    if (run[-1].day - run[0].day).days >= switches.number("confirm-days"):
        return False
    if point.new or point.non_targets.response is Response.PD or not point.targets.complete:
        return False
    return point.targets.sum_mm is None or has_shrunk(point.targets.sum_mm, baseline)


def _after_cr(points: tuple[TimePoint, ...], residual: frozenset[date]) -> Iterator[TimePoint]:
    """After a true complete response any disease is progression; what is merely not evaluated stays so (table 3)."""
    first: date | None = None
    for point in points:
        if point.day in residual and point.overall is Response.CR:
            why = f"{point.why}; restated, since residual disease was seen later"
            yield replace(point, overall=Response.PR, row="BOR-02", why=why)
        elif point.overall is Response.CR:
            first = first or point.day
            yield point
        elif first is None or point.overall is Response.PD:
            yield point
        elif point.shows_disease:
            why = f"disease after the complete response of {first}: {point.why}"
            yield replace(point, overall=Response.PD, row="BOR-02", why=why)
        else:
            why = f"complete before, and not everything was evaluated: {point.why}"
            yield replace(point, overall=Response.NE, row="RT1-06 after CR", why=why)


def _counting(points: tuple[TimePoint, ...], history: History, switches: Switches) -> Iterator[TimePoint]:
    """Best response is looked for up to the first progression, and before another therapy."""
    over = False
    stop = history.other_therapy if switches["other-therapy"] == "is left out" else None
    for point in points:
        over = over or (stop is not None and point.day > stop)
        yield replace(point, counts=not over)
        over = over or point.overall is Response.PD
