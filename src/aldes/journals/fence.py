"""The version fence: an older program does not write a record that a newer one has written (hazard H90)."""

from collections.abc import Mapping

from aldes import __version__
from aldes.errors import ReadOnlyError


def ours() -> tuple[int, ...]:
    """This program's version, as numbers that compare."""
    return numbers(__version__)


def numbers(version: str) -> tuple[int, ...]:
    """`0.10.2` as numbers, so that it is later than `0.9`; what follows a letter does not count."""
    found = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        found.append(int(digits or 0))
    return tuple(found)


def why_older(about: Mapping[str, str], schema: int, engine: tuple[int, ...] | None = None) -> str | None:
    """The sentence that says why this program may not write the record, or None."""
    if int(about["schema"]) <= schema and numbers(about["engine"]) <= (engine or ours()):
        return None
    return (
        f"The record was written by version {about['engine']} of the program (schema {about['schema']}); "
        f"this one is {__version__} (schema {schema}) and does not write it. Start the newer version."
    )


def refuse_older(about: Mapping[str, str], schema: int) -> None:
    """Checked in the transaction of every write: a newer program may have come while this one ran."""
    if why := why_older(about, schema):
        raise ReadOnlyError(f"{why} Nothing was written.")
