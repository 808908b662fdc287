"""The three ways in which a question looks at a finding: two to ask a row, a third to lift its hold."""

from enum import StrEnum


class View(StrEnum):
    """Which of a finding's values a question looks at."""

    CHARTED = "charted"  # the worst value anybody charted, valid or not: it may answer yes
    VALID = "valid"  # valid, final, fresh values, or a system statement: only they may answer no
    RESUME = "resume"  # as VALID, later than the hold began, and never a statement

    __hash__ = str.__hash__  # a view is a part of many keys, and the hash of an Enum is computed in Python
