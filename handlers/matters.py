"""Sentences put together into the numbered points of a definition: one matter each, as long as a letter can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.redaction import LEFT_OUT, without_abuse
from handlers.sentences import Sentence

MOST_POINTS = 6
LONGEST_POINT = 600
MORE = "[There is more in your message, and we will read all of it.]"
HARDLY_A_MATTER = 60
"""Characters below which a paragraph is taken for part of its neighbour."""
_NEXT_MATTER = re.compile(
    r"(?:and |but |oh |so )?(?:also|p\.?s\b|another (?:thing|issue|problem|matter)|(?:second|third|fourth|fifth|final|last)ly|finally|second|in addition"
    r"|additionally|furthermore|moreover|separately|on top of (?:this|that|all)|as well as (?:this|that|all)|besides|the other (?:thing|issue|problem)"
    r"|whil(?:e|st) (?:i am|i'm|we are)|then there(?:'s| is| are)|plus|my (?:second|third|next|other)|(?:one|two|three|four|five)(?=[.:]))\b",
    re.IGNORECASE,
)


def fit_to_repeat(said: list[Sentence]) -> list[Sentence]:
    """Leave the abuse out, one mark for as much as stands together, and cut a very long sentence into pieces."""
    kept: list[Sentence] = []
    for sentence in said:
        for number, words in enumerate(_pieces(without_abuse(sentence.words), LONGEST_POINT - len(MORE) - 1)):
            if not (words == LEFT_OUT and kept and kept[-1].words == LEFT_OUT):
                kept.append(Sentence(words, opens=sentence.opens and not number, item=sentence.item and not number))
    return kept


def _pieces(words: str, longest: int) -> Iterable[str]:
    while len(words) > longest:
        cut = words.rfind(" ", longest // 2, longest)
        cut = cut if cut > 0 else longest
        yield words[:cut].rstrip()
        words = words[cut:].lstrip()
    if words:
        yield words


def points_of(said: list[Sentence], outcomes: tuple[str, ...], *, more: bool) -> list[str]:
    """Return the words of each point, at most six; what only asks for something stands with the outcomes instead.

    ``more`` says that the message goes on beyond what was read: the last point says so, as where six points are too few.
    """
    asked = set(outcomes)
    told = [sentence for sentence in said if sentence.words not in asked]
    if sum(len(sentence.words) for sentence in told) < HARDLY_A_MATTER:
        told = said
    points = _packed(told, by_matter=True)
    if len(points) > MOST_POINTS:
        points = _packed(told, by_matter=False)
    if more or len(points) > MOST_POINTS:
        points = points[:MOST_POINTS]
        points[-1:] = [f"{last} {MORE}" for last in points[-1:]]
    return points


def _packed(told: list[Sentence], *, by_matter: bool) -> list[str]:
    """Put sentences together until the matter changes or the point is full; room is kept for the word that there is more."""
    points: list[str] = []
    after_item = False
    for sentence in told:
        new = not points or len(points[-1]) + 1 + len(sentence.words) > LONGEST_POINT - len(MORE) - 1
        if new or (by_matter and _begins_a_matter(sentence, points[-1], after_item=after_item)):
            points.append(sentence.words)
        else:
            points[-1] = f"{points[-1]} {sentence.words}"
        after_item = sentence.item or (after_item and not sentence.opens)
    return points


def _begins_a_matter(sentence: Sentence, before: str, *, after_item: bool) -> bool:
    if sentence.item and after_item:
        return True
    if len(before) < HARDLY_A_MATTER or before == LEFT_OUT:
        return False
    return (
        sentence.item or (sentence.opens and len(sentence.words) >= HARDLY_A_MATTER) or bool(_NEXT_MATTER.match(sentence.words))
    )
