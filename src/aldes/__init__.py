"""Decision support for high-dose aldesleukin therapy of metastatic kidney cancer.

It supports and never replaces a clinician: every answer carries its basis, its source and its age.
"""

__version__ = "0.1.0"
