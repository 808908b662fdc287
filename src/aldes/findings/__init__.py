"""Findings: what may be asked about a patient, charted values, and what is derived from them."""
