"""What a site must settle before a protocol can answer, in words."""

from decimal import Decimal

from aldes.findings.read import vocabulary
from aldes.numbers import number
from aldes.protocols.layers import load, names_of_sites
from aldes.protocols.row import Protocol
from manual.asking import owed
from manual.page import Code, Line, Table

EVERYWHERE = {  # settings that the program itself asks of each site
    "zone": "the ward's time zone",
    "min_interval_h": "hours from the start of one dose to the start of the next",
    "late_h": "hours after its time in which a slot may still be given",
    "valid_min": "minutes for which a decision stands",
    "cap_kg": "the greatest dosing weight that counts, or none",
    "round_to_miu": "million IU to which a dose is rounded, or none",
    "ctcae": "the version of the criteria that adverse events are graded by",
    "ctcae_units": "conventional, or si for the limits that the criteria print in mmol/L",
    "grade_max_age_h": "hours old that a result or a judged grade may be, to be graded",
    "usable_ml_per_vial": "mL that can be drawn from one vial",
}


def settings(protocol: Protocol) -> Table:
    """Each setting, what it is, and what the bundled sites, invented ones, put there."""
    wanted = dict(EVERYWHERE) | dict(owed(protocol.id))
    if protocol.counting_needed:
        rules = ", ".join(dict.fromkeys(count.rule for count in protocol.counts))
        wanted["counting"] = f"the counting rule in force: one of {rules}"
    wanted |= {
        f"max_age_h.{name}": f"how many hours old {vocabulary()[name].words} may be" for name in protocol.required
    }
    sites = names_of_sites()
    body = tuple(Line(cells=(Code(key), words, *(_set(site, key) for site in sites))) for key, words in wanted.items())
    heads = ("setting", "what it is", *(f"site {site} (invented)" for site in sites))
    return Table(caption="What the site settles; unset, it blocks and is named", heads=heads, lines=body)


def _set(site: str, key: str) -> str:
    table = load(site, "sites", names_of_sites())
    section, _, name = key.rpartition(".")
    found = table.get(section or "settings", {}).get(name)
    return "not set" if found is None else number(found) if isinstance(found, Decimal) else str(found)
