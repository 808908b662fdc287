"""`make attack`: requests drawn from the description, and spoiled bundles; what came of them, by status and word."""

import argparse
import sys
import time

from attack import bundles, described
from attack.served import Served


def main() -> int:
    """0 where nothing was found."""
    asked = argparse.ArgumentParser(prog="attack")
    asked.add_argument("--bundles", type=int, default=20_000)
    asked.add_argument("--requests", type=int, default=300, help="fitting and as many unfitting ones for each route")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    began = time.monotonic()
    for number in range(len(list(described.operations(Served())))):
        served = Served()  # each route is asked of a ward of its own: what was done by another does not count
        operation = list(described.operations(served))[number]
        found = described.draw(served, operation, given.requests)
        print(f"{operation.label}: " + ", ".join(f"{status} {count}" for status, count in sorted(found.items())))
    print(f"answers agree with the description ({time.monotonic() - began:.0f} s)", flush=True)
    began = time.monotonic()
    came = bundles.draw(given.bundles, given.seed)
    print(*bundles.told(came), sep="\n")
    print(f"{given.bundles:,} spoiled bundles ({time.monotonic() - began:.0f} s)")
    return 1 if came.faults or came.gives else 0


if __name__ == "__main__":
    sys.exit(main())
