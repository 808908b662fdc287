"""`make crash`: print what was done to the record, and what was left of it."""

import sys
from argparse import ArgumentParser
from time import perf_counter

from crash.campaigns import calls, client_kills, kills, server_kills
from crash.cluster import cluster, is_here
from crash.disk import Fault
from crash.trial import Found


def main() -> int:
    """Run every campaign; 1 when anything acknowledged was lost, doubled or invented."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--step", type=int, default=3, help="calls between one fault and the next")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = perf_counter()
    wrong = show("kill -9 at random moments, 2 processes of 2 clients", kills(given.kills, given.seed))
    places = range(1, 1 + given.calls * given.step, given.step)
    where = f"{given.calls} of the first {given.calls * given.step} calls"
    for fault in Fault:
        wrong += show(f"{fault}; {where}", calls(fault, places, given.seed))
    if is_here():
        times = given.kills // 10
        wrong += show("PostgreSQL: kill -9 of 2 processes of 2 clients", client_kills(cluster(), times, given.seed))
        wrong += show("PostgreSQL: the server falls under them", server_kills(cluster(), times, given.seed))
    print(f"{perf_counter() - began:.0f} s")
    return 1 if wrong else 0


def show(what: str, found: Found) -> int:
    """One line, and each fault on a line of its own."""
    print(
        f"{what}: {found.struck} of {found.trials} trials struck, {found.acknowledged} events acknowledged and found; "
        f"of those not acknowledged {found.kept_unacknowledged} kept, {found.lost_unacknowledged} not; "
        f"{len(found.wrong)} wrong",
        flush=True,
    )
    for fault in found.wrong[:20]:
        print(f"  {fault}")
    return len(found.wrong)


if __name__ == "__main__":
    sys.exit(main())
