"""The classifier as everybody else sees it: a spaCy pipeline behind the ``Classifier`` port."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import cast

from spacy.language import Language

from classifiers.components import lay_out, reading_pipeline
from classifiers.judgement import COMPONENT, LinearJudgement
from classifiers.model_files import PACKAGED
from classifiers.verdict import Span, Text, Verdict
from classifiers.window import Window


class PipelineClassifier:
    """Judges texts through ``nlp``; ``model`` names the trained model in every verdict."""

    def __init__(self, nlp: Language, model: str) -> None:
        self.nlp = nlp
        self.model = model
        self._turn = Lock()

    def classify(self, text: Text) -> Verdict:
        """Judge one text, the same way every time; never raises for any text, and takes time in proportion to its length.

        Of a text longer than ``window.HEAD + window.TAIL`` characters only head and tail are scored.
        """
        # A memory zone forgets words met in this text alone, or the vocabulary would grow as long as the process
        # lives; zones do not nest, so threads take turns.
        with self._turn, self.nlp.memory_zone():
            doc, window = lay_out(self.nlp, text)
            verdict: Verdict = self.nlp(doc)._.verdict
        return replace(verdict, evidence=tuple(_in_the_whole(span, text.text, window) for span in verdict.evidence))


def load(path: Path | None = None) -> PipelineClassifier:
    """Load a model's pipeline, the packaged one by default; raises ``ModelError`` where there is none to use."""
    nlp = reading_pipeline()
    judgement = cast("LinearJudgement", nlp.add_pipe(COMPONENT, config={"model_dir": str(path or PACKAGED)}))
    return PipelineClassifier(nlp, judgement.model.name)


def _in_the_whole(span: Span, text: str, window: Window) -> Span:
    start, end = window.place(span.start), window.place(span.end - 1) + 1
    return replace(span, start=start, end=end, text=text[start:end])
