"""What may stand in a protocol, order-set or site file, and the site file itself; any other key is refused."""

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.protocols import grading
from aldes.protocols.fields import Table, known_keys
from aldes.protocols.layers import layers, load, names_of_sites
from aldes.protocols.row import RowKind

_BESIDE = {"monitor", "notify", "premedication", "care", "interaction"}  # the blocks that decide nothing
_BEFORE = {"eligibility", "retreatment", "readiness", "cycle2", "regimen"}  # asked before a course or a cycle
_SECTIONS = {*(kind.value for kind in RowKind), *_BESIDE, *_BEFORE}  # what a protocol and a site may both hold
PROTOCOL_KEYS = {
    *("id", "words", "extends", "bedside", "counting", "settings", "required", "not_covered", "remove", "count"),
    *("dose", "preparation", "no_selection"),
    *_SECTIONS,
}
_ORDER_KEYS = {"id", "words", "bedside", *_BESIDE}  # one hospital's order set, which a site takes over by its name
_SITE_KEYS = {
    *("id", "words", "demo", "orders", "settings", "max_age_h", "selection_max_age_d", "sign", "confirm"),
    "not_covered",
    *_SECTIONS,
}
SCHEDULE = ("min_interval_h", "late_h", "valid_min")
_AGAIN = ("cycle2_ecog", "cycle2_creatinine", "cycle2_bilirubin", "cycle2_platelets", "cycle2_white_cells")
_NUMBERS = (*SCHEDULE, "cycle_2_after_days", "lvef_least", *_AGAIN)
_TEXTS = ("zone", "counting", "cap_kg", "round_to_miu", "usable_ml_per_vial", *grading.KEYS)


def site_of(name: str) -> Table:
    """The site's file of this name, its keys known.

    Raises
    ------
    ProtocolError
        With the nearest right key.
    """
    table = load(name, "sites", names_of_sites())
    known_keys(table, _SITE_KEYS, f"site {name}: ")
    known_keys(table.get("settings", {}), {*_NUMBERS, *_TEXTS}, f"site {name}: settings: ")
    known_keys(table.get("max_age_h", {}), vocabulary().findings, f"site {name}: max_age_h: ")
    aged = {*vocabulary().findings, *Group}
    known_keys(table.get("selection_max_age_d", {}), aged, f"site {name}: selection_max_age_d: ")
    return table


def orders_of(name: str) -> list[tuple[str, Table]]:
    """An order set, which may hold nothing that decides."""
    found = layers(name)
    for file, table in found:
        known_keys(table, _ORDER_KEYS, f"{file}: an order set: ")
    return found
