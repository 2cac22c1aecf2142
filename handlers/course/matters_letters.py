"""What the letters say that tell of matters added, asked about or gone on by themselves, and that ask who may speak for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.definition import Definition, Point
from handlers.landlord import Landlord
from handlers.letter_facts import Group, grouped
from handlers.letter_words import day
from handlers.more_facts import KindOfLetter, More
from handlers.references import Reference

_DAY = date(2026, 9, 30)
LONGEST_ASKED = 300
"""Characters of a question that a chat message holds beside all that it must say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined(More):
    """Points that were added to an open complaint, numbered after those that it had (Code 6.8)."""

    told_on: date
    new_points: tuple[str, ...]
    first_number: int
    new_responsibilities: tuple[Group, ...]

    def must_say(self) -> tuple[str, ...]:
        """Return each new point, and when it was told."""
        return (*self.new_points, day(self.told_on))


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked(More):
    """A question about what the complaint is (Code 5.6)."""

    asked: str
    asked_short: str

    def must_say(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.asked,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrected(More):
    """The definition as it stands after the resident put it right (Code 5.6, 5.7)."""

    points_now: tuple[str, ...]
    outcomes_now: tuple[str, ...]
    responsibilities_now: tuple[Group, ...]

    def must_say(self) -> tuple[str, ...]:
        """Return each point and each outcome."""
        return (*self.points_now, *self.outcomes_now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart(More):
    """Points that go on as a complaint of their own, from the same day of receipt."""

    apart_points: tuple[str, ...]
    own_reference: str
    own_respond_by: date | None = None

    def must_say(self) -> tuple[str, ...]:
        """Return the new reference, and what goes on under it."""
        return (*self.apart_points, self.own_reference)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted(More):
    """When somebody wrote whose authority to speak is asked for: all that the letter knows of the case (Code 3.6)."""

    heard_on: date

    def must_say(self) -> tuple[str, ...]:
        """Return the day of their own message."""
        return (day(self.heard_on),)


def joined(points: tuple[Point, ...], first_number: int, told_on: date, landlord: Landlord) -> Joined:
    """Return the facts of points that were added, the first with this number."""
    return Joined(
        told_on=told_on,
        new_points=tuple(point.words for point in points),
        first_number=first_number,
        new_responsibilities=tuple(grouped(points, landlord, first_number)),
    )


def corrected(definition: Definition, landlord: Landlord) -> Corrected:
    """Return the facts of a definition that was put right."""
    return Corrected(
        points_now=tuple(point.words for point in definition.points),
        outcomes_now=definition.outcomes,
        responsibilities_now=tuple(grouped(definition.points, landlord)),
    )


def asked(question: str) -> Asked:
    """Return the facts of a question, with its short form."""
    short = question if len(question) <= LONGEST_ASKED else f"{question[: LONGEST_ASKED - 1].rstrip()}…"
    return Asked(asked=question, asked_short=short)


def _joined(landlord: Landlord) -> Mapping[str, More]:
    ours = Point(words="The lift has been broken for three weeks.", responsibility="ours")
    service = next(iter(landlord.services.values()), landlord.council_complaints)
    theirs = Point(words="The bins were not emptied.", responsibility="not_ours", who=service.name)
    unclear = Point(words="The path is dark.", responsibility="being_clarified")
    return {
        "one": joined((ours,), 3, _DAY, landlord),
        "several": joined((ours, theirs, unclear), 2, _DAY, landlord),
    }


def _asked(_landlord: Landlord) -> Mapping[str, More]:
    plain = asked("Is the damp in the bedroom, or in the kitchen too?")
    return {"plain": plain, "long": asked("Is it the same leak that we mended in May? " * 13)}


def _corrected(landlord: Landlord) -> Mapping[str, More]:
    points = (
        Point(words="The damp is in the bedroom.", responsibility="ours"),
        Point(words="The path is dark.", responsibility="being_clarified"),
    )
    wanted = Definition(points=points, outcomes=("Please send somebody.",))
    return {
        "plain": corrected(wanted, landlord),
        "nothing asked for": corrected(Definition(points=points[:1], outcomes=(), question="What would help?"), landlord),
    }


def _apart(landlord: Landlord) -> Mapping[str, More]:
    own = str(Reference(prefix=landlord.reference_prefix, year="26", body="4F7K2P"))
    points = ("The lift has been broken for three weeks.", "Nobody answered my letter about it.")
    return {
        "answer owed": Apart(apart_points=points, own_reference=own, own_respond_by=_DAY),
        "no date": Apart(apart_points=points[:1], own_reference=own),
    }


def _wanted(_landlord: Landlord) -> Mapping[str, More]:
    return {"plain": Wanted(heard_on=_DAY)}


KINDS = (
    KindOfLetter(name="matter_joined", samples=_joined),
    KindOfLetter(name="definition_question", samples=_asked),
    KindOfLetter(name="definition_corrected", samples=_corrected),
    KindOfLetter(name="part_apart", samples=_apart),
    KindOfLetter(name="authority_wanted", samples=_wanted),
)
"""The kinds of letter of this area."""
