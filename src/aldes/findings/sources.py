"""Which findings a finding comes from, and which hold a dose even where no row names them."""

from functools import cache

from aldes.findings.formula import names_in
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group


@cache
def sources_of(name: str) -> frozenset[str]:
    """The charted findings that a finding comes from: itself, or what it is derived from."""
    return frozenset(each for each in steps_to(name) if vocabulary()[each].derived is None)


@cache
def steps_to(name: str) -> frozenset[str]:
    """The finding, and every finding on the way from what is charted to it."""
    op = vocabulary()[name].derived
    if op is None:
        return frozenset({name})
    inputs = names_in(op.formula) if op.op == "formula" else (op.of,)
    return frozenset({name}).union(*(steps_to(each) for each in inputs))


def covered_anyway() -> tuple[Finding, ...]:
    """Support of a failing organ, and grave events: present, they hold under every protocol (our policy)."""
    charted = (each for each in vocabulary().findings.values() if each.derived is None)
    return tuple(each for each in charted if each.group is Group.SUPPORT or each.grave)
