"""The exit codes, so that a script can tell the answers apart."""

GIVE, USAGE, BAD_INPUT, BAD_PROTOCOL = 0, 2, 3, 4
HOLD, STOP, INSUFFICIENT = 10, 11, 12
CAUTION, EXCLUDED = 13, 14  # of a selection; an undetermined one is INSUFFICIENT
DAMAGED, DIFFERS, BEHIND = 30, 31, 32  # of a record: not what was written; decisions differ; events are missing
LOOK, UNTOLD = 20, 21  # beside the decision: something to look at; something that could not be told or checked

BY_VERDICT = {"no listed exclusion": GIVE, "caution": CAUTION, "excluded": EXCLUDED, "undetermined": INSUFFICIENT}
BY_DECISION = {"give": GIVE, "hold": HOLD, "stop": STOP, "insufficient": INSUFFICIENT}
