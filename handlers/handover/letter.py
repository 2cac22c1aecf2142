"""The letter that tells a resident who does the work now: who, what they know, how to hear more (policy 2.2, 2.4b, 2.4e; Code 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.landlord import Landlord
from handlers.more_facts import KindOfLetter, More

LETTER = "handed_over"
TELL_US = "If you hear nothing from them, tell us."


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver(More):
    """Who has it now, whether they were told how to reach the resident, and how residents reach them, where the landlord says."""

    partner: str
    reach: str = ""
    with_contact: bool
    elsewhere: bool = False
    """It is no matter of ours: the resident agreed that another service has it (policy 2.4e)."""

    def must_say(self) -> tuple[str, ...]:
        """Return who has it, how to reach them, and that silence is to be told to us."""
        return tuple(filter(None, (self.partner, self.reach, TELL_US)))


def _samples(_landlord: Landlord) -> Mapping[str, More]:
    plain = HandedOver(partner="Repairs team", with_contact=True)
    return {
        "plain": plain,
        "published": HandedOver(partner="Street cleaning", reach="020 7946 0123", with_contact=False),
        "elsewhere": HandedOver(partner="Noise service", reach="020 7946 0124", with_contact=True, elsewhere=True),
    }


KIND = KindOfLetter(name=LETTER, samples=_samples, either=True)
