"""How a table's columns answer the names of a tree: `finding@view@row`, else `finding@view`, else `finding`.

A table that has one column a finding gives every view the same value; a population that is nursed by the
protocol gives more. Both running back ends use the same names, so that they read the same table.
"""

from collections.abc import Collection

from aldes.errors import InputError, nearest
from aldes.questions.tree import Name


def column(name: Name, columns: Collection[str]) -> str:
    """The finest column of the table that answers this name.

    Raises
    ------
    InputError
        When the table has none: an absent column is a mistake, an absent value is unknown.
    """
    for candidate in candidates(name):
        if candidate in columns:
            return candidate
    raise InputError(
        f"The table has no column '{name.finding}'. Give it a column, with empty cells where it is not known."
        + nearest(name.finding, columns)
    )


def candidates(name: Name) -> tuple[str, ...]:
    """The columns that may answer this name, the finest first."""
    rough = (f"{name.finding}@{name.view}", name.finding)
    return (f"{name.finding}@{name.view}@{name.row}", *rough) if name.row else rough
