"""The pipeline's parts inside spaCy: what is cut out, which phrases stand there, and the marks that they leave on a ``Doc``.

``doc.user_data["marks"]`` gathers them, as spaCy's custom attributes take ten times as long; ``doc._.verdict`` comes last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.cues import Cue, Cues
from classifiers.cutting import cut_by_runs
from classifiers.injection import machine_words
from classifiers.reader import tokens_at
from classifiers.verdict import Text
from classifiers.window import Window, windowed

LONGEST_SUBJECT: Final = 500
MARKS: Final = "marks"


@dataclass(kw_only=True, slots=True)
class Marks:
    """What the components say of a text to each other; token numbers are those of the ``Doc`` that is marked."""

    text: str
    """The same as ``doc.text``, which spaCy puts together anew at every call."""
    subject: Doc | None = None
    left_out: frozenset[int] = frozenset()
    cues: tuple[Cue, ...] = ()


def reading_pipeline() -> Language:
    """Build the part of the pipeline that needs no model: English tokens, what to leave out, flag phrases."""
    if not Doc.has_extension("verdict"):
        Doc.set_extension("verdict", default=None)
    nlp = spacy.blank("en")
    cut_by_runs(nlp)
    nlp.add_pipe("machine_words")
    nlp.add_pipe("flag_cues")
    return nlp


def lay_out(nlp: Language, text: Text) -> tuple[Doc, Window]:
    """Tokenise a message's window and subject into a ``Doc`` that is ready for the pipeline."""
    window = windowed(text.text)
    doc = _marked(nlp, window.text)
    subject = (text.subject or "")[:LONGEST_SUBJECT]
    if subject:
        doc.user_data[MARKS].subject = _marked(nlp, windowed(subject).text)
    return doc, window


def marked_parts(doc: Doc) -> list[tuple[Doc, Marks]]:
    """List a message's text, then its subject if it has one, each with its marks; marks a ``Doc`` that has none yet."""
    if MARKS not in doc.user_data:
        doc.user_data[MARKS] = Marks(text=doc.text)
    marks = doc.user_data[MARKS]
    subject = marks.subject
    return [(doc, marks)] if subject is None else [(doc, marks), (subject, subject.user_data[MARKS])]


def _marked(nlp: Language, text: str) -> Doc:
    doc = nlp.make_doc(text)
    doc.user_data[MARKS] = Marks(text=text)
    return doc


@Language.factory("machine_words", assigns=["doc.user_data"])
def machine_words_factory(nlp: Language, name: str) -> MachineWords:  # noqa: ARG001 - spaCy calls it so
    """Make the component that leaves out what was written for a machine."""
    return MachineWords()


@Language.factory("flag_cues", assigns=["doc.user_data"])
def flag_cues_factory(nlp: Language, name: str) -> FlagCues:  # noqa: ARG001 - spaCy calls it so
    """Make the component that marks flag phrases."""
    return FlagCues(Cues(nlp))


class MachineWords:
    """Numbers the tokens of sentences that talk to a machine, in the text and in its subject."""

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for part, marks in marked_parts(doc):
            ranges = machine_words(marks.text)
            if ranges:
                marks.left_out = tokens_at(part, ranges)
        return doc


class FlagCues:
    """Finds flag phrases in the text and in its subject, but not in what is left out."""

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for part, marks in marked_parts(doc):
            marks.cues = tuple(cue for cue in self._cues.find(part) if cue.first not in marks.left_out)
        return doc
