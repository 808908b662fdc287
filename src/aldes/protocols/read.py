"""Read protocol and site files into one resolved protocol, and say in one line what is wrong with a faulty file."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from aldes.errors import ProtocolError, nearest
from aldes.evidence.register import cite
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind, Worse, absent_value
from aldes.protocols.coverage import TOPICS
from aldes.protocols.pin import pin_of
from aldes.protocols.row import Count, NotCovered, Protocol, Required, Row, RowKind, Schedule, Status
from aldes.questions.parse import parse
from aldes.questions.signs import against_worse
from aldes.questions.tree import Question, names
from aldes.scope import Scope

_PREDICATE = {kind: kind.value for kind in RowKind} | {RowKind.CARE: "when"}
_ROW_KEYS = {
    *("id", "words", "source", "status", "topics", "group", "rule", "from_dose", "scope", "resume", "resume_by"),
    *("do", "not_if", "signed"),
}
_COUNT_KEYS = {"id", "rule", "words", "outcome", "at_least", "of", "only_if", "scope", "source", "status"}
_PROTOCOL_KEYS = {
    *("id", "words", "extends", "bedside", "counting", "settings", "required", "not_covered", "remove", "count"),
    *(kind.value for kind in RowKind),
}
_SITE_KEYS = {"id", "words", "demo", "settings", "max_age_h", "sign", "not_covered", *(kind.value for kind in RowKind)}
_SCHEDULE = ("min_interval_h", "late_h", "valid_min")
_NUMBERS = (*_SCHEDULE, "cycle_2_after_days")
_TEXTS = ("zone", "counting", "cap_kg", "round_to_miu", "usable_ml_per_vial")
_ROLES = ("physician", "pharmacist", "nurse")

LAST_DOSE = 14  # of a cycle (DOSE-04)
MOST_COUNTED = 99
LARGEST_SETTING = 100_000  # hours, minutes or days: beyond any clinical use

Table = Mapping[str, Any]


def names_of_protocols() -> tuple[str, ...]:
    """The protocols that ship with the program."""
    found = files("aldes.protocols").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml")))


def names_of_sites() -> tuple[str, ...]:
    """The sites that ship with the program."""
    found = files("aldes.protocols").joinpath("sites").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml")))


@cache
def read(protocol: str, site: str | None = None) -> Protocol:
    """The protocol of this name or file, resolved with a site's settings.

    Raises
    ------
    ProtocolError
        Naming file, row, fault and the nearest right word, in one line.
    """
    layers = _layers(protocol)
    site_table = _site(site) if site else {}
    return _Resolver(layers, site_table, site).protocol()


def _layers(protocol: str) -> list[tuple[str, Table]]:
    """The file and those it extends, the base first."""
    layers: list[tuple[str, Table]] = []
    name: str | None = protocol
    while name:
        if any(name == file for file, _ in layers):
            raise ProtocolError(f"{protocol}: it extends itself through '{name}'.")
        table = _load(name, "", names_of_protocols())
        _known_keys(table, _PROTOCOL_KEYS, f"{name}: ")
        layers.insert(0, (name, table))
        base = table.get("extends")
        if base is not None and not isinstance(base, str):
            raise ProtocolError(f'{name}: extends names one protocol; write extends = "us-label-2023".')
        name = base
    return layers


def _site(site: str) -> Table:
    table = _load(site, "sites", names_of_sites())
    _known_keys(table, _SITE_KEYS, f"site {site}: ")
    _known_keys(table.get("settings", {}), {*_NUMBERS, *_TEXTS}, f"site {site}: settings: ")
    _known_keys(table.get("max_age_h", {}), vocabulary().findings, f"site {site}: max_age_h: ")
    return table


def _load(name: str, folder: str, known: Iterable[str]) -> Table:
    path = Path(name)
    if name in known:
        text = files("aldes.protocols").joinpath(folder, f"{name}.toml").read_text(encoding="utf-8")
    elif path.suffix == ".toml" and path.is_file():
        text = _text(path)
    else:
        raise ProtocolError(
            f"'{name}' is no bundled {'site' if folder else 'protocol'} and no TOML file; "
            f"bundled are {', '.join(known)}." + nearest(name, known)
        )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{name}: it is not TOML: {fault}.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ProtocolError(f"{path.name}: it cannot be read as UTF-8 text; save it as UTF-8 and try again.") from None


def _known_keys(table: object, known: Iterable[str], where: str) -> None:
    if not isinstance(table, Mapping):
        raise ProtocolError(f"{where}a table is wanted here.")
    for key in table:
        if key not in set(known):
            raise ProtocolError(f"{where}'{key}' is no field.{nearest(key, known)}")


class _Resolver:
    """Puts the layers and the site together, and checks every row on the way."""

    def __init__(self, layers: list[tuple[str, Table]], site: Table, site_name: str | None) -> None:
        self.layers = layers
        self.site = site
        self.site_name = site_name
        self.file, self.top = layers[-1]
        self.set = site.get("settings", {})
        self.settings = {key: self.number(key, file) for file, table in layers for key in table.get("settings", {})}

    def protocol(self) -> Protocol:
        rows, counts = self.rows(), self.counts()
        own = next((table["counting"] for _, table in reversed(self.layers) if "counting" in table), None)
        resolved = Protocol(
            id=self.text(self.top, "id", f"{self.file}: "),
            words=self.text(self.top, "words", f"{self.file}: "),
            bedside=self.yes_or_no(self.top, "bedside", f"{self.file}: "),
            rows=rows,
            counts=counts,
            counting=self.counting(own, counts),
            counting_needed=own == "required",
            required=self.required(),
            not_covered=self.not_covered(),
            schedule=self.schedule(),
            settings={key: str(value) for key, value in self.set.items()},
            site=self.site.get("id"),
            site_words=self.site.get("words", ""),
            demo=self.yes_or_no(self.site, "demo", f"site {self.site_name}: "),
        )
        self.check(resolved)
        return pin_of(resolved)

    # ── rows ──

    def rows(self) -> tuple[Row, ...]:
        """All rows by id: a later layer's row takes the place of an earlier one with the same id."""
        found: dict[str, Row] = {}
        for file, table in [*self.layers, (f"site {self.site_name}", self.site)]:
            seen: set[str] = set()
            for kind in RowKind:
                for entry in self.tables(table, kind.value, file):
                    row = self.row(kind, entry, file)
                    if row.id in seen:
                        raise ProtocolError(f"{file}: row {row.id}: this id stands twice; each row needs its own.")
                    if row.id in found and found[row.id].kind is not row.kind:
                        raise ProtocolError(
                            f"{file}: row {row.id}: it is a {found[row.id].kind} row and stays one; "
                            "give the new row an id of its own."
                        )
                    seen.add(row.id)
                    found[row.id] = row
            for id in self.listed(table, "remove", f"{file}: "):
                if id not in found:
                    raise ProtocolError(f"{file}: remove: '{id}' is no row of it.{nearest(id, found)}")
                del found[id]
        self.check_signatures(found)
        return tuple(self.signed(row) for row in found.values())

    def tables(self, table: Table, key: str, file: str) -> list[Table]:
        entries = table.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(each, Mapping) for each in entries):
            raise ProtocolError(f"{file}: '{key}' must be written as [[{key}]], one block a row.")
        return entries

    def row(self, kind: RowKind, table: Table, file: str) -> Row:
        where = f"{file}: row {table.get('id', '?')}: "
        predicate = _PREDICATE[kind]
        _known_keys(table, _ROW_KEYS | {predicate}, where)
        text, not_if = self.text(table, predicate, where), self.of_care(kind, table, "not_if", where)
        resume = self.optional(table, "resume", where)
        return Row(
            id=self.text(table, "id", where),
            kind=kind,
            words=self.text(table, "words", where),
            text=" ".join(text.split()),
            question=self.question(text, where, kind),
            source=self.citation(table, where),
            status=self.choice(Status, table, "status", where),
            topics=self.topics(table, where),
            group=self.group(kind, table, where),
            rule=self.rule(table, where),
            from_dose=self.whole(table.get("from_dose", 1), "from_dose", where, LAST_DOSE),
            scope=self.choice(Scope, table, "scope", where) if "scope" in table else Scope.DOSE,
            resume_text=" ".join(resume.split()),
            resume=self.question(resume, where, None) if resume else None,
            resume_by=self.role(table, where),
            do=self.of_care(kind, table, "do", where),
            not_if=self.question(not_if, where, RowKind.CARE) if not_if else None,
            not_if_text=not_if,
            signed=self.optional(table, "signed", where),
        )

    def question(self, text: str, where: str, kind: RowKind | None) -> Question:
        """The parsed predicate, which may move toward *yes* only as the patient becomes worse (resume: better)."""
        try:
            question = parse(" ".join(text.split()), vocabulary(), self.settings)
        except ProtocolError as fault:
            raise ProtocolError(f"{where}{fault}") from None
        if kind is not RowKind.CARE and (wrong := against_worse(question, vocabulary(), toward_better=kind is None)):
            raise ProtocolError(
                f"{where}a better '{wrong[0]}' would make the answer stricter, or a worse one milder; "
                "turn the comparison round"
            )
        return question

    def citation(self, table: Table, where: str) -> Citation:
        source = self.text(table, "source", where)
        try:
            return cite(source)
        except ProtocolError as fault:
            raise ProtocolError(f"{where}{fault}") from None

    def topics(self, table: Table, where: str) -> tuple[str, ...]:
        topics = self.listed(table, "topics", where)
        for topic in topics:
            if topic not in TOPICS:
                raise ProtocolError(f"{where}'{topic}' is no coverage topic.{nearest(topic, TOPICS)}")
        return topics

    def group(self, kind: RowKind, table: Table, where: str) -> str:
        if (kind is RowKind.RELATIVE) is not ("group" in table):
            raise ProtocolError(f"{where}a relative row, and only that, needs a group; rows of one group count once")
        return self.text(table, "group", where) if "group" in table else ""

    def rule(self, table: Table, where: str) -> str:
        """The counting rule that a row belongs to, if it belongs to one of those that are printed."""
        rule = self.optional(table, "rule", where)
        rules = {str(each.get("rule")) for file, layer in self.layers for each in self.tables(layer, "count", file)}
        if rule and rule not in rules:
            raise ProtocolError(f"{where}'{rule}' is no counting rule of it.{nearest(rule, rules)}")
        return rule

    def of_care(self, kind: RowKind, table: Table, key: str, where: str) -> str:
        if key in table and kind is not RowKind.CARE:
            raise ProtocolError(f"{where}'{key}' belongs to care rows only.")
        return self.optional(table, key, where)

    def role(self, table: Table, where: str) -> str:
        role = self.optional(table, "resume_by", where)
        if role and role not in _ROLES:
            raise ProtocolError(f"{where}'{role}' is no role ({', '.join(_ROLES)}).{nearest(role, _ROLES)}")
        return role

    def check_signatures(self, rows: Mapping[str, Row]) -> None:
        for entry in self.tables(self.site, "sign", f"site {self.site_name}"):
            if entry.get("row") not in rows:
                near = nearest(str(entry.get("row")), rows)
                raise ProtocolError(f"site {self.site_name}: sign: '{entry.get('row')}' is no row of it.{near}")

    def signed(self, row: Row) -> Row:
        """A recalled row that the site's pharmacist compared with the page becomes verified locally."""
        signatures = {str(each.get("row")): each for each in self.tables(self.site, "sign", "site")}
        if row.id not in signatures or not row.recalled:
            return row
        entry = signatures[row.id]
        where = f"site {self.site_name}: sign {row.id}: "
        _known_keys(entry, {"row", "by", "page", "date"}, where)
        signature = ", ".join(self.text(entry, key, where) for key in ("by", "page", "date"))
        fields = {name: getattr(row, name) for name in Row.__dataclass_fields__}
        return Row(**(fields | {"status": Status.VERIFIED, "signed": signature}))

    # ── counting, required, coverage, settings ──

    def counts(self) -> tuple[Count, ...]:
        found = [self.count(each, file) for file, table in self.layers for each in self.tables(table, "count", file)]
        ids = [each.id for each in found]
        for id in ids:
            if ids.count(id) > 1:
                raise ProtocolError(f"{self.file}: count {id}: this id stands twice; each rule needs its own.")
        return tuple(found)

    def count(self, table: Table, file: str) -> Count:
        where = f"{file}: count {table.get('id', '?')}: "
        _known_keys(table, _COUNT_KEYS, where)
        return Count(
            id=self.text(table, "id", where),
            rule=self.text(table, "rule", where),
            words=self.text(table, "words", where),
            outcome=self.one_of(table, "outcome", (RowKind.HOLD, RowKind.STOP), where),
            at_least=self.whole(table.get("at_least"), "at_least", where, MOST_COUNTED),
            of=self.one_of(table, "of", (RowKind.RELATIVE, RowKind.ABSOLUTE), where),
            scope=self.choice(Scope, table, "scope", where) if "scope" in table else Scope.DOSE,
            source=self.citation(table, where),
            status=self.choice(Status, table, "status", where),
            only_if=self.question(table["only_if"], where, RowKind.STOP) if "only_if" in table else None,
            only_if_text=table.get("only_if", ""),
        )

    def counting(self, own: object, counts: tuple[Count, ...]) -> str | None:
        """The rule in force: the protocol's own, or the one that the site chose."""
        if own is None:
            return None
        rules = sorted({each.rule for each in counts})
        chosen = self.set.get("counting") if own == "required" else own
        if chosen is not None and chosen not in rules:
            raise ProtocolError(f"{self.file}: counting: '{chosen}' is no rule of it ({', '.join(rules)}).")
        return None if chosen is None else str(chosen)

    def required(self) -> dict[str, Required]:
        found: dict[str, Required] = {}
        ages = self.site.get("max_age_h", {})
        for file, table in self.layers:
            if not isinstance(table.get("required", {}), Mapping):
                raise ProtocolError(f"{file}: 'required' must be written as [required.NAME], one block a measurement.")
            for name, entry in table.get("required", {}).items():
                where = f"{file}: required.{name}: "
                if name not in vocabulary().findings:
                    raise ProtocolError(f"{where}'{name}' is no finding.{nearest(name, vocabulary().findings)}")
                _known_keys(entry, {"from_dose"}, where)
                age = self.positive(ages[name], f"site {self.site_name}: max_age_h.{name}") if name in ages else None
                from_dose = self.whole(entry.get("from_dose", 1), "from_dose", where, LAST_DOSE)
                limit = None if age is None else timedelta(hours=float(age))
                found[name] = Required(finding=name, max_age=limit, from_dose=from_dose)
        return found

    def not_covered(self) -> tuple[NotCovered, ...]:
        found: dict[str, NotCovered] = {}
        for file, table in [*self.layers, (f"site {self.site_name}", self.site)]:
            for entry in self.tables(table, "not_covered", file):
                where = f"{file}: not_covered {entry.get('topic', '?')}: "
                _known_keys(entry, {"topic", "reason", "signed"}, where)
                self.topics({"topics": [entry.get("topic", "?")]}, where)
                topic, reason, signed = (self.text(entry, key, where) for key in ("topic", "reason", "signed"))
                found[topic] = NotCovered(topic=topic, reason=reason, signed=signed)
        return tuple(found.values())

    def schedule(self) -> Schedule:
        hours = {key: None if key not in self.set else self.positive(self.set[key], key) for key in _SCHEDULE}
        return Schedule(zone=self.zone(), **hours)

    def zone(self) -> str | None:
        name = self.set.get("zone")
        try:
            return ZoneInfo(str(name)).key if name is not None else None
        except (ValueError, KeyError, OSError):
            near = nearest(str(name), available_timezones())
            raise ProtocolError(f"site {self.site_name}: settings: '{name}' is no time zone.{near}") from None

    def number(self, key: str, file: str) -> float | None:
        if key in vocabulary().findings:
            raise ProtocolError(f"{file}: settings: '{key}' is a finding; a setting needs a name of its own.")
        return (
            None
            if key not in self.set
            else float(self.positive(self.set[key], f"site {self.site_name}: settings: {key}"))
        )

    # ── checks ──

    def check(self, protocol: Protocol) -> None:
        """Everything a row asks must be answerable: measured and required, reported, or of the record."""
        for row in protocol.rows:
            for question in (row.question, row.resume):
                for name in names(question) if question else ():
                    self.answerable(name.finding, row, protocol)

    def answerable(self, name: str, row: Row, protocol: Protocol) -> None:
        finding = vocabulary()[name]
        if finding.derived:
            for part in sources_of(name):
                self.answerable(part, row, protocol)
            return
        measured = finding.kind is Kind.NUMBER and finding.group is not Group.COURSE and finding.worse is not Worse.NONE
        if (
            measured
            and absent_value(finding) is None
            and name not in protocol.required
            and row.kind is not RowKind.CARE
        ):
            raise ProtocolError(
                f"{self.file}: row {row.id}: '{name}' is asked but not required, and no statement can answer it; "
                f"add [required.{name}]."
            )

    # ── fields ──

    def text(self, table: Table, key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise ProtocolError(f"{where}'{key}' is missing; write {key} = \"...\".")
        return value

    def choice(self, kind: Any, table: Table, key: str, where: str) -> Any:
        text = self.text(table, key, where)
        known = [each.value for each in kind]
        if text not in known:
            raise ProtocolError(f"{where}{key} '{text}' is none of {', '.join(known)}.{nearest(text, known)}")
        return kind(text)

    def optional(self, table: Table, key: str, where: str) -> str:
        return self.text(table, key, where) if key in table else ""

    def listed(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise ProtocolError(f"{where}'{key}' must be a list of words; write {key} = [\"...\"].")
        return tuple(values)

    def yes_or_no(self, table: Table, key: str, where: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise ProtocolError(f"{where}'{key}' is true or false, without quotes; '{value}' stands there.")
        return value

    def one_of(self, table: Table, key: str, kinds: tuple[RowKind, ...], where: str) -> RowKind:
        kind: RowKind = self.choice(RowKind, table, key, where)
        if kind not in kinds:
            raise ProtocolError(f"{where}{key} is {' or '.join(kinds)}; '{kind}' stands there.")
        return kind

    def whole(self, value: object, key: str, where: str, most: int) -> int:
        if type(value) is not int or not 1 <= value <= most:
            raise ProtocolError(f"{where}{key} must be a whole number from 1 to {most}; '{value}' stands there.")
        return value

    def positive(self, value: object, where: str) -> Decimal:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | Decimal)
            or not Decimal(value).is_finite()
            or value <= 0
        ):
            raise ProtocolError(f"{where} must be a number above zero; '{value}' stands there.")
        if value > LARGEST_SETTING:
            raise ProtocolError(f"{where} must be at most {LARGEST_SETTING}; a larger number stands there.")
        return Decimal(value)
