"""Documents as they are kept: one text for one content."""

import json
from collections.abc import Mapping
from typing import Any


def canonical(document: Mapping[str, Any]) -> str:
    """The one text of a JSON document: keys in order, no spare blank; the same content has the same bytes."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
