"""What every page of the ward needs."""

from dataclasses import dataclass

from aldes.service.access import Gate
from aldes.service.templates import Templates
from aldes.ward import Ward


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The ward, who comes in, and how pages are written."""

    ward: Ward
    gate: Gate
    templates: Templates
    demo: bool  # the store holds made-up patients, and every page says so
