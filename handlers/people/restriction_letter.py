"""The letter that tells a resident of a restriction: why, what they may still do, how to challenge it, and until when (Code 5.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from handlers.people.restriction_words import TOLD
from handlers.redaction import visible
from store.people_models import Restriction

LETTER = "restriction_notice"
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


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    reasons = "On 3 and 5 May you shouted at Sam on the phone.\n\nWe asked you on 6 May to stop:\n- by letter\n- by phone"
    dates = {"starts_on": date(2027, 1, 11), "review_on": date(2027, 3, 22), "ends_on": date(2027, 6, 30)}
    return {
        "plain" if number == 0 else kind: RestrictionNotice(limit=told, limit_reasons=blocks(reasons), **dates)
        for number, (kind, told) in enumerate(TOLD.items())
    }


KIND = KindOfLetter(name=LETTER, samples=_samples, may_say=frozenset({"we have decided", "our decision"}))
