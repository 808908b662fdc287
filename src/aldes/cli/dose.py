"""One dose and its preparation, without a patient."""

import json
from collections.abc import Mapping
from decimal import Decimal

from aldes.administration.dose import order
from aldes.administration.preparation import prepare
from aldes.cli.clock import instant
from aldes.cli.next_dose import ASKED_WITH
from aldes.errors import InputError, ProtocolError
from aldes.numbers import number, parse_decimal
from aldes.protocols.read import read

_WHAT = {
    "cap_kg": "the heaviest weight that the site doses, or none",
    "round_to_miu": "the step to which the site rounds, in million IU, or none",
    "usable_ml_per_vial": "1.0 or 1.2, what the site draws from a vial",
}


def show_dose(
    weight_kg: str,
    protocol: str | None,
    site: str | None,
    given: Mapping[str, str | None],
    prepared_at: str | None,
    as_json: bool,
) -> None:
    """Print the order and the preparation of a protocol under a site's settings, or under those given on the line."""
    rules = read(protocol or ASKED_WITH, site)
    if rules.dose is None or rules.preparation is None:
        raise ProtocolError(f"{rules.id} says no dose. Name a protocol that is for the bedside.")
    settings = {key: value if value is not None else _from_site(site, key) for key, value in given.items()}
    ordered = order(
        parse_decimal(weight_kg),
        rules.dose,
        round_to_miu=_number(settings["round_to_miu"]),
        cap_kg=_number(settings["cap_kg"]),
    )
    made = prepare(
        ordered.dose,
        rules.preparation,
        rules.dose,
        usable_ml_per_vial=parse_decimal(settings["usable_ml_per_vial"]),
        prepared_at=instant(prepared_at) if prepared_at else None,
    )
    document = {**ordered.document(), **made.document(), "protocol": rules.id}
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    print(f"{ordered.dose.words} for {weight_kg} kg, over {number(rules.dose.over_min)} minutes into a vein")
    print(f"{rules.id}: {rules.preparation.words}")
    print(f"draw {document['volume_words']} from {document['vials_words']}")
    print(f"bag: {document['diluent']}, {made.bag_words}")
    for line in (*ordered.notes, *made.warnings):
        print(f"! {line}")
    for place, step in enumerate(made.steps, 1):
        print(f"{place:>3}. {step.words}")
    if document["latest_start"]:
        print(
            f"Start the infusion no later than {document['latest_start']}; it must have ended by {document['expires']}."
        )


def _from_site(site: str | None, key: str) -> str:
    """The site's own setting; without one there is none, and nobody guesses it."""
    settings = read("us-label-2023", site).settings if site else {}
    if key not in settings:
        option = "--" + key.replace("_", "-")
        raise InputError(f"The site setting {key} is not set ({_WHAT[key]}). Give {option}, or a --site that sets it.")
    return settings[key]


def _number(text: str) -> Decimal | None:
    return None if text == "none" else parse_decimal(text)
