"""Bundled patients: a chart as a ward or a clinic keeps it, turned into a FHIR R4 bundle."""
