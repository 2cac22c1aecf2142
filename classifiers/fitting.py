"""Fits vocabulary and linear heads to labelled messages; scikit-learn is needed here and nowhere at run time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.components import lay_out, marked_parts
from classifiers.counting import vocabulary_of
from classifiers.examples import Example, Labels
from classifiers.heads import ALSO, CATEGORIES, CATEGORY_PART, FLAGS, QUESTIONS, REASON_PART, REASONS, Heads, rounded
from classifiers.reader import Reader
from classifiers.taxonomy import Category
from classifiers.vocabulary import Bag, Floats, Vocabulary
from classifiers.words import plain

STRENGTH: Final = 8.0
"""Inverse regularisation of every head, chosen by out-of-fold macro-F1 among 1, 2, 4, 8 and 10."""
ALWAYS: Final = 20.0
"""Log-odds of a question that the examples answer in one way only."""
SMOOTHING: Final = 0.3
TAMED: Final = 0.4
"""Smoothing and power of the features' trust, chosen the same way among 0.1, 0.3, 1 and 0.3, 0.4, 0.5, 0.6, 1."""
SEED: Final = 20_26

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A labelled message as the pipeline reads it."""

    example: Example
    doc: Doc


def read_all(nlp: Language, examples: Sequence[Example]) -> list[Read]:
    """Take the examples through the part of the pipeline that needs no model."""
    return [Read(example=one, doc=nlp(lay_out(nlp, one.text)[0])) for one in examples]


def words_of(doc: Doc) -> list[str]:
    """List a message's plain words, subject first, "" twice where no pair may reach across."""
    parts = reversed(marked_parts(doc))
    rows = [[plain(token.norm_) for token in part if token.i not in marks.left_out] for part, marks in parts]
    return [word for row in rows for word in ["", "", *(word for word in row if word)]]


def read_bag(reader: Reader, doc: Doc) -> Bag:
    """Weigh a marked message, subject and text."""
    return reader.bag([reader.row(part, marks.left_out) for part, marks in marked_parts(doc)])


def fit(reads: Sequence[Read]) -> tuple[Vocabulary, Heads]:
    """Learn words and weights; the same messages give the same numbers."""
    vocabulary = vocabulary_of([words_of(one.doc) for one in reads])
    matrix = _matrix(vocabulary, reads)
    truths = np.array([answers_of(one.example.labels) for one in reads])
    weights: Floats = np.zeros((vocabulary.size, len(QUESTIONS)), dtype=np.float32)
    biases: Floats = np.zeros(len(QUESTIONS), dtype=np.float32)
    out_of_scope = truths[:, CATEGORIES.index(Category.OUT_OF_SCOPE)]
    for question in range(len(QUESTIONS)):
        # Which reason is asked only of what is out of scope, so only that teaches it.
        rows = np.flatnonzero(out_of_scope) if REASON_PART.start <= question < REASON_PART.stop else np.arange(len(reads))
        balanced = question < CATEGORY_PART.stop
        weights[:, question], biases[question] = _fit_one(matrix[rows], truths[rows, question], balanced=balanced)
    return vocabulary, rounded(weights, biases)


def answers_of(labels: Labels) -> list[bool]:
    """Return a yes or no for each of ``QUESTIONS``; a category counts as present in `also` where it is the first, too."""
    present = {labels.category, *labels.also}
    categories = [labels.category is one for one in CATEGORIES]
    reasons = [labels.reason is one for one in REASONS]
    return [*categories, *reasons, *(one in present for one in ALSO), *(one in labels.flags for one in FLAGS)]


def _fit_one(matrix: Any, truths: Truths, *, balanced: bool) -> tuple[Floats, float]:
    """Fit one head as the mean of two: one that starts from all features alike, and one that starts from their trust."""
    if truths.all() or not truths.any():
        return np.zeros(matrix.shape[1], dtype=np.float32), ALWAYS if truths.all() else -ALWAYS
    plain = _logistic(matrix, truths, balanced=balanced)
    trust = _trust(matrix, truths)
    trusting = _logistic(matrix.multiply(trust).tocsr(), truths, balanced=balanced)
    weights: Floats = np.asarray((plain[0] + trusting[0] * trust) / 2, dtype=np.float32)
    return weights, (plain[1] + trusting[1]) / 2


def _logistic(matrix: Any, truths: Truths, *, balanced: bool) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training only, half a second to import

    head = LogisticRegression(
        C=STRENGTH,
        solver="liblinear",
        dual=True,
        max_iter=400,
        tol=1e-2,
        random_state=SEED,
        class_weight="balanced" if balanced else None,
    ).fit(matrix, truths)
    return head.coef_[0].astype(np.float32), float(head.intercept_[0])


def _trust(matrix: Any, truths: Truths) -> Floats:
    """Return one factor for each feature, larger the more its presence alone tells a yes from a no.

    It is the log ratio of the feature's smoothed frequencies (naive Bayes), tamed by a power, with a mean square of one:
    the head then spends its freedom on telling features.
    """
    present = matrix > 0
    told = [np.asarray(present[rows].sum(axis=0), dtype=np.float64).ravel() + SMOOTHING for rows in (truths, ~truths)]
    ratio = np.abs(np.log((told[0] / told[0].sum()) / (told[1] / told[1].sum()))) ** TAMED
    return np.asarray(ratio / np.sqrt((ratio**2).mean()), dtype=np.float32)


def _matrix(vocabulary: Vocabulary, reads: Sequence[Read]) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - training only

    reader = Reader(vocabulary)
    bags = [read_bag(reader, one.doc) for one in reads]
    ends = np.cumsum([0, *(len(bag.features) for bag in bags)])
    values = np.concatenate([bag.values for bag in bags])
    columns = np.concatenate([bag.features for bag in bags])
    return csr_matrix((values, columns, ends), shape=(len(reads), vocabulary.size))
