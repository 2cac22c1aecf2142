"""The letter that acknowledges stage 2: what was asked for and when, what we look at again, who and by when (Code 6.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from handlers.redaction import visible, without_abuse, without_places

LETTER = "stage2_acknowledged"
LONGEST = 600
"""Characters of the resident's reasons, as a letter repeats them (design section 4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage2Begun(More):
    """``received_on`` is when we were asked; ``in_question`` are the points ("Points 1 and 3"), nothing where it is all of them.

    ``late`` says that stage 1 was overdue and never answered.
    """

    received_on: date
    in_question: str = ""
    disagreement: str = ""
    late: bool = False

    def must_say(self) -> tuple[str, ...]:
        """Return what Code 6.11 owes: the stage, the day of the request, and what of it we look at again."""
        return ("stage 2", day(self.received_on), *filter(None, [self.in_question]))


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    asked = date(2026, 12, 21)
    said = "You say that the tap was mended, and it still drips."
    return {
        "all of it": Stage2Begun(received_on=asked),
        "some points, with reasons": Stage2Begun(received_on=asked, in_question="Points 1 and 2", disagreement=said),
        "stage 1 was late": Stage2Begun(received_on=asked, late=True),
    }


KIND = KindOfLetter(name=LETTER, samples=_samples)


def repeatable(words: str) -> str:
    """Return a resident's reasons as a letter may repeat them: on one line, without places and abuse, cut at a word."""
    plain = without_abuse(without_places(" ".join(visible(words).split())))
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"
