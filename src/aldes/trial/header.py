"""What stands over every result of the virtual ward: what it assumed, and what it could not do."""

from collections.abc import Iterator

from aldes.protocols.compile import compiled
from aldes.trial.design import Arm
from aldes.trial.plan import charted_findings


def header(arm: Arm, advised: tuple[str, ...]) -> Iterator[str]:
    """Line by line, in the words of people."""
    asked = charted_findings(compiled(arm.protocol))
    assumed = [f"{name} {value:g}" for name, value in arm.rules.assumed.items() if name in asked]
    pin = f"pin {arm.protocol.pin[:19]}…"
    yield f"protocol {arm.protocol.id}, site {arm.protocol.site}, {pin}; parameters {arm.parameters}"
    yield f"assumed, since the model does not show them: {', '.join(assumed) or 'nothing'} (codes by their place)"
    yield "judged findings that the model does not show are no, by the statement of their system at each check"
    lifted = f"a hold without a resume question is lifted when its row is no: {_yes(arm)}"
    yield f"a stop is confirmed: {arm.confirming.stops}; {lifted}"
    yield f"care that the nurse cannot carry out, since no exact action is printed: {', '.join(advised) or 'none'}"


def _yes(arm: Arm) -> str:
    return "yes" if arm.confirming.lifts else "no"
