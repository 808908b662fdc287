"""Text of the outside world: what of it may be shown, and how bytes become text."""

import re
import unicodedata

from aldes.errors import InputError

MOST_BYTES = 5_000_000  # our policy (hazard H76)
LONGEST_SHOWN = 64  # characters; a FHIR id has at most as many (R4, datatypes, id)

_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "UTF-8 with a byte order mark",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x1f\x8b": "compressed",
    b"PK": "compressed",
}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/|*\[\]{}%^-]{0,63}")


def decode(data: bytes) -> str:
    """The text of a file: plain UTF-8 of at most 5 MB, and neither XML nor anything compressed.

    Raises
    ------
    InputError
        For any other encoding; it names the fault and never repeats the content.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            f"The input has {len(data):,} bytes. We read at most {MOST_BYTES:,}. Send one patient at a time."
        )
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise InputError(f"The input is {name}. We read plain UTF-8 without a mark. Save it so and send it again.")
    if b"\x00" in data:
        raise InputError("The input holds zero bytes, as UTF-16 or UTF-32 does. We read plain UTF-8. Save it so.")
    if not data.strip():
        raise InputError(
            "The input is empty. We read a FHIR R4 bundle, a batch line or a CSV table. Send one of these."
        )
    if data.lstrip().startswith(b"<"):
        raise InputError("The input looks like XML or HTML. We read JSON only (or CSV). Ask for application/fhir+json.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise InputError(
            f"Line {line} of the input is not UTF-8. We read plain UTF-8. Save it so and send it again."
        ) from None


def clean(text: str) -> str:
    """Text that is safe to show and to keep: composed, without control, format or surrogate characters, and short.

    Hazard H81: a lone surrogate crashes an encoder, a right-to-left override turns a number round.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * LONGEST_SHOWN])
    plain = "".join(each for each in composed if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(plain.split())[:LONGEST_SHOWN]


def code_shown(text: object) -> str:
    """A code, id or key as it may be repeated in a message; anything else may be a name and is only described."""
    return f"'{text}'" if isinstance(text, str) and _CODE.fullmatch(text) else "a text that is no code"
