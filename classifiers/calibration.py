"""Turns raw log-odds into honest probabilities and into the thresholds by which flags and routes are decided.

Every number here is fitted to out-of-fold answers: those a model gave on files that it had not been trained on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifiers.heads import ALSO, FLAGS
from classifiers.taxonomy import Category, Flag

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagThreshold:
    """A flag is raised above ``alone``, or above ``with_cue`` where one of its phrases stands in the text."""

    alone: float
    with_cue: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What the raw answers mean. Probabilities lie between 0 and 1, thresholds of flags are log-odds."""

    temperature: float
    shifts: tuple[float, ...]
    """Added to each category's log-odds, as the heads were trained as if all categories were equally common."""
    torn: float
    """A complaint is preferred while its probability lies at most so far below the highest."""
    sure_complaint: float
    sure_other: float
    """Least confidence for the route ``auto``; above 1 means that none is ever sure enough."""
    gap: float
    """Least distance between the two highest probabilities for the route ``auto``."""
    bound: float
    """One-sided bound: under it lie 1 % of known complaints; nothing else leaves by ``auto`` above it."""
    also: tuple[float, ...]
    flags: Mapping[Flag, FlagThreshold]

    def __post_init__(self) -> None:
        """Refuse a calibration that leaves a flag or a second category without its number."""
        if len(self.shifts) != len(Category) or len(self.also) != len(ALSO) or set(self.flags) != set(FLAGS):
            raise ValueError("the calibration does not fit the taxonomy")

    @cached_property
    def limits(self) -> tuple[tuple[float, float], ...]:
        """The thresholds of ``FLAGS`` in their order: alone, and with a phrase."""
        return tuple((self.flags[flag].alone, self.flags[flag].with_cue) for flag in FLAGS)

    def probabilities(self, answers: Any) -> Reals:
        """Return the categories' probabilities (last axis) from their log-odds."""
        return softmax((np.asarray(answers, dtype=np.float64) + np.array(self.shifts)) / self.temperature)


def softmax(scores: Reals) -> Reals:
    """Return probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def choose(probabilities: Reals, torn: float) -> npt.NDArray[np.int64]:
    """Return the chosen category's number along the last axis: the likeliest, or complaint (0) where torn."""
    best = probabilities.argmax(axis=-1)
    return np.asarray(np.where(probabilities[..., 0] >= probabilities.max(axis=-1) - torn, 0, best))


def choose_one(probabilities: list[float], torn: float) -> int:
    """Return what :func:`choose` does, of one message."""
    best = max(probabilities)
    return 0 if probabilities[0] >= best - torn else probabilities.index(best)


def to_json(calibration: Calibration) -> dict[str, Any]:
    """Return plain values that :func:`from_json` reads back."""
    plain: dict[str, Any] = {name: getattr(calibration, name) for name in _NUMBERS}
    plain |= {"shifts": list(calibration.shifts), "also": list(calibration.also)}
    plain["flags"] = {flag.value: [one.alone, one.with_cue] for flag, one in calibration.flags.items()}
    return plain


def from_json(plain: Mapping[str, Any]) -> Calibration:
    """Read back what :func:`to_json` wrote."""
    flags = {Flag(name): FlagThreshold(alone=alone, with_cue=cue) for name, (alone, cue) in plain["flags"].items()}
    numbers = {name: float(plain[name]) for name in _NUMBERS}
    return Calibration(**numbers, shifts=tuple(plain["shifts"]), also=tuple(plain["also"]), flags=flags)


_NUMBERS: Final = ("temperature", "torn", "sure_complaint", "sure_other", "gap", "bound")
