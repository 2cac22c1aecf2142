"""Builds what acts on a complaint's course are done with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desk.facts import habits_of
from desk.partner_settings import partners_of
from handlers.course.acting import Course
from handlers.course.chores import CHORES
from handlers.course.posting import Posting

if TYPE_CHECKING:
    from desk.wiring import House


def course_of(house: House) -> Course:
    """Return what a house does such acts with."""
    posting = Posting(correspondence=house.correspondence, own=house.own, windows=house.windows)
    return Course(
        acts=house.acts,
        posting=posting,
        surroundings=house.surroundings,
        correspondence=house.correspondence,
        habits=habits_of(house.settings),
        limits=house.settings.remedies.limits(),
        guidance=house.settings.remedies.beside(),
        partners=partners_of(house.settings),
        people=house.settings.course.people(),
        surveys=house.settings.surveys.rules(),
    )


def chores_of(house: House) -> dict[str, Callable[[], int]]:
    """Return what the sweep of a house does beside its own, by name."""
    return {name: partial(chore, house.course) for name, chore in CHORES.items()}
