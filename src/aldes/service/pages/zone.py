"""The clock by which a patient's page tells and reads times: the site's own."""

from zoneinfo import ZoneInfo

from aldes.ward import Ward


def zone_of(ward: Ward, id: str) -> ZoneInfo | None:
    """The site's zone under the protocol of this patient's course; None where the site has set none."""
    zone = ward.protocol(ward.course(id)).schedule.zone
    return ZoneInfo(zone) if zone else None
