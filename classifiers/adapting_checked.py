"""Which of staff's words tell of the bound, and what each verdict was expected to cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from classifiers.adapting_bound import Checked
from classifiers.calibration import expected_cost
from classifiers.corrections import Correction, Judged
from classifiers.examples import Labels
from classifiers.heads import CATEGORIES
from classifiers.taxonomy import Category, Flag

UNSURE: Final = "unsure"


def checked(corrections: Sequence[Correction], sent_away: Mapping[str, int], base: str) -> list[Checked]:
    """List what this model was sure is no complaint and the lot drew for a check, and what it alone was unsure of.

    ``sent_away`` counts the messages from which the lot drew, by the model's name; ``base`` names the packaged model: a landlord's own
    models are named after it, and their probabilities are its.
    """
    said = [(one, one.machine) for one in corrections if one.machine is not None and _tells(one.machine, base)]
    # From complaints that it logged by itself nothing is drawn: how often those are wrong, a bound by these checks does not tell.
    drawn = [
        (one, machine)
        for one, machine in said
        if machine.automatic and machine.drawn and machine.labels.category is not Category.COMPLAINT
    ]
    unsure = [(one, machine) for one, machine in said if machine.code == UNSURE and not _waits_anyway(machine.labels)]
    away = sum(number for model, number in sent_away.items() if _of_family(model, base))
    weight = max(1.0, away / len(drawn)) if drawn else 1.0
    return [*(_checked(*one, weight) for one in drawn), *(_checked(*one, 1.0) for one in unsure)]


def _tells(machine: Judged, base: str) -> bool:
    return _of_family(machine.model, base) and set(machine.scores) == set(CATEGORIES)


def _of_family(model: str, base: str) -> bool:
    return model.partition("+")[0] == base


def _waits_anyway(labels: Labels) -> bool:
    """Tell whether a person sees it under any bound: what it says besides is asked after, once it is sure of the category."""
    return labels.category is not Category.COMPLAINT and bool(labels.also or Flag.EMERGENCY in labels.flags)


def _checked(correction: Correction, machine: Judged, weight: float) -> Checked:
    said, person = machine.labels.category, correction.example.labels.category
    scores = np.array([machine.scores[one] for one in CATEGORIES])
    cost = float(expected_cost(scores, CATEGORIES.index(said)))
    wrong = said is not person
    return Checked(cost=cost, wrong=wrong, missed=wrong and person is Category.COMPLAINT, weight=weight)
