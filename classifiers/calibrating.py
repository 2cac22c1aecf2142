"""Fits the calibration to out-of-fold answers, with the targets that the landlord's duty sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.calibration import Calibration, FlagThreshold, Reals, choose, expected_cost, softmax
from classifiers.examples import Labels
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS
from classifiers.taxonomy import Category, Flag

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

LEAN_COSTS: Final = 0.002
"""Macro-F1 that leaning to complaint may cost: "a missed one breaks the law, a false one costs an officer a minute"."""
WRONG: Final = 0.01
MISSED_COMPLAINTS: Final = 0.002
"""Shares of what acts by itself that may be wrong, and of all complaints that may so be missed, out of fold."""
LEFT_OUT: Final = 0.05
"""Share of the known messages of a category that may have it missing from their conformal set (Vovk, per class)."""
FEWEST_AUTOMATIC: Final = 50
"""A bound that rests on fewer messages than these is no bound."""
NONE: Final = -1.0
SAFETY: Final = frozenset({Flag.EMERGENCY, Flag.SAFEGUARDING})
SAFETY_RECALL: Final = 0.97
"""Recall that a safety flag's threshold is to reach out of fold, and the share of its alarms without a phrase that must be right."""
LEAST_PRECISION: Final = 0.3
ENOUGH: Final = 1000.0
_THRESHOLDS: Final = np.arange(-6.0, 3.0, 0.1)
_CUE_EASE: Final = np.arange(0.0, 5.1, 0.5)
_LEANS: Final = np.arange(1.0, 4.01, 0.1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutOfFold:
    """Stacked answers (messages by questions) of halves that had not seen the message's file, with labels and found phrases."""

    answers: npt.NDArray[np.float32]
    labels: Sequence[Labels]
    phrases: Sequence[AbstractSet[Flag | Category]]
    doubted: Truths
    """Where a rule sends the message to a person whatever the scores say, so that it never acts by itself."""


def calibrate(seen: OutOfFold) -> Calibration:
    """Fit every number of a :class:`Calibration`."""
    truth = np.array([CATEGORIES.index(labels.category) for labels in seen.labels])
    likely = softmax(seen.answers[:, CATEGORY_PART].astype(np.float64))
    lean = _lean(likely, truth)
    chosen = choose(likely, lean)
    # "lower", as a number between two messages' probabilities would leave out one message more than promised.
    candidates = tuple(
        float(np.quantile(likely[truth == one, one], LEFT_OUT, method="lower")) for one in range(len(CATEGORIES))
    )
    single = (likely >= np.array(candidates)).sum(axis=1) <= 1
    also = tuple(_also(seen, chosen, number) for number in range(len(ALSO)))
    flags = {flag: _flag(seen, flag) for flag in FLAGS}
    held = _raised(seen, Flag.SAFEGUARDING, flags) | (
        (chosen != 0) & (_raised(seen, Flag.EMERGENCY, flags) | _second(seen, chosen, also))
    )
    bound = _bound(likely, truth, chosen, single & ~seen.doubted & ~held)
    return Calibration(lean=lean, bound=bound, candidates=candidates, also=also, flags=flags)


def _raised(seen: OutOfFold, flag: Flag, flags: Mapping[Flag, FlagThreshold]) -> Truths:
    answers = seen.answers[:, FLAG_PART][:, FLAGS.index(flag)]
    cued = np.array([flag in one for one in seen.phrases])
    return np.asarray((answers >= flags[flag].alone) | (cued & (answers >= flags[flag].with_cue)))


def _second(seen: OutOfFold, chosen: Integers, also: Sequence[float]) -> Truths:
    """Return where a second category is found, as ``findings`` finds it."""
    later = np.array([CATEGORIES.index(one) for one in ALSO]) > chosen[:, np.newaxis]
    return np.asarray((later & (seen.answers[:, ALSO_PART] >= np.array(also))).any(axis=1))


def macro_f1(truth: Integers, chosen: Integers) -> float:
    """Return the mean F1 over the categories that ``truth`` holds."""
    return float(np.mean([_f(truth == one, chosen == one) for one in range(len(CATEGORIES)) if (truth == one).any()]))


def _lean(likely: Reals, truth: Integers) -> float:
    """Return the strongest leaning to complaint that costs hardly any macro-F1."""
    reached = [macro_f1(truth, choose(likely, lean)) for lean in _LEANS]
    return max(float(lean) for lean, one in zip(_LEANS, reached, strict=True) if one >= max(reached) - LEAN_COSTS)


def _bound(likely: Reals, truth: Integers, chosen: Integers, free: Truths) -> float:
    """Return the greatest expected cost under which few verdicts are wrong and hardly a complaint is missed."""
    cost = expected_cost(likely, chosen)[free]
    order = np.argsort(cost, kind="stable")
    wrong = np.cumsum((chosen != truth)[free][order])
    missed = np.cumsum(((chosen != 0) & (truth == 0))[free][order])
    number = np.arange(1, len(order) + 1)
    # Messages of the same cost act together or not at all.
    last = np.append(np.diff(cost[order]) > 0, True)
    good = np.flatnonzero(last & (wrong <= WRONG * number) & (missed <= MISSED_COMPLAINTS * (truth == 0).sum()))
    return float(cost[order][good[-1]]) if len(good) and number[good[-1]] >= FEWEST_AUTOMATIC else NONE


def _also(seen: OutOfFold, chosen: Integers, number: int) -> float:
    answers = seen.answers[:, ALSO_PART][:, number]
    truth = np.array([ALSO[number] in labels.also for labels in seen.labels])
    later = chosen < CATEGORIES.index(ALSO[number])
    return float(max(_THRESHOLDS, key=lambda least: _f(truth, later & (answers >= least))))


def _flag(seen: OutOfFold, flag: Flag) -> FlagThreshold:
    """Find the two thresholds with the best F1; where life may hang on it, recall comes first, and a phrase is enough."""
    answers = seen.answers[:, FLAG_PART][:, FLAGS.index(flag)]
    truth = np.array([flag in labels.flags for labels in seen.labels])
    cued = np.array([flag in one for one in seen.phrases])
    if flag in SAFETY:
        alone = _careful(answers, truth, cued)
        return FlagThreshold(alone=alone, with_cue=alone - ENOUGH)

    def worth(pair: tuple[Any, Any]) -> float:
        alone, ease = pair
        return _f(truth, (answers >= alone) | (cued & (answers >= alone - ease)))

    alone, ease = max(((alone, ease) for alone in _THRESHOLDS for ease in _CUE_EASE), key=worth)
    return FlagThreshold(alone=float(alone), with_cue=float(alone - ease))


def _careful(answers: Any, truth: Truths, cued: Truths) -> float:
    """Return the highest threshold that finds nearly all, of those at which enough of what the answers alone raise is right.

    Where none of them finds nearly all, the lowest: it finds the most. One loud false alarm spoils only the thresholds
    that raise hardly anything else.
    """
    tolerable = [least for least in _THRESHOLDS if _right(truth, (answers >= least) & ~cued) >= LEAST_PRECISION]
    enough = [least for least in tolerable if truth[(answers >= least) | cued].sum() >= SAFETY_RECALL * truth.sum()]
    return float(max(enough, default=min(tolerable, default=_THRESHOLDS[-1])))


def _right(truth: Truths, said: Truths) -> float:
    """Return the share of what is said that is true; 1 where nothing is said."""
    return float(truth[said].mean()) if said.any() else 1.0


def _f(truth: Truths, said: Truths) -> float:
    whole = float(truth.sum()) + float(said.sum())
    return 2 * float((truth & said).sum()) / whole if whole else 0.0
