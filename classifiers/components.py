"""The pipeline's parts inside spaCy: what is cut out, which phrases stand there, and the marks that they leave on a ``Doc``.

``doc._.subject`` (a ``Doc`` or None) goes in beside the text; ``doc._.left_out``, ``doc._.cues`` and ``doc._.verdict`` come out.
"""

from __future__ import annotations

from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.cues import Cues
from classifiers.injection import machine_words
from classifiers.reader import tokens_at
from classifiers.verdict import Text
from classifiers.window import Window, windowed

LONGEST_SUBJECT: Final = 500
_MARKS: Final[dict[str, Any]] = {"subject": None, "left_out": frozenset(), "cues": (), "verdict": None}


def reading_pipeline() -> Language:
    """Build the part of the pipeline that needs no model: English tokens, what to leave out, flag phrases."""
    for mark, default in _MARKS.items():
        if not Doc.has_extension(mark):
            Doc.set_extension(mark, default=default)
    nlp = spacy.blank("en")
    nlp.add_pipe("machine_words")
    nlp.add_pipe("flag_cues")
    return nlp


def lay_out(nlp: Language, text: Text) -> tuple[Doc, Window]:
    """Tokenise a message's window and subject into a ``Doc`` that is ready for the pipeline."""
    window = windowed(text.text)
    doc = nlp.make_doc(window.text)
    subject = (text.subject or "")[:LONGEST_SUBJECT]
    if subject:
        doc._.subject = nlp.make_doc(windowed(subject).text)
    return doc, window


@Language.factory("machine_words", assigns=["doc._.left_out"])
def machine_words_factory(nlp: Language, name: str) -> MachineWords:  # noqa: ARG001 - spaCy calls it so
    """Make the component that leaves out what was written for a machine."""
    return MachineWords()


@Language.factory("flag_cues", assigns=["doc._.cues"])
def flag_cues_factory(nlp: Language, name: str) -> FlagCues:  # noqa: ARG001 - spaCy calls it so
    """Make the component that marks flag phrases."""
    return FlagCues(Cues(nlp))


class MachineWords:
    """Numbers the tokens of sentences that talk to a machine, in the text and in its subject."""

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for one in (doc, doc._.subject):
            ranges = machine_words(one.text) if one is not None else []
            if ranges:
                one._.left_out = tokens_at(one, ranges)
        return doc


class FlagCues:
    """Finds flag phrases in the text and in its subject, but not in what is left out."""

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for one in (doc, doc._.subject):
            if one is not None:
                left_out = one._.left_out
                one._.cues = tuple(cue for cue in self._cues.find(one) if cue.first not in left_out)
        return doc
