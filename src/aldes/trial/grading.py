"""The worst CTCAE grade of each patient in the terms that the virtual ward's measurements can grade."""

from collections.abc import Collection

import numpy as np

from aldes.findings.view import View
from aldes.protocols.compile import seen_through
from aldes.questions.tree import names
from aldes.toxicity.ctcae.read import read as read_criteria
from aldes.trial.asking import Asking
from aldes.trial.chart import Numbers, Truths

GRADED = {  # ladder → what must be newly charted
    "creatinine_increased": "creatinine",
    "platelet_count_decreased": "platelets",
    "bilirubin_increased": "bilirubin",
    "weight_gain": "weight",
}
VERSION = "5.0"  # where the site has settled none


class Grading:
    """The worst grade so far of each term, by one version of the criteria."""

    def __init__(self, version: str | None, patients: int) -> None:
        self.version = version or VERSION
        criteria = read_criteria(self.version, "conventional")
        self.ladders = {name: ladder for name in GRADED if (ladder := criteria.ladder(name)) is not None}
        self.worst: dict[str, Numbers] = {name: np.zeros(patients) for name in self.ladders}

    def look(self, asking: Asking, charted: Collection[str], here: Truths) -> None:
        """Grade what was just charted of whoever is here."""
        for name, ladder in self.ladders.items():
            if GRADED[name] not in charted:
                continue
            rungs = [rung for rung in ladder.rungs if list(names(rung.question))]
            answers = asking.answers([seen_through(rung.question, View.CHARTED, "") for rung in rungs])
            for rung, answer in zip(rungs, answers, strict=True):
                grade = np.where((answer == 1) & here, float(rung.grade), 0.0)
                self.worst[name] = np.maximum(self.worst[name], grade)
