"""Run the commands with ``python -m aldes``."""

from aldes.cli import main

main()
