"""The linear heads: one row of weights for each question asked of a message, all answered in one multiplication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.taxonomy import Category, Flag, Reason
from classifiers.vocabulary import Bag, Floats

CATEGORIES: Final = tuple(Category)
REASONS: Final = tuple(Reason)
FLAGS: Final = tuple(Flag)
ALSO: Final = CATEGORIES[1:]
"""A complaint is never second to anything, so it has no head here."""
QUESTIONS: Final = (
    *(f"category:{one}" for one in CATEGORIES),
    *(f"reason:{one}" for one in REASONS),
    *(f"also:{one}" for one in ALSO),
    *(f"flag:{one}" for one in FLAGS),
)
CATEGORY_PART: Final = slice(0, len(CATEGORIES))
REASON_PART: Final = slice(CATEGORY_PART.stop, CATEGORY_PART.stop + len(REASONS))
ALSO_PART: Final = slice(REASON_PART.stop, REASON_PART.stop + len(ALSO))
FLAG_PART: Final = slice(ALSO_PART.stop, ALSO_PART.stop + len(FLAGS))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """Weights (features by questions) kept as small integers with one scale for each question, and one bias each."""

    weights: npt.NDArray[np.int8] | npt.NDArray[np.int16]
    """The wider ones where a landlord's own words weigh more than any of the corpus."""
    scales: Floats
    biases: Floats

    def __post_init__(self) -> None:
        """Refuse weights that were made for other questions than the taxonomy's."""
        if self.weights.shape[1] != len(QUESTIONS):
            raise ValueError(f"the model answers {self.weights.shape[1]} questions, the taxonomy asks {len(QUESTIONS)}")

    def answer(self, bag: Bag) -> Floats:
        """Return one log-odds for each of ``QUESTIONS``."""
        answers: Floats = (bag.values @ self.weights.take(bag.features, axis=0).astype(np.float32)) * self.scales + self.biases
        return answers

    def pull(self, bag: Bag, question: int, length: int) -> Floats:
        """Return how much each of the body's ``length`` tokens pulls towards a yes; occurrences share a feature's pull."""
        return bag.spread(bag.values * self.weights[bag.features, question] * (self.scales[question] / bag.counts), length)


def rounded(weights: Floats, biases: Floats) -> Heads:
    """Round learnt weights to 255 steps for each question: a quarter of the size, and the same verdicts."""
    scales = np.abs(weights).max(axis=0).astype(np.float32) / np.float32(127)
    scales[scales == 0] = 1
    return Heads(weights=np.rint(weights / scales).astype(np.int8), scales=scales, biases=biases.astype(np.float32))
