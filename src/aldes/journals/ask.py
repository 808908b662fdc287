"""What a store's database is asked through: one statement with its values, all rows at once."""

from collections.abc import Callable
from typing import Any

Row = tuple[Any, ...]
Ask = Callable[..., list[Row]]  # ask(sql, *values); `?` stands for a value in every dialect
