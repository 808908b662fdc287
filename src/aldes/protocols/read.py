"""Read protocol and site files into one resolved protocol, and say in one line what is wrong with a faulty file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Protocol as Shape
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from aldes.errors import ProtocolError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind, Worse, absent_value
from aldes.protocols import grading
from aldes.protocols.care import read_care, read_premedication
from aldes.protocols.changes import changes
from aldes.protocols.coverage import answered_for
from aldes.protocols.dosing import read_dosing, read_preparing
from aldes.protocols.eligibility import read_eligibility, read_retreatment
from aldes.protocols.fields import Fields, Table, known_keys, positive, tables, whole
from aldes.protocols.ids import shown
from aldes.protocols.interaction import read_interaction
from aldes.protocols.keys import PROTOCOL_KEYS, SCHEDULE, orders_of, site_of
from aldes.protocols.layers import bundled_ids, layers, names_of_protocols, names_of_sites
from aldes.protocols.monitor import read_monitor
from aldes.protocols.notify import Notify, confirm, read_notify
from aldes.protocols.pin import pin_of
from aldes.protocols.readiness import read_cycle2, read_readiness
from aldes.protocols.regimen import read_regimen
from aldes.protocols.row import Cited, Count, NotCovered, Protocol, Required, Row, RowKind, Schedule, Status
from aldes.questions.tree import names
from aldes.scope import Scope

__all__ = ["names_of_protocols", "names_of_sites", "read"]

_ROW_KEYS = {
    *("id", "words", "source", "status", "topics", "group", "rule", "from_dose", "scope", "resume", "resume_by"),
    "signed",
}
_COUNT_KEYS = {"id", "rule", "words", "outcome", "at_least", "of", "only_if", "scope", "source", "status"}
_ROLES = ("physician", "pharmacist", "nurse")

LAST_DOSE = 14  # of a cycle (DOSE-04)
MOST_COUNTED = 99


@cache
def read(protocol: str, site: str | None = None) -> Protocol:
    """The protocol of this name or file, resolved with a site's settings.

    Raises
    ------
    ProtocolError
        Naming file, row, fault and the nearest right word, in one line.
    """
    found = layers(protocol)
    for name, table in found:
        known_keys(table, PROTOCOL_KEYS, f"{name}: ")
    resolved = _Resolver(found, site_of(site) if site else {}, site).protocol()
    printed = next((name for name, _ in reversed(found) if name in names_of_protocols()), protocol)
    if site is None and printed == protocol:
        return resolved
    return replace(resolved, changes=changes(read(printed), resolved))


class _HasId(Shape):
    @property
    def id(self) -> str: ...


_Block = TypeVar("_Block", bound=_HasId)
_Row = TypeVar("_Row", bound=Cited)
_Whole = TypeVar("_Whole")


class _Resolver:
    """Puts the layers and the site together, and checks every row on the way."""

    def __init__(self, layers: list[tuple[str, Table]], site: Table, site_name: str | None) -> None:
        self.layers = layers
        self.site = site
        self.site_name = site_name
        self.file, self.top = layers[-1]
        self.set = site.get("settings", {})
        for file, table in layers:
            if not isinstance(table.get("settings", {}), Mapping):
                raise ProtocolError(f"{file}: 'settings' must be written as [settings], one line a setting.")
        self.settings = {key: self.number(key, file) for file, table in layers for key in table.get("settings", {})}
        self.orders = [each for name in Fields(site, "", {}).listed("orders") for each in orders_of(name)]
        self.files = [*layers, *self.orders, (f"site {site_name}", site)]
        self.removed: set[str] = set()

    def protocol(self) -> Protocol:
        """The resolved protocol, checked and pinned."""
        rows = self.rows()
        counts = self.counts({row.id for row in rows})
        own = next((table["counting"] for _, table in reversed(self.layers) if "counting" in table), None)
        top, site = Fields(self.top, f"{self.file}: ", {}), Fields(self.site, f"site {self.site_name}: ", {})
        resolved = Protocol(
            id=top.text("id"),
            words=top.text("words"),
            bedside=top.yes_or_no("bedside"),
            rows=rows,
            counts=counts,
            counting=self.counting(own, counts),
            counting_needed=own == "required",
            required=self.required(),
            not_covered=self.not_covered(rows),
            schedule=self.schedule(),
            monitors=self.beside("monitor", read_monitor),
            notices=self.notices(),
            premedication=self.beside("premedication", read_premedication),
            care=self.beside("care", read_care),
            interactions=self.beside("interaction", read_interaction),
            dose=self.whole("dose", read_dosing),
            preparation=self.whole("preparation", read_preparing),
            eligibility=self.beside("eligibility", read_eligibility),
            retreatment=self.beside("retreatment", read_retreatment),
            readiness=self.beside("readiness", read_readiness),
            cycle2=self.beside("cycle2", read_cycle2),
            regimens=self.beside("regimen", read_regimen),
            no_selection=self.no_selection(),
            selection_age=self.ages("selection_max_age_d", timedelta(days=1)),
            readiness_age=self.ages("max_age_h", timedelta(hours=1)),
            settings={key: str(value) for key, value in self.set.items()},
            grading=grading.grading(self.site, f"site {self.site_name}: "),
            site=site.optional("id") or None,
            site_words=site.optional("words"),
            demo=site.yes_or_no("demo"),
        )
        self.check(resolved)
        return pin_of(resolved)

    # ── blocks by id ──

    def blocks(self, key: str, read: Callable[[Fields], _Block], what: str = "row") -> dict[str, _Block]:
        """The blocks [[key]] of all files by id: a later file's takes the place of an earlier one with the same id."""
        found: dict[str, _Block] = {}
        for file, table in self.files:
            seen: set[str] = set()
            for entry in tables(table, key, file):
                block = read(Fields(entry, f"{file}: {what} {shown(entry.get('id', '?'))}: ", self.settings))
                if block.id in seen:
                    raise ProtocolError(f"{file}: {what} {block.id}: this id stands twice; each row needs its own.")
                seen.add(block.id)
                found[block.id] = block
            self.take_out(table, file, found)
        return found

    def take_out(self, table: Table, file: str, found: dict[str, _Block]) -> None:
        """What this file removes of the blocks read so far."""
        for id in Fields(table, f"{file}: ", {}).listed("remove"):
            if found.pop(id, None) is not None:
                self.removed.add(id)

    def beside(self, key: str, read: Callable[[Fields], _Row]) -> tuple[_Row, ...]:
        """The rows of one kind that stand beside the decision, signed as the site says."""
        return tuple(self.signed(each) for each in self.blocks(key, read).values())

    def notices(self) -> tuple[Notify, ...]:
        """The thresholds of which a clinician is told, those that the site confirmed switched on."""
        where = f"site {self.site_name}"
        entries = {str(each.get("row")): each for each in tables(self.site, "confirm", where)}
        return tuple(
            confirm(row, Fields(entries[row.id], f"{where}: confirm {row.id}: ", {})) if row.id in entries else row
            for row in self.beside("notify", read_notify)
        )

    def whole(self, key: str, read: Callable[[Fields], _Whole]) -> _Whole | None:
        """A table that a later layer replaces as a whole: half of one label and half of another is neither."""
        found = [(file, table[key]) for file, table in self.layers if key in table]
        return read(Fields(found[-1][1], f"{found[-1][0]}: {key}: ", {})) if found else None

    # ── rows ──

    def rows(self) -> tuple[Row, ...]:
        """All rows by id, in the files' order: a later layer's row takes the place of an earlier one."""
        found: dict[str, Row] = {}
        for file, table in self.files:
            seen: set[str] = set()
            for kind in RowKind:
                for entry in tables(table, kind.value, file):
                    row = self.row(kind, Fields(entry, f"{file}: row {shown(entry.get('id', '?'))}: ", self.settings))
                    if row.id in seen:
                        raise ProtocolError(f"{file}: row {row.id}: this id stands twice; each row needs its own.")
                    if row.id in found and found[row.id].kind is not row.kind:
                        raise ProtocolError(
                            f"{file}: row {row.id}: it is a {found[row.id].kind} row and stays one; "
                            "give the new row an id of its own."
                        )
                    seen.add(row.id)
                    found[row.id] = row
            self.take_out(table, file, found)
        return tuple(self.signed(row) for row in found.values())

    def row(self, kind: RowKind, fields: Fields) -> Row:
        """One row of the decision: it moves toward *yes* only as the patient becomes worse."""
        fields.known(_ROW_KEYS | {kind.value})
        question = fields.needed(kind.value, worse=True)
        return Row(
            **fields.cited(),
            kind=kind,
            text=fields.predicate(kind.value),
            question=question,
            topics=fields.topics(),
            group=self.group(kind, fields),
            rule=self.rule(fields),
            from_dose=fields.whole("from_dose", LAST_DOSE, default=1),
            scope=fields.choice(Scope, "scope") if "scope" in fields.table else Scope.DOSE,
            resume_text=fields.predicate("resume"),
            resume=fields.question("resume", worse=False),
            resume_by=self.role(fields),
        )

    def group(self, kind: RowKind, fields: Fields) -> str:
        if (kind is RowKind.RELATIVE) is not ("group" in fields.table):
            raise ProtocolError(
                f"{fields.where}a relative row, and only that, needs a group; rows of one group count once"
            )
        return fields.optional("group")

    def rule(self, fields: Fields) -> str:
        """The counting rule that a row belongs to, if it belongs to one of those that are printed."""
        rule = fields.optional("rule")
        rules = {str(each.get("rule")) for file, layer in self.layers for each in tables(layer, "count", file)}
        if rule and rule not in rules:
            raise ProtocolError(f"{fields.where}'{rule}' is no counting rule of it.{nearest(rule, rules)}")
        return rule

    def role(self, fields: Fields) -> str:
        role = fields.optional("resume_by")
        if role and role not in _ROLES:
            raise ProtocolError(f"{fields.where}'{role}' is no role ({', '.join(_ROLES)}).{nearest(role, _ROLES)}")
        return role

    def signed(self, row: _Row) -> _Row:
        """A recalled row that the site's pharmacist compared with the page becomes verified locally."""
        signatures = {str(each.get("row")): each for each in tables(self.site, "sign", "site")}
        if row.id not in signatures or not row.recalled:
            return row
        entry = Fields(signatures[row.id], f"site {self.site_name}: sign {row.id}: ", {})
        entry.known({"row", "by", "page", "date"})
        signature = ", ".join(entry.text(key) for key in ("by", "page", "date"))
        return replace(row, status=Status.VERIFIED, signed=signature)

    # ── counting, required, coverage, settings ──

    def counts(self, rows: set[str]) -> tuple[Count, ...]:
        entries = [(file, each) for file, table in self.layers for each in tables(table, "count", file)]
        found = [
            self.count(Fields(each, f"{file}: count {shown(each.get('id', '?'))}: ", self.settings))
            for file, each in entries
        ]
        ids = [each.id for each in found]
        for id in ids:
            if ids.count(id) > 1 or id in rows:
                raise ProtocolError(f"{self.file}: count {id}: this id stands twice; each rule needs its own.")
        return tuple(found)

    def count(self, fields: Fields) -> Count:
        fields.known(_COUNT_KEYS)
        return Count(
            id=fields.id(),
            rule=fields.text("rule"),
            words=fields.text("words"),
            outcome=fields.one_of(RowKind, "outcome", (RowKind.HOLD, RowKind.STOP)),
            at_least=fields.whole("at_least", MOST_COUNTED),
            of=fields.one_of(RowKind, "of", (RowKind.RELATIVE, RowKind.ABSOLUTE)),
            scope=fields.choice(Scope, "scope") if "scope" in fields.table else Scope.DOSE,
            source=fields.citation(),
            status=fields.choice(Status, "status"),
            only_if=fields.question("only_if", worse=True),
            only_if_text=fields.optional("only_if"),
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
                known_keys(entry, {"from_dose"}, where)
                age = positive(ages[name], f"site {self.site_name}: max_age_h.{name}") if name in ages else None
                from_dose = whole(entry.get("from_dose", 1), "from_dose", where, LAST_DOSE)
                limit = None if age is None else timedelta(hours=float(age))
                found[name] = Required(finding=name, max_age=limit, from_dose=from_dose)
        return found

    def not_covered(self, rows: Collection[Row]) -> tuple[NotCovered, ...]:
        """The excuses of all files by topic; one of a layer below ends where this protocol has a row for its topic.

        One that a row answers for once the site has signed it is a reason no more.
        """
        answered = answered_for(rows)
        verified = {topic for row in rows if row.status is Status.VERIFIED for topic in row.topics}
        found: dict[str, NotCovered] = {}
        for file, table in self.files:
            if file == self.file:
                found = {topic: each for topic, each in found.items() if topic not in answered}
            for entry in tables(table, "not_covered", file):
                fields = Fields(entry, f"{file}: not_covered {entry.get('topic', '?')}: ", {})
                fields.known({"topic", "reason", "signed"})
                Fields({"topics": [entry.get("topic", "?")]}, fields.where, {}).topics()
                topic, reason, signed = (fields.text(key) for key in ("topic", "reason", "signed"))
                found[topic] = NotCovered(topic=topic, reason=reason, signed=signed)
        return tuple(each for topic, each in found.items() if topic not in verified)

    def no_selection(self) -> str:
        """Why a protocol lists no criteria of its own: without them its verdict stays undetermined."""
        said = [Fields(table, f"{file}: ", {}).optional("no_selection") for file, table in self.layers]
        return next((each for each in reversed(said) if each), "")

    def ages(self, key: str, unit: timedelta) -> dict[str, timedelta]:
        """How long a finding, or a whole group of findings, stays fresh by the site's word."""
        where = f"site {self.site_name}: {key}"
        return {name: float(positive(age, f"{where}.{name}")) * unit for name, age in self.site.get(key, {}).items()}

    def schedule(self) -> Schedule:
        hours = {key: None if key not in self.set else positive(self.set[key], key) for key in SCHEDULE}
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
        if key not in self.set:
            return None
        return float(positive(self.set[key], f"site {self.site_name}: settings: {key}"))

    # ── checks ──

    def check(self, protocol: Protocol) -> None:
        """Ids lead to one row each, and everything a row asks is measured and required, reported, or of the record."""
        self.check_ids(protocol)
        for row in protocol.rows:
            for question in (row.question, row.resume):
                for name in names(question) if question else ():
                    self.answerable(name.finding, row, protocol)

    def check_ids(self, protocol: Protocol) -> None:
        """No id stands for two rows, and what a file removes, signs or confirms is there."""
        asked, before = ([each.id for each in rows] for rows in (protocol.every_row(), protocol.rows_before()))
        ids = [*asked, *before]
        for id in ids:
            if asked.count(id) > 1 or before.count(id) > 1:
                raise ProtocolError(
                    f"{self.file}: row {id}: this id stands for two kinds of rows; give one another id."
                )
        site = f"site {self.site_name}"
        named = [(file, "remove", id) for file, table in self.files for id in Fields(table, file, {}).listed("remove")]
        named += [
            (site, key, str(each.get("row"))) for key in ("sign", "confirm") for each in tables(self.site, key, site)
        ]
        for file, key, id in named:
            elsewhere = self.removed if key == "remove" else bundled_ids() if key == "sign" else ()
            if id not in {*ids, *elsewhere}:  # a hospital's file may sign rows of more protocols than this one
                raise ProtocolError(f"{file}: {key}: '{id}' is no row of it.{nearest(id, [*ids, *self.removed])}")
        told = {each.id for each in protocol.notices}
        for _, key, id in named:
            if key == "confirm" and id not in told:
                raise ProtocolError(f"{site}: confirm: {id} is no [[notify]] row; only their thresholds are confirmed.")

    def answerable(self, name: str, row: Row, protocol: Protocol) -> None:
        finding = vocabulary()[name]
        if finding.derived:
            for part in sources_of(name):
                self.answerable(part, row, protocol)
            return
        measured = finding.kind is Kind.NUMBER and finding.group is not Group.COURSE and finding.worse is not Worse.NONE
        if measured and absent_value(finding) is None and name not in protocol.required:
            raise ProtocolError(
                f"{self.file}: row {row.id}: '{name}' is asked but not required, and no statement can answer it; "
                f"add [required.{name}]."
            )
