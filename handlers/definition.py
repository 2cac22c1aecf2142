"""The draft definition of a complaint: numbered points in the resident's own words (Code 5.6, 5.7).

It is a draft: it goes out in the acknowledgement, the resident may correct it, and a person confirms it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from handlers.landlord import Landlord
from handlers.matters import HARDLY_A_MATTER, fit_to_repeat, points_of
from handlers.redaction import LEFT_OUT, is_abusive, visible, without_places
from handlers.requests import requests_in
from handlers.responsibility import Responsibility, whose
from handlers.sentences import sentences

READ_AT_MOST = 8_000
"""Characters of a message that are drafted from; its points could not hold more, and a person reads all of it."""
NO_WORDS = "What you wrote to us in your message."
ASK_OUTCOME = "What would you like us to do to put this right?"
ASK_ALL = "Please tell us what has gone wrong, and what you would like us to do about it."

_REPLY_MARKS = re.compile(r"\s*(?:(?:re|fwd?|fw|aw|wg)\s*:\s*)+", re.IGNORECASE)


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
    said = fit_to_repeat(sentences(without_places(visible(text[:READ_AT_MOST]))))
    outcomes = requests_in(sentence.words for sentence in said)
    wordings = points_of(said, outcomes, more=len(text) > READ_AT_MOST)
    heading = _heading(subject)
    if not any(words != LEFT_OUT for words in wordings):
        wordings = [" ".join((heading or NO_WORDS, *wordings))]
        return _definition(wordings, outcomes, ASK_OUTCOME if heading else ASK_ALL, landlord)
    if heading and len(wordings) == 1 and len(wordings[0]) < HARDLY_A_MATTER:
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


def for_letter(definition: Definition) -> Definition:
    """Leave out of a person's words what no letter may repeat: links, addresses, telephone numbers (design section 4)."""
    points = tuple(replace(point, words=plainly(point.words)) for point in definition.points)
    question = plainly(definition.question) if definition.question else None
    return Definition(points=points, outcomes=tuple(map(plainly, definition.outcomes)), question=question)


def plainly(words: str) -> str:
    """Leave out of words what no letter may repeat: links, addresses, telephone numbers (design section 4)."""
    return without_places(visible(words))
