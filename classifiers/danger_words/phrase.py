"""A phrase of the tables, made ready to be found: a row of slots, each with the words and stems that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.danger_words.folding import HAN, Word, fold
from classifiers.danger_words.tongue import Tongue
from classifiers.phrases import spelled_out

WORDS_BETWEEN: Final = 4
SIGNS_BETWEEN: Final = 9
_SIGN: Final = re.compile(f"[{HAN}]")
_BEFORE: Final = re.compile("^[وف]?(?:ال|بال|کال|لل|[بلک])?")
"""Arabic "and", "so", "the", "by", "as", "to", which are written onto the next word; in the folded spelling."""
SHORTEST_LEFT: Final = 2
LATIN_ENDS: Final = "\u024f"
FEWEST_WITHOUT_MARKS: Final = 3
"""So many words of a language with tones, typed without any mark, are no English by chance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """What may stand in one place: plain spellings, stems, and for tones the marked spellings."""

    whole: frozenset[str]
    stems: tuple[str, ...]
    marked: frozenset[str]
    optional: bool
    between: int
    """How many other words may stand before it."""

    def fits(self, word: Word, tongue: Tongue) -> bool:
        """Tell whether the word, in one of its forms, may stand here."""
        if tongue.tones and word.marked and word.marked not in self.marked:
            return False
        return any(form in self.whole or form.startswith(self.stems) for form in forms(word.plain, tongue))


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One phrase with its language and its English gloss."""

    tongue: Tongue
    gloss: str
    slots: tuple[Slot, ...]

    def places(self, row: Sequence[Word], first: int) -> tuple[int, ...] | None:
        """Return where its words stand if it begins at ``first``, or None."""
        return self._places(row, first + 1, 1, (first,)) if self.slots[0].fits(row[first], self.tongue) else None

    def unmistakable(self, row: Sequence[Word], first: int, end: int) -> bool:
        """Tell whether what was found could not be an English word: several words, its tones, or another script."""
        if self.tongue.tones:
            return any(word.marked for word in row[first:end]) or end - first >= FEWEST_WITHOUT_MARKS
        return end - first > 1 or row[first].plain[0] > LATIN_ENDS

    def _places(self, row: Sequence[Word], at: int, slot: int, taken: tuple[int, ...]) -> tuple[int, ...] | None:
        if slot == len(self.slots):
            return taken
        wanted = self.slots[slot]
        for place in range(at, min(at + wanted.between + 1, len(row))):
            if wanted.fits(row[place], self.tongue):
                found = self._places(row, place + 1, slot + 1, (*taken, place))
                if found is not None:
                    return found
        return self._places(row, at, slot + 1, taken) if wanted.optional else None


def forms(plain: str, tongue: Tongue) -> tuple[str, ...]:
    """Return a word's forms: itself, and for a language with clitics also what is left without them."""
    if not tongue.clitics:
        return (plain,)
    bare = [plain[end:] for end in range(1, _BEFORE.match(plain).end() + 1)]  # type: ignore[union-attr]
    return (plain, *(form for form in bare if len(form) >= SHORTEST_LEFT))


def read_phrase(phrase: str, gloss: str, tongue: Tongue) -> Iterator[Phrase]:
    """Read one row of the tables; a row in Chinese signs is as many phrases as it has spellings."""
    spellings = (" ".join(_apart(one)) for one in spelled_out(phrase)) if _SIGN.search(phrase) else (phrase,)
    for spelling in spellings:
        yield Phrase(tongue=tongue, gloss=gloss, slots=tuple(_slots(spelling)))


def _apart(spelling: str) -> Iterator[str]:
    return (sign for sign in spelling if not sign.isspace())


def _slots(spelling: str) -> Iterator[Slot]:
    between = 0
    most = SIGNS_BETWEEN if _SIGN.search(spelling) else WORDS_BETWEEN
    for piece in spelling.split():
        if piece == "~":
            between = most
            continue
        options = [option for option in piece.split("/") if option != "_"]
        folded = [fold(option.rstrip("*")) for option in options]
        pairs = list(zip(options, folded, strict=True))
        yield Slot(
            whole=frozenset(plain for option, (plain, _) in pairs if not option.endswith("*")),
            stems=tuple(plain for option, (plain, _) in pairs if option.endswith("*")),
            marked=frozenset(marked for _, marked in folded),
            optional="_" in piece.split("/"),
            between=between,
        )
        between = 0
