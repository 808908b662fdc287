"""The command line: one command per verb. Heavy imports wait inside the commands."""

from aldes.cli.app import main

__all__ = ["main"]
