"""The stores of the record: SQLite beside the program, PostgreSQL where a hospital has a server."""

from aldes.journals.work import open_journal

__all__ = ["open_journal"]
