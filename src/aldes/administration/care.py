"""Care steps of the pinned protocol's own source, for what is present now."""

from aldes.administration.asking import Asking
from aldes.administration.decision import Care
from aldes.findings.view import View
from aldes.protocols.compile import seen_through
from aldes.protocols.row import Row, RowKind
from aldes.questions.answer import NO, YES
from aldes.questions.ask import ask


def care(asking: Asking) -> tuple[Care, ...]:
    """The care rows whose finding is charted now and that nothing forbids; an unknown never starts a step."""
    rows = asking.compiled.protocol.of_kind(RowKind.CARE)
    return tuple(
        Care(row=row.id, words=row.words, do=row.do, source=str(row.source), status=row.status.value)
        for row in rows
        if _present(asking, row) and _allowed(asking, row)
    )


def _present(asking: Asking, row: Row) -> bool:
    return ask(seen_through(row.question, View.CHARTED, row.id), asking.look) is YES


def _allowed(asking: Asking, row: Row) -> bool:
    """What forbids a step must be known to be absent."""
    return row.not_if is None or ask(seen_through(row.not_if, View.VALID, row.id), asking.look) is NO
