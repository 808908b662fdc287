"""The strictest answer of several protocols is a view: each is asked by itself, and a finding counts once."""

from typing import Any

import pytest

from aldes.administration.strictest import strictest


def document(protocol: str, decision: str, *reasons: dict[str, Any], scope: str | None = None) -> dict[str, Any]:
    return {
        "id": "a1",
        "protocol": protocol,
        "decision": decision,
        "scope": scope,
        "because": list(reasons),
        "measure": [],
        "not_covered": [{"topic": "rate"}],
        "pin": f"sha256:{protocol}",
        "asked_at": "2026-11-20T15:30:00-06:00",
        "demo": True,
        "engine": "aldes",
        "not_used": [],
        "alert": [],
        "scope_statement": "It supports and never replaces a clinician.",
    }


def reason(row: str, finding: str = "creatinine", answer: str = "yes") -> dict[str, Any]:
    found = {"finding": finding, "words": finding, "value": 3.2, "unit": "mg/dL", "value_words": "3.2 mg/dL"}
    return {
        "row": row,
        "kind": "absolute",
        "answer": answer,
        "source": "a table",
        "status": "read",
        "findings": [found | {"time": "2026-11-20T14:30:00-06:00", "limit": "at least 3 mg/dL"}],
    }


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (("give", "give"), "give"),
        (("give", "insufficient"), "insufficient"),
        (("insufficient", "hold", "give"), "hold"),
        (("hold", "stop", "insufficient"), "stop"),
    ],
)
def test_the_least_permissive_answer_is_shown(answers: tuple[str, ...], word: str) -> None:
    assert strictest([document(f"p{number}", each) for number, each in enumerate(answers)])["strictest"] == word


def test_the_widest_scope_of_the_stops_is_shown() -> None:
    view = strictest([document("a", "stop", scope="this cycle"), document("b", "stop", scope="for good")])

    assert view["scope"] == "for good"


def test_a_finding_that_meets_rows_of_two_protocols_is_shown_once_with_both() -> None:
    view = strictest([document("a", "stop", reason("A-1")), document("b", "hold", reason("B-1"))])

    (found,) = view["findings"]
    assert [(each["protocol"], each["row"]) for each in found["rows"]] == [("a", "A-1"), ("b", "B-1")]


def test_criteria_of_two_protocols_are_never_counted_together() -> None:
    """Two relative criteria under one and one under the other stay two holds: three would be a stop nobody printed."""
    view = strictest(
        [
            document("a", "hold", reason("A-1"), reason("A-2", "urine_8h")),
            document("b", "hold", reason("B-1", "heart_rate")),
        ]
    )

    assert view["strictest"] == "hold"


def test_what_is_only_unknown_is_no_finding_that_decides() -> None:
    assert strictest([document("a", "insufficient", reason("A-1", answer="unknown"))])["findings"] == []


def test_it_cannot_be_taken_for_a_decision() -> None:
    view = strictest([document("a", "give")])

    assert view["for_the_bedside"] is False
    assert not {"decision", "protocol", "pin", "dose"} & set(view)
    assert "no decision" in view["statement"]


def test_without_a_protocol_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="empty"):
        strictest([])
