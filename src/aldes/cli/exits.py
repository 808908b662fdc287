"""The exit codes, so that a script can tell the answers apart."""

GIVE, USAGE, BAD_INPUT, BAD_PROTOCOL = 0, 2, 3, 4
HOLD, STOP, INSUFFICIENT = 10, 11, 12
LOOK, UNTOLD = 20, 21  # beside the decision: something to look at; something that could not be told or checked

BY_DECISION = {"give": GIVE, "hold": HOLD, "stop": STOP, "insufficient": INSUFFICIENT}
