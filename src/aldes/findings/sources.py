"""Which charted findings a finding comes from."""

from functools import cache

from aldes.findings.formula import names_in
from aldes.findings.read import vocabulary


@cache
def sources_of(name: str) -> frozenset[str]:
    """The charted findings that a finding comes from: itself, or what it is derived from."""
    op = vocabulary()[name].derived
    if op is None:
        return frozenset({name})
    inputs = names_in(op.formula) if op.op == "formula" else (op.of,)
    return frozenset(source for each in inputs for source in sources_of(each))
