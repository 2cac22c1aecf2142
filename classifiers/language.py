"""Says what language a text is in: by its small English words where it has them, by py3langid only where it has not."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from classifiers.kinds import ENGLISH, LETTERED, WORD
from classifiers.tallying import Integers

ENGLISH_SHARE: Final = 0.15
KNOWN_SHARE: Final = 0.75
"""Share of small English words, or of words that the model knows, from which a text counts as English unasked."""
LEAST_LETTERS: Final = 40
LEAST_LETTERS_OTHER_SCRIPT: Final = 6
"""Below so many letters no guess is made: short and misspelt English looks like anything."""
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


def is_foreign(code: str | None) -> bool:
    """Tell whether words in this language are beyond a model of English; no language at all is not."""
    return code not in {None, "en", NO_LANGUAGE}


class Ear:
    """Tells languages apart; loads py3langid's table when first needed, which takes about a second."""

    @cached_property
    def _table(self) -> Any:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - most mail never needs it

        table = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        table.set_languages(sorted(set(SPOKEN) & set(table.labels)))
        return table

    def language(self, text: str, words: Integers) -> str | None:
        """Return an ISO 639-1 code, or None where there is too little to tell by; ``words`` are rows of facts (``kinds.py``)."""
        if _english(words):
            return "en"
        letters = [mark for mark in text[:LOOKED_AT] if mark.isalpha()]
        foreign = sum(mark > _LATIN_ENDS for mark in letters) * 2 > len(letters)
        if len(letters) < (LEAST_LETTERS_OTHER_SCRIPT if foreign else LEAST_LETTERS):
            return None
        return str(self._table.classify(text[:LOOKED_AT])[0])


def _english(words: Integers) -> bool:
    small = int(words[:, ENGLISH].sum())
    if small and small >= ENGLISH_SHARE * len(words):
        return True
    lettered = words[words[:, LETTERED] > 0]
    familiar = int((lettered[:, WORD] >= 0).sum())
    return bool(len(lettered)) and familiar >= KNOWN_SHARE * len(lettered)
