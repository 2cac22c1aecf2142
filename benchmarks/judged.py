"""What the measurements of judgement share: the model and messages that were asked for, Markdown tables, and resampling."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.scenarios import Plan
from classifiers.calibrating import macro_f1
from classifiers.encoder import Encoder
from classifiers.examples import Example, Labels, read_corpus
from classifiers.heads import CATEGORIES, QUESTIONS
from classifiers.intervals import wilson
from classifiers.pipeline import PipelineClassifier, load
from classifiers.verdict import Verdict
from classifiers.vocabulary import Floats

Pairs = Sequence[tuple[Labels, Verdict]]
Numbers = npt.NDArray[np.int64]
REPORT_FILES = ("report-site", "report-site-more")
"""The corpus files that are written like public reports: flat, hurried, placeless."""
DRAWS = 1_000


@dataclass
class Page:
    """Markdown that grows part by part, each said on the terminal when it is done."""

    title: str
    parts: list[str] = field(default_factory=list)

    def add(self, heading: str, *parts: str) -> None:
        """Add one section."""
        self.parts += [f"### {heading}", *parts]
        print(f"  {self.title}: {heading}", flush=True)

    def report(self) -> str:
        """Return it all."""
        return "\n\n".join([f"## {self.title}", *self.parts])


class Mute(Encoder):
    """An encoder that costs nothing and says nothing: what is left is the linear half alone."""

    def answer(self, text: str) -> Floats:
        """Return an even chance for every question."""
        return np.zeros(len(QUESTIONS), dtype=np.float32)


def classifier(plan: Plan) -> PipelineClassifier:
    """Load the model that was asked for, the packaged one by default."""
    return load(plan.model)


def examples(plan: Plan) -> list[Example]:
    """Read the corpus that was asked for."""
    return list(read_corpus(plan.corpus))


def drawn(every: Sequence[Example], count: int | None, seed: int) -> list[Example]:
    """Return so many of the messages, drawn by lot and in their order; all of them where no number was asked for."""
    if count is None or count >= len(every):
        return list(every)
    return [every[number] for number in sorted(random.Random(seed).sample(range(len(every)), count))]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [list(head), ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def percent(part: float, whole: float) -> str:
    """Return a share in per cent, or a dash where there is nothing to have a share of."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def share_of(part: int, whole: int) -> str:
    """Return a share in per cent with the ends of Wilson's 95 % interval, or a dash where there is nothing to have a share of."""
    ends = wilson(part, whole)
    return f"{percent(part, whole)} ({100 * ends.low:.1f} to {100 * ends.high:.1f})" if whole else "-"


def numbers(pairs: Pairs) -> tuple[Numbers, Numbers]:
    """Return the true and the chosen categories as numbers."""
    truth = [CATEGORIES.index(labels.category) for labels, _ in pairs]
    return np.array(truth, dtype=np.int64), np.array(
        [CATEGORIES.index(verdict.category) for _, verdict in pairs], dtype=np.int64
    )


def interval(statistic: Callable[[Numbers], float], count: int, seed: int, draws: int = DRAWS) -> tuple[float, float]:
    """Return the middle 95 % of a statistic over rows drawn again and again (bootstrap); it is given row numbers."""
    chance = np.random.default_rng(seed)
    drawn = [statistic(chance.integers(0, count, count)) for _ in range(draws)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def f1_change(before: Pairs, after: Pairs, seed: int) -> tuple[float, float, float]:
    """Return by how much macro-F1 changed between two judgings of the same messages, with the ends of its interval."""
    truth, old = numbers(before)
    new = numbers(after)[1]

    def change(rows: Numbers) -> float:
        return macro_f1(truth[rows], new[rows]) - macro_f1(truth[rows], old[rows])

    return change(np.arange(len(truth))), *interval(change, len(truth), seed, draws=400)


def words(example: Example) -> int:
    """Count the words of a message, without its subject."""
    return len(example.text.text.split())


def model_line(name: str, more: Any = "") -> str:
    """Say which model was measured."""
    return f"Model `{name}`. {more}".strip()
