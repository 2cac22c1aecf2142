"""The letters about time: why an answer takes longer and until when, and how a complaint stands meanwhile (Code 6.4, 6.5, 5.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.course.answer_letters import MAY_SAY, PointAnswered
from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More

_OLD, _NEXT, _NEW = date(2027, 1, 8), date(2027, 1, 15), date(2027, 1, 22)


def _lines(of: tuple[Block, ...]) -> tuple[str, ...]:
    return tuple(line for block in of for line in block.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeTold(More):
    """What an extension notice says; ``because`` are the reasons, ``known`` is what can be answered already.

    ``found`` are points of the answer that is being written which can be told now, each with finding and reasons. ``next_update`` is when we write meanwhile, and is left out where the answer itself comes first.
    """

    because: tuple[Block, ...]
    known: tuple[Block, ...]
    found: tuple[PointAnswered, ...]
    was_due: date
    answer_by: date
    next_update: date | None
    every: str
    ombudsman: str
    ombudsman_phone: str

    def must_say(self) -> tuple[str, ...]:
        """Return the four blocks of policy 4.3.5: reasons, new date, when we write, what we know; and the Ombudsman (Code 6.5)."""
        dates = [day(self.answer_by), *([day(self.next_update)] if self.next_update else [])]
        found = [part for point in self.found for part in (point.words, point.found, *_lines(point.reasons), point.reference)]
        return (*_lines(self.because), *_lines(self.known), *found, *dates, self.ombudsman, self.ombudsman_phone)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressTold(More):
    """What an update says: how it stands, by when the answer comes or was due, and when we write again."""

    news: tuple[Block, ...]
    next_update: date
    answer_by: date | None = None
    was_due: date | None = None

    def must_say(self) -> tuple[str, ...]:
        """Return what was found, and the next date (Code 5.9)."""
        return (*_lines(self.news), day(self.next_update))


def every_words(days: int) -> str:
    """Return how often, as a letter says it."""
    if days % 7 == 0:
        return "every week" if days == 7 else f"every {days // 7} weeks"  # noqa: PLR2004  # days of a week
    return "every day" if days == 1 else f"every {days} days"


def time_told(  # each is a fact of its own
    landlord: Landlord,
    *,
    because: str,
    known: str,
    was_due: date,
    answer_by: date,
    next_update: date,
    days: int,
    found: tuple[PointAnswered, ...] = (),
) -> TimeTold:
    """Return the facts of an extension notice from what a person said."""
    office = landlord.housing_ombudsman
    return TimeTold(
        because=blocks(because),
        known=blocks(known),
        found=found,
        was_due=was_due,
        answer_by=answer_by,
        next_update=next_update if next_update < answer_by else None,
        every=every_words(days),
        ombudsman=office.name,
        ombudsman_phone=office.phone or "",
    )


def _extensions(landlord: Landlord) -> Mapping[str, More]:
    because = "We have to see the pipes behind the wall. The plumber can come on Thursday 14 January 2027."
    known = "We know already that nobody came on Tuesday. That was wrong, and we are sorry."
    plain = time_told(landlord, because=because, known="", was_due=_OLD, answer_by=_NEW, next_update=_NEXT, days=7)
    more = time_told(landlord, because=because, known=known, was_due=_OLD, answer_by=_NEW, next_update=_NEW, days=10)
    point = PointAnswered(
        number=2,
        words="Nobody came on Tuesday.",
        finding="upheld",
        reasons=blocks("Our diary shows that he went to another home."),
        reference="Our repairs policy, part 5",
    )
    return {"plain": plain, "part of the answer": more, "a point answered": replace(more, found=(point,))}


def _updates(_landlord: Landlord) -> Mapping[str, More]:
    news = blocks(
        "The plumber came on Thursday. He found the leak.\n\n- He mends it on Monday.\n- We paint the wall after that."
    )
    return {
        "plain": ProgressTold(news=news, answer_by=_NEW, next_update=_NEXT),
        "late": ProgressTold(news=news, was_due=_OLD, next_update=_NEXT),
    }


TIME_LETTERS = (
    KindOfLetter(name="extension_notice", samples=_extensions, may_say=MAY_SAY),
    KindOfLetter(name="progress_update", samples=_updates),
)
