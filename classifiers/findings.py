"""From the heads' answers to what a message is, in the shape of the guide; training and judging go the same way."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
from spacy.tokens import Doc

from classifiers.calibration import Calibration, choose, softmax
from classifiers.components import Marks
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS, REASON_PART, REASONS
from classifiers.taxonomy import Category, Flag, Reason
from classifiers.vocabulary import Floats

WORDLESS: Final = 0.97
"""Probability given to ``out_of_scope`` where there is not one word to judge by."""


Cued = AbstractSet[Flag | Category]


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What a message is, before anybody asks whether that may be acted on."""

    category: Category
    also: tuple[Category, ...] = ()
    flags: tuple[Flag, ...] = ()
    reason: Reason | None = None
    scores: dict[Category, float]
    understood: bool = True
    """False where the heads were not asked, so that no word of the text speaks for anything."""


def findings(answers: Floats, phrases: Cued, calibration: Calibration) -> Findings:
    """Read the stacked answers to ``QUESTIONS``, given whose phrases stand in the message."""
    likely = softmax(answers[CATEGORY_PART].astype(np.float64))
    category = CATEGORIES[int(choose(likely, calibration.lean))]
    reason = REASONS[int(np.argmax(answers[REASON_PART]))] if category is Category.OUT_OF_SCOPE else None
    return Findings(
        category=category,
        also=_also(answers, category, calibration),
        flags=_flags(answers, phrases, calibration),
        reason=reason,
        scores=dict(zip(CATEGORIES, likely.tolist(), strict=True)),
    )


def wordless(reason: Reason) -> Findings:
    """Say of a message without words that it is out of scope, for this reason; a person looks at it all the same."""
    rest = (1 - WORDLESS) / (len(CATEGORIES) - 1)
    scores = {one: WORDLESS if one is Category.OUT_OF_SCOPE else rest for one in CATEGORIES}
    return Findings(category=Category.OUT_OF_SCOPE, reason=reason, scores=scores, understood=False)


def not_understood(phrases: Cued) -> Findings:
    """Say of a message in another language that anything is possible; torn between all, it is a complaint.

    Its danger words are known in many languages, and raise their flags.
    """
    even = dict.fromkeys(CATEGORIES, 1 / len(CATEGORIES))
    flags = tuple(flag for flag in FLAGS if flag in phrases)
    return Findings(category=Category.COMPLAINT, flags=flags, scores=even, understood=False)


def cued(parts: Iterable[tuple[Doc, Marks]]) -> Cued:
    """Gather the flags and categories whose phrases stand in a message's marked parts."""
    return frozenset(cue.speaks_for for _, marks in parts for cue in marks.cues)


def _also(answers: Floats, category: Category, calibration: Calibration) -> tuple[Category, ...]:
    asked = zip(ALSO, answers[ALSO_PART].tolist(), calibration.also, strict=True)
    # The guide's order: what comes before the category cannot be second to it.
    later = CATEGORIES[CATEGORIES.index(category) + 1 :]
    return tuple(one for one, answer, least in asked if answer >= least and one in later)


def _flags(answers: Floats, phrases: Cued, calibration: Calibration) -> tuple[Flag, ...]:
    raised = []
    for flag, answer, (alone, with_cue) in zip(FLAGS, answers[FLAG_PART].tolist(), calibration.limits, strict=True):
        if answer >= alone or (answer >= with_cue and flag in phrases):
            raised.append(flag)
    return tuple(raised)
