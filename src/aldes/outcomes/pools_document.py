"""Pools as one document: what stands in each, what does not and why, and how much the choice matters."""

from typing import Any

from aldes.evidence.independence import LeftOut
from aldes.outcomes.kaplan_meier import Estimate
from aldes.outcomes.pooled_series import Pools, Stratum
from aldes.outcomes.pooling import Pooled


def document(pools: Pools) -> dict[str, Any]:
    """A pool for each stratum, and the figures that answer another question."""
    return {
        "kind": str(pools.kind),
        "strata": [_stratum(each) for each in pools.strata],
        "unfit": [_left_out(each) for each in pools.unfit],
    }


def _stratum(stratum: Stratum) -> dict[str, Any]:
    return {
        "name": stratum.name,
        "risk": stratum.risk,
        "series": [
            {
                "name": each.name,
                "id": each.endpoint.id,
                "events": each.count.events,
                "patients": each.count.patients,
                "count_stated": each.count.stated,
            }
            for each in stratum.choice.chosen
        ],
        "pooled": _pooled(stratum.pooled) if stratum.pooled else None,
        "left_out": [_left_out(each) for each in stratum.choice.left_out],
        "others": list(stratum.others),
    }


def _left_out(each: LeftOut) -> dict[str, str]:
    return {"id": each.endpoint.id, "why": each.why}


def _pooled(found: Pooled) -> dict[str, Any]:
    return {
        "series": found.series,
        "patients": found.patients,
        "events": found.events,
        "proportion": _limits(found.proportion),
        "prediction": _limits(found.prediction),
        "tau2": found.tau2,
        "i2": found.i2,
        "q": found.q,
        "q_p": found.q_p,
        "weights": list(found.weights),
        "corrected": found.corrected,
    }


def _limits(found: Estimate) -> dict[str, float]:
    return {"value": found.value, "lower": found.lower, "upper": found.upper}
