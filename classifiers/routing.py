"""Decides whether a verdict may act by itself, and says why: a short code, a colon, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from classifiers.calibration import Calibration
from classifiers.language import is_foreign
from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Route

FEWEST_WORDS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the route hangs on."""

    category: Category
    scores: dict[Category, float]
    flags: tuple[Flag, ...]
    words: int
    language: str | None
    machine_words: bool
    complaint_words: bool


def route(facts: Facts, calibration: Calibration) -> tuple[Route, str]:
    """Route to a person on any doubt. An emergency alone never does: it must not hold up the logging of a complaint."""
    doubt = _of_the_text(facts) or _of_the_scores(facts, calibration)
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
        return f"language: seems to be written in '{facts.language}', and only English is understood"
    if Flag.SAFEGUARDING in facts.flags:
        return "safeguarding: somebody may be at risk"
    return None


def _of_the_scores(facts: Facts, calibration: Calibration) -> str | None:
    best, second = sorted(facts.scores, key=lambda one: facts.scores[one], reverse=True)[:2]
    confidence, complaint = facts.scores[facts.category], facts.scores[Category.COMPLAINT]
    if facts.scores[best] - facts.scores[second] < calibration.gap:
        return f"torn: {facts.scores[best]:.2f} for {best}, {facts.scores[second]:.2f} for {second}"
    if facts.category is Category.COMPLAINT:
        sure = confidence >= calibration.sure_complaint
        return None if sure else f"unsure: {confidence:.2f} for complaint, {calibration.sure_complaint:.2f} is asked"
    if facts.complaint_words:
        return f"complaint_words: taken to be {facts.category}, but says that it complains"
    if complaint >= calibration.bound:
        return f"complaint_possible: {complaint:.3f} for complaint, under {calibration.bound:.3f} is asked"
    sure = confidence >= calibration.sure_other
    return None if sure else f"unsure: {confidence:.2f} for {facts.category}, {calibration.sure_other:.2f} is asked"
