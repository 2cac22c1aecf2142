"""Carries knowledge from html over to the plain text beside it: which of the same words are quoted."""

from __future__ import annotations

import re
from itertools import chain, islice

Ranges = tuple[tuple[int, int], ...]
"""Half-open ranges of characters, in order."""

NEAR = 40
"""Words that one version may have and the other not, such as the address of a link."""
MOST_WORDS = 50_000
ENOUGH = 0.6
"""Share of the html's words which must be found for the two to be the same text."""
_FREE, _QUOTED = b"\1", b"\2"
_WORD = re.compile(r"[^\W_]+")
# Most lines are ASCII, and splitting those at everything but letters and digits takes a fifth of the pattern's time.
_APART = bytes(sign if chr(sign).isalnum() and sign < 128 else 32 for sign in range(256))  # noqa: PLR2004 - the end of ASCII


def aligned(plain: str, seen: str, quoted: Ranges) -> Ranges | None:
    """Return the lines of ``plain`` whose words are quoted in ``seen``; None where the two are different texts."""
    if not quoted or plain == seen:
        return quoted
    per_line = [_words(line) for line in plain.split("\n")]
    ours = list(islice(chain.from_iterable(per_line), MOST_WORDS))
    theirs, flags = _flagged(seen, quoted)
    # Two versions mostly differ in a few places, if at all: what stands before and behind these is compared at once.
    head = _same(ours, theirs)
    tail = _same(ours[: head - 1 if head else None : -1], theirs[: head - 1 if head else None : -1])
    pairs = _pairs(ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    if head + len(pairs) + tail < ENOUGH * len(theirs):
        return None
    votes = bytearray(len(ours))
    votes[:head] = flags[:head]
    votes[len(ours) - tail :] = flags[len(theirs) - tail :]
    for mine, other in pairs:
        votes[head + mine] = flags[head + other]
    return _lines(plain, per_line, votes)


def _words(line: str) -> list[str]:
    if line.isascii():
        return line.lower().encode().translate(_APART).decode().split()
    return _WORD.findall(line.casefold())


def _flagged(seen: str, quoted: Ranges) -> tuple[list[str], bytes]:
    """Return the words that are seen, and for each whether it is quoted."""
    words: list[str] = []
    flags = bytearray()
    before = 0
    for start, end in (*quoted, (len(seen), len(seen))):
        for piece, flag in ((seen[before:start], _FREE), (seen[start:end], _QUOTED)):
            found = [word for line in piece.split("\n") for word in _words(line)]
            words += found
            flags += flag * len(found)
        before = end
    return words[:MOST_WORDS], bytes(flags[:MOST_WORDS])


def _same(ours: list[str], theirs: list[str]) -> int:
    """Return how many words at the beginning are the same."""
    most = min(len(ours), len(theirs))
    if ours[:most] == theirs[:most]:
        return most
    return next(place for place in range(most) if ours[place] != theirs[place])


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


def _lines(plain: str, per_line: list[list[str]], votes: bytearray) -> Ranges:
    """Turn the words' votes into ranges of whole lines; a line without a vote goes with the lines on both sides."""
    ranges: list[tuple[int, int]] = []
    start, word, broken = 0, 0, True
    for line, words in zip(plain.split("\n"), per_line, strict=True):
        end = start + len(line)
        said = votes[word : word + len(words)]
        word += len(words)
        free, old = said.count(_FREE), said.count(_QUOTED)
        if old > free:
            if not broken and ranges:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
            broken = False
        elif free:
            broken = True
        start = end + 1
    return tuple(ranges)
