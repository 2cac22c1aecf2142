"""What of a message the encoder reads: subject and words, without what is left out, cut into word pieces, head and tail.

Training and judging call the same two functions, so that the encoder never meets a text cut in another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from classifiers.tallying import Integers

if TYPE_CHECKING:
    # What only looks at a model, as `intake status` does, shall not wait for spaCy.
    from spacy.tokens import Doc
    from tokenizers import Tokenizer

    from classifiers.components import Marks

MOST: Final = 256
"""Word pieces read of one message, about 190 English words; the linear half reads the whole window."""
TAIL: Final = 64
"""How many of these are taken from the end, where a long letter says what it asks for."""
HEAD_LETTERS: Final = 3_000
TAIL_LETTERS: Final = 1_000
"""Characters looked at on each side of a long text: more than so many pieces ever need."""
START, END = 101, 102
"""BERT's ``[CLS]`` and ``[SEP]``."""


def read_by_encoder(parts: Sequence[tuple[Doc, Marks]]) -> str:
    """Put subject and text together, without the tokens that are left out; the order is that of a letter.

    One blank stands for all white space, which says nothing to BERT: how lines were broken, or what blanks a cut left
    behind, must not shift where head and tail of a long letter are taken.
    """
    return " ".join(" ".join(_kept(doc, marks) for doc, marks in reversed(parts)).split())


def _kept(doc: Doc, marks: Marks) -> str:
    if not marks.left_out:
        return marks.text
    return "".join(token.text_with_ws for token in doc if token.i not in marks.left_out)


class WordPieces:
    """Cuts a text into the numbers of BERT's word pieces; the table is read when first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer  # noqa: PLC0415 - what only looks at a model needs none

        tokenizer = Tokenizer.from_file(str(self._path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def numbers(self, text: str) -> Integers:
        """Return the pieces of a text, marked at both ends: at most ``MOST``, of a longer one head and tail."""
        room = MOST - 2
        if len(text) > HEAD_LETTERS + TAIL_LETTERS:
            text = f"{text[:HEAD_LETTERS]} {text[-TAIL_LETTERS:]}"
        found = self._tokenizer.encode(text, add_special_tokens=False).ids
        if len(found) > room:
            found = found[: room - TAIL] + found[-TAIL:]
        return np.array([START, *found, END], dtype=np.int64)
