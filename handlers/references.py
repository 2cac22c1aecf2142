"""Case references such as ``LBL-26-4F7K2P-9D``: drawn by lot, fit for the telephone, and proof against a slip.

The alphabet is Crockford's base 32: digits and capitals without I, L, O and U. Year, six characters and two check
characters are one word of a Reed-Solomon code of length 10 over GF(32). Its distance is three, so any two references
differ in three places or more: whatever one or two characters are wrong, neighbours swapped among them, no other
reference comes of it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
HEARD = str.maketrans("OIL", "011")
"""Letters which people write for digits."""
BODY = 6
CHECKS = 2
WHOLE = 2 + BODY + CHECKS
FIELD = 0b100101
"""x^5 + x^2 + 1, a primitive polynomial: 2 stands for x, whose powers are all 31 values but nought."""
BREAKS = re.compile(r"[\s.\-_/\u00ad\u2010-\u2015\u2212]+")
BREAK = r"[\s.\-_/\u00ad\u2010-\u2015\u2212]{0,3}"
PLACE = "[0-9A-TV-Z]"
IN_TEXT = re.compile(
    rf"(?<![0-9A-Z])([A-Z]{{2,8}}){BREAK}([0-9OIL]{{2}}){BREAK}({PLACE}{{{BODY}}}){BREAK}({PLACE}{{{CHECKS}}})(?![0-9A-Z])",
    re.IGNORECASE,
)

DIGIT = "[0-9OILoil\u0130\u0131]"
EITHER = "[0-9A-TV-Za-tv-z\u0130\u0131\u017f\u212a]"
"""Year and place with both cases written out: a pattern that may ignore case is sought ten times as slowly."""
AFTER_PREFIX = re.compile(f"{DIGIT}{{2}}{BREAK}{EITHER}{{{BODY}}}{BREAK}{EITHER}{{{CHECKS}}}")
BEFORE_YEAR = 8 + 3
"""Most characters of a prefix and the break after it."""


class NotAReference(ValueError):
    """The text is not a reference; the sentence says how to mend it."""


def _times(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (FIELD if left & 0b10000 else 0)
        right >>= 1
    return product


def _sums(values: Sequence[int]) -> tuple[int, int]:
    """Return the two sums that are nought for a code word: of the values, and of each times 2 to its place from the end."""
    plain = weighted = 0
    for value in values:
        plain ^= value
        weighted = _times(weighted, 2) ^ value
    return plain, weighted


THIRD_INVERSE = next(value for value in range(1, 32) if _times(value, 3) == 1)


def _checks(payload: str) -> str:
    """Return the two characters a, b that make both sums nought: a + b = p and 2a + b = w, so that 3a = p + w."""
    plain, weighted = _sums([*(VALUES[character] for character in payload), 0, 0])
    first = _times(THIRD_INVERSE, plain ^ weighted)
    return ALPHABET[first] + ALPHABET[plain ^ first]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One case's name: the landlord's prefix, the year's last two digits, six characters by lot."""

    prefix: str
    year: str
    body: str

    def __post_init__(self) -> None:
        """Refuse what could not be read out again."""
        if not re.fullmatch("[A-Z]{2,8}", self.prefix):
            raise NotAReference("a prefix is two to eight capital letters")
        if not re.fullmatch("[0-9]{2}", self.year):
            raise NotAReference("after the prefix come the two digits of the year")
        if len(self.body) != BODY or not set(self.body) <= VALUES.keys():
            raise NotAReference(f"after the year come {BODY} characters out of {ALPHABET}")

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.body}-{_checks(self.year + self.body)}"


def new(prefix: str, year: int, randbelow: Callable[[int], int] = secrets.randbelow) -> Reference:
    """Draw a reference by lot out of 2^30 for the year (four digits or two).

    Two draws may be the same: whoever keeps them holds them unique and draws again.
    """
    number = randbelow(len(ALPHABET) ** BODY)
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (BODY - 1), -1, -5))
    return Reference(prefix=prefix.upper(), year=f"{year % 100:02}", body=body)


def parse(text: str) -> Reference:
    """Read a reference as people type it, or raise ``NotAReference`` with the mend.

    Small letters, missing or odd breaks, and o for 0 or i and l for 1 (also the other way in the prefix) are forgiven.
    """
    plain = BREAKS.sub("", text).upper()
    prefix, rest = plain[:-WHOLE], plain[-WHOLE:].translate(HEARD)
    if not prefix or len(rest) < WHOLE:
        raise NotAReference("a reference looks like LBL-26-4F7K2P-9D: letters, year, six characters, two check characters")
    if "U" in rest:
        raise NotAReference("there is no U in a reference: look whether it is a V")
    reference = Reference(prefix=prefix.replace("0", "O").replace("1", "L"), year=rest[:2], body=rest[2 : 2 + BODY])
    if not str(reference).endswith(rest[-CHECKS:]):
        raise NotAReference(f"a character of {text.strip()} is wrong or out of place: compare it with the letter")
    return reference


def _found(text: str) -> Iterator[Reference]:
    # Every message is sought through, and few hold what could be a reference: the search begins where the first one could.
    first = AFTER_PREFIX.search(text)
    if first is None:
        return
    for match in IN_TEXT.finditer(text, max(0, first.start() - BEFORE_YEAR)):
        try:
            yield parse(match.group())
        except NotAReference:
            continue  # a typing error finds nothing: no guess may lead a stranger's words to a case


def find(text: str) -> list[Reference]:
    """Return the valid references that stand in free text, in order, each once; takes time linear in its length."""
    return list(dict.fromkeys(_found(text)))
