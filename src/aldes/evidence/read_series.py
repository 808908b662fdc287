"""Read series and their endpoints from TOML tables, and refuse what cannot be right."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.evidence.fields import Fields
from aldes.evidence.series import (
    SHARES,
    Cohort,
    Definition,
    Endpoint,
    EndpointKind,
    Missing,
    Overlap,
    Regimen,
    RegimenClass,
    Series,
    Value,
)
from aldes.evidence.source import Citation, Status

Cite = Callable[[str], Citation]
SPLITS, CERTAINTIES, TUMOURS = (
    ("calibration", "label"),
    ("stated", "possible"),
    ("mRCC", "melanoma", "both", "not stated"),
)


def read_series(tables: Iterable[Mapping[str, Any]], file: str, cite: Cite) -> Mapping[str, Series]:
    """The series by id, in the order of the file; `cite` reads a citation against the sources.

    Raises
    ------
    ProtocolError
        Naming file, series and fault.
    """
    found: dict[str, Series] = {}
    for table in tables:
        each = _series(Fields(f"{file}: series '{table.get('id', '?')}'", table), cite)
        if each.id in found:
            raise ProtocolError(f"{file}: series '{each.id}' is defined twice; keep one.")
        found[each.id] = each
    known = {endpoint.id for each in found.values() for endpoint in each.endpoints}
    for each in found.values():
        for endpoint in each.endpoints:
            if endpoint.superseded_by and endpoint.superseded_by not in known:
                raise ProtocolError(
                    f"{file}: '{endpoint.id}' is superseded by '{endpoint.superseded_by}', which is not here."
                )
    return MappingProxyType(found)


def _series(fields: Fields, cite: Cite) -> Series:
    id = fields.needed("id")
    cohorts = MappingProxyType({each.name: each for each in map(_cohort_of(fields), fields.tables("cohort"))})
    endpoints = tuple(_endpoint(fields.where, id, each, cohorts, cite) for each in fields.tables("endpoint"))
    if len({each.id for each in endpoints}) != len(endpoints):
        raise ProtocolError(f"{fields.where}: two endpoints have one id; keep one.")
    made = Series(
        id=id,
        patients=fields.whole("patients"),
        tumour=_one_of(fields, "tumour", TUMOURS),
        population=fields.text("population"),
        era=fields.text("era"),
        treated=fields.years("treated"),
        treated_by=fields.whole("treated_by"),
        design=fields.text("design"),
        line=fields.text("line"),
        setting=fields.text("setting"),
        more=MappingProxyType(dict(fields.any("more") or {})),
        sources=tuple(_cited(fields, f"{each} whole", cite).source for each in fields.texts("sources")),
        regimen=_regimen(Fields(f"{fields.where}: regimen", fields.any("regimen") or {})),
        cohorts=cohorts,
        endpoints=endpoints,
    )
    fields.end()
    return made


def _cited(fields: Fields, text: str, cite: Cite) -> Citation:
    try:
        return cite(text)
    except ProtocolError as fault:
        raise ProtocolError(f"{fields.where}: {fault}") from None


def _cohort_of(fields: Fields) -> Callable[[Mapping[str, Any]], Cohort]:
    def read(table: Mapping[str, Any]) -> Cohort:
        own = Fields(f"{fields.where}: cohort", table)
        made = Cohort(
            name=own.needed("name"),
            patients=own.whole("patients"),
            treated=own.years("treated"),
            of_class=own.member("class", RegimenClass) if "class" in table else None,
            selected=own.text("selected"),
            note=own.text("note"),
        )
        own.end()
        return made

    return read


def _regimen(fields: Fields) -> Regimen:
    made = Regimen(
        of_class=fields.member("class", RegimenClass),
        drug=fields.text("drug"),
        dose_iu_per_kg=tuple(fields.any("dose_iu_per_kg") or ()),
        route=fields.text("route"),
        schedule=fields.text("schedule"),
        max_doses_per_cycle=fields.whole("max_doses_per_cycle"),
        cycles_per_course=fields.whole("cycles_per_course"),
        max_doses_per_course=fields.whole("max_doses_per_course"),
        max_doses=fields.whole("max_doses"),
        courses=fields.whole("courses"),
        arms=fields.texts("arms"),
        note=fields.text("note"),
    )
    fields.end()
    return made


def _endpoint(where: str, series: str, table: Mapping[str, Any], cohorts: Mapping[str, Cohort], cite: Cite) -> Endpoint:
    fields = Fields(f"{where}: endpoint '{table.get('id', '?')}'", table)
    missing = fields.member("missing", Missing) if "missing" in table else None
    made = Endpoint(
        id=fields.needed("id"),
        series=series,
        kind=fields.member("kind", EndpointKind),
        words=fields.needed("words"),
        tumour=_one_of(fields, "tumour", TUMOURS),
        value=_value(fields),
        missing=missing,
        unit=fields.needed("unit"),
        source=_cited(fields, fields.needed("source"), cite),
        status=fields.member("status", Status),
        split=_one_of(fields, "split", SPLITS),
        cohort=fields.text("cohort"),
        group=fields.text("group"),
        risk=fields.text("risk"),
        at_months=fields.number("at_months"),
        n=fields.whole("n"),
        of=fields.whole("of"),
        ci=fields.pair("ci"),
        ci_level=fields.number("ci_level"),
        range=fields.pair("range"),
        derived_95=fields.pair("derived_95"),
        p=fields.text("p"),
        grade=fields.text("grade"),
        comparator=fields.text("comparator"),
        definition=fields.text("definition"),
        follow_up=fields.text("follow_up"),
        note=fields.text("note"),
        derivation=fields.text("derivation"),
        superseded_by=fields.text("superseded_by"),
    )
    fields.end()
    _check(fields, made, cohorts)
    return made


def _value(fields: Fields) -> Value:
    value = fields.any("value")
    if isinstance(value, list):
        return fields.pair("value")
    return fields.text("value") if isinstance(value, str) else fields.number("value")


def _check(fields: Fields, made: Endpoint, cohorts: Mapping[str, Cohort]) -> None:
    if (made.value is None) == (made.missing is None):
        raise fields.fault("value", "a value, or 'missing' with why there is none, and not both")
    if made.id.partition(".")[0] != made.series:
        raise fields.fault("id", f"'{made.series}.' and a name of its own")
    if made.cohort and made.cohort not in cohorts:
        raise ProtocolError(
            f"{fields.where}: cohort '{made.cohort}' is not among its cohorts.{nearest(made.cohort, cohorts)}"
        )
    counted = made.unit in (*SHARES, "count")
    if counted and made.n is not None and made.of is not None and made.n > made.of:
        raise fields.fault("n", f"a count of at most {made.of}")
    if made.is_share and not 0 <= Decimal(str(made.value)) <= 1:
        raise fields.fault("value", "a fraction from 0 to 1")
    if (made.ci is None) != (made.ci_level is None):
        raise fields.fault("ci_level", "the level of the interval, and only beside one")
    for name, limits in (("ci", made.ci), ("derived_95", made.derived_95)):
        if limits and isinstance(made.value, Decimal) and not limits[0] <= made.value <= limits[1]:
            raise fields.fault(name, "limits on both sides of the value")
    if made.status is Status.DERIVED and not made.derivation:
        raise fields.fault("derivation", "the arithmetic of a derived figure")


def _one_of(fields: Fields, name: str, words: tuple[str, ...]) -> str:
    word = fields.needed(name)
    if word not in words:
        raise fields.fault(name, f"one of {', '.join(words)}")
    return word


def read_overlaps(tables: Iterable[Mapping[str, Any]], file: str, known: Mapping[str, Series]) -> tuple[Overlap, ...]:
    """Which series share patients or may.

    Raises
    ------
    ProtocolError
        When one names a series or cohort that is not here, or fewer than two.
    """
    found = []
    for table in tables:
        fields = Fields(f"{file}: overlap", table)
        each = Overlap(
            series=fields.texts("series"), certainty=_one_of(fields, "certainty", CERTAINTIES), why=fields.needed("why")
        )
        fields.end()
        for name in each.series:
            series, _, cohort = name.partition("/")
            if series not in known or (cohort and cohort not in known[series].cohorts):
                raise ProtocolError(f"{file}: overlap names '{name}', which is no series here.{nearest(series, known)}")
        if len(each.series) < 2:
            raise fields.fault("series", "two series or more")
        found.append(each)
    return tuple(found)


def read_definitions(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[Definition, ...]:
    """What the endpoints mean.

    Raises
    ------
    ProtocolError
        Naming the definition with a fault.
    """
    found = []
    for table in tables:
        fields = Fields(f"{file}: definition '{table.get('term', '?')}'", table)
        found.append(
            Definition(
                term=fields.needed("term"), abbreviation=fields.needed("abbreviation"), words=fields.needed("words")
            )
        )
        fields.end()
    return tuple(found)
