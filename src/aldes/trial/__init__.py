"""Virtual patients nursed by a real protocol: one through a course, or the arms of a trial."""
