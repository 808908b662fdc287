"""How properties are drawn: the gate draws the same examples for the same code, `make hunt` new ones each time."""

from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None)  # a slow machine is no fault of the code
settings.register_profile("hunt", deadline=None, print_blob=True)
settings.load_profile("gate")
