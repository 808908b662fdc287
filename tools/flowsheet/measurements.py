"""What is measured: vital signs, laboratory, weight, urine."""

from collections.abc import Iterator
from datetime import timedelta

from flowsheet.spelling import Chart, Resource, loinc, measured, observed, quantity


def vitals(chart: Chart) -> Iterator[Resource]:
    """Pressure, heart rate, saturation and temperature at each round."""
    if "vitals" not in chart.data:
        return
    unit = chart.data["vitals"]["temperature"]
    temperature = ("8310-5", "8331-1") if chart.spelling["temperature"] == "two codes" else ("8310-5",)
    for time, systolic, diastolic, heart_rate, spo2, celsius in chart.data["vitals"]["rounds"]:
        yield from _pressure(chart, time, systolic, diastolic)
        yield measured(chart, time, "heart-rate", ("8867-4",), heart_rate, "/min")
        yield measured(chart, time, "spo2", ("59408-5", "2708-6"), spo2, "%")
        yield measured(chart, time, "temperature", temperature, celsius, unit)


def _pressure(chart: Chart, time: str, systolic: int, diastolic: int) -> Iterator[Resource]:
    parts = (("8480-6", systolic), ("8462-4", diastolic))
    if chart.spelling["pressure"] == "separate":
        for code, value in parts:
            yield measured(chart, time, f"bp-{code}", (code,), value, "mm[Hg]")
        return
    components = [{"code": loinc(code), "valueQuantity": quantity(value, "mm[Hg]")} for code, value in parts]
    panel = observed(chart, time, "bp", loinc(chart.spelling["pressure"]), "vital-signs")
    yield panel | {"component": components}


def labs(chart: Chart) -> Iterator[Resource]:
    """Each result with its collection time, its time of issue where charted, and its reference range."""
    for name, lab in chart.data.get("labs", {}).items():
        for time, value, *issued in lab["results"]:
            result = measured(
                chart, time, name, (lab["code"],), value, lab["unit"], lab.get("as_written"), "laboratory"
            )
            result["issued"] = (
                chart.stamp(issued[0]) if issued else (chart.clock(time) + timedelta(hours=1)).isoformat()
            )
            limits = {"low": lab.get("low"), "high": lab.get("high")}
            known = {end: quantity(limit, lab["unit"]) for end, limit in limits.items() if limit is not None}
            yield result | {"referenceRange": [known]}


def weights(chart: Chart) -> Iterator[Resource]:
    """Body weights, in the unit of the ward's scale."""
    scale = chart.data.get("weights", {"weighed": []})
    for time, value in scale["weighed"]:
        yield measured(chart, time, "weight", ("29463-7",), value, scale["unit"], scale.get("as_written"))


def urine(chart: Chart) -> Iterator[Resource]:
    """Urine by closed period, one after the other, without a gap."""
    for run in chart.data.get("urine", []):
        start = chart.clock(run["start"])
        for millilitres in run["ml"]:
            end = start + timedelta(minutes=run["every_min"])
            one = measured(chart, run["start"], "urine", ("9187-6",), millilitres, "mL")
            del one["effectiveDateTime"]
            one |= {"id": f"urine-{start:%m%d-%H%M}"}
            yield one | {"effectivePeriod": {"start": start.isoformat(), "end": end.isoformat()}}
            start = end
