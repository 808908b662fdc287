"""The report of outcomes as a page of plain text."""

from collections.abc import Iterator, Mapping
from typing import Any

from aldes.cli.paper import section

Document = Mapping[str, Any]


def page(document: Document) -> Iterator[str]:
    """The whole report, for reading."""
    unit = document["unit"]
    yield f"{document['patients']:,} PATIENTS, {document['events']:,} events; times in {unit}"
    yield ""
    yield f"  {'group':<22}{'patients':>9}{'events':>8}  {'followed, median':<24}{'median without event (95 %)':<30}"
    for each in document["groups"]:
        followed, median = _interval(each["followed"]), _interval(each["median"])
        yield f"  {each['name'][:21]:<22}{each['patients']:>9,}{each['events']:>8,}  {followed:<24}{median:<30}"
    yield ""
    yield from _landmarks(document)
    for each in document["causes"]:
        yield from _cause(each, unit)
    yield from section("mean", [[_mean(each)] for each in document["groups"]])
    yield from section("cure fraction", [[_cure(each, unit)] for each in document["groups"] if "cure" in each])
    yield from section("comparison", [[line] for line in _comparison(document["comparison"])])
    yield from section("note", [[note] for note in document["notes"]])
    yield from section("basis", [[_basis(document)], [document["scope_statement"]]])


def _landmarks(document: Document) -> Iterator[str]:
    unit, whens = document["unit"], [each["time"] for each in document["groups"][0]["landmarks"]]
    yield f"  {'without event at':<20}" + "".join(f"{f'{when:g} {unit}':<19}" for when in whens)
    for each in document["groups"]:
        cells = [_landmark(found) for found in each["landmarks"]]
        yield f"  {each['name'][:19]:<20}" + "".join(f"{cell:<19}" for cell in cells)
        yield f"  {'  at risk':<20}" + "".join(f"{found['at_risk']:<19,}" for found in each["landmarks"])


def _landmark(found: Document) -> str:
    if found["survival"] is None:
        return "not followed"
    return f"{percent(found['survival'])}{_limits(found, share)}"


def _cause(cause: Document, unit: str) -> Iterator[str]:
    yield ""
    whens = [each["time"] for each in cause["groups"][0]["at"]]
    yield f"  {'with ' + cause['cause'][:14]:<20}" + "".join(f"{f'by {when:g} {unit}':<19}" for when in whens)
    for each in cause["groups"]:
        cells = [
            "not followed" if at["incidence"] is None else f"{percent(at['incidence'])}{_limits(at, share)}"
            for at in each["at"]
        ]
        yield f"  {each['name'][:19]:<20}" + "".join(f"{cell:<19}" for cell in cells)


def _mean(group: Document) -> str:
    found = group["restricted_mean"]
    if found["mean"] is None:
        return f"{group['name']}: not said. {found['why']}"
    return f"{group['name']}: {number(found['mean'])}{_limits(found, number)} up to {number(found['horizon'])}"


def _cure(group: Document, unit: str) -> str:
    found = group["cure"]
    if found["share"] is None:
        return f"{group['name']}: not said. {found['why']}"
    beyond = f"{found['followed_beyond']:,} followed beyond the last event at {number(found['last_event'])} {unit}"
    return f"{group['name']}: {percent(found['share'])}{_limits(found, share)}, mixture with Weibull times; {beyond}"


def _comparison(found: Document | None) -> Iterator[str]:
    if found is None:
        return
    test = found["log_rank"]
    if test["p"] is None:
        yield f"log-rank: not said. {test['why']}"
    else:
        freedom = "1 degree" if test["freedom"] == 1 else f"{test['freedom']} degrees"
        yield f"log-rank: chi-square {number(test['chi_square'])}, {freedom} of freedom, {p_words(test['p'])}"
    for each in found["hazard_ratios"]:
        against = f"hazard ratio of {each['group']} against {found['reference']}"
        if each["ratio"] is None:
            yield f"{against}: not said. {each['why']}"
        else:
            yield f"{against}: {number(each['ratio'])}{_limits(each, number)}, {p_words(each['p'])}"


def _basis(document: Document) -> str:
    weights = {None: "", "counts": "; rows count patients", "sampling": "; sampling weights, robust errors"}
    late = "; late entry" if document["late_entry"] else ""
    return (
        f"Kaplan–Meier with log-log 95 % intervals, Cox with Efron's ties, Aalen–Johansen{late}"
        f"{weights[document['weights']]}; {document['engine']}"
    )


def _interval(found: Document) -> str:
    if found["value"] is None:
        lower = "" if found["lower"] is None else f", at least {number(found['lower'])}"
        return f"not reached{lower}"
    return f"{number(found['value'])}{_limits(found, number)}"


def _limits(found: Document, say: Any) -> str:
    lower, upper = found["lower"], found["upper"]
    if lower is None and upper is None:
        return ""
    low, high = ("–" if each is None else say(each) for each in (lower, upper))
    return f" ({low} to {high if upper is not None else 'not reached'})"


def number(value: float) -> str:
    """Three digits that count, as people read them, without an exponent or a trailing zero."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float) -> str:
    """A share in per cent, to one decimal."""
    return f"{number(round(100 * value, 1))} %"


def share(value: float) -> str:
    """A limit of a share in per cent: whole from 10 on, else to one decimal."""
    scaled = 100 * value
    return number(round(scaled) if scaled >= 10 else round(scaled, 1))


def p_words(value: float) -> str:
    """The p value: exact to two digits that count, never below 0.0001."""
    if value < 0.0001:
        return "p < 0.0001"
    return f"p = {value:.2g}" if value < 0.1 else f"p = {value:.2f}"
