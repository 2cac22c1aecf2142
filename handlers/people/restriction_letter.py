"""The letters that tell a resident of a restriction: why, until when and how to challenge it, and that it is over (Code 5.14, policy 7.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from handlers.people.restriction_words import FREE, TOLD
from handlers.redaction import visible
from store.people_models import Restriction

LETTER, ENDED = "restriction_notice", "restriction_ended"
STILL = "You can still complain, report a repair and report danger, in any way you like."
CHALLENGE = "If you do not agree, tell us. Somebody else will look at it again."


@dataclass(frozen=True, kw_only=True, slots=True)
class RestrictionNotice(More):
    """What is limited and why, in the words of whoever proposed it, and its dates."""

    limit: str
    limit_reasons: tuple[Block, ...]
    starts_on: date
    review_on: date
    ends_on: date

    def must_say(self) -> tuple[str, ...]:
        """Return what no wording of the landlord's own may drop."""
        reasons = (line for block in self.limit_reasons for line in block.lines)
        return (self.limit, *reasons, STILL, CHALLENGE, day(self.starts_on), day(self.review_on), day(self.ends_on))


def notice_of(row: Restriction, starts_on: date) -> RestrictionNotice:
    """Return what the letter says of a restriction that starts on this day."""
    return RestrictionNotice(
        limit=TOLD[row.kind],
        limit_reasons=blocks(visible(row.reasons)),
        starts_on=starts_on,
        review_on=row.review_on,
        ends_on=row.ends_on,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class RestrictionOver(More):
    """What holds again, since when, and which other restrictions still hold; ``early`` is one that a person lifted.

    One that was lifted before its first day never began.
    """

    can_now: str
    starts_on: date
    ended_on: date
    early: bool
    begun: bool = True
    still: tuple[str, ...] = ()

    def must_say(self) -> tuple[str, ...]:
        """Return what they can do again, since when, and what still holds."""
        return (self.can_now, day(self.ended_on if self.begun else self.starts_on), *self.still)


def over(row: Restriction, today: date, others: Collection[Restriction], *, early: bool) -> RestrictionOver:
    """Return what the letter says of a restriction that is over; ``others`` are those of the resident that stand."""
    still = [
        f"{TOLD[one.kind]} This ends on {day(one.ends_on)}." for one in others if one.state == "active" and one.id != row.id
    ]
    return RestrictionOver(
        can_now=FREE[row.kind],
        starts_on=row.starts_on,
        ended_on=today if early else row.ends_on,
        early=early,
        begun=row.starts_on <= today,
        still=tuple(still),
    )


def _over(_landlord: Landlord) -> Mapping[str, More]:
    starts_on, ends_on = date(2027, 1, 11), date(2027, 6, 30)
    other = f"{TOLD['by_appointment']} This ends on {day(ends_on)}."
    ended = {
        "time over": RestrictionOver(can_now=FREE["one_contact"], starts_on=starts_on, ended_on=ends_on, early=False),
        "never began": RestrictionOver(
            can_now=FREE["set_times"], starts_on=starts_on, ended_on=date(2027, 1, 8), early=True, begun=False
        ),
    }
    lifted = {
        kind: RestrictionOver(can_now=words, starts_on=starts_on, ended_on=date(2027, 3, 22), early=True, still=(other,))
        for kind, words in FREE.items()
    }
    return ended | lifted


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    reasons = "On 3 and 5 May you shouted at Sam on the phone.\n\nWe asked you on 6 May to stop:\n- by letter\n- by phone"
    dates = {"starts_on": date(2027, 1, 11), "review_on": date(2027, 3, 22), "ends_on": date(2027, 6, 30)}
    return {
        "plain" if number == 0 else kind: RestrictionNotice(limit=told, limit_reasons=blocks(reasons), **dates)
        for number, (kind, told) in enumerate(TOLD.items())
    }


KINDS_OF_RESTRICTION = (
    KindOfLetter(name=LETTER, samples=_samples, may_say=frozenset({"we have decided", "our decision"})),
    KindOfLetter(name=ENDED, samples=_over, either=True),
)
"""The kinds of letter about restrictions."""
