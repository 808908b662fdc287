"""The ids of rows and counting rules, and the names that only the compiler writes.

A decision names each reason by an id. A row of a file that took a name of the compiler's would answer in its place,
or hide what it says, so that such ids are refused when the file is read.
"""

import re

from aldes.errors import ProtocolError

OTHER = "OTHER-PROTOCOL"  # stops and holds of rows that this protocol does not ask: the patient carries them
NO_CRITERIA = "NO-CRITERIA"  # the criteria of selection that a protocol does not list
SETTING = "SETTING"  # a setting that the site has not made
NO_ROW = "NO-ROW-"  # before the finding that no row names
REQUIRED = "REQUIRED-"  # before the measurement without which there is no dose

LONGEST_ID = 40  # characters: longer ones do not fit the page
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_GRAMMAR = f"an id has capital letters and digits in parts joined by hyphens, at most {LONGEST_ID} characters: WARD-01"


def checked(id: str, where: str) -> str:
    """The id, if a file may give it to a row or a counting rule of its own.

    Raises
    ------
    ProtocolError
        When it is malformed, or belongs to the compiler.
    """
    if len(id) > LONGEST_ID or not _ID.fullmatch(id):
        raise ProtocolError(f"{where}its id is malformed; {_GRAMMAR}.")
    if id in (OTHER, SETTING, NO_CRITERIA) or f"{id}-".startswith((NO_ROW, REQUIRED)):
        reserved = f"{OTHER}, {SETTING}, {NO_CRITERIA} and whatever begins with {NO_ROW} or {REQUIRED}"
        raise ProtocolError(f"{where}its id is reserved; the program itself writes {reserved}. Choose another one.")
    return id


def shown(id: object) -> str:
    """An id as a message may repeat it: in one line, and short."""
    text = str(id)
    return text if text.isprintable() and 0 < len(text) <= LONGEST_ID else "?"
