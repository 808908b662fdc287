"""What a form brings: its fields as text, its tokens, who signs, and the act that it asks for."""

from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from fastapi import Request

from aldes.course.journal import Command
from aldes.errors import InputError
from aldes.exchange.acts import KINDS, ActRead, read_act
from aldes.exchange.document import Json, fingerprint
from aldes.exchange.text import clean
from aldes.numbers import parse_decimal
from aldes.service.access.gate import check_patient, check_token
from aldes.service.pages.asking import Looking
from aldes.service.signing import Signed

_OWN = {"token", "patient", "command", "seen", "secret", "second", "second_secret"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a form that was checked to come from this patient's page."""

    fields: dict[str, str]
    looking: Looking

    @property
    def command(self) -> Command:
        """The client's id for it, bound to person, patient and content."""
        own = self.fields.get("command", "")
        if not own or clean(own) != own:
            raise InputError("The form came without its own id. Load the page again, and send it from there.")
        content = {key: value for key, value in self.fields.items() if key not in ("secret", "second_secret", "token")}
        asked = "\n".join((self.looking.person.id, self.looking.id, fingerprint(cast("Json", content))))
        return Command(id=own, digest=sha256(asked.encode()).hexdigest())

    @property
    def seen(self) -> int | None:
        """The version of the course that the page showed."""
        came = self.fields.get("seen", "")
        return int(came) if came.isdecimal() and len(came) < 10 else None

    @property
    def signed(self) -> Signed:
        """What came to sign with."""
        held = self.fields
        return Signed(
            secret=held.get("secret", ""), second=held.get("second", ""), second_secret=held.get("second_secret", "")
        )

    @property
    def content(self) -> dict[str, str]:
        """What was entered."""
        return {key: value for key, value in self.fields.items() if key not in _OWN}


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each text once."""
    async with request.form(max_files=0, max_fields=1000) as came:
        return {key: str(value) for key, value in came.items()}


def checked(came: dict[str, str], looking: Looking) -> Form:
    """A form that comes from this session's page of this very patient.

    Raises
    ------
    RefusedError
        When a token is missing, or is another patient's.
    """
    check_token(looking.session, came.get("token", ""))
    check_patient(looking.session, looking.id, came.get("patient", ""))
    return Form(fields=came, looking=looking)


def act_of(form: Form, do: str, now: datetime, zone: ZoneInfo | None) -> ActRead:
    """The act that a form of plain fields asks for; an empty field is one that was left out."""
    kind = KINDS.get(do)
    if kind is None:
        raise InputError("The form asks for nothing that we know. Load the page again.")
    hints = get_type_hints(kind)
    names = {each.name for each in fields(cast("Any", kind))}
    body: dict[str, Json] = {"do": do}
    for name, text in form.content.items():
        if name in names and text.strip():
            body[name] = _typed(text.strip(), hints[name], zone)
    return read_act(body, now, form.command.id)


def _typed(text: str, hint: Any, zone: ZoneInfo | None) -> Json:
    """A field's text as the JSON that its act reads."""
    kinds = {hint, *get_args(hint)}
    if int in kinds:
        return parse_decimal(text)
    if datetime in kinds:
        return local_time(text, zone)
    if get_origin(hint) is tuple:
        return [each for each in text.split(",") if each]
    return text


def local_time(text: str, zone: ZoneInfo | None) -> str:
    """A local time as an instant by the site's clock.

    Raises
    ------
    InputError
        When it occurs twice or never there (hazard H19), or the site has set no zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("The time is not a day with hours and minutes. Enter it so.") from None
    if at.tzinfo is not None:
        return at.isoformat()
    if zone is None:
        raise InputError("The site has set no time zone. Enter the time with its offset, as 2026-03-01T08:00-06:00.")
    first, second = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise InputError(
            "On that night clocks change, and this time occurs twice or never. Enter it with its offset, "
            f"as {first.isoformat(timespec='minutes')} or {second.isoformat(timespec='minutes')}."
        )
    return first.isoformat()
