"""Puts a new model in the old one's place, unless it judges what neither has seen worse than the old one does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.examples import Example
from classifiers.model_files import ModelError, save
from classifiers.pipeline import load
from classifiers.scorecard import Scorecard, score
from classifiers.training import CORPUS, Tell, Trained, train
from classifiers.verdict import Classifier


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How the old and the new model judge the held-back messages; ``old`` is None where there was none to use."""

    old: Scorecard | None
    new: Scorecard

    @property
    def objection(self) -> str | None:
        """Say why the new model must not take the old one's place, or None where it may."""
        if self.old is None:
            return None
        if self.new.macro_f1 < self.old.macro_f1:
            return f"it scores worse: macro-F1 {self.new.macro_f1:.4f} against {self.old.macro_f1:.4f}"
        if self.new.complaints_missed > self.old.complaints_missed:
            return f"it misses more complaints: {self.new.complaints_missed} against {self.old.complaints_missed}"
        return None


def rebuild(into: Path, corpus: Path = CORPUS, corrections: Iterable[Example] = (), tell: Tell = print) -> Comparison:
    """Train, compare on the held-back part, and install where there is no objection."""
    return install(train(corpus, corrections, tell), into)


def install(trained: Trained, into: Path) -> Comparison:
    """Compare a trained model with the one in a folder, and let it take its place where there is no objection."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".model-") as staging:
        staged = Path(staging)
        save(trained.model, staged)
        new = judge(load(staged), trained.held_back)
        compared = Comparison(old=_old(into, trained.held_back), new=new)
        if compared.objection is None:
            into.mkdir(exist_ok=True)
            for name in ("weights.npz", "model.json"):
                shutil.move(staged / name, into / name)
    return compared


def judge(classifier: Classifier, examples: Sequence[Example]) -> Scorecard:
    """Score a classifier on labelled examples."""
    return score((one.labels, classifier.classify(one.text)) for one in examples)


def _old(folder: Path, examples: Sequence[Example]) -> Scorecard | None:
    try:
        return judge(load(folder), examples)
    except ModelError:
        return None
