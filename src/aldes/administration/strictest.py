"""The strictest answer of several protocols: a view for comparison, never a decision and never pinned.

Each protocol is asked by itself and counts its own criteria, so that no finding counts twice and no row of one adds to
another's count. The view shows the strictest of the answers, and each deciding finding once with the rows it meets.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aldes.administration.decision import Word
from aldes.scope import Scope

Document = Mapping[str, Any]

LAX_FIRST = (Word.GIVE, Word.INSUFFICIENT, Word.HOLD, Word.STOP)
STATEMENT = (
    "A view for comparison over the high-dose bolus protocols, each asked by itself. It is no decision and no "
    "protocol: nothing at the bedside rests on it, and no course pins it."
)


def strictest(documents: Sequence[Document]) -> dict[str, Any]:
    """The view over one patient's decision documents, one a protocol.

    Raises
    ------
    ValueError
        Without a document there is nothing to compare.
    """
    word = max((Word(each["decision"]) for each in documents), key=LAX_FIRST.index)
    scopes = [Scope(each["scope"]) for each in documents if each["scope"]]
    return {
        "view": "strictest",
        "for_the_bedside": False,
        "strictest": word.value,
        "scope": max(scopes, key=list(Scope).index).value if scopes else None,
        "protocols": [_protocol(each) for each in documents],
        "findings": _findings(documents),
        "asked_at": documents[0]["asked_at"],
        "demo": any(each["demo"] for each in documents),
        "engine": documents[0]["engine"],
        "not_used": documents[0]["not_used"],
        "alert": documents[0]["alert"],
        "id": documents[0]["id"],
        "statement": STATEMENT,
        "scope_statement": documents[0]["scope_statement"],
    }


def _protocol(document: Document) -> dict[str, Any]:
    return {
        "protocol": document["protocol"],
        "answer": document["decision"],
        "scope": document["scope"],
        "rows": [each["row"] for each in document["because"]] if document["decision"] != "give" else [],
        "measure": [each["finding"] for each in document["measure"]],
        "not_covered": [each["topic"] for each in document["not_covered"]],
        "pin": document["pin"],
    }


def _findings(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Each finding that decides somewhere, once, with every row that it meets."""
    found: dict[str, dict[str, Any]] = {}
    for document in documents:
        for reason in document["because"]:
            if reason["answer"] != "yes":
                continue
            for each in reason["findings"]:
                entry = found.setdefault(
                    each["finding"],
                    {key: each[key] for key in ("finding", "words", "value", "unit", "value_words", "time")}
                    | {"rows": []},
                )
                entry["rows"].append(
                    {
                        "protocol": document["protocol"],
                        "row": reason["row"],
                        "kind": reason["kind"],
                        "limit": each["limit"],
                        "source": reason["source"],
                        "status": reason["status"],
                    }
                )
    return list(found.values())
