"""Carries knowledge from html over to the plain text beside it: which of the same words are quoted."""

from __future__ import annotations

import re
from bisect import bisect_right

Ranges = tuple[tuple[int, int], ...]
"""Half-open ranges of characters, in order."""

NEAR = 40
"""Words that one version may have and the other not, such as the address of a link."""
MOST_WORDS = 50_000
ENOUGH = 0.6
"""Share of the html's words which must be found for the two to be the same text."""
_WORD = re.compile(r"[^\W_]+")


def aligned(plain: str, seen: str, quoted: Ranges) -> Ranges | None:
    """Return the lines of ``plain`` whose words are quoted in ``seen``; None where the two are different texts."""
    if not quoted or plain == seen:
        return quoted
    ours = [(word[0].casefold(), word.start()) for word in _WORD.finditer(plain)][:MOST_WORDS]
    theirs = [(word[0].casefold(), word.start()) for word in _WORD.finditer(seen)][:MOST_WORDS]
    pairs = _pairs([word for word, _ in ours], [word for word, _ in theirs])
    if len(pairs) < ENOUGH * len(theirs):
        return None
    votes = [(ours[mine][1], _within(theirs[other][1], quoted)) for mine, other in pairs]
    return _lines(plain, votes)


def _pairs(ours: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Match the words in order, skipping at most ``NEAR`` on our side for each of theirs."""
    pairs: list[tuple[int, int]] = []
    mine = 0
    for other, word in enumerate(theirs):
        if mine < len(ours) and ours[mine] == word:
            pairs.append((mine, other))
            mine += 1
            continue
        following = theirs[other + 1 : other + 2]
        for ahead in range(mine, min(mine + NEAR, len(ours))):
            # One equal word may be chance; two in a row are the place.
            if ours[ahead] == word and ours[ahead + 1 : ahead + 2] == following:
                pairs.append((ahead, other))
                mine = ahead + 1
                break
    return pairs


def _within(place: int, ranges: Ranges) -> bool:
    found = bisect_right(ranges, (place, float("inf"))) - 1
    return found >= 0 and ranges[found][0] <= place < ranges[found][1]


def _lines(plain: str, votes: list[tuple[int, bool]]) -> Ranges:
    """Turn the words' votes into ranges of whole lines; a line without a vote goes with the lines on both sides."""
    ranges: list[tuple[int, int]] = []
    start, vote, broken = 0, 0, True
    for line in plain.split("\n"):
        end = start + len(line)
        said = []
        while vote < len(votes) and votes[vote][0] < end:
            said.append(votes[vote][1])
            vote += 1
        if said and sum(said) * 2 > len(said):
            if not broken and ranges:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
            broken = False
        elif said:
            broken = True
        start = end + 1
    return tuple(ranges)
