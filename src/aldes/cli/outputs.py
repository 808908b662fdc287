"""Files that a command is asked to write: what cannot be written is said before the work, not after it."""

from pathlib import Path

from aldes.errors import InputError

PICTURES = (".svg", ".pdf", ".png")
TABLES = (".csv", ".parquet")


def picture_path(name: str | None) -> Path | None:
    """Where the picture goes, if one is asked for.

    Raises
    ------
    InputError
        For another form, or a folder that is not there.
    """
    return _path(name, "A picture", PICTURES)


def table_path(name: str | None) -> Path | None:
    """Where the table goes, if one is asked for; refused as a picture is."""
    return _path(name, "A table", TABLES)


def _path(name: str | None, what: str, suffixes: tuple[str, ...]) -> Path | None:
    if name is None:
        return None
    path = Path(name)
    if path.suffix not in suffixes:
        raise InputError(f"{what} is written as {', '.join(suffixes)}; '{path.name}' came. Name such a file.")
    if not path.parent.is_dir():
        raise InputError(f"{what} cannot be written: its folder is not there. Make the folder first.")
    return path
