"""Write the FHIR R4 bundle of each bundled patient from its chart.

    python tools/make_patients.py            writes src/aldes/patients/*/bundle.json
    python tools/make_patients.py --check    writes nothing; fails where a file would change

A chart (`chart.toml`) is the flow sheet as a ward or a clinic would keep it: local times, values, units. All patients
are fictitious. Each chart also says how its bundle is spelled (kind of bundle, references, blood-pressure panel),
because real bundles differ in just that. The same chart always gives the same bytes.
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from flowsheet.clinic import drugs, procedures, reports, results
from flowsheet.drug import doses
from flowsheet.measurements import labs, urine, vitals, weights
from flowsheet.people import people
from flowsheet.spelling import DEMO, SERVER, Chart, Resource, entry, time_of
from flowsheet.words import examined, others, reviews, statements

PATIENTS = Path(__file__).parents[1] / "src" / "aldes" / "patients"


def bundle(chart: Chart) -> Resource:
    """The whole bundle, in the order that the chart asks for."""
    kind = chart.spelling["bundle"]
    charted = sorted(events(chart), key=lambda each: (time_of(each), each["id"]))
    if chart.spelling["order"] == "newest first":
        charted.reverse()
    entries = [entry(chart, each) for each in (*people(chart), *charted)]
    whole: Resource = {
        "resourceType": "Bundle",
        "id": chart.name,
        "meta": {"tag": [DEMO]},
        "type": kind,
        "timestamp": chart.stamp(chart.data["printed"]),
    }
    if kind == "searchset":
        whole["total"] = len(entries)
        whole["link"] = [{"relation": "self", "url": f"{SERVER}/Patient/{chart.name}/$everything"}]
    return whole | {"entry": entries}


def events(chart: Chart) -> Iterator[Resource]:
    """Everything that was given, measured, judged or said."""
    yield from doses(chart)
    yield from vitals(chart)
    yield from labs(chart)
    yield from weights(chart)
    yield from urine(chart)
    yield from statements(chart)
    yield from examined(chart)
    yield from drugs(chart)
    yield from procedures(chart)
    yield from results(chart)
    yield from reports(chart)
    yield from reviews(chart)
    yield from others(chart)


def read_chart(folder: Path) -> Chart:
    """The chart in one patient's folder."""
    return Chart(name=folder.name, data=tomllib.loads((folder / "chart.toml").read_text(encoding="utf-8")))


def as_text(whole: Resource) -> str:
    """The bundle as JSON with one entry a line, so that a change shows as the lines that changed."""
    head = json.dumps({key: value for key, value in whole.items() if key != "entry"}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in whole["entry"])
    return f'{head[:-1]}, "entry": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> int:
    """Write every bundle, or with --check say which would change."""
    changed = []
    for chart_file in sorted(PATIENTS.glob("*/chart.toml")):
        target = chart_file.with_name("bundle.json")
        text = as_text(bundle(read_chart(chart_file.parent)))
        if not target.exists() or target.read_bytes() != text.encode():
            changed.append(target.parent.name)
            if "--check" not in arguments:
                target.write_bytes(text.encode())
    print(f"{len(changed)} changed: {', '.join(changed) or 'none'}")
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
