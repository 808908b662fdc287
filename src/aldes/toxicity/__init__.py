"""Toxicity: grades, what to watch and what is owed, of what a clinician is told, the leak, care, and what interacts."""
