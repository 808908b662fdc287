"""Which published figures a reader wants to see: by kind, tumour, regimen, risk, years and series."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from aldes.errors import ProtocolError, nearest
from aldes.evidence.outcomes import Outcomes
from aldes.evidence.series import Endpoint, EndpointKind, RegimenClass, Series

Member = TypeVar("Member", EndpointKind, RegimenClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for; an empty field asks for everything."""

    kind: EndpointKind | None = None
    regimen: RegimenClass | None = None
    tumour: str = ""
    risk: str = ""  # a word of the risk or of the group
    series: str = ""
    since: int | None = None  # treated in this year or later, as far as the years are known
    until: int | None = None


def wanted(
    *, kind: str | None, regimen: str | None, tumour: str | None, risk: str | None, series: str | None, era: str | None
) -> Wanted:
    """A filter from the words that a person typed.

    Raises
    ------
    ProtocolError
        For a word that is none of a closed list, with the nearest one, or an era that is no pair of years.
    """
    since, until = _years(era) if era else (None, None)
    return Wanted(
        kind=_member(EndpointKind, kind, "endpoint") if kind else None,
        regimen=_member(RegimenClass, regimen, "regimen") if regimen else None,
        tumour=_word(tumour, ("mRCC", "melanoma", "both", "not stated"), "tumour") if tumour else "",
        risk=risk or "",
        series=series or "",
        since=since,
        until=until,
    )


def found(outcomes: Outcomes, asked: Wanted) -> Iterator[tuple[Series, list[Endpoint]]]:
    """The series that fit with their figures that fit, in the order of the register; series without any are left out.

    Raises
    ------
    ProtocolError
        For a series that is not in the register.
    """
    if asked.series and asked.series not in outcomes.series:
        raise ProtocolError(f"'{asked.series}' is no series of the register.{nearest(asked.series, outcomes.series)}")
    for each in outcomes.series.values():
        figures = [figure for figure in each.endpoints if _fits(each, figure, asked)]
        if figures:
            yield each, figures


def _fits(series: Series, figure: Endpoint, asked: Wanted) -> bool:
    first, last = series.years(figure.cohort)
    word = asked.risk.casefold()
    return all(
        (
            asked.kind in (None, figure.kind),
            asked.regimen in (None, series.class_of(figure.cohort)),
            asked.tumour in ("", figure.tumour),
            not word or word in f"{figure.risk} {figure.group}".casefold(),
            asked.series in ("", series.id),
            asked.since is None or (last is not None and last >= asked.since),
            asked.until is None or (first or last) is None or (first or last or 0) <= asked.until,
        )
    )


def _years(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        raise ProtocolError("An era is two years such as 1985-1999. Give them, the earlier first.")
    return int(first), int(last)


def _member(kind: type[Member], text: str, noun: str) -> Member:
    return kind(_word(text, [each.value for each in kind], noun))


def _word(text: str, known: Iterable[str], noun: str) -> str:
    words = list(known)
    if text not in words:
        raise ProtocolError(f"'{text}' is no {noun}; use one of {', '.join(words)}.{nearest(text, words)}")
    return text
