"""How long, and in how many: survival, competing risks, cure, curves read off a figure, proportions pooled."""

from aldes.outcomes.competing import Incidence, cumulative_incidence
from aldes.outcomes.cox import Cox, HazardRatio, cox, dummies
from aldes.outcomes.cure import Cure, cure
from aldes.outcomes.guyot import Published, published, reconstruct
from aldes.outcomes.kaplan_meier import (
    Curve,
    Estimate,
    Landmark,
    RestrictedMean,
    at_risk,
    kaplan_meier,
    landmark,
    quantile,
    restricted_mean,
)
from aldes.outcomes.limits import clopper_pearson, wilson
from aldes.outcomes.log_rank import LogRank, log_rank
from aldes.outcomes.pooling import Pooled, pool
from aldes.outcomes.sample import Sample, sample

__all__ = [
    "Cox",
    "Cure",
    "Curve",
    "Estimate",
    "HazardRatio",
    "Incidence",
    "Landmark",
    "LogRank",
    "Pooled",
    "Published",
    "RestrictedMean",
    "Sample",
    "at_risk",
    "clopper_pearson",
    "cox",
    "cumulative_incidence",
    "cure",
    "dummies",
    "kaplan_meier",
    "landmark",
    "log_rank",
    "pool",
    "published",
    "quantile",
    "reconstruct",
    "restricted_mean",
    "sample",
    "wilson",
]
