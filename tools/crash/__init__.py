"""Fault campaigns on the record: kill it, fill its disk, break its flushes, and look what is left."""
