"""Which part of a text is scored: enough to judge a letter by, and little enough that no message can hold up the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD = 9_000
"""Characters scored from the beginning of a text, about 1,500 words."""
TAIL = 3_000
"""Characters scored from its end, where a long letter says what it asks for."""
RUN = 40
"""Characters without a blank after which a run is broken: spaCy's tokeniser is quadratic in runs of punctuation."""

_LONG_RUN = re.compile(rf"(\S{{{RUN}}})\S")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The scored words, and how to find their places in the text they came from."""

    text: str
    gap_at: int
    """Offset in ``text`` from which places lie ``gap`` characters further on in the whole text."""
    gap: int

    def place(self, offset: int) -> int:
        """Return the offset in the whole text of an offset in the scored one."""
        return offset + self.gap if offset >= self.gap_at else offset


def windowed(text: str) -> Window:
    """Take head and tail of a text; every character that is kept keeps its width, so that places stay exact."""
    if not text.isascii():
        # A lone surrogate cannot be hashed by spaCy; "replace" puts one question mark for each, so offsets hold.
        text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) <= HEAD + TAIL:
        return Window(text=_unrun(text), gap_at=len(text), gap=0)
    # One blank stands for all that was left out, so that no word or pair is read across the gap.
    gap = len(text) - TAIL - HEAD - 1
    return Window(text=_unrun(f"{text[:HEAD]}\n{text[-TAIL:]}"), gap_at=HEAD + 1, gap=gap)


def _unrun(text: str) -> str:
    if max(map(len, text.split()), default=0) <= RUN:
        return text
    return _LONG_RUN.sub(r"\1 ", text)
