"""Says what language a text is in: English by its small and known words, the twelve of ``danger_words`` by theirs, else py3langid.

In doubt it is not English: a text most of whose words are unknown is judged by nobody but a person.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from classifiers.danger_words.finding import ForeignCues
from classifiers.danger_words.folding import words as plain_words
from classifiers.danger_words.hearing import SmallWords
from classifiers.kinds import ENGLISH, LETTERED, WORD
from classifiers.tallying import Integers

ENGLISH_SHARE: Final = 0.15
KNOWN_SHARE: Final = 0.75
"""Share of small English words, or of words that the model knows, from which a text counts as English unasked."""
SURELY_ENGLISH_SHARE: Final = 0.25
"""Share of small English words from which it does so, however few of its words are known."""
STRANGE_SHARE: Final = 0.5
STRANGE_SHARE_NO_SMALL: Final = 0.65
"""Share of words that the model knows below which a text counts as foreign; the latter without one small English word."""
FEWEST_WORDS: Final = 3
"""Below so many words a share says nothing; the route asks a person then."""
LEAST_LETTERS: Final = 40
LEAST_LETTERS_OTHER_SCRIPT: Final = 2
"""Below so many letters py3langid is not asked: short and misspelt English looks like anything."""
LOOKED_AT: Final = 1_000
_LATIN_ENDS: Final = "\u024f"


SPOKEN: Final = (
    *("am", "ar", "bg", "bn", "cs", "de", "el", "en", "es", "et", "fa", "fr", "gu", "ha", "he", "hi", "hr", "hu", "id", "ig"),
    *("it", "ja", "ko", "ku", "lt", "lv", "mk", "ml", "ne", "nl", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so"),
    *("sq", "sr", "sw", "ta", "te", "th", "ti", "tl", "tr", "uk", "ur", "vi", "yo", "zh", "zxx"),
)
"""Languages that residents write in; among all the world's, misspelt English passes for some small one."""
NO_LANGUAGE: Final = "zxx"
"""ISO 639-2's code for what is no language, such as numbers or an encoded picture."""
UNSURE: Final = "und"
"""ISO 639-2's code for a language that could not be told: foreign, or English that nobody could read."""


def is_foreign(code: str | None) -> bool:
    """Tell whether words in this language are beyond a model of English; no language at all is not."""
    return code not in {None, "en", NO_LANGUAGE}


class Ear:
    """Tells languages apart; loads py3langid's table when first needed, which takes about a second."""

    def __init__(self, cues: ForeignCues | None = None) -> None:
        self.cues = cues or ForeignCues()
        self._small_words = SmallWords()

    @cached_property
    def _table(self) -> Any:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - most mail never needs it

        table = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        table.set_languages(sorted(set(SPOKEN) & set(table.labels)))
        return table

    def language(self, text: str, words: Integers) -> str | None:
        """Return an ISO 639 code, ``UNSURE``, or None where there is too little to tell by.

        ``words`` are rows of facts (``kinds.py``) of the text and its subject.
        """
        text = text[:LOOKED_AT]
        row = [word for word in plain_words(text) if word.plain[0].isalpha()]
        letters = sum(word.end - word.start for word in row)
        if sum(word.plain[0] > _LATIN_ENDS for word in row) * 2 > len(row):
            return self._by_table(text) if letters >= LEAST_LETTERS_OTHER_SCRIPT else None
        heard, times = self._small_words.heard(row)
        if heard and times >= _small(words):
            return heard
        if _strange(words):
            return heard or self._strange(text, letters)
        if _english(words):
            return "en"
        return self._by_table(text) if letters >= LEAST_LETTERS else None

    def _by_table(self, text: str) -> str:
        return str(self._table.classify(text)[0])

    def _strange(self, text: str, letters: int) -> str:
        cue = next(iter(self.cues.find(text, None)), None)
        if cue:
            return cue.language
        code = self._by_table(text) if letters >= LEAST_LETTERS else UNSURE
        return UNSURE if code == "en" else code


def _small(words: Integers) -> int:
    return int(words[:, ENGLISH].sum())


def _known_share(words: Integers) -> float:
    lettered = words[words[:, LETTERED] > 0]
    return float((lettered[:, WORD] >= 0).mean()) if len(lettered) else 0.0


def _strange(words: Integers) -> bool:
    small, count = _small(words), int(words[:, LETTERED].sum())
    # Who misspells writes "is" and "my" like everybody; in other languages such words stand by chance, and seldom.
    if count < FEWEST_WORDS or small >= SURELY_ENGLISH_SHARE * count:
        return False
    return _known_share(words) < (STRANGE_SHARE if small else STRANGE_SHARE_NO_SMALL)


def _english(words: Integers) -> bool:
    small = _small(words)
    return bool(small and small >= ENGLISH_SHARE * len(words)) or _known_share(words) >= KNOWN_SHARE
