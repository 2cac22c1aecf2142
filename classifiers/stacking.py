"""Fits the stack: how much each half counts for each question, by answers that both gave on files neither had seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.heads import ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, QUESTIONS, REASON_PART
from classifiers.stack import KNOWN, Stack
from classifiers.vocabulary import Floats

Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

TAME: Final = 0.02
"""Penalty on what the lists say, per message: knowledge may tip a verdict, and must not make it."""
TOWARDS_ALL: Final = 0.003
"""Penalty on a question's weights for straying from those of all questions of its kind, per message."""
FEWEST: Final = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Halves:
    """Answers (messages by ``QUESTIONS``) of both halves, what the lists say (messages by ``KNOWN``), and the truth."""

    linear: Floats
    encoder: Floats
    known: Floats
    truths: Truths


def fit_stack(halves: Halves) -> Stack:
    """Fit every number of a :class:`Stack`."""
    linear, encoder, bias = (np.zeros(len(QUESTIONS), dtype=np.float32) for _ in range(3))
    known = np.zeros((len(KNOWN), len(QUESTIONS)), dtype=np.float32)
    weights, shifts, added = _categories(halves)
    linear[CATEGORY_PART], encoder[CATEGORY_PART] = weights
    bias[CATEGORY_PART], known[:, CATEGORY_PART] = shifts, added
    linear[REASON_PART], encoder[REASON_PART] = _choice(halves, REASON_PART)
    for part in (ALSO_PART, FLAG_PART):
        shared = _shared(halves, part)
        for question in range(part.start, part.stop):
            linear[question], encoder[question], bias[question] = _one(halves, question, shared)
    return Stack(linear=linear, encoder=encoder, bias=bias, known=known)


def _categories(halves: Halves) -> tuple[Reals, Reals, Reals]:
    """Return the two weights, one shift for each category (the complaint's is 0), and what each kind of knowledge adds."""
    first, second = halves.linear[:, CATEGORY_PART], halves.encoder[:, CATEGORY_PART]
    truth = halves.truths[:, CATEGORY_PART].argmax(axis=1)
    count, kinds = len(CATEGORIES), len(KNOWN)

    def parted(numbers: Reals) -> tuple[Reals, Reals, Reals]:
        shifts = np.concatenate([[0.0], numbers[2 : 1 + count]])
        return numbers[:2], shifts, numbers[1 + count :].reshape(kinds, count)

    def loss(numbers: Reals) -> float:
        weights, shifts, added = parted(numbers)
        scores = first * weights[0] + second * weights[1] + shifts + halves.known @ added
        return _log_loss(scores, truth) + TAME * float((added**2).sum()) / 2

    start = np.concatenate([[0.5, 0.5], np.zeros(count - 1 + kinds * count)])
    return parted(_lowest(loss, start))


def _choice(halves: Halves, part: slice) -> Reals:
    """Return the two weights of a choice of one among many that only some messages have to make."""
    asked = halves.truths[:, part].any(axis=1)
    truth = halves.truths[asked, part].argmax(axis=1)

    def loss(weights: Reals) -> float:
        return _log_loss(halves.linear[asked, part] * weights[0] + halves.encoder[asked, part] * weights[1], truth)

    return _lowest(loss, np.array([0.5, 0.5]))


def _shared(halves: Halves, part: slice) -> Reals:
    """Return the two weights and the bias that serve all questions of a kind best."""
    first, second, truth = (rows[:, part].ravel() for rows in (halves.linear, halves.encoder, halves.truths))
    return _lowest(lambda numbers: _yes_no_loss(first * numbers[0] + second * numbers[1] + numbers[2], truth), _START)


def _one(halves: Halves, question: int, shared: Reals) -> Reals:
    first, second, truth = (rows[:, question] for rows in (halves.linear, halves.encoder, halves.truths))

    def loss(numbers: Reals) -> float:
        apart = float(((numbers[:2] - shared[:2]) ** 2).sum())
        return _yes_no_loss(first * numbers[0] + second * numbers[1] + numbers[2], truth) + TOWARDS_ALL * apart

    return _lowest(loss, shared)


def _log_loss(scores: Any, truth: Any) -> float:
    top = scores.max(axis=1, keepdims=True)
    likely = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return float(-likely[np.arange(len(truth)), truth].mean())


def _yes_no_loss(scores: Any, truth: Any) -> float:
    return float(np.logaddexp(0.0, np.where(truth, -scores, scores)).mean())


def _lowest(loss: Any, start: Reals) -> Reals:
    from scipy.optimize import minimize  # noqa: PLC0415 - training only

    found: Reals = minimize(loss, start, method="L-BFGS-B").x
    return found


_START: Final[Reals] = np.array([0.5, 0.5, 0.0])
