"""What is taken out of words that a partner will publish: who they are about, where they live, how they are reached.

A letter to the resident keeps their name; a public report must not (channels.md section 7). Better a word too many is taken out:
the partner can ask, and what was published cannot be taken back. Each pattern is bounded, so that no words take long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from handlers.redaction import visible, without_abuse, without_places

NAME, HOME, NUMBER = "[name]", "[address]", "[number]"
_ONES = "one|two|three|four|five|six|seven|eight|nine|oh|nought|zero|double|treble|triple"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|hundred"
_COUNT = rf"(?:{_ONES}|{_TEENS}|{_TENS})"
_LEVEL = r"(?:ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|top|\d{1,2}(?:st|nd|rd|th))"
_FLAT = re.compile(
    r"\b(?:flats?|apartments?|apt|maisonette|unit|room|bedsit|studio|door|property|plot|house|home|number|no)\b\.?:?\s{0,3}"
    rf"(?:(?:number|no|num|nr|is)\b\.?\s{{0,3}}|#\s?){{0,2}}(?:\d{{1,4}}\s?[a-z]?\b|{_COUNT}(?:[\s-]{{1,2}}(?:and\s)?{_COUNT}){{0,3}}\b(?:\s?[a-d]\b)?|[b-hj-z]\b)",
    re.IGNORECASE,
)
_FLOOR_FLAT = re.compile(rf"\b{_LEVEL}[\s-]{{1,2}}floor(?:\s(?:flat|home|maisonette|apartment))?\b", re.IGNORECASE)
_LETTERED = re.compile(r"(?<![\w£])\d{1,3}\s?[A-Za-z](?!\w)")
_SPOKEN_STREET = re.compile(
    rf"\b{_COUNT}(?:[\s-]{{1,2}}{_COUNT})?,?\s[\w'’-]{{2,20}}(?:\s[\w'’-]{{2,20}})?"
    r"\s(?:road|street|avenue|lane|crescent|drive|terrace|gardens|close|court|place|way|walk|square|grove|row)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(rf"\b(?:(?:{_ONES})[\s,-]{{1,3}}){{5,15}}(?:{_ONES})\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d(?:[\s().\-/]{0,3}\d){5,18}(?!\w)")
_NATIONAL = re.compile(r"\b[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b", re.IGNORECASE)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr|Sir|Lady|Cllr|Councillor|Revd?|mr|mrs|ms|MR|MRS|MISS|MS|DR)\b\.?\s{0,2}[\w'’-]{2,30}(?:\s[A-Z][\w'’-]{1,30})?"
)
_CALLED = re.compile(
    r"(?i:\b(?:my name is|my name['’]?s|name:|named|called|call me|ask for|contact:?|speak to|i am|i['’]m|this is|it is|regards,?|thanks,?"
    r"|(?:my|our|her|his|their) (?:son|daughter|husband|wife|partner|mum|mother|dad|father|baby|brother|sister|child|nan|gran|carer|"
    r"neighbour|friend|grandson|granddaughter|boy|girl)))\s{1,3}(?P<name>[A-Z][\w'’-]{1,30}(?:\s[A-Z][\w'’-]{1,30}){0,3})"
)
_SIGNED = re.compile(
    r"(?im)^[ \t]*(?:(?:many |with |kind |best |warm )*(?:thanks|thank you|regards|wishes)|cheers|ta|yours(?: \w+)?|sincerely|love)[ \t]*[,.!-]*[ \t]*$"
)
_NO_NAME = (
    r"(?!(?:and|the|my|our|your|his|her|their|is|it|its|was|on|at|in|of|to|from|for|or|but|so|a|an|any|some|back|if|when|as|about|again"
    r"|before|after|please|me|you|us|them|anyone|somebody|someone|not|no|we|i|with|by|who|that|this)\b)"
)
_CALLED_SMALL = re.compile(
    r"\b(?:my name is|my name['’]?s|name:|names?[ ]is|i am called|i['’]?m called|call me|ask for|speak to|known as)\s{1,3}"
    rf"(?P<name>{_NO_NAME}[a-z][\w'’-]{{1,30}}(?:\s{{1,3}}{_NO_NAME}[a-z][\w'’-]{{1,30}}){{0,2}})",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+")
_BETWEEN = r"[\s.,'’`´-]{0,2}"
_COMMON = frozenset({"the", "of", "and"})
MOST_WORDS = 4
"""Words of a name that are looked for in every order."""
_SHORTEST = 2
"""Letters of a word that can be somebody's name."""


def _likes() -> dict[str, str]:
    """Return, by plain letter, all letters of Europe's tongues that are that letter with a mark: people leave marks out, and put them in."""
    found: dict[str, str] = {}
    for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFKD", chr(number).lower())[0]
        if plain.isascii() and plain.isalpha():
            found[plain] = found.get(plain, "") + chr(number)
    return found


_LIKE = _likes()


def for_publishing(text: str, known: Iterable[str], homes: Iterable[str] = ()) -> str:
    """Return words as strangers may read them; ``known`` are names, addresses and numbers of the people of the case.

    ``homes`` are where they live: each part of them that has a number is taken out wherever it stands.
    """
    words = visible(text)
    signed = _SIGNED.search(words)
    words = words[: signed.start()] if signed else words
    words = _without_known(words, known, homes)
    words = _NATIONAL.sub(NUMBER, _SPOKEN.sub(NUMBER, words))
    words = without_places(_DIGITS.sub(NUMBER, words))
    words = _SPOKEN_STREET.sub(HOME, _FLOOR_FLAT.sub(HOME, _FLAT.sub(HOME, words)))
    words = _LETTERED.sub(HOME, words)
    words = _TITLED.sub(NAME, words)
    for called in (_CALLED, _CALLED_SMALL):
        words = called.sub(lambda found: found.group().removesuffix(found["name"]) + NAME, words)
    return "\n".join(without_abuse(line) for line in words.splitlines()).strip()


def _without_known(text: str, known: Iterable[str], homes: Iterable[str]) -> str:
    for home in homes:
        parts = [part.strip() for part in home.replace("\n", ",").split(",")]
        # The first part is the house itself, even where it has a name and no number.
        for part in filter(None, (home.strip(), *parts)):
            if any(char.isdigit() for char in part) or (part == parts[0] and " " in part):
                text = _whole(part).sub(HOME, text)
    for one in sorted(filter(None, known), key=len, reverse=True):
        text = _whole(one).sub(NAME, text) if len(one) > 1 else text
        for name in _names(one.partition("@")[0]):
            text = name.sub(NAME, text)
        digits = "".join(filter(str.isdigit, one))
        if len(digits) >= 6:  # noqa: PLR2004  # shorter numbers are dates and flats, which have patterns of their own
            text = re.sub(r"[\s().\-/]{0,3}".join(digits), NUMBER, text)
    return text


def _names(known: str) -> Iterator[re.Pattern[str]]:
    """Yield what finds a name written in any case, with or without its marks, joined or apart, and then each word of it."""
    parts = _PART.findall(known)
    tokens = [_PART.findall(token) for token in known.split()]
    joined = (order for number in (3, 2) for order in permutations(parts[:MOST_WORDS], number))
    for words in (parts, *tokens, *joined):
        if len("".join(words)) > _SHORTEST:
            yield _written(words)
    for word in parts:
        if len(word) >= _SHORTEST and _tells(word):
            yield _written([word])


def _written(words: Sequence[str]) -> re.Pattern[str]:
    spelt = _BETWEEN.join("".join(map(_letter, word)) for word in words)
    # What stands around a name may be a digit or a line under it, and it may be somebody's ("adas").
    return re.compile(rf"(?<![^\W\d_]){spelt}(?:['’]?s)?(?![^\W\d_])", re.IGNORECASE)


def _letter(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char.lower())[0]
    return f"[{re.escape(char)}{plain}{_LIKE[plain]}]" if plain in _LIKE else re.escape(char)


def _tells(word: str) -> bool:
    return word.lower() not in _COMMON


def _whole(words: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in words.split()]
    return re.compile(r"(?<!\w)" + r"[\s,]{1,3}".join(parts) + r"(?!\w)", re.IGNORECASE)
