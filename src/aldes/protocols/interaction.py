"""Which other drugs interact with aldesleukin: by classes of the ATC index, and by a site's own codes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from aldes.errors import ProtocolError
from aldes.evidence.register import read_register
from aldes.protocols.fields import Fields, known_keys, positive
from aldes.protocols.row import Cited
from aldes.questions.answer import NO, UNKNOWN, YES, Answer

ATC = "http://www.whocc.no/atc"
ATC_CODE = re.compile(r"[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?")  # the five levels of the index
_KEYS = ("id", "words", "source", "status", "signed", "atc", "codes", "effect", "action", "exception")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Cited):
    """One class of drugs, what it does together with aldesleukin, and what to do about it."""

    atc: tuple[str, ...]  # codes of the ATC index; a shorter one stands for everything below it
    codes: tuple[tuple[str, str], ...]  # other systems: "system|code"
    effect: str
    action: str
    exception: str = ""
    before_days: Decimal | None = None  # a drug that ended so many days before the first dose still matters
    after_days: Decimal | None = None  # one that begins so many days after the last dose still matters
    context: tuple[str, ...] = ()  # facts of the register beside it

    def concerns(self, codes: Iterable[tuple[str, str]]) -> Answer:
        """Whether a drug with these codes (system, code) belongs to it.

        Unknown for a drug without a code of the index, and for a class so wide that only some of it belongs here.
        """
        pairs = tuple(codes)
        classes = [code for system, code in pairs if system == ATC and ATC_CODE.fullmatch(code)]
        if set(pairs) & set(self.codes) or any(code.startswith(self.atc) for code in classes):
            return YES
        if not classes or any(own.startswith(code) for own in self.atc for code in classes):
            return UNKNOWN
        return NO


def read_interaction(fields: Fields) -> Interaction:
    """One [[interaction]] block."""
    fields.known((*_KEYS, "within_days", "context"))
    atc, codes = _atc(fields), _codes(fields)
    if not atc and not codes:
        raise ProtocolError(f'{fields.where}it names no drug; write atc = ["H02"] or codes = ["system|code"].')
    days = fields.table.get("within_days", {})
    known_keys(days, ("before", "after"), f"{fields.where}within_days: ")
    return Interaction(
        **fields.cited(),
        atc=atc,
        codes=codes,
        effect=fields.text("effect"),
        action=fields.text("action"),
        exception=fields.optional("exception"),
        before_days=_days(fields, days.get("before")),
        after_days=_days(fields, days.get("after")),
        context=tuple(read_register().fact(each).id for each in fields.listed("context")),
    )


def _days(fields: Fields, came: object) -> Decimal | None:
    return None if came is None else positive(came, f"{fields.where}within_days")


def _atc(fields: Fields) -> tuple[str, ...]:
    for code in fields.listed("atc"):
        if not ATC_CODE.fullmatch(code):
            raise ProtocolError(
                f"{fields.where}'{code}' is no code of the ATC index; they look like H02, H02AB, H02AB02."
            )
    return fields.listed("atc")


def _codes(fields: Fields) -> tuple[tuple[str, str], ...]:
    pairs = [each.partition("|") for each in fields.listed("codes")]
    for system, _, code in pairs:
        if not system or not code:
            raise ProtocolError(f'{fields.where}a code of another system is written codes = ["system|code"].')
    return tuple((system, code) for system, _, code in pairs)
