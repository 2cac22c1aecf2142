"""The draft definition of a complaint: numbered points in the resident's own words (Code 5.6, 5.7).

It is a draft: it goes out in the acknowledgement, the resident may correct it, and a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.landlord import Landlord
from handlers.redaction import LEFT_OUT, is_abusive, visible, without_places
from handlers.requests import requests_in
from handlers.responsibility import Responsibility, whose
from handlers.sentences import Sentence, sentences

MOST_POINTS = 6
LONGEST_POINT = 600
READ_AT_MOST = 8_000
"""Characters of a message that are drafted from; its points could not hold more, and a person reads all of it."""
MORE = "[There is more in your message, and we will read all of it.]"
NO_WORDS = "What you wrote to us in your message."
ASK_OUTCOME = "What would you like us to do to put this right?"
ASK_ALL = "Please tell us what has gone wrong, and what you would like us to do about it."

_NEXT_MATTER = re.compile(
    r"(?:and |but |oh |so )?(?:also|p\.?s\b|another (?:thing|issue|problem|matter)|(?:second|third|fourth|fifth|final|last)ly|finally|second|in addition"
    r"|additionally|furthermore|moreover|separately|on top of (?:this|that|all)|as well as (?:this|that|all)|besides|the other (?:thing|issue|problem)"
    r"|whil(?:e|st) (?:i am|i'm|we are)|then there(?:'s| is| are)|plus|my (?:second|third|next|other)|(?:one|two|three|four|five)(?=[.:]))\b",
    re.IGNORECASE,
)
_REPLY_MARKS = re.compile(r"\s*(?:(?:re|fwd?|fw|aw|wg)\s*:\s*)+", re.IGNORECASE)
_HARDLY_A_MATTER = 60
"""Characters below which a paragraph is taken for part of its neighbour."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One matter as the resident put it, and whether the landlord answers for it; ``who`` names the other office."""

    words: str
    responsibility: Responsibility
    who: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """What we understand and what is sought; with no outcomes there is a question instead (Code 5.6)."""

    points: tuple[Point, ...]
    outcomes: tuple[str, ...]
    question: str | None = None

    def __post_init__(self) -> None:
        """Hold Code 5.6: a definition has a point, and either an outcome or the question that asks for one."""
        if not self.points or not (self.outcomes or self.question):
            raise ValueError("a definition has at least one point, and an outcome or a question")


def draft(text: str, subject: str, landlord: Landlord) -> Definition:
    """Draft the definition from a message's new words; never raises, never returns an empty one.

    Each point has at most 600 characters, without links, addresses, numbers to call, abuse or hidden characters.
    """
    said = _fit_to_repeat(sentences(without_places(visible(text[:READ_AT_MOST]))))
    outcomes = requests_in(sentence.words for sentence in said)
    wordings = _points(said, outcomes, more=len(text) > READ_AT_MOST)
    heading = _heading(subject)
    if not any(words != LEFT_OUT for words in wordings):
        wordings = [" ".join((heading or NO_WORDS, *wordings))]
        return _definition(wordings, outcomes, ASK_OUTCOME if heading else ASK_ALL, landlord)
    if heading and len(wordings) == 1 and len(wordings[0]) < _HARDLY_A_MATTER:
        wordings = [f"{heading}: {wordings[0]}"]
    return _definition(wordings, outcomes, ASK_OUTCOME, landlord)


def _definition(wordings: list[str], outcomes: tuple[str, ...], question: str, landlord: Landlord) -> Definition:
    points = []
    for words in wordings:
        responsibility, who = whose(words, landlord)
        points.append(Point(words=words, responsibility=responsibility, who=who))
    return Definition(points=tuple(points), outcomes=outcomes, question=None if outcomes else question)


def _heading(subject: str) -> str:
    """Return the subject as words for a point, or nothing where it cannot be repeated."""
    words = " ".join(without_places(visible(subject[:200])).split())
    words = _REPLY_MARKS.sub("", words, count=1).rstrip(" .:")
    return "" if is_abusive(words) or not any(map(str.isalpha, words)) else words


def _fit_to_repeat(said: list[Sentence]) -> list[Sentence]:
    """Put one mark in the place of sentences with abuse; a very long sentence is cut into pieces first."""
    kept: list[Sentence] = []
    for sentence in said:
        for number, piece in enumerate(_pieces(sentence.words, LONGEST_POINT - len(MORE) - 1)):
            words = LEFT_OUT if is_abusive(piece) else piece
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


def _points(said: list[Sentence], outcomes: tuple[str, ...], *, more: bool) -> list[str]:
    asked = set(outcomes)
    told = [sentence for sentence in said if sentence.words not in asked]
    if sum(len(sentence.words) for sentence in told) < _HARDLY_A_MATTER:
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
    if len(before) < _HARDLY_A_MATTER or before == LEFT_OUT:
        return False
    return (
        sentence.item
        or (sentence.opens and len(sentence.words) >= _HARDLY_A_MATTER)
        or bool(_NEXT_MATTER.match(sentence.words))
    )
