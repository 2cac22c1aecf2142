"""Decides whether a verdict may act by itself, and says why: a short code, a colon, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from classifiers.calibration import Calibration, expected_cost
from classifiers.heads import CATEGORIES
from classifiers.language import UNSURE, is_foreign
from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Route

FEWEST_WORDS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the route hangs on."""

    category: Category
    scores: dict[Category, float]
    also: tuple[Category, ...] = ()
    flags: tuple[Flag, ...] = ()
    words: int
    language: str | None = "en"
    machine_words: bool = False
    complaint_words: bool = False
    leanings: tuple[Category, Category] | None = None
    """What the linear half and the encoder would say, each by itself."""


def route(facts: Facts, calibration: Calibration) -> tuple[Route, str]:
    """Route to a person on any doubt, and what holds an emergency but is no complaint: a complaint's logging waits for none of it."""
    doubt = _of_the_text(facts) or _of_the_scores(facts, calibration) or _of_the_matter(facts)
    if doubt:
        return "triage", doubt
    return "auto", f"sure: {facts.scores[facts.category]:.2f} for {facts.category}"


def _of_the_text(facts: Facts) -> str | None:
    if facts.machine_words:
        return "machine_words: holds words addressed to a machine, which were left out"
    if facts.words == 0:
        return "no_words: holds no words"
    if facts.words < FEWEST_WORDS:
        return f"few_words: fewer than {FEWEST_WORDS} words"
    if is_foreign(facts.language):
        told = "its language could not be told" if facts.language == UNSURE else f"seems to be written in '{facts.language}'"
        return f"language: {told}, and only English is understood"
    if Flag.SAFEGUARDING in facts.flags:
        return "safeguarding: somebody may be at risk"
    return None


def _of_the_scores(facts: Facts, calibration: Calibration) -> str | None:
    scores = facts.scores
    possible = calibration.possible(scores)
    if len(possible) > 1:
        return f"several: {' or '.join(f'{one} ({scores[one]:.2f})' for one in possible)}"
    if facts.leanings is not None and len(set(facts.leanings)) > 1:
        return f"halves: its words speak for {facts.leanings[0]}, its sense for {facts.leanings[1]}"
    if facts.category is not Category.COMPLAINT and facts.complaint_words:
        return f"complaint_words: taken to be {facts.category}, but says that it complains"
    number = CATEGORIES.index(facts.category)
    cost = float(expected_cost(np.array([scores[one] for one in CATEGORIES]), number))
    if cost > calibration.bound:
        return (
            f"unsure: {scores[facts.category]:.2f} for {facts.category}, expected cost {cost:.3f} over {calibration.bound:.3f}"
        )
    return None


def _of_the_matter(facts: Facts) -> str | None:
    """Return what a person should see though the category is clear; a complaint's logging waits for none of it."""
    if facts.category is Category.COMPLAINT:
        return None
    if Flag.EMERGENCY in facts.flags:
        return "emergency: somebody may be in danger"
    if facts.also:
        return f"second: {facts.category}, and {' and '.join(facts.also)} too"
    return None
