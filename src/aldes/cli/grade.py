"""Grade the adverse events of one record by the CTCAE."""

import json
import sys

from aldes import ward
from aldes.cli.grade_paper import page
from aldes.cli.toxicity import Given, asked_of


def show_grades(given: Given, version: str | None, against: str | None, as_json: bool) -> None:
    """Print the grades, as a document or as a page."""
    document = ward.grades(asked_of(given), version, against)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(page(document))
