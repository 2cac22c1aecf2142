"""The machine's reasons in words that officers use: one table of names for its codes, one for languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from classifiers.language import NO_LANGUAGE, UNSURE
from classifiers.taxonomy import Category

CODES: Final = {
    "machine_words": "words addressed to a machine",
    "no_words": "no words",
    "few_words": "too few words",
    "language": "not in English",
    "safeguarding": "safeguarding",
    "several": "more than one category is possible",
    "halves": "the machine's two halves disagree",
    "complaint_words": "says that it complains",
    "unsure": "not sure enough",
    "emergency": "emergency",
    "second": "more than one matter",
}
"""What stands before the colon in a reason for triage (``classifiers.routing``), for figures."""
LANGUAGES: Final = {
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fr": "French",
    "gu": "Gujarati",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "ig": "Igbo",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "ne": "Nepali",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "ti": "Tigrinya",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yo": "Yoruba",
    "zh": "Chinese",
    UNSURE: "could not be told",
    NO_LANGUAGE: "no language",
}
INSIDE: Final[dict[str, str]] = {
    Category.COMPLAINT: "complaint",
    Category.ASB_REPORT: "ASB report",
    Category.SERVICE_REQUEST: "service request",
    Category.OUT_OF_SCOPE: "out of scope",
}
"""Categories inside a sentence."""
NOT_JUDGED: Final = frozenset({"language", "no_words", "few_words"})
"""Codes of reasons for which a category means nothing: there was nothing to judge by, or nobody could read it."""


def code_of(why: str) -> str:
    """Return the code that a reason begins with, or nothing where it has none."""
    code, colon, _ = why.partition(":")
    return code if colon and code in CODES else ""


def is_unjudged(why: str) -> bool:
    """Tell whether the category beside this reason means nothing."""
    return code_of(why) in NOT_JUDGED


def code_name(code: str) -> str:
    """Return a code in words; one that nobody has named yet is shown without its underscores."""
    return CODES.get(code, code.replace("_", " "))


def language_name(code: str) -> str:
    """Return a language's English name, or its code in quotes where it has none here."""
    return LANGUAGES.get(code, f"'{code}'")


def plain(why: str) -> str:
    """Return a reason as people say it: no codes, no decimals, categories and languages by their names."""
    for pattern, told in _READ:
        if found := re.fullmatch(pattern, why):
            why = told(*found.groups())
            break
    for code, name in INSIDE.items():
        why = re.sub(rf"\b{code}\b", name, why)
    return why


def in_ten(share: float) -> str:
    """Return a probability as people say it: "9 in 10"."""
    whole = int(share * 10 + 0.5)
    if whole in (0, 10):
        return "nearly 10 in 10" if whole else "less than 1 in 10"
    return f"{whole} in 10"


def _sure(share: str, category: str) -> str:
    return f"the machine is sure: {category}, {in_ten(float(share))}"


def _unsure(share: str, category: str) -> str:
    return f"the machine is not sure enough: {category}, {in_ten(float(share))}, and being wrong would cost too much"


def _several(candidates: str) -> str:
    return "it may be " + re.sub(r"\((\d\.\d+)\)", lambda found: f"({in_ten(float(found[1]))})", candidates)


def _halves(words: str, sense: str) -> str:
    return f"the machine's two halves disagree: its words speak for {words}, its sense for {sense}"


def _second(first: str, others: str) -> str:
    return f"it holds more than one matter: {first} and {others}"


def _language(code: str) -> str:
    return f"seems to be written in {language_name(code)}, and only English is understood"


def _said(sentence: str) -> str:
    return sentence


_READ: Final[tuple[tuple[str, Callable[..., str]], ...]] = (
    (r"sure: ([01]\.\d+) for (\w+)", _sure),
    (r"unsure: ([01]\.\d+) for (\w+), expected cost \S+ over \S+", _unsure),
    (r"several: (\w+ \(\d\.\d+\)(?: or \w+ \(\d\.\d+\))+)", _several),
    (r"halves: its words speak for (\w+), its sense for (\w+)", _halves),
    (r"second: (\w+), and (.+) too", _second),
    (r"language: seems to be written in '([\w-]+)', and only English is understood", _language),
    (r"(?:machine_words|no_words|few_words|language|safeguarding|emergency|complaint_words): (.+)", _said),
)
"""How the classifier words its reasons (``classifiers.routing``), and how people read them."""
