"""The hours of the virtual ward, in which a course begins with its first slot at hour 0."""

SLOT_H = 8.0  # from slot to slot
SHIFT_H = 8.0  # intake and output are measured by shifts of eight hours, as the consensus counts
DAY_H = 24.0
FIRST_SLOT_H = 8.0  # hour 0 of a course is 08:00
