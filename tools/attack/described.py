"""The interface against its own description: requests drawn from it, fitting and unfitting, each answer checked.

That every fitting request is accepted is not asked: what a course allows is no matter of a schema. All else is: no
fault of the server, no status, type or body that the description does not name, no unfitting request that is done.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from aldes.course.people import Role
from attack.served import BED, SECRET, Served

ENDLESS = "/stream"  # has tests of its own
BETWEEN = timedelta(seconds=1)  # from one request to the next


def operations(served: Served) -> Iterator[Any]:
    """Whatever the application says that it answers."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", served.app)
    for result in schema.get_all_operations():
        operation: Any = result
        if (each := operation.ok()).path != ENDLESS:
            yield each


def draw(served: Served, operation: Any, most: int) -> Counter[int]:
    """How often each status was answered to this many fitting and as many unfitting requests.

    Raises
    ------
    BaseExceptionGroup
        With the request and the answer that do not agree with the description.
    """
    caller = served.caller(Role.PHYSICIAN)
    found: Counter[int] = Counter()

    def ask(case: Any, is_here: bool) -> None:
        served.now += BETWEEN  # drawn secrets are wrong ones, and whoever signs wrongly has to wait
        if is_here and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = BED
        if is_here and isinstance(case.body, dict) and "secret" in case.body:
            case.body["secret"] = SECRET
        answer = case.call(cookies=caller.cookies, headers=caller.headers)
        found[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    for mode in _modes(operation):
        strategy = operation.as_strategy(generation_mode=mode)
        drawn = given(case=strategy, is_here=st.booleans())(ask)
        settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))(drawn)()
    return found


def _modes(operation: Any) -> list[GenerationMode]:
    """An operation that is asked with nothing, or with any text in its path, has no unfitting request."""
    refusable = operation.body or operation.query
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if refusable else [])]
