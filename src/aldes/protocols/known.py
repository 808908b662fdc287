"""The question that only asks whether a finding is known: no for whatever is known, unknown for what is not, never yes.

A predicate of a file cannot ask it; what requires a measurement or a test is written by the compiler.
"""

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.questions.tree import And, Compare, Flag, In, Name, Not, Question


def must_be_known(finding: str) -> Question:
    """A number differs from itself, a code is none of its codes, a flag is neither yes nor no.

    Each in the form of its kind: the table back ends keep a flag as a number in which 0 is not known.
    """
    name, found = Name(finding), vocabulary()[finding]
    match found.kind:
        case Kind.NUMBER:
            return Compare("!=", name, name)
        case Kind.CODE:
            return Not(In(name, found.codes))
        case Kind.FLAG:
            return And((Not(Flag(name)), Flag(name)))
