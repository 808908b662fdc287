"""Risk groups of one patient: each factor's answer, what is missing, and every group that is still possible."""

from dataclasses import dataclass

from aldes.questions.answer import UNKNOWN, YES, Answer
from aldes.questions.ask import Look, ask
from aldes.questions.tree import names
from aldes.selection.score import Score

# SANI is not computed: neither its points nor its cut-offs were read in any source (OQ-15 of the evidence).
NOT_COMPUTED = {
    "SANI": "its points, the cut-off of TSH and its groups were not seen in any source (sani-2003 read as an abstract)"
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A score of one patient."""

    score: Score
    answers: tuple[tuple[str, Answer], ...]  # factor id → whether it is present
    least: int  # factors that are certainly present
    most: int  # and with those that are not known
    groups: tuple[str, ...]  # the groups still possible, the best first
    missing: tuple[str, ...]  # findings without which a factor is not known


def risk(score: Score, look: Look) -> Risk:
    """The score for one patient.

    Nothing is filled in: with two factors unknown there may be three groups possible.
    """
    answers = tuple((each.id, ask(each.question, look)) for each in score.factors)
    least = sum(answer is YES for _, answer in answers)
    most = least + sum(answer is UNKNOWN for _, answer in answers)
    asked = [
        names(each.question) for each, (_, answer) in zip(score.factors, answers, strict=True) if answer is UNKNOWN
    ]
    missing = dict.fromkeys(name.finding for part in asked for name in part if look(name) is None)
    groups = tuple(each.words for each in score.groups if each.least <= most and least <= each.most)
    return Risk(score=score, answers=answers, least=least, most=most, groups=groups, missing=tuple(missing))
