"""Protocol and site files written for one test: a bundled one with one thing changed."""

from importlib.resources import files
from pathlib import Path

HEAD = 'id = "ward-9"\nwords = "one ward\'s protocol"\nextends = "us-label-2023"\nbedside = true\n'
ROW = {
    "id": '"WARD-01"',
    "words": '"oxygen saturation below 85 %"',
    "hold": '"spo2 < 85"',
    "source": '"us-label-2023 2.4 table 2, respiratory"',
    "status": '"read"',
}
SIGN = {"row": '"HOLDO-REN-01"', "by": '"the pharmacist on duty"', "page": '"page 9"', "date": '"2026-11-02"'}


def block(kind: str, fields: dict[str, str]) -> str:
    """One [[block]] of a TOML file."""
    return f"\n[[{kind}]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())


def row(kind: str = "hold", **changed: str | None) -> str:
    """A sound row with some fields changed; None leaves a field out."""
    fields = ROW if kind == "hold" else {kind if key == "hold" else key: value for key, value in ROW.items()}
    return block(kind, {key: value for key, value in {**fields, **changed}.items() if value is not None})


def asking(predicate: str, **changed: str | None) -> str:
    """A row that asks this predicate."""
    return row("hold", **{**changed, "hold": f"'''{predicate}'''"})


def site(*changes: tuple[str, str], more: str = "") -> str:
    """The demo site's file with some pieces of text changed, and more at its end."""
    text = files("aldes.protocols").joinpath("sites", "demo.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text + more


def save(folder: Path, text: str | bytes, name: str = "ward.toml") -> str:
    """The path of a new file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)
