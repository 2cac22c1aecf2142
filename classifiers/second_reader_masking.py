"""Takes personal data out of a text before it leaves the house: too much rather than too little, a typed placeholder for each.

Numbers and addresses are here, names in ``second_reader_names``. A placeholder such as ``[PHONE]`` tells what stood there.
Every pattern can begin only at the start of a run or is bounded in length, so that a hostile text takes no longer than others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.injection import machine_words
from classifiers.second_reader_names import CALENDAR, GAP, MONTHS, NAME_MASKS, SMALL_WORDS, UPPER, known_names, lone_names
from classifiers.verdict import Text

LONGEST_READ: Final = 20_000
"""Characters looked at: masking comes before shortening, for half a telephone number would not be known for one."""
LONGEST_SENT: Final = 6_000
_BRACKETS: Final = str.maketrans("[]［］﹇﹈", "()()()")
_BLANKS = re.compile(r"[ \t]+")
_PLACEHOLDER = re.compile(r"\[([A-Z][A-Z ]+)\]")

_DATE_WORD: Final = rf"(?:{MONTHS})"
_SUFFIX: Final = (
    r"(?:road|rd|street|st|avenue|ave|lane|ln|crescent|cres|drive|terrace|gardens|gdns|house|court|ct|close|place|way|walk"
    r"|square|sq|towers?|point|mews|grove|hill|rise|row|green|park|view|estate|heights|mansions|buildings|lodge)"
)
_HOUSE_NUMBER: Final = r"(?<![\w£.,])\d{1,4}(?: ?[-/] ?\d{1,4})?[A-Za-z]?"
_DIGIT_WORD: Final = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_DOMAIN_END: Final = r"(?:com|net|org|uk|info|biz|io|ly|co|eu|gov|edu|me|app|dev|example|tv|fr|de|pl|ro|pt|es|it)"


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskedText:
    """A text that may leave the house, and what was taken out of it (``("name", "phone")``)."""

    channel: str
    subject: str | None
    text: str
    left_out: tuple[str, ...]


# In this order: what is longest and surest first, so that no later pattern finds half of it.
_MASKS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (r"(?<!\S)[^\s@]*+ ?@+ ?\S*", "[EMAIL]"),
        (
            r"(?<![^\s(<\[])[^\s@]{1,64} ?(?:\(at\)|\[at\]|\bat\b) ?[\w.-]{1,64}? ?(?:\(dot\)|\[dot\]|\bdot\b) ?\w{2,24}",
            "[EMAIL]",
        ),
        (r"(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S*", "[LINK]"),
        (rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,8}}{_DOMAIN_END}(?![\w-])(?:[/?#:]\S*)?", "[LINK]"),
        (r"(?<![a-z\d])[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d](?![a-z\d])", "[NI NUMBER]"),
        (r"\b(?P<keep>sort ?code\W{0,3}(?:is )?)\d\d\W?\d\d\W?\d\d(?!\d)", r"\g<keep>[BANK ACCOUNT]"),
        (r"(?<![\d-])\d\d-\d\d-\d\d(?=\W{1,3}(?:(?:account|acc|a/c)\W{1,3})?\d{6,8}(?!\d))", "[BANK ACCOUNT]"),
        (r"(?<![a-z\d])[a-z]{2}\d\d(?: ?[a-z\d]{4}){3,7}(?: ?[a-z\d]{1,3})?(?![a-z\d])", "[BANK ACCOUNT]"),
        (r"(?<![a-z\d])[a-z]{1,2}\d[a-z\d]?[\s.\-]{0,3}[\do][a-z]{2}(?![a-z\d])", "[POSTCODE]"),
        (
            (
                r"\b(?P<keep>(?:born(?: on| in)?|d\.? ?o\.? ?b\.?|date of birth|birthday|birth date)(?: is| was)?[\s:=-]{0,3})"
                rf"(?:\d[\d /.,-]{{0,20}}(?:st|nd|rd|th)?(?: of)? ?{_DATE_WORD}?[\d ,/.-]{{0,8}}|{_DATE_WORD}[\dthsndr ,]{{1,12}})"
            ),
            r"\g<keep>[DATE OF BIRTH] ",
        ),
        (
            r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d|(?:19|20)\d\d[/.-]\d\d?[/.-]\d\d?)(?![\d/-])(?!\.\d)",
            "[DATE]",
        ),
        (rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_DATE_WORD}\.?,? (?:(?:19|20)\d\d|'?\d\d)(?!\d)", "[DATE]"),
        (rf"\b{_DATE_WORD}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d(?!\d)", "[DATE]"),
        (r"(?<!\d)(?:\+|\(\+?)?(?:\(?0|44|\+)(?:[\s().\-–/·_]{0,3}\d){6,}", "[PHONE]"),
        (rf"\b(?:{_DIGIT_WORD}[\s,-]{{1,3}}){{5,}}{_DIGIT_WORD}\b", "[PHONE]"),
        (r"(?<!\d)\d(?:[\s().\-–/·_]{0,3}\d){6,}", "[NUMBER]"),
        (
            (
                r"\b(?P<keep>(?:ref(?:erence)?|job|repair|case|complaint|order|ticket|crime|account|tenancy|rent|invoice|incident"
                r"|cad|urn|uprn|badge|payment|application|bid(?:ding)?)(?: ?(?:no|num|number|id|ref|reference|code))?\.?"
                r"(?: is| was)?[\s:#]{1,3})(?=\S{0,40}\d)\S+"
            ),
            r"\g<keep>[REFERENCE]",
        ),
        (rf"{_HOUSE_NUMBER},?{GAP}(?:(?!(?:{SMALL_WORDS})\b)[^\W\d_][\w'’-]{{1,20}}{GAP}){{1,3}}(?={_SUFFIX}\b)", "[ADDRESS] "),
        (r"(?<![\w£/#-])#?(?!(?:19|20)\d\d(?![\w/-]))(?!24/7)(?=(?:[a-z/_-]{0,20}\d){3})[a-z\d][\w/-]{3,}", "[REFERENCE]"),
        (r"(?<![£\d])\d{5,}", "[NUMBER]"),
        (
            (
                rf"\b(?:flat|apartment|apt|maisonette|bedsit|studio|unit|room|door|house|no\.?|number|numbers)(?:{GAP}?(?:no\.?|number|#))?"
                rf"{GAP}?\d{{1,4}}(?: ?[a-z](?![a-z]))?(?!\w)"
            ),
            "[ADDRESS]",
        ),
        (
            rf"\b(?P<keep>(?:live|lives|living|based|address is|resident){GAP}(?:at|in|of){GAP})\d{{1,4}}[a-z]?\b",
            r"\g<keep>[ADDRESS]",
        ),
    )
) + tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"{_HOUSE_NUMBER},? (?!(?:{CALENDAR})\b)[{UPPER}][^\W\d_]{{2,}}(?: [{UPPER}][\w'’-]+)*", "[ADDRESS]"),
        (
            rf"\b(?:(?!(?i:{SMALL_WORDS})\b)[{UPPER}][\w'’-]{{1,20}}{GAP}){{1,3}}(?={_SUFFIX.replace('(?:', '(?i:', 1)}\b)(?=[A-Z])",
            "[ADDRESS] ",
        ),
        (r"(?<![A-Za-z\d])[A-Z]{1,2}\d[A-Z\d]?(?![A-Za-z\d])", "[POSTCODE]"),
    )
)


def masked(text: Text, known: Sequence[str] = ()) -> MaskedText:
    """Return the text without personal data; ``known`` are names and the like that the house knows the writer by."""
    subject, words = (_without(part or "", known) for part in (text.subject, text.text))
    kinds = dict.fromkeys(kind.lower() for part in (subject, words) for kind in _PLACEHOLDER.findall(part))
    return MaskedText(
        channel=text.channel,
        subject=subject[:300] or None,
        text=_shortened(words),
        left_out=tuple(sorted(kinds)),
    )


def is_mostly_latin(text: str) -> bool:
    """Return whether the patterns for names can work on a text: they know the Latin alphabet alone."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < "ɐ" for letter in letters) >= 0.9 * len(letters)


def _without(text: str, known: Iterable[str]) -> str:
    # Square brackets are ours alone: what the resident puts in them must not pass for something taken out.
    people = _for_people(text[:LONGEST_READ].translate(_BRACKETS))
    seen = _BLANKS.sub(" ", "".join(_visible(unicodedata.normalize("NFKC", people))))
    for pattern, put in _MASKS:
        seen = pattern.sub(put, seen)
    for pattern in known_names(known):
        seen = pattern.sub("[NAME]", seen)
    for pattern, put in NAME_MASKS:
        seen = pattern.sub(put, seen)
    return lone_names(seen)


def _for_people(text: str) -> str:
    """Cut out what is addressed to a machine, as is done before the first reading."""
    kept, at = "", 0
    for start, end in sorted(machine_words(text)):
        if end > at:
            kept += text[at : max(start, at)] + " [MACHINE WORDS] "
            at = end
    return kept + text[at:]


def _visible(text: str) -> Iterator[str]:
    """Yield what can be seen: hidden characters within a number would keep it from being known for one."""
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\n\t" or category[0] != "C":
            yield " " if category == "Zs" else letter


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SENT else f"{text[:LONGEST_SENT]} [SHORTENED]"
