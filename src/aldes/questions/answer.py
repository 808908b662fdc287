"""The three answers of strong Kleene logic, as arithmetic on −1, 0 and +1."""

from enum import IntEnum


class Answer(IntEnum):
    """No, unknown or yes. AND is the minimum, OR the maximum, NOT the minus.

    It refuses to be used as a truth value, so nobody writes ``if answer`` and takes *unknown* for *yes*.
    """

    NO = -1
    UNKNOWN = 0
    YES = 1

    def __bool__(self) -> bool:
        raise TypeError("An answer is yes, no or unknown; compare it with YES, NO or UNKNOWN.")


NO, UNKNOWN, YES = Answer.NO, Answer.UNKNOWN, Answer.YES
