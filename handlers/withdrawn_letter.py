"""The letter to a resident who took their complaint back: what, when, and that they can come back to it (design section 2, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More

LETTER = "complaint_withdrawn"
COME_BACK = "You can come back to your complaint at any time."
NOT_SO = "If you did not take it back, or if you meant only a part of it, please tell us."


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack(More):
    """The day on which the resident said so; what they took back is the definition, as in every letter."""

    said_on: date

    def must_say(self) -> tuple[str, ...]:
        """Return the day, that they can come back to it, and that we may have misheard."""
        return (day(self.said_on), COME_BACK, NOT_SO)


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    return {"plain": TakenBack(said_on=date(2027, 1, 8))}


KIND = KindOfLetter(name=LETTER, samples=_samples)
