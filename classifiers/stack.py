"""Brings the two halves together: what the linear heads and the encoder answer is weighed, and what is known is added.

For each of ``QUESTIONS`` the log-odds are ``linear * l + encoder * e + bias + known @ k``, with numbers fitted to answers
that both halves gave on files which neither had seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from classifiers.heads import CATEGORIES, CATEGORY_PART, QUESTIONS
from classifiers.taxonomy import Category
from classifiers.vocabulary import Floats

KNOWN: Final = ("our_place", "other_landlord", "other_service")
"""What the landlord's own lists (gazetteers) can say of a message, in the order of ``Stack.known``."""
_ROWS: Final = ("linear", "encoder", "bias")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """Weights of the halves and what is added, one number for each of ``QUESTIONS``; ``known`` has a row for each of ``KNOWN``."""

    linear: Floats
    encoder: Floats
    bias: Floats
    known: Floats

    def __post_init__(self) -> None:
        """Refuse numbers that were made for other questions than the taxonomy's."""
        shapes = {row.shape for row in (self.linear, self.encoder, self.bias)}
        if shapes != {(len(QUESTIONS),)} or self.known.shape != (len(KNOWN), len(QUESTIONS)):
            raise ValueError("the stack does not fit the taxonomy")

    def together(self, linear: Floats, encoder: Floats, known: Floats) -> Floats:
        """Return log-odds along the last axis, of one message or of many; ``known`` holds 1 for what the lists say, else 0."""
        answers: Floats = linear * self.linear + encoder * self.encoder + self.bias + known @ self.known
        return answers


def leaning(answers: Floats) -> Category:
    """Return the category that one half would choose by itself."""
    return CATEGORIES[int(np.argmax(answers[CATEGORY_PART]))]


def stack_to_json(stack: Stack) -> dict[str, Any]:
    """Return plain values that :func:`stack_from_json` reads back."""
    plain: dict[str, Any] = {name: _rounded(getattr(stack, name)) for name in _ROWS}
    return plain | {"known": {name: _rounded(row) for name, row in zip(KNOWN, stack.known, strict=True)}}


def stack_from_json(plain: Mapping[str, Any]) -> Stack:
    """Read back what :func:`stack_to_json` wrote."""
    rows = {name: np.array(plain[name], dtype=np.float32) for name in _ROWS}
    return Stack(**rows, known=np.array([plain["known"][name] for name in KNOWN], dtype=np.float32))


def _rounded(row: Floats) -> list[float]:
    return [round(float(one), 5) for one in row]
