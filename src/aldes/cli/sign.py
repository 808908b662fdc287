"""Sign a recalled row on the terminal, and say what the signature changes."""

from aldes.cli.clock import today
from aldes.protocols.row import Row, RowKind
from aldes.protocols.sign import Signed, sign, signature


def sign_row(row: str, protocol: str, site: str, *, by: str, page: str, date: str) -> None:
    """Write the signature into the hospital's own site file."""
    done = sign(protocol, site, signature(row, by=by, page=page, on=date, today=today()))
    print("\n".join(_lines(done, site)))


def _lines(done: Signed, site: str) -> list[str]:
    row = done.row
    return [
        f"{row.id}: {row.words}",
        f"  status    recalled → {row.status} ({row.signed})",
        f"  {_effect(done)}",
        f"  coverage  {', '.join(done.topics) or 'no topic is newly covered'}"
        + (": a row answers now" if done.topics else ""),
        f"  pin       {done.before.pin}",
        f"            → {done.after.pin}",
        f"written to {site}. A course that has begun keeps the protocol that it pinned.",
    ]


def _effect(done: Signed) -> str:
    if not isinstance(done.row, Row):
        return "beside    it stands beside the decision and changes none"
    if done.row.kind is RowKind.STOP:
        return f"scope     this dose → {done.row.scope}"
    return "resume    its hold ends by its own resume question; until now it waited for a physician"
