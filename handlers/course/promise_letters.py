"""The letters about what was promised: that its day changed, that it will not be done, or that its day has passed (Code 7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.landlord import Landlord
from handlers.letter_blocks import Block, blocks
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More

CHANGED, LATE = "promise_changed", "promise_late"
_WAS, _NEW = date(2027, 1, 8), date(2027, 1, 15)


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseChanged(More):
    """What was promised and by when; ``new_day`` is its new day, and there is none where it will not be done."""

    promised: str
    because: tuple[Block, ...]
    was_due: date | None
    new_day: date | None = None

    def must_say(self) -> tuple[str, ...]:
        """Return what was promised, why it changes, and the new day."""
        lines = (line for block in self.because for line in block.lines)
        return (self.promised, *lines, *([day(self.new_day)] if self.new_day else []))


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseLate(More):
    """What was promised for a day that has passed."""

    promised: str
    was_due: date

    def must_say(self) -> tuple[str, ...]:
        """Return what was promised, and for which day."""
        return (self.promised, day(self.was_due))


def changed(promised: str, why: str, was_due: date | None, new_day: date | None = None) -> PromiseChanged:
    """Return the facts of a change from what a person said."""
    return PromiseChanged(promised=promised, because=blocks(why), was_due=was_due, new_day=new_day)


def _changes(_landlord: Landlord) -> Mapping[str, More]:
    tap = "We put in a new tap"
    return {
        "another day": changed(tap, "The part comes a week late.\n\n- It comes on Monday.", _WAS, _NEW),
        "sooner": changed(tap, "The part came early.", _NEW, _WAS),
        "not done": changed(tap, "The old tap is mended, and does not drip.", _WAS),
        "no day was set": changed("We pay you £50 for your wait", "We paid you this in May.", None),
    }


def _late(_landlord: Landlord) -> Mapping[str, More]:
    return {"plain": PromiseLate(promised="We put in a new tap", was_due=_WAS)}


KINDS = (
    KindOfLetter(name=CHANGED, samples=_changes, may_say=frozenset({"£", "compensation", "refund", "reimburse"})),
    KindOfLetter(name=LATE, samples=_late, may_say=frozenset({"£", "compensation", "refund", "reimburse"}), automatic=True),
)
