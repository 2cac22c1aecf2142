"""Teaches one network: a few times through all lessons, with a loss for each kind of question."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifiers.heads import ALSO, CATEGORY_PART, QUESTIONS, REASON_PART
from classifiers.tuning.lessons import Answers, Lesson, batches, cut, padded, plainly, right_answers, typed
from classifiers.tuning.network import Network, from_base
from classifiers.vocabulary import Floats
from classifiers.wordpieces import WordPieces

PLACES_A_BATCH: Final = 2_048
SMOOTHING: Final = 0.05
FOR_REASON, FOR_ALSO, FOR_FLAGS = 0.3, 2.0, 8.0
"""What the losses weigh beside the category's: of nineteen flags most are rare, and with a third of that they are hardly learnt."""
RARE: Final = 2.0
"""What a yes weighs beside a no, where a second category or a flag is asked for."""
HEAD_START: Final = 10.0
"""How many times as fast the new layer learns as the old ones."""
WARMING: Final = 0.1
DECAY: Final = 0.01
LONGEST_STEP: Final = 1.0
PER_PREDICTION: Final = 32

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How a network is taught; ``rounds`` is how many times it sees all lessons."""

    rounds: int = 6
    speed: float = 6e-5
    seed: int = 2026
    others_say: float = 0.3
    """How much the answers of networks that had not seen a message count beside its label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class School:
    """Where networks are taught: the published weights they start from, how text is cut, and how they are taught."""

    weights: Path
    pieces: WordPieces
    recipe: Recipe = field(default_factory=Recipe)
    tell: Tell = print

    def teach(self, lessons: Sequence[Lesson], others: Floats | None = None) -> Network:
        """Teach a network; ``others`` (lessons by categories) are probabilities from networks that had not seen the lesson.

        The same lessons, seed and number of threads give the same network on the same machine.
        """
        torch.manual_seed(self.recipe.seed)
        chance = random.Random(self.recipe.seed)  # noqa: S311 - lots for typing errors are no secret
        lengths = [len(row) for row in cut([plainly(one) for one in lessons], self.pieces)]
        steps = self.recipe.rounds * len(batches(lengths, PLACES_A_BATCH, chance))
        targets = _Targets(right_answers(lessons), others, self.recipe.others_say)
        pupil = _Pupil(from_base(self.weights), targets, self.recipe.speed, steps)
        begun = time.monotonic()
        for turn in range(self.recipe.rounds):
            rows = cut([typed(one, chance) for one in lessons], self.pieces)
            losses = [pupil.learn(rows, batch) for batch in batches([len(row) for row in rows], PLACES_A_BATCH, chance)]
            self.tell(
                f"  round {turn + 1} of {self.recipe.rounds}: loss {np.mean(losses):.3f}, {time.monotonic() - begun:.0f} s"
            )
        return pupil.network.eval()

    def ask(self, network: Network, lessons: Sequence[Lesson]) -> Floats:
        """Answer ``QUESTIONS`` of many messages, one row each."""
        rows = cut([plainly(one) for one in lessons], self.pieces)
        found: Floats = np.zeros((len(rows), len(QUESTIONS)), dtype=np.float32)
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        for start in range(0, len(order), PER_PREDICTION):
            batch = order[start : start + PER_PREDICTION]
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                said = network(*padded([rows[one] for one in batch]))
            found[batch] = said.float().numpy()
        return found


class _Targets:
    """The losses of a batch, by the numbers of its lessons."""

    def __init__(self, answers: Answers, others: Floats | None, weight: float) -> None:
        self._answers = answers
        count = CATEGORY_PART.stop
        sure = functional.one_hot(answers.category, count).float() * (1 - SMOOTHING) + SMOOTHING / count
        self._category = sure if others is None else sure * (1 - weight) + torch.from_numpy(others).float() * weight

    def loss(self, said: Tensor, batch: list[int]) -> Tensor:
        """Weigh the losses of the category, of the reason where one is asked for, of second categories and of flags."""
        whole = functional.cross_entropy(said[:, CATEGORY_PART], self._category[batch])
        reason = self._answers.reason[batch]
        if bool((reason >= 0).any()):
            whole = whole + FOR_REASON * functional.cross_entropy(said[:, REASON_PART], reason)
        asked, truth = said[:, REASON_PART.stop :], self._answers.yes_no[batch]
        for weight, part in ((FOR_ALSO, slice(0, len(ALSO))), (FOR_FLAGS, slice(len(ALSO), None))):
            yes = torch.full((truth[:, part].shape[1],), RARE)
            loss = functional.binary_cross_entropy_with_logits(asked[:, part], truth[:, part], pos_weight=yes)
            whole = whole + weight * loss
        return whole


class _Pupil:
    """A network with what it needs to learn: a step's size, its pace over the lessons, and the targets."""

    def __init__(self, network: Network, targets: _Targets, speed: float, steps: int) -> None:
        self.network = network.train()
        self._targets = targets
        new = set(network.answers.parameters())
        old = [one for one in network.parameters() if one not in new]
        groups = [
            {"params": [one for one in old if one.ndim > 1], "weight_decay": DECAY, "lr": speed},
            {"params": [one for one in old if one.ndim == 1], "weight_decay": 0.0, "lr": speed},
            {"params": list(new), "weight_decay": 0.0, "lr": speed * HEAD_START},
        ]
        self._optimizer = torch.optim.AdamW(groups, fused=True)
        self._pace = torch.optim.lr_scheduler.LambdaLR(self._optimizer, partial(_pace, steps))

    def learn(self, rows: Sequence[Tensor], batch: list[int]) -> float:
        """Take one step by the lessons of a batch, given all rows; return the loss before it."""
        # The cast is opened for each step: around the whole loop it would keep the first step's rounded weights for ever.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said = self.network(*padded([rows[one] for one in batch]))
        loss = self._targets.loss(said.float(), batch)
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_STEP)
        self._optimizer.step()
        self._pace.step()
        return float(loss.detach())


def _pace(steps: int, step: int) -> float:
    """Return the share of full speed at a step: quickly up, then slowly down to nothing."""
    return min(1.0, (step + 1) / (WARMING * steps)) * max(0.0, 1 - step / (steps + 10))
