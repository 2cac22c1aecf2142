"""What each message should come out as: what a person said of it where they said anything, else what the model says already.

A person always states the category. Flags, further categories and the reason stay as the machine judged them unless they are
touched, so only what was touched teaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.calibrating import SAFETY
from classifiers.calibration import Calibration, Reals, softmax
from classifiers.corrections import Correction
from classifiers.examples import Labels
from classifiers.findings import cued
from classifiers.heads import ALSO, ALSO_PART, CATEGORIES, CATEGORY_PART, FLAG_PART, FLAGS, REASON_PART, REASONS
from classifiers.judgement import Heard
from classifiers.taxonomy import Category, Flag, Reason

YES_NO_PART = slice(ALSO_PART.start, FLAG_PART.stop)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A message that takes part: what the halves of the base model say of it, their stacked answers, and a person's word."""

    heard: Heard
    answers: Reals
    correction: Correction | None = None


def category_targets(rows: Sequence[Row]) -> Reals:
    """Return the probabilities that the categories (columns) should come out with."""
    said = [None if row.correction is None else CATEGORIES.index(row.correction.example.labels.category) for row in rows]
    return _chosen(rows, CATEGORY_PART, said)


def reason_targets(rows: Sequence[Row]) -> Reals | None:
    """Return the same for the reasons, or None where nobody gave one that the model does not find."""
    said = [None if row.correction is None else _reason(row.correction) for row in rows]
    found = [int(row.answers[REASON_PART].argmax()) for row in rows]
    if all(one is None or one == other for one, other in zip(said, found, strict=True)):
        return None
    return _chosen(rows, REASON_PART, said)


def _chosen(rows: Sequence[Row], part: slice, said: Sequence[int | None]) -> Reals:
    targets = softmax(np.array([row.answers[part] for row in rows]))
    for target, one in zip(targets, said, strict=True):
        if one is not None:
            target[:] = np.arange(len(target)) == one
    return targets


def _reason(correction: Correction) -> int | None:
    person, machine = correction.example.labels, correction.machine
    # General feedback is also what is written down where a person gave no reason at all.
    if (
        person.reason is None
        or person.reason is Reason.GENERAL_FEEDBACK
        or (machine and person.reason is machine.labels.reason)
    ):
        return None
    return REASONS.index(person.reason)


def limits(rows: Sequence[Row], calibration: Calibration) -> Reals:
    """Return the log-odds (messages by the questions of ``YES_NO_PART``) from which each is answered with a yes."""
    return np.array([[*calibration.also, *_flag_limits(row, calibration)] for row in rows])


def _flag_limits(row: Row, calibration: Calibration) -> list[float]:
    phrases, both = cued(row.heard.parts), zip(FLAGS, calibration.limits, strict=True)
    # Where life may hang on it a phrase is enough, whatever the answer: that limit is no answer's to reach.
    return [with_cue if flag in phrases and flag not in SAFETY else alone for flag, (alone, with_cue) in both]


def said_of(row: Row) -> list[bool | None]:
    """Return a person's yes or no to each question of ``YES_NO_PART``, None where they did not touch it or it teaches nothing."""
    if row.correction is None:
        return [None] * (len(ALSO) + len(FLAGS))
    person = row.correction.example.labels
    machine = row.correction.machine.labels if row.correction.machine else None
    also, flags = (_also(person, machine, one) for one in ALSO), (_flag(person, machine, one) for one in FLAGS)
    phrases = cued(row.heard.parts)
    # The words cannot take back what a phrase raised: pulled at without end, they would lower the answer everywhere else.
    return [*also, *(None if flag in SAFETY & phrases else said for flag, said in zip(FLAGS, flags, strict=True))]


def _flag(person: Labels, machine: Labels | None, flag: Flag) -> bool | None:
    said = flag in person.flags
    return said if machine is None or said is not (flag in machine.flags) else None


def _also(person: Labels, machine: Labels | None, one: Category) -> bool | None:
    # What is the category, or stands before it in the guide's order, is not asked for; and whoever changes the category
    # says nothing of whether what it was before is in the message too.
    if CATEGORIES.index(one) <= CATEGORIES.index(person.category) or (machine is not None and one is machine.category):
        return None
    said = one in person.also
    return said if machine is None or said is not (one in machine.also) else None
