"""Finds the phrases of ``phrases.py`` in a text, each with its exact place."""

from __future__ import annotations

from typing import Any, NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from classifiers.phrases import PHRASES, spelled_out
from classifiers.taxonomy import Category, Flag


class Cue(NamedTuple):
    """A phrase that was found: what it speaks for, and its half-open range of tokens."""

    speaks_for: Flag | Category
    first: int
    end: int


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
        """List the cues of a text in reading order, the longer first where two begin together."""
        found = [Cue(speaks_for=self._named[key], first=first, end=end) for key, first, end in self._matcher(doc)]
        return sorted(found, key=lambda cue: (cue.first, -cue.end, cue.speaks_for))
