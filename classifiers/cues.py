"""Finds the phrases of ``phrases.py`` in a text, each with its exact place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from spacy.attrs import IS_SPACE, NORM
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from classifiers.phrases import PHRASES, spelled_out
from classifiers.taxonomy import Category, Flag

A_BLANK_LINE: Final = 2
"""Line ends in a row that make a new paragraph."""


class Cue(NamedTuple):
    """A phrase that was found: what it speaks for, its half-open range of tokens, and what it means where it is not English."""

    speaks_for: Flag | Category
    first: int
    end: int
    gloss: str = ""


def words_only(doc: Doc) -> tuple[Doc, Sequence[int]]:
    """Leave out of a text its tokens of mere white space, and say where each other token stands; a blank line stays in."""
    facts: Any = doc.to_array([NORM, IS_SPACE])
    blanks = [int(place) for place in np.flatnonzero(facts[:, 1])] if len(doc) else []
    gone = [place for place in blanks if doc[place].text.count("\n") < A_BLANK_LINE]
    if not gone:
        return doc, range(len(doc))
    norms = np.delete(facts[:, :1], gone, axis=0)
    places = np.delete(np.arange(len(doc)), gone).tolist()
    return Doc(doc.vocab, words=[doc[place].text for place in places]).from_array([NORM], norms), places


class Cues:
    """A matcher over all phrases, built once for a pipeline."""

    def __init__(self, nlp: Language) -> None:
        self._matcher: Any = PhraseMatcher(nlp.vocab, attr="NORM")
        self._named: dict[int, Flag | Category] = {}
        for named, phrases in PHRASES.items():
            wanted = sorted({spelled for phrase in phrases for spelled in spelled_out(phrase)})
            self._matcher.add(named.value, [nlp.make_doc(spelled) for spelled in wanted])
            self._named[nlp.vocab.strings[named.value]] = named

    def find(self, doc: Doc) -> list[Cue]:
        """List the cues of a text in reading order, the longer first where two begin together.

        White space without a blank line is no more than one blank: mail comes wrapped, indented and pasted in any way.
        """
        doc, places = words_only(doc)
        found = [
            Cue(speaks_for=self._named[key], first=places[first], end=places[end - 1] + 1)
            for key, first, end in self._matcher(doc)
        ]
        return sorted(found, key=lambda cue: (cue.first, -cue.end, cue.speaks_for))
