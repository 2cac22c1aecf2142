"""The pipeline's parts inside spaCy: which phrases and names stand there, and the marks that they leave on a ``Doc``.

``doc.user_data["marks"]`` gathers them, as spaCy's custom attributes take ten times as long; ``doc._.verdict`` comes last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from classifiers.cues import Cue, Cues
from classifiers.cutting import cut_by_runs
from classifiers.gazetteers import EXAMPLE_LISTS, Gazetteer, Known
from classifiers.gazetteers_finding import Names
from classifiers.gazetteers_reading import read_gazetteer
from classifiers.injection import machine_words
from classifiers.sentences import LINES_END
from classifiers.sign_offs import contact_block
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
    for_machines: bool = False
    """Whether words addressed to a machine were cut out; nothing of them is in ``text``."""
    left_out: frozenset[int] = frozenset()
    """Tokens that neither half reads: the block of names and numbers under a letter."""
    cues: tuple[Cue, ...] = ()
    known: tuple[Known, ...] = ()


def reading_pipeline(gazetteer: Gazetteer | Names | None = None) -> Language:
    """Build the part of the pipeline that needs no model: English tokens, flag phrases, known names.

    Without a gazetteer it knows the names of the packaged example lists.
    """
    if not Doc.has_extension("verdict"):
        Doc.set_extension("verdict", default=None)
    nlp = spacy.blank("en")
    cut_by_runs(nlp)
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(LINES_END)
    nlp.add_pipe("flag_cues")
    nlp.add_pipe("sign_offs")
    cast("GazetteerCues", nlp.add_pipe("gazetteer_cues")).take(names_of(gazetteer))
    return nlp


def names_of(gazetteer: Gazetteer | Names | None) -> Names:
    """Make ready to find a gazetteer's names, in a third of a second, unless that was done; of the example lists, if ``None``."""
    if isinstance(gazetteer, Names):
        return gazetteer
    return Names(read_gazetteer(EXAMPLE_LISTS) if gazetteer is None else gazetteer)


def lay_out(nlp: Language, text: Text) -> tuple[Doc, Window]:
    """Tokenise a message's window and subject into a ``Doc`` that is ready for the pipeline, as if no machine were spoken to.

    Such words are cut before all else: they may neither push others out of the window nor count as a sign of a language.
    """
    window = windowed(text.text, machine_words(text.text))
    doc = _marked(nlp, window)
    if text.subject:
        subject = windowed(text.subject, machine_words(text.subject), most=LONGEST_SUBJECT)
        doc.user_data[MARKS].subject = _marked(nlp, subject)
    return doc, window


def marked_parts(doc: Doc) -> list[tuple[Doc, Marks]]:
    """List a message's text, then its subject if it has one, each with its marks; marks a ``Doc`` that has none yet."""
    if MARKS not in doc.user_data:
        doc.user_data[MARKS] = Marks(text=doc.text)
    marks = doc.user_data[MARKS]
    subject = marks.subject
    return [(doc, marks)] if subject is None else [(doc, marks), (subject, subject.user_data[MARKS])]


def _marked(nlp: Language, window: Window) -> Doc:
    doc = nlp.make_doc(window.text)
    doc.user_data[MARKS] = Marks(text=window.text, for_machines=bool(window.cut))
    return doc


@Language.factory("flag_cues", assigns=["doc.user_data"])
def flag_cues_factory(nlp: Language, name: str) -> FlagCues:  # noqa: ARG001 - spaCy calls it so
    """Make the component that marks flag phrases."""
    return FlagCues(Cues(nlp))


@Language.component("sign_offs", assigns=["doc.user_data"])
def sign_offs(doc: Doc) -> Doc:
    """Leave out the block under a letter that says how to reach its writer; what is known of an address there still counts."""
    _, marks = marked_parts(doc)[0]
    end = contact_block(marks.text)
    # A block in which a phrase speaks for a flag is none: no danger is left unread for standing under a name.
    if end < len(marks.text) and not any(doc[cue.end - 1].idx >= end for cue in marks.cues):
        marks.left_out = frozenset(token.i for token in doc if token.idx >= end)
    return doc


@Language.factory("gazetteer_cues", assigns=["doc.user_data"])
def gazetteer_cues_factory(nlp: Language, name: str) -> GazetteerCues:  # noqa: ARG001 - spaCy calls it so
    """Make the component that marks known names, once it has been given some."""
    return GazetteerCues()


class FlagCues:
    """Finds flag phrases in the text and in its subject, but not in what is left out."""

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for part, marks in marked_parts(doc):
            marks.cues = tuple(cue for cue in self._cues.find(part) if cue.first not in marks.left_out)
        return doc


class GazetteerCues:
    """Finds known names in the text and in its subject; an address under a letter says whose home it is."""

    def take(self, names: Names) -> None:
        """Look for these names from now on."""
        self._names = names

    def __call__(self, doc: Doc) -> Doc:
        """Mark the document, and its subject."""
        for part, marks in marked_parts(doc):
            marks.known = tuple(self._names.find(part))
        return doc
