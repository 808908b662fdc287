"""Where every number comes from: the sources, how far each was read, and the facts that no protocol row carries."""

from aldes.evidence.register import Register, cite, read_register
from aldes.evidence.source import Citation, Fact, Kind, Source, Status

__all__ = ["Citation", "Fact", "Kind", "Register", "Source", "Status", "cite", "read_register"]
