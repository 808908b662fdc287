"""Exchange: patient records from outside, read strictly into events; nothing is guessed, nothing dropped in silence."""

from aldes.exchange.reader import Form, read
from aldes.exchange.reading import NotUsed, Reading

__all__ = ["Form", "NotUsed", "Reading", "read"]
