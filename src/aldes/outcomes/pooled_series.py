"""Published proportions pooled over independent series: all together, by era and by risk."""

from collections.abc import Sequence
from dataclasses import dataclass

from aldes.evidence.independence import Candidate, Choice, LeftOut, candidates, choose
from aldes.evidence.outcomes import Outcomes
from aldes.evidence.series import EndpointKind
from aldes.outcomes.pooling import Pooled, pool

POOLABLE = (EndpointKind.RESPONSE, EndpointKind.COMPLETE, EndpointKind.PARTIAL, EndpointKind.TREATMENT_DEATH)
CUT = 2000  # the year that parts the eras unless another is asked for: our policy, docs/decisions/0023


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One pool: its series, what they give together, and what the other independent choices would have given."""

    name: str
    risk: bool  # whether it is a group of risk
    choice: Choice
    pooled: Pooled | None  # nothing where fewer than two series are left
    others: tuple[float, ...]  # pooled proportions of the other choices of two series or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """A kind of endpoint pooled in every stratum, and the figures that answer another question."""

    kind: EndpointKind
    strata: tuple[Stratum, ...]
    unfit: tuple[LeftOut, ...]


def pools(outcomes: Outcomes, kind: EndpointKind, tumour: str = "mRCC", cut: int = CUT) -> Pools:
    """All series of one question under the high-dose bolus, then by era and by group of risk."""
    fit, unfit = candidates(outcomes, kind, tumour)
    names = ["all", *dict.fromkeys(sorted(each.era(cut) for each in fit))]
    parts = [[each for each in fit if name in ("all", each.era(cut))] for name in names]
    strata = [_stratum(name, part, outcomes) for name, part in zip(names, parts, strict=True)]
    for risk in _risks(outcomes, kind, tumour):
        of_risk, others = candidates(outcomes, kind, tumour, risk)
        strata.append(_stratum(risk, of_risk, outcomes, risk=True))
        unfit += others
    return Pools(kind=kind, strata=tuple(strata), unfit=tuple(unfit))


def _risks(outcomes: Outcomes, kind: EndpointKind, tumour: str) -> list[str]:
    """The groups of risk for which anybody printed this kind of figure, in the order of the register."""
    figures = (each for each in outcomes.endpoints() if each.kind is kind and each.tumour == tumour and each.risk)
    return list(dict.fromkeys(each.risk for each in figures))


def _stratum(name: str, part: Sequence[Candidate], outcomes: Outcomes, *, risk: bool = False) -> Stratum:
    choice = choose(part, outcomes.overlaps)
    others = [_pool(each) for each in choice.others]
    return Stratum(
        name=name,
        risk=risk,
        choice=choice,
        pooled=_pool(choice.chosen),
        others=tuple(each.proportion.value for each in others if each),
    )


def _pool(those: Sequence[Candidate]) -> Pooled | None:
    if len(those) < 2:
        return None
    return pool([each.count.events for each in those], [each.count.patients for each in those])
