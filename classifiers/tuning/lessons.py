"""What the encoder is taught with: word pieces, right answers, and the way people type."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from classifiers.examples import Labels
from classifiers.fitting import answers_of
from classifiers.heads import CATEGORIES, REASON_PART
from classifiers.tuning.signatures import signature
from classifiers.wordpieces import WordPieces

SMALL_LETTERS: Final = 0.15
NO_STOPS: Final = 0.06
NO_SUBJECT: Final = 0.15
SLIPS: Final = 0.2
SIGNED: Final = 0.15
"""Share of the messages that are taught so typed, drawn anew each time round."""
LETTERS_A_SLIP: Final = 60
MOST_TOGETHER: Final = 48
_STOPS: Final = str.maketrans("", "", ".,!?'’")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A message as the encoder is to read it, with its labels."""

    subject: str
    words: str
    labels: Labels


def typed(lesson: Lesson, chance: random.Random) -> str:
    """Return the text as somebody may have typed it: small letters, no stops, no subject, slips of the finger."""
    subject = "" if chance.random() < NO_SUBJECT else lesson.subject
    words, kind = lesson.words, chance.random()
    if kind < SMALL_LETTERS:
        words = words.lower()
    if kind < NO_STOPS:
        words = words.translate(_STOPS)
    if chance.random() < SLIPS:
        words = _slipped(words, chance)
    if chance.random() < SIGNED:
        words = f"{words}\n{signature(chance)}"
    return f"{subject} {words}" if subject else words


def plainly(lesson: Lesson) -> str:
    """Return the text as it is judged."""
    return f"{lesson.subject} {lesson.words}" if lesson.subject else lesson.words


def _slipped(words: str, chance: random.Random) -> str:
    letters = list(words)
    for _ in range(max(1, len(letters) // LETTERS_A_SLIP)):
        place = chance.randrange(max(1, len(letters) - 1))
        pair = letters[place : place + 2]
        letters[place : place + 2] = chance.choice([pair[1:], pair[::-1], pair[:1] * 2 + pair[1:]])
    return "".join(letters)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """The right answers of many messages, in the form in which the loss asks for them."""

    category: Tensor
    reason: Tensor
    """Number of the reason, or -100 where none is asked for."""
    yes_no: Tensor


def right_answers(lessons: Sequence[Lesson]) -> Answers:
    """Gather the right answers."""
    truths = np.array([answers_of(one.labels) for one in lessons], dtype=np.float32)
    reasons = truths[:, REASON_PART]
    reason = np.where(reasons.any(axis=1), reasons.argmax(axis=1), -100)
    return Answers(
        category=torch.tensor([CATEGORIES.index(one.labels.category) for one in lessons]),
        reason=torch.from_numpy(reason.astype(np.int64)),
        yes_no=torch.from_numpy(truths[:, REASON_PART.stop :]),
    )


def cut(texts: Sequence[str], pieces: WordPieces) -> list[Tensor]:
    """Cut texts into word pieces."""
    return [torch.from_numpy(pieces.numbers(text)) for text in texts]


def batches(lengths: Sequence[int], most: int, chance: random.Random) -> list[list[int]]:
    """Put messages of like length together, about ``most`` places and ``MOST_TOGETHER`` messages a batch at most, and shuffle them."""
    order = sorted(range(len(lengths)), key=lambda number: lengths[number] + chance.random() * 8)
    found: list[list[int]] = []
    current: list[int] = []
    for number in order:
        if current and (
            (len(current) + 1) * max(lengths[number], lengths[current[-1]]) > most or len(current) >= MOST_TOGETHER
        ):
            found.append(current)
            current = []
        current.append(number)
    found.append(current)
    chance.shuffle(found)
    return found


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return word pieces filled up to the longest with zeros, and 1 where no filling is."""
    longest = max(len(row) for row in rows)
    pieces, real = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest)
    for number, row in enumerate(rows):
        pieces[number, : len(row)] = row
        real[number, : len(row)] = 1
    return pieces, real
