"""Turns stacked log-odds into honest probabilities, a choice by cost, and the thresholds by which flags and routes are decided.

Every number here is fitted to out-of-fold answers: those that both halves gave on files which neither had seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.heads import ALSO, CATEGORIES, FLAGS
from classifiers.taxonomy import Category, Flag

Reals = npt.NDArray[np.float64]

MISSED: Final = 10.0
"""What a complaint that nobody looks at costs, in other mistakes: one breaks the law, the other costs an officer a minute."""
COSTS: Final = np.array([MISSED, 1.0, 1.0, 1.0])
"""What it costs to act on another category than the true one, by the true one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagThreshold:
    """A flag is raised above ``alone``, or above ``with_cue`` where one of its phrases stands in the text."""

    alone: float
    with_cue: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What the stacked answers mean. Probabilities lie between 0 and 1, thresholds of flags are log-odds."""

    lean: float
    """A complaint is chosen when its probability, so many times, is the highest: "when torn, it is a complaint"."""
    bound: float
    """Greatest expected cost at which a verdict may act by itself; below 0, none may."""
    candidates: tuple[float, ...]
    """Conformal: of the known messages of each category, the stated share has at least this probability for it."""
    also: tuple[float, ...]
    flags: Mapping[Flag, FlagThreshold]

    def __post_init__(self) -> None:
        """Refuse a calibration that leaves a category or a flag without its number."""
        if len(self.candidates) != len(CATEGORIES) or len(self.also) != len(ALSO) or set(self.flags) != set(FLAGS):
            raise ValueError("the calibration does not fit the taxonomy")

    @cached_property
    def limits(self) -> tuple[tuple[float, float], ...]:
        """The thresholds of ``FLAGS`` in their order: alone, and with a phrase."""
        return tuple((self.flags[flag].alone, self.flags[flag].with_cue) for flag in FLAGS)

    def possible(self, scores: Mapping[Category, float]) -> tuple[Category, ...]:
        """Return the categories that cannot be ruled out, the likeliest first: the conformal set."""
        found = [one for one, least in zip(CATEGORIES, self.candidates, strict=True) if scores[one] >= least]
        return tuple(sorted(found, key=lambda one: -scores[one]))


def softmax(scores: Reals) -> Reals:
    """Return probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def choose(probabilities: Reals, lean: float) -> npt.NDArray[np.int64]:
    """Return the chosen category's number along the last axis: the one that would cost most not to choose."""
    return np.asarray((probabilities * np.array([lean, 1.0, 1.0, 1.0])).argmax(axis=-1))


def expected_cost(probabilities: Reals, chosen: Any) -> Reals:
    """Return what acting on the chosen categories is expected to cost, in mistakes, along the last axis."""
    weighed = probabilities * COSTS
    spared = np.take_along_axis(weighed, np.asarray(chosen)[..., np.newaxis], axis=-1)[..., 0]
    return np.asarray(weighed.sum(axis=-1) - spared)


def to_json(calibration: Calibration) -> dict[str, Any]:
    """Return plain values that :func:`from_json` reads back."""
    plain: dict[str, Any] = {"lean": calibration.lean, "bound": calibration.bound}
    plain |= {"candidates": list(calibration.candidates), "also": list(calibration.also)}
    plain["flags"] = {flag.value: [one.alone, one.with_cue] for flag, one in calibration.flags.items()}
    return plain


def from_json(plain: Mapping[str, Any]) -> Calibration:
    """Read back what :func:`to_json` wrote."""
    flags = {Flag(name): FlagThreshold(alone=alone, with_cue=cue) for name, (alone, cue) in plain["flags"].items()}
    return Calibration(
        lean=float(plain["lean"]),
        bound=float(plain["bound"]),
        candidates=tuple(plain["candidates"]),
        also=tuple(plain["also"]),
        flags=flags,
    )
