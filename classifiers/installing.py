"""Puts a new model in the old one's place, unless it judges what neither has seen worse than the old one does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifiers.encoder import ABOUT, ENCODER, GRAPH, PIECES, UNSEEN
from classifiers.examples import Example
from classifiers.model_files import ModelError, save
from classifiers.pipeline import load
from classifiers.scorecard import Scorecard, score
from classifiers.training import CORPUS, Tell, Trained, train
from classifiers.verdict import Classifier

ENCODER_FILES: Final = (GRAPH, PIECES, UNSEEN, ABOUT)
"""In the order in which they are moved: the one that names the others comes last."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a model and its encoder are put; ``new_encoder`` is one that is to take the place of the encoder there."""

    model: Path
    encoder: Path = ENCODER
    new_encoder: Path | None = None

    @property
    def beside(self) -> Path:
        """The encoder that the new model is made beside."""
        return self.new_encoder or self.encoder


def rebuild(into: Place, corpus: Path = CORPUS, tell: Tell = print) -> Comparison:
    """Train, compare on the held-back part, and install where there is no objection."""
    return install(train(corpus, into.beside, tell), into)


def install(trained: Trained, into: Place) -> Comparison:
    """Compare a trained model with the one in a folder, and let it take its place where there is no objection."""
    into.model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.model.parent, prefix=".model-") as staging:
        staged = Path(staging)
        save(trained.model, staged)
        new = judge(load(staged, into.beside), trained.held_back)
        compared = Comparison(old=_old(into, trained.held_back), new=new)
        if compared.objection is None:
            moves = list(_brought(staged, into.model, ("weights.npz", "model.json")))
            if into.new_encoder is not None:
                moves += _brought(into.new_encoder, into.encoder, ENCODER_FILES)
            # All is on the same disk by now, so that nothing but a kill can come between one name and the next.
            for here, there in moves:
                here.replace(there)
    return compared


def _brought(come_from: Path, into: Path, names: Iterable[str]) -> Iterator[tuple[Path, Path]]:
    """Copy files beside those whose place they are to take; yield from where to where each is still to be moved."""
    into.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(come_from / name, into / f".{name}")
        yield into / f".{name}", into / name


def judge(classifier: Classifier, examples: Sequence[Example]) -> Scorecard:
    """Score a classifier on labelled examples."""
    return score((one.labels, classifier.classify(one.text)) for one in examples)


def _old(place: Place, examples: Sequence[Example]) -> Scorecard | None:
    try:
        return judge(load(place.model, place.encoder), examples)
    except ModelError:
        return None
