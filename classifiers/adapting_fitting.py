"""Learns what must be added to weights so that corrected messages come out right and all others as they did.

What is learnt is a logistic regression upon the stacked answer: scores are ``offset + features @ added``, where ``offset``
is what the model says already. A message that nobody corrected has what the model says for its target, so nothing moves
but what corrections pull at; every added weight is held down by an L2 penalty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from classifiers.calibration import Reals, softmax

TIGHT: Final = 0.5
"""Penalty on what is added, half of it for each weight squared, against the summed loss over the messages.

Chosen among 0.4, 1, 4 and 11 on fifty requests of one kind, for what it gains there and what it changes elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Messages (rows) with what a question's two or more answers (columns) should be; ``weights`` say how much each counts."""

    features: Any
    """A sparse matrix: messages by the features that may be learnt of."""
    offset: Reals
    targets: Reals
    weights: Reals


def learn_choice(lesson: Lesson, tight: float = TIGHT) -> Reals:
    """Return what is added to the weights (features by answers) of a choice of one among several."""
    return _lowest(lesson, tight, softmax, _choice_loss)


def learn_yes_no(lesson: Lesson, tight: float = TIGHT) -> Reals:
    """Return what is added to the weights of questions that have a yes or a no each."""
    return _lowest(lesson, tight, _yes, _yes_no_loss)


def _lowest(lesson: Lesson, tight: float, likely: Any, loss: Any) -> Reals:
    from scipy.optimize import minimize  # noqa: PLC0415 - training only

    shape = (lesson.features.shape[1], lesson.targets.shape[1])
    counts = lesson.weights[:, np.newaxis]

    def cost(numbers: Reals) -> tuple[float, Reals]:
        added = numbers.reshape(shape)
        scores = lesson.offset + lesson.features @ added
        pull = (likely(scores) - lesson.targets) * counts
        gradient = lesson.features.T @ pull + tight * added
        whole = float((loss(scores, lesson.targets) * lesson.weights).sum()) + tight * float((added**2).sum()) / 2
        return whole, gradient.ravel()

    found: Reals = minimize(cost, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B").x
    return found.reshape(shape)


def _yes(scores: Reals) -> Reals:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -500.0, 500.0))))


def _choice_loss(scores: Reals, targets: Reals) -> Reals:
    top = scores.max(axis=1, keepdims=True)
    all_in_all = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return np.asarray(((all_in_all - scores) * targets).sum(axis=1))


def _yes_no_loss(scores: Reals, targets: Reals) -> Reals:
    return np.asarray((np.logaddexp(0.0, scores) - targets * scores).sum(axis=1))
