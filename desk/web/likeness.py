"""How alike two messages are: by the words they share, each weighed by how rare it is among all that are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from typing import Final

from store.search_words import fold, stem
from store.similar_rows import LONGEST, Earlier

SHARED: Final = 3
"""Telling words that two messages must share: those which stand in few of the others, or in one of so many."""
FEW: Final = 4
RARE: Final = 12
ALIKE: Final = 0.2
"""How alike two messages must be to be shown: the cosine of their words' weights."""
MOST_RARE: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]{3,}")

Words = frozenset[str]
Compared = tuple[Earlier, Words]


def words_of(subject: str | None, text: str | None) -> Words:
    """Return the stems of a message's words, without numbers and words of one or two letters, which tell nothing."""
    return frozenset(map(stem, map(fold, set(_WORD.findall(f"{subject or ''} {text or ''}"[:LONGEST])))))


def compared(earlier: Earlier) -> Compared:
    """Return an earlier message with its words."""
    return earlier, words_of(earlier.subject, earlier.text)


def most_alike(own: Words, others: Sequence[Compared], most: int) -> list[Earlier]:
    """Return those whose words are most like one's own, best first; words that all of them have count for little."""
    texts = [own, *(words for _, words in others)]
    spread = _spread(texts)
    weight = {word: log((len(texts) + 1) / count) ** 2 for word, count in spread.items()}
    telling = {word for word in own if spread[word] - 1 <= max(FEW, len(others) / RARE)}
    near = [(earlier, words) for earlier, words in others if len(telling & words) >= SHARED]
    scored = [(_cosine(own, words, weight), earlier.message_id, earlier) for earlier, words in near]
    alike = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: one[:2], reverse=True)
    return [earlier for _, _, earlier in alike[:most]]


def rare_words(own: Words, others: Sequence[Compared]) -> list[str]:
    """Return those of one's own words that are rarest among the others, the rarest first, of equals the longest."""
    spread = _spread([own & words for _, words in others])
    return sorted(own, key=lambda word: (spread[word], -len(word), word))[:MOST_RARE]


def _spread(texts: Sequence[Words]) -> Counter[str]:
    return Counter(word for words in texts for word in words)


def _cosine(own: Words, other: Words, weight: dict[str, float]) -> float:
    shared = sum(map(weight.__getitem__, own & other))
    lengths = [sqrt(sum(map(weight.__getitem__, words))) for words in (own, other)]
    return shared / (lengths[0] * lengths[1]) if shared else 0.0
