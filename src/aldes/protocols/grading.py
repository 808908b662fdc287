"""What a site settles about grading: the version of the criteria, their units, and how old a result may be."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aldes.errors import ProtocolError
from aldes.protocols.fields import positive
from aldes.protocols.row import Grading

KEYS = ("ctcae", "ctcae_units", "grade_max_age_h")


def grading(site: Mapping[str, Any], where: str) -> Grading:
    """The site's settings for grading.

    Raises
    ------
    ProtocolError
        Naming the setting and its fault.
    """
    settings = site.get("settings", {})
    for key in ("ctcae", "ctcae_units"):
        if key in settings and not isinstance(settings[key], str):
            raise ProtocolError(f'{where}settings: {key} must be a text; write {key} = "5.0" or "si".')
    ages = {
        name: timedelta(hours=float(positive(value, f"{where}max_age_h.{name}")))
        for name, value in site.get("max_age_h", {}).items()
    }
    oldest = settings.get("grade_max_age_h")
    return Grading(
        version=settings.get("ctcae"),
        units=settings.get("ctcae_units"),
        max_age=None
        if oldest is None
        else timedelta(hours=float(positive(oldest, f"{where}settings: grade_max_age_h"))),
        ages=ages,
    )
