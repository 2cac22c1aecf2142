"""Finds the block under a letter that says who writes and how to reach them: it says nothing of what the letter is.

Only a block with an address, a number or a site in it goes; "Many thanks, Ann" stays, as thanks are part of what is said.
"""

from __future__ import annotations

import re
from typing import Final

MOST_LINES: Final = 9
MOST_BLANK: Final = 18
MOST_LETTERS: Final = 80
MOST_WORDS: Final = 9
FEWEST_LEFT: Final = 3
"""Words that must stand above the block: who writes nothing else means the block."""
FEWEST_FACTS: Final = 2
"""Lines with a way to reach the writer that make a block where no words of parting stand above them."""

_PARTING: Final = re.compile(
    r"(?:(?:(?:kind|kindest|warm|warmest|best|many|very\s+best)\s+)?(?:regards|wishes|thanks)|thank\s+you(?:\s+(?:very\s+much|in\s+advance))?"
    r"|thanks\s+(?:again|in\s+advance|a\s+lot)|yours(?:\s+(?:sincerely|faithfully|truly|respectfully))?|sincerely|respectfully|cheers|all\s+the\s+best"
    r"|with\s+thanks|best|rgds|kr|thx|ta|--|—)[\s,.!]*",
    re.IGNORECASE,
)
_STREET: Final = (
    r"house|court|ct|road|rd|street|st|avenue|ave|close|lane|ln|drive|way|gardens|gdns|square|sq|terrace|place|tower|towers"
    r"|lodge|point|crescent|grove|hill|park|walk|mews|row|heights|estate|block|rise|view|green|mansions|buildings"
)
_FACT: Final = re.compile(
    rf"""(?:\+?\d[\d\s()-]{{8,}}\d) | [\w.+-]+@[\w-]+\.[\w.-]+ | \b(?:https?://|www\.)\S+ | \b[A-Z]{{1,2}}\d[A-Z\d]?\s*\d[A-Z]{{2}}\b
    | ^(?:(?:flat|apartment|apt|unit|room|no\.?)\s*)?\d+[a-z]?\b,?\s+(?:[\w'’]+,?\s+){{1,4}}(?:{_STREET})\b[\w\s,.]*$
    | ^(?:flat|apartment|apt)\s*\d+[a-z]?,?(?:\s+[\w'’]+,?){{1,5}}\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+)?[A-Z](?:\.|[\w'’-]+)(?:\s*[A-Z]\.|\s+[A-Z][\w'’-]+){0,3}(?:\s+\([^)]{1,20}\))?"
)
_LABELS: Final = re.compile(r"(?i)\b(?:tel|telephone|t|m|mob|mobile|phone|ph|e|email|e-mail|web|w|call|ring|or)\b|[\W_]+")
MOST_BESIDE: Final = 2
"""Words beside a number or a site on its line: more of them say something."""
_SMALL: Final = frozenset(("of", "the", "and", "for", "at", "in", "on", "de", "la", "van", "der", "from", "my", "sent"))


def contact_block(text: str) -> int:
    """Return the offset at which such a block begins, or the text's length where there is none."""
    lines = text.rstrip().split("\n")
    below = _last_lines(lines)
    first = len(lines) - len(below)
    for number in range(len(below)):
        if _PARTING.fullmatch(below[number].strip()) and _all_of_contact(below[number + 1 :], fewest=1):
            return _start_of(lines, first + number, text)
    facts = next((number for number in range(len(below)) if _all_of_contact(below[number:], fewest=FEWEST_FACTS)), None)
    # The name stands on the first line; a line of words right above an address is no name's.
    return len(text) if facts is None else _start_of(lines, first + facts, text)


def _last_lines(lines: list[str]) -> list[str]:
    """Return the last lines that are short enough for a block, blank ones among them."""
    count = filled = 0
    for line in reversed(lines[-MOST_LINES - MOST_BLANK :]):
        short = len(line) <= MOST_LETTERS and len(line.split()) <= MOST_WORDS
        if not short or filled == MOST_LINES:
            break
        filled += bool(line.strip())
        count += 1
    return lines[len(lines) - count :]


def _all_of_contact(lines: list[str], fewest: int) -> bool:
    """Tell whether lines hold ways to reach the writer, and beside them nothing but a name, a role, a firm."""
    said = [line.strip() for line in lines if line.strip()]
    facts = [_is_fact(line) for line in said]
    if sum(facts) < fewest:
        return False
    if fewest == FEWEST_FACTS:
        return all(facts[1:]) and (facts[0] or _NAME.fullmatch(said[0]) is not None)
    return all(fact or _titled(line) for line, fact in zip(said, facts, strict=True))


def _is_fact(line: str) -> bool:
    found = _FACT.search(line)
    if found is None:
        return False
    beside = _LABELS.sub(" ", _FACT.sub(" ", line))
    return len(beside.split()) <= MOST_BESIDE


def _titled(line: str) -> bool:
    """Tell whether a line is written as names and roles are: whoever adds a word in haste writes it in small letters."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if word.lower() not in _SMALL]
    return all(word[0].isupper() for word in words) and not line.isupper() and line[-1] not in "!?"


def _start_of(lines: list[str], number: int, text: str) -> int:
    start = sum(len(line) + 1 for line in lines[:number])
    return start if len(text[:start].split()) >= FEWEST_LEFT else len(text)
