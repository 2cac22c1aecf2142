"""A landlord's own model: the packaged one, with what its staff's corrections add to the weights of words that stand in them.

The encoder, the stack and all other weights stay. It takes seconds, needs no torch, and is always made from the packaged
model and all corrections to date, so that no error of an earlier round is learnt from again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from classifiers.adapting_fitting import Lesson, learn_choice, learn_yes_no
from classifiers.adapting_targets import YES_NO_PART, Row, category_targets, limits, reason_targets, said_of
from classifiers.adapting_words import name_of_feature, unknown_words, with_words
from classifiers.calibration import Reals
from classifiers.components import marked_parts
from classifiers.corrections import Correction, by_whom
from classifiers.encoder import Encoder
from classifiers.examples import digest
from classifiers.fitting import Read, words_of
from classifiers.heads import CATEGORIES, CATEGORY_PART, QUESTIONS, REASON_PART, Heads
from classifiers.judgement import Heard, Judgement, found_in, known_of
from classifiers.model_files import Model
from classifiers.tallying import Integers
from classifiers.vocabulary import Vocabulary

COUNTS_FOR: Final = 3.0
"""How many messages of the corpus a correction counts for."""
WORDS_SHOWN: Final = 20
FAINTEST: Final = 0.02
"""A question for which the stack hardly listens to the words, or turns them round, cannot be taught by them."""
MOST_STEPS: Final = 30_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """What a model is adapted by: what staff said, each with its message as read, and messages whose verdicts should stay."""

    corrections: Sequence[Correction]
    corrected: Sequence[Read]
    replayed: Sequence[Read]


def hear_all(model: Model, encoder: Encoder, reads: Sequence[Read]) -> list[Heard]:
    """Ask both halves of every message."""
    judgement = Judgement()
    judgement.take(model, encoder)
    return [judgement.hear(marked_parts(one.doc)) for one in reads]


def adapt(base: Model, encoder: Encoder, lessons: Lessons) -> Model:
    """Return the base model with what the corrections teach; the same lessons give the same model."""
    words = unknown_words(base.vocabulary, [words_of(one.doc) for one in lessons.corrected], lessons.corrections)
    model = with_words(base, words)
    said = [*([None] * len(lessons.replayed)), *lessons.corrections]
    heards = hear_all(model, encoder, [*lessons.replayed, *lessons.corrected])
    # Of what is not in English, or has no words, the heads are not asked.
    rows = [_row(model, one, word) for one, word in zip(heards, said, strict=True) if found_in(one, model).understood]
    columns, added = _learn(model, rows)
    heads = _moved(model, columns, added)
    digested = digest(one.example for one in lessons.corrections)
    about = {
        "base": base.name,
        "corrections": len(lessons.corrections),
        "corrections_sha256": digested,
        "by": by_whom(lessons.corrections),
        "replayed": len(lessons.replayed),
        "new_words": list(words),
        "features_changed": int((heads.weights != model.heads.weights).any(axis=1).sum()),
        "strongest": _strongest(model.vocabulary, columns, added),
    }
    name = f"{base.name}+{len(lessons.corrections)}-{digested[:8]}"
    return replace(model, name=name, heads=heads, about={**base.about, "adapted": about})


def _row(model: Model, heard: Heard, correction: Correction | None) -> Row:
    answers = model.stack.together(heard.linear, heard.encoder, known_of(heard.parts))
    return Row(heard=heard, answers=answers.astype(np.float64), correction=correction)


def _learn(model: Model, rows: Sequence[Row]) -> tuple[Integers, Reals]:
    """Return the features that stand in corrections, and what each one adds to the stacked answers to ``QUESTIONS``."""
    none = np.empty(0, dtype=np.int64)
    columns = np.unique(np.concatenate([none, *(row.heard.bag.features for row in rows if row.correction is not None)]))
    added = np.zeros((len(columns), len(QUESTIONS)))
    if not len(columns):
        return columns, added
    lesson = _Maker(rows, _matrix(rows, columns, model.vocabulary.size))
    added[:, CATEGORY_PART] = learn_choice(lesson.of(CATEGORY_PART, category_targets(rows)))
    reasons = reason_targets(rows)
    if reasons is not None:
        added[:, REASON_PART] = learn_choice(lesson.of(REASON_PART, reasons))
    asked, targets, least = _yes_no(model, rows)
    if asked:
        added[:, asked] = learn_yes_no(lesson.of(asked, targets, least))
    added[:, model.stack.linear < FAINTEST] = 0.0
    return columns, added


class _Maker:
    """Makes the lessons of several questions over the same messages."""

    def __init__(self, rows: Sequence[Row], features: Any) -> None:
        self._answers = np.array([row.answers for row in rows])
        self._weights = np.array([1.0 if row.correction is None else COUNTS_FOR for row in rows])
        self._features = features

    def of(self, part: slice | list[int], targets: Reals, least: Reals | float = 0.0) -> Lesson:
        """Return the lesson of these questions; ``least`` are the log-odds from which the answer is yes."""
        return Lesson(
            features=self._features,
            offset=self._answers[:, part] - least,
            targets=targets,
            weights=self._weights,
        )


def _yes_no(model: Model, rows: Sequence[Row]) -> tuple[list[int], Reals, Reals]:
    """Return the questions people answered otherwise than the model does, with what they should come out as, and from where."""
    least = limits(rows, model.calibration)
    above = np.array([row.answers[YES_NO_PART] for row in rows]) - least
    targets = 1 / (1 + np.exp(-np.clip(above, -500.0, 500.0)))
    differs = np.zeros(targets.shape[1], dtype=np.bool_)
    for number, row in enumerate(rows):
        for question, said in enumerate(said_of(row)):
            if said is not None:
                targets[number, question] = said
                differs[question] |= said is not bool(above[number, question] >= 0)
    learnt = np.flatnonzero(differs)
    return [YES_NO_PART.start + int(one) for one in learnt], targets[:, learnt], least[:, learnt]


def _matrix(rows: Sequence[Row], columns: Integers, size: int) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - training only

    place = np.full(size, -1)
    place[columns] = np.arange(len(columns))
    kept = [(place[row.heard.bag.features], row.heard.bag.values) for row in rows]
    kept = [(where[where >= 0], values[where >= 0]) for where, values in kept]
    ends = np.cumsum([0, *(len(where) for where, _ in kept)])
    places, values = (np.concatenate(part) for part in zip(*kept, strict=True))
    return csr_matrix((values.astype(np.float64), places, ends), shape=(len(rows), len(columns)))


def _moved(model: Model, columns: Integers, added: Reals) -> Heads:
    """Add to the weights in the steps they have, in numbers with room for more: what nothing is added to stays as it is."""
    heads = model.heads
    # The stack counts the words for less than the whole answer, so that they must say it louder.
    louder = added / np.maximum(model.stack.linear, FAINTEST)  # of what is fainter, nothing was learnt
    weights = heads.weights.astype(np.int16)
    weights[columns] += np.clip(np.rint(louder / heads.scales), -MOST_STEPS, MOST_STEPS).astype(np.int16)
    return replace(heads, weights=weights)


def _strongest(vocabulary: Vocabulary, columns: Integers, added: Reals) -> dict[str, list[str]]:
    """Name the words and pairs that learnt to speak most for each category; a person can read in them what was learnt."""
    names = [name_of_feature(vocabulary, int(feature)) for feature in columns]
    shown: dict[str, list[str]] = {}
    for number, category in enumerate(CATEGORIES):
        order = [int(one) for one in np.argsort(-added[:, number], kind="stable") if added[one, number] > 0]
        words = [(names[one], added[one, number]) for one in order if names[one] is not None]
        shown[category.value] = [f"{word} {strength:+.2f}" for word, strength in words[:WORDS_SHOWN]]
    return shown
