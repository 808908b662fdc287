"""The JSON interface keeps to its description, whatever it is asked (`make attack` draws more)."""

import pytest

from attack.described import draw, operations
from attack.served import Served

SERVED = Served()
OPERATIONS = {each.label: each for each in operations(SERVED)}


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_answer_is_one_of_those_described(label):
    found = draw(SERVED, OPERATIONS[label], 12)
    assert not [status for status in found if status >= 500]
    assert sum(found.values()) >= 1


def test_everything_under_api_is_described():
    assert len([label for label in OPERATIONS if "/api/" in label]) >= 8


def test_an_answer_that_is_not_described_is_seen(monkeypatch):
    """The draw can fail: an application that answers something else is found out."""
    served = Served()
    described = served.app.openapi()
    monkeypatch.setitem(described["components"]["schemas"], "Answer", {"type": "array"})
    operation = next(each for each in operations(served) if each.label == "GET /api/courses")
    with pytest.raises(BaseException, match="distinct failure"):
        draw(served, operation, 12)
