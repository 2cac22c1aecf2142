"""Made-up cases with which every letter is written once before a resident's case needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from classifiers.taxonomy import Category, Flag, Reason
from handlers.definition import Definition, Point
from handlers.landlord import Landlord
from handlers.letter_facts import LetterFacts
from handlers.letter_kinds import KINDS

_DAY = date(2026, 9, 30)
"""A Wednesday in September: no date is longer to write."""

LONGEST_PAGE = 112
"""Characters of the address of a resident's own page."""


def rehearsals(landlord: Landlord, kind: str) -> Iterator[LetterFacts]:
    """Yield cases which between them reach every choice of a letter; one with facts of its own is tried with its samples."""
    if kind not in KINDS:
        yield from _ordinary(landlord)
        return
    facts = next(_ordinary(landlord))
    for more in KINDS[kind].samples(landlord).values():
        yield replace(facts, more=more, is_automatic=KINDS[kind].automatic)
        if KINDS[kind].either:
            yield replace(facts, more=more, is_automatic=True, officer=None)


def _ordinary(landlord: Landlord) -> Iterator[LetterFacts]:
    """Yield cases with every reason and flag; the names are the longest."""
    team = max(landlord.teams.values(), key=lambda team: len(team.name))
    offices = (None, *landlord.services.values(), *landlord.signposts.values())
    longest = max(offices, key=lambda office: len(office.name) if office else 0)
    for number, reason in enumerate(Reason):
        plain = number % 2 == 0
        yield LetterFacts(
            reference=f"{landlord.reference_prefix}-26-7H2K4M-9P",
            received_on=_DAY,
            written_on=_DAY,
            team=team,
            category=None if plain else Category.SERVICE_REQUEST,
            also=() if plain else (Category.ASB_REPORT, Category.SERVICE_REQUEST),
            flags=() if plain else tuple(Flag),
            stage=1 if number % 4 < 2 else 2,  # noqa: PLR2004  # in turn with and without flags
            definition=_definition(landlord, asks=plain),
            repeat_words=number < len(Reason) / 2,
            look_by=_DAY,
            acknowledge_by=_DAY,
            respond_by=_DAY,
            respond_by_if_extended=_DAY,
            reason=reason,
            signpost=landlord.signposts.get(reason, longest),
            is_automatic=not plain,
            officer="Officer",
            subject="A matter",
            words="A matter.\n- an item\n\n1. a step",
            ask_what=True,
            ask_who=True,
            file_missing=True,
            page=f"https://{'x' * LONGEST_PAGE}",
            former=f"{landlord.reference_prefix}-26-7H2K4M-9P",
        )


def _definition(landlord: Landlord, *, asks: bool) -> Definition:
    others = [Point(words="a matter", responsibility="not_ours", who=office.name) for office in landlord.services.values()]
    points = (
        Point(words="a matter", responsibility="ours"),
        Point(words="a matter", responsibility="being_clarified"),
        *others[:1],
    )
    return Definition(points=points, outcomes=("an outcome",) if asks else (), question=None if asks else "a question?")
