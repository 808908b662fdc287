"""The numbers of RECIST 1.1 and iRECIST, each under the id of the fact in the register that says where it stands."""

from decimal import Decimal

MEASURABLE_MM = Decimal(10)  # RC-01: longest diameter on CT, MRI or by calliper
XRAY_MM = Decimal(20)  # RC-01: on a chest X-ray
THIN_SLICE_MM = Decimal(5)  # RC-01: thicker slices ask for twice their thickness
NODE_TARGET_MM = Decimal(15)  # RC-02: short axis of a node that may be a target
NODE_NORMAL_MM = Decimal(10)  # RC-02: below it a node is normal
MOST_TARGETS, MOST_PER_ORGAN = 5, 2  # RC-03
PARTIAL_PERCENT = 30  # RC-06: fall from the baseline sum
PROGRESSION_PERCENT = 20  # RC-07: rise above the nadir
BASELINE_DAYS = 28  # RC-19: a baseline older than that is doubtful
FURTHER_MM = Decimal(5)  # TMR-06: iRECIST, a further rise that confirms
CONFIRMS_FROM_DAYS, CONFIRMS_TO_DAYS = 28, 56  # TMR-06: 4 to 8 weeks
SCAN_DAYS = 28  # DOSE-10: imaging about 4 weeks after the last dose of a course

# Our policy (decision 25): what no reader of images measures, and what only a slip of the unit explains.
LEAST_MM, MOST_MM = Decimal(2), Decimal(500)
LEAST_BASELINE_MM = Decimal(5)
SLIP = 8  # times larger or smaller than the time before: looked at, since cm for mm is ten times
EARLY_DAYS = 14  # before that after the last dose a scan is too early to tell (no contrast within 2 weeks: INT-09)
