"""Ends sentences at line ends as well as at full stops: who writes in lines often leaves the stops out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from spacy.attrs import IS_SPACE
from spacy.language import Language
from spacy.tokens import Doc

LINES_END: Final = "lines_end_sentences"


@Language.component(LINES_END, retokenizes=False)
def lines_end_sentences(doc: Doc) -> Doc:
    """Let a sentence end at each white space that holds a line end, and let none begin with white space; comes after the stops."""
    spaces: Any = np.flatnonzero(doc.to_array([IS_SPACE])) if len(doc) else ()
    for place in map(int, spaces):
        blank = doc[place]
        begins = "\n" in blank.text or bool(blank.is_sent_start)
        if place:
            blank.is_sent_start = False
        if begins and place + 1 < len(doc):
            doc[place + 1].is_sent_start = True
    return doc
