"""Fits the calibration to out-of-fold answers, with the targets that the landlord's duty sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.calibration import Calibration, FlagThreshold, Reals, choose, softmax
from classifiers.examples import Labels
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS
from classifiers.taxonomy import Category, Flag

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

TORN_COSTS: Final = 0.002
"""Macro-F1 that leaning to complaint may cost: "a missed one breaks the law, a false one costs an officer a minute"."""
WRONG_COMPLAINTS: Final = 0.02
WRONG_OTHERS: Final = 0.01
"""Share of automatic verdicts that may be wrong, out of fold; a wrong complaint is the cheaper mistake."""
LOST_COMPLAINTS: Final = 0.01
GAP: Final = 0.5
FEWEST_AUTOMATIC: Final = 50
"""A threshold that rests on fewer messages than these is no threshold."""
NEVER: Final = 2.0
SAFETY: Final = frozenset({Flag.EMERGENCY, Flag.SAFEGUARDING})
ENOUGH: Final = 1000.0
ROUNDS: Final = 6
TOLERANCE: Final = 1e-4
_THRESHOLDS: Final = np.arange(-6.0, 3.0, 0.1)
_CUE_EASE: Final = np.arange(0.0, 5.1, 0.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutOfFold:
    """Answers (messages by questions) of models that had not seen the message's file, with labels and found phrases."""

    answers: npt.NDArray[np.float32]
    labels: Sequence[Labels]
    phrases: Sequence[AbstractSet[Flag | Category]]


def calibrate(seen: OutOfFold) -> Calibration:
    """Fit every number of a :class:`Calibration`."""
    truth = np.array([CATEGORIES.index(labels.category) for labels in seen.labels])
    raw = seen.answers[:, CATEGORY_PART].astype(np.float64)
    temperature, shifts = _softening(raw, truth)
    probabilities = softmax((raw + np.array(shifts)) / temperature)
    torn = _torn(probabilities, truth)
    chosen = choose(probabilities, torn)
    bound = float(np.quantile(probabilities[truth == 0, 0], LOST_COMPLAINTS))
    sure = probabilities[np.arange(len(truth)), chosen]
    others = (chosen != 0) & (probabilities[:, 0] < bound)
    return Calibration(
        temperature=temperature,
        shifts=shifts,
        torn=torn,
        sure_complaint=_surest(sure, chosen == truth, chosen == 0, WRONG_COMPLAINTS),
        sure_other=_surest(sure, chosen == truth, others, WRONG_OTHERS),
        gap=GAP,
        bound=bound,
        also=tuple(_also(seen, chosen, number) for number in range(len(ALSO))),
        flags={flag: _flag(seen, flag) for flag in FLAGS},
    )


def macro_f1(truth: Integers, chosen: Integers) -> float:
    """Return the mean F1 over the categories that ``truth`` holds."""
    return float(np.mean([_f(truth == one, chosen == one) for one in range(len(CATEGORIES)) if (truth == one).any()]))


def _softening(raw: Reals, truth: Integers) -> tuple[float, tuple[float, ...]]:
    """Find temperature and shifts with the least mean log loss, one after the other; the complaint's shift stays 0."""
    found = np.zeros(len(CATEGORIES))
    for _ in range(ROUNDS):
        for place in range(len(found)):
            found[place] = _lowest(partial(_log_loss, raw, truth, found, place))
    return float(np.exp(found[0])), (0.0, *found[1:].tolist())


def _log_loss(raw: Reals, truth: Integers, found: Reals, place: int, value: float) -> float:
    """Return the mean log loss with one value changed; ``found`` holds the logarithm of the temperature, then the shifts."""
    tried = found.copy()
    tried[place] = value
    shifts = np.concatenate([[0.0], tried[1:]])
    likely = softmax((raw + shifts) / np.exp(tried[0]))[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(likely, 1e-12)).mean())


def _lowest(function: Callable[[float], float], low: float = -1.6, high: float = 1.6) -> float:
    """Find where a function with one valley is lowest, by golden section."""
    ratio = (5**0.5 - 1) / 2
    while high - low > TOLERANCE:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if function(left) < function(right) else (left, high)
    return (low + high) / 2


def _torn(probabilities: Reals, truth: Integers) -> float:
    """Return the widest margin for complaint that costs hardly any macro-F1."""
    margins = [round(step * 0.01, 2) for step in range(41)]
    reached = [macro_f1(truth, choose(probabilities, margin)) for margin in margins]
    return max(margin for margin, one in zip(margins, reached, strict=True) if one >= max(reached) - TORN_COSTS)


def _surest(sure: Reals, right: Truths, among: Truths, wrong: float) -> float:
    """Return the least confidence from which on at most the share ``wrong`` is wrong; ``NEVER`` where there is none."""
    order = np.argsort(-sure[among], kind="stable")
    errors = np.cumsum(~right[among][order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(errors <= wrong)
    return float(sure[among][order][good[-1]]) if len(good) and good[-1] + 1 >= FEWEST_AUTOMATIC else NEVER


def _also(seen: OutOfFold, chosen: Integers, number: int) -> float:
    answers = seen.answers[:, ALSO_PART][:, number]
    truth = np.array([ALSO[number] in labels.also for labels in seen.labels])
    later = chosen < CATEGORIES.index(ALSO[number])
    return float(max(_THRESHOLDS, key=lambda least: _f(truth, later & (answers >= least))))


def _flag(seen: OutOfFold, flag: Flag) -> FlagThreshold:
    """Find the two thresholds with the best F1; where life may hang on it, F2 (recall counts double), and a phrase is enough."""
    answers = seen.answers[:, FLAG_PART][:, FLAGS.index(flag)]
    truth = np.array([flag in labels.flags for labels in seen.labels])
    cued = np.array([flag in one for one in seen.phrases])
    beta, eases = (2.0, [ENOUGH]) if flag in SAFETY else (1.0, _CUE_EASE)

    def worth(pair: tuple[Any, Any]) -> float:
        alone, ease = pair
        return _f(truth, (answers >= alone) | (cued & (answers >= alone - ease)), beta)

    alone, ease = max(((alone, ease) for alone in _THRESHOLDS for ease in eases), key=worth)
    return FlagThreshold(alone=float(alone), with_cue=float(alone - ease))


def _f(truth: Truths, said: Truths, beta: float = 1.0) -> float:
    right = float((truth & said).sum())
    whole = beta**2 * float(truth.sum()) + float(said.sum())
    return (1 + beta**2) * right / whole if whole else 0.0
