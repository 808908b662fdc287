"""CTCAE grades: ladders as data, asked of a patient's record."""
