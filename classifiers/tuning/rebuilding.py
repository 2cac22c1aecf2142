"""Makes the encoder anew from corpus and published base: a network without each fold for honest answers, then one from all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from classifiers.calibration import softmax
from classifiers.components import marked_parts, reading_pipeline
from classifiers.encoder import ABOUT, FORMAT, GRAPH, PIECES
from classifiers.examples import Example, digest, read_corpus
from classifiers.fitting import Read, read_all
from classifiers.heads import CATEGORY_PART, QUESTIONS
from classifiers.training import TrainingError, in_english
from classifiers.tuning.exporting import export
from classifiers.tuning.lessons import Lesson
from classifiers.tuning.teaching import Recipe, School, Tell
from classifiers.unseen import FOLDS, folds_of, save_unseen
from classifiers.vocabulary import Floats
from classifiers.wordpieces import WordPieces, read_by_encoder

WEIGHTS: Final = "model.safetensors"
BASE: Final = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    PIECES: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the files of all-MiniLM-L6-v2 as its makers published them; nothing else is started from."""
FAMILY: Final = "minilm-l6-housing-1"
THREADS: Final = 2
"""Threads of the last network: another number gives other last digits."""
_VERSIONS: Final = ("onnx", "onnxruntime", "safetensors", "tokenizers", "torch")


def rebuild_encoder(base: Path, into: Path, corpus: Path, *, work: Path, recipe: Recipe, tell: Tell = print) -> None:
    """Fine-tune on all but the held-back tenth, and write graph, word pieces, provenance and unseen answers.

    ``base`` is a folder with the files of ``BASE``. Takes about an hour on two cores; what each fold's network said is kept
    in ``work``, so that a run that was broken off goes on where it was. Raises ``TrainingError`` where the base is not the
    one that is known.
    """
    check_base(base)
    examples = list(read_corpus(corpus))
    reads = in_english(read_all(reading_pipeline(), [one for one in examples if not one.held_back]))
    sources, lessons = [one.example.source for one in reads], [lesson_of(one) for one in reads]
    school = School(weights=base / WEIGHTS, pieces=WordPieces(base / PIECES), recipe=recipe, tell=tell)
    unseen = answers_unseen(Folds(school=school, work=work), sources, lessons)
    tell(f"Teaching the encoder with all {len(lessons)} messages.")
    torch.set_num_threads(THREADS)
    network = school.teach(lessons, _likely(unseen))
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        export(network, staged / GRAPH)
        shutil.copy(base / PIECES, staged / PIECES)
        save_unseen([read_by_encoder(marked_parts(one.doc)) for one in reads], unseen, staged)
        about = json.dumps(_about(examples, recipe, staged), indent=1, sort_keys=True)
        (staged / ABOUT).write_text(about + "\n", encoding="utf-8")
        into.mkdir(parents=True, exist_ok=True)
        for path in staged.iterdir():
            shutil.copy(path, into / path.name)


def check_base(base: Path) -> None:
    """Refuse a base whose files are not the published ones."""
    for name, sha256 in BASE.items():
        try:
            found = hashlib.sha256((base / name).read_bytes()).hexdigest()
        except OSError as error:
            raise TrainingError(
                f"{base} does not hold {name}: {error}. docs/classifier.md says where it comes from."
            ) from error
        if found != sha256:
            raise TrainingError(f"{base / name} is not the published file: its SHA-256 is {found}, not {sha256}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Folds:
    """How the networks without each fold are taught, and where their answers are kept."""

    school: School
    work: Path

    def answers(self, fold: int, sources: Sequence[str], lessons: Sequence[Lesson]) -> Floats:
        """Teach a network without a fold, unless that was done before, and return its answers about that fold."""
        kept = self.work / f"fold-{fold}-{_made_from(self.school.recipe, sources, lessons)[:16]}.npz"
        if kept.exists():
            with np.load(kept, allow_pickle=False) as stored:
                found: Floats = stored["answers"]
                return found
        torch.set_num_threads(1)
        fold_of = folds_of(sources)
        left = [one for one, source in zip(lessons, sources, strict=True) if fold_of[source] == fold]
        network = self.school.teach([one for one, source in zip(lessons, sources, strict=True) if fold_of[source] != fold])
        answers = self.school.ask(network, left)
        self.work.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.work, suffix=".npz", delete=False) as begun:
            np.savez(begun, answers=answers)
        Path(begun.name).replace(kept)
        return answers


def _made_from(recipe: Recipe, sources: Sequence[str], lessons: Sequence[Lesson]) -> str:
    """Return a SHA-256 (hex) over all that a fold's answers hang on: the recipe, every lesson, and the code that teaches."""
    hashing = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        hashing.update(path.read_bytes())
    for source, one in zip(sources, lessons, strict=True):
        labels = one.labels
        said = [source, one.subject, one.words, labels.category, sorted(labels.also), sorted(labels.flags), labels.reason]
        hashing.update(json.dumps(said).encode())
    return hashing.hexdigest()


def answers_unseen(folds: Folds, sources: Sequence[str], lessons: Sequence[Lesson]) -> Floats:
    """Ask of every lesson a network that was taught without its fold; as many at once as there are processors.

    Each process has one thread, so that its sums, and with them the network, do not hang on how many others there are.
    """
    fold_of = folds_of(sources)
    numbers = np.array([fold_of[one] for one in sources])
    answers: Floats = np.zeros((len(lessons), len(QUESTIONS)), dtype=np.float32)
    for fold in range(FOLDS):
        folds.school.tell(
            f"Fold {fold + 1}: without {', '.join(sorted(name for name, one in fold_of.items() if one == fold))}."
        )
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as processes:
        asked = {fold: processes.submit(folds.answers, fold, sources, lessons) for fold in range(FOLDS)}
        for fold, one in asked.items():
            answers[numbers == fold] = one.result()
    return answers


def lesson_of(read: Read) -> Lesson:
    """Return a message as the encoder reads it, its subject apart."""
    parts = marked_parts(read.doc)
    subject = read_by_encoder(parts[1:])
    return Lesson(subject=subject, words=read_by_encoder(parts[:1]), labels=read.example.labels)


def _likely(answers: Floats) -> Floats:
    likely: Floats = softmax(answers[:, CATEGORY_PART].astype(np.float64)).astype(np.float32)
    return likely


def _about(examples: Sequence[Example], recipe: Recipe, staged: Path) -> dict[str, Any]:
    corpus_hash = digest(examples)
    return {
        "format": FORMAT,
        "name": f"{FAMILY}-{corpus_hash[:8]}",
        "questions": list(QUESTIONS),
        "corpus_sha256": corpus_hash,
        "base_sha256": BASE,
        "recipe": asdict(recipe),
        "seed": recipe.seed,
        "sha256": {name: hashlib.sha256((staged / name).read_bytes()).hexdigest() for name in (GRAPH, PIECES)},
        "versions": {name: version(name) for name in _VERSIONS},
    }
