"""Protocols as data: rows, counting rules, required measurements, coverage; resolved with a site and pinned."""
