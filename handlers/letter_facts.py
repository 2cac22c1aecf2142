"""What a letter is written from: the facts of one case, and how they are laid out for the templates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from classifiers.taxonomy import Category, Flag, Reason
from handlers.definition import Definition, Point
from handlers.landlord import Landlord, Office, Team
from handlers.letter_blocks import blocks
from handlers.letter_words import TAKEN_FOR, day, numbered
from handlers.more_facts import More
from handlers.responsibility import Responsibility, ombudsmen_for, speaks_of_duties

IN_DANGER = {Flag.EMERGENCY}
AT_RISK = {Flag.SAFEGUARDING}
ABOUT_LANDLORD = "About us as your landlord"
ABOUT_COUNCIL = "About homelessness, the housing list or another service of the council"


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterFacts:
    """The facts of one letter; a fact that is left out makes the letter which needs it fail, never guess.

    ``acknowledge_by``, ``respond_by`` and ``respond_by_if_extended`` are Europe/London dates as stored with the case;
    ``look_by`` is the date by which a person looks. A petition's ``respond_by`` is its ten working days (policy 6.3).
    ``ask_what`` and ``ask_who`` say what the short form asks: what the message is about, and the resident's name and address;
    ``file_missing`` that a file of theirs could not be had;
    ``page`` is the address of the resident's own page. ``officer``, ``subject`` and ``words`` are those of a letter that a person writes;
    ``former`` is the reference that a case had before it went on in another; ``more`` are the facts of a kind that has its own.
    ``large_print`` says that the resident's letters are in large print (Code 5.10).
    """

    reference: str
    received_on: date
    written_on: date
    team: Team
    category: Category | None = None
    also: tuple[Category, ...] = ()
    flags: tuple[Flag, ...] = ()
    stage: Literal[1, 2] = 1
    definition: Definition | None = None
    repeat_words: bool = True
    look_by: date | None = None
    acknowledge_by: date | None = None
    respond_by: date | None = None
    respond_by_if_extended: date | None = None
    reason: Reason | None = None
    signpost: Office | None = None
    is_automatic: bool = True
    officer: str | None = None
    subject: str | None = None
    words: str | None = None
    ask_what: bool = False
    ask_who: bool = False
    file_missing: bool = False
    page: str | None = None
    former: str | None = None
    more: More | None = None
    large_print: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Points with the same answer to "who is responsible?" (Code 5.7)."""

    about: str
    responsibility: Responsibility
    who: str | None = None
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """An ombudsman, and which part of the message it can look at."""

    about: str
    office: Office


def laid_out(facts: LetterFacts, landlord: Landlord) -> dict[str, Any]:
    """Return the names a template may use; a fact that is ``None`` is missing, so that using it is an error."""
    names = {field.name: value for field in fields(facts) if (value := getattr(facts, field.name)) is not None}
    if facts.more is not None:
        names |= {field.name: value for field in fields(facts.more) if (value := getattr(facts.more, field.name)) is not None}
    names["answer_is_late"] = facts.respond_by is not None and facts.respond_by < facts.written_on
    names["in_danger"] = not IN_DANGER.isdisjoint(facts.flags)
    names["at_risk"] = not AT_RISK.isdisjoint(facts.flags)
    names["building_safety"] = Flag.BUILDING_SAFETY in facts.flags
    names["asks_stage_2"] = Flag.STAGE2 in facts.flags
    names["also_logged"] = tuple(TAKEN_FOR[category] for category in facts.also)
    names["ombudsmen"] = ombudsmen(facts, landlord)
    if facts.category is not None:
        names["category_words"] = TAKEN_FOR[facts.category]
    if facts.words is not None:
        names["blocks"] = blocks(facts.words)
    if facts.definition is not None:
        names.update(_defined(facts.definition, facts, landlord))
    return names


def _defined(definition: Definition, facts: LetterFacts, landlord: Landlord) -> dict[str, Any]:
    """Lay out the definition; where the words may not be repeated, it is one point that says none of them."""
    if facts.repeat_words:
        points, outcomes = definition.points, definition.outcomes
    else:
        ours = all(point.responsibility == "ours" for point in definition.points)
        words = f"What you wrote to us on {day(facts.received_on)}."
        points = (Point(words=words, responsibility="ours" if ours else "being_clarified"),)
        outcomes = ("What you asked us for in your message.",) if definition.outcomes else ()
    names: dict[str, Any] = {
        "points": [point.words for point in points],
        "outcomes": outcomes,
        "responsibilities": grouped(points, landlord),
    }
    if definition.question is not None:
        names["question"] = definition.question
    return names


def grouped(points: tuple[Point, ...], landlord: Landlord, first: int = 1) -> list[Group]:
    """Return points with the same answer together, numbered from ``first``, in the order in which they come."""
    groups: dict[tuple[Responsibility, str | None], list[int]] = {}
    for number, point in enumerate(points, start=first):
        groups.setdefault((point.responsibility, point.who), []).append(number)
    return [
        Group(about=numbered(numbers), responsibility=responsibility, who=who, contact=_contact(who, landlord))
        for (responsibility, who), numbers in groups.items()
    ]


def _contact(who: str | None, landlord: Landlord) -> tuple[str, ...]:
    office = next((office for office in landlord.services.values() if office.name == who), None)
    return tuple(way for way in (office.phone, office.website) if way) if office else ()


def ombudsmen(facts: LetterFacts, landlord: Landlord) -> tuple[Advice, ...]:
    """Return who may look at what: the Housing Ombudsman in every letter (Code 3.7), the council's where it fits.

    With a definition the choice is made point by point; without one, both are named with what each is for.
    """
    housing, council = landlord.housing_ombudsman, landlord.council_ombudsman
    about_landlord = f"About {housing.about}" if housing.about else ABOUT_LANDLORD
    about_council = f"About {council.about}" if council.about else ABOUT_COUNCIL
    if facts.definition is None or not facts.repeat_words:
        return (Advice(about=about_landlord, office=housing), Advice(about=about_council, office=council))
    points = facts.definition.points
    near = any(speaks_of_duties(point.words, landlord) for point in points)
    chosen = [ombudsmen_for(point.words, point.responsibility, landlord, duties_near=near) for point in points]
    ours = [number for number, (for_housing, _) in enumerate(chosen, start=1) if for_housing]
    theirs = [number for number, (_, for_council) in enumerate(chosen, start=1) if for_council]
    if not theirs:
        return (Advice(about=about_landlord, office=housing),)
    about_us = f"About {numbered(ours).lower()}" if ours else about_landlord
    return (Advice(about=about_us, office=housing), Advice(about=f"About {numbered(theirs).lower()}", office=council))
