"""Which points of the complaint a remedy puts right: those it names, or all of them where it names none (Code 7.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.case_acts import Refused
from handlers.letter_words import numbered
from handlers.rows import Row, definition_of
from store.course_models import Remedy
from store.models import Case


def named_points(case: Case, numbers: Collection[int]) -> list[Row] | None:
    """Return the points of these numbers as a remedy keeps them, with their words; None stands for all of them.

    The words are kept because a definition that is put right may number its points anew.
    """
    if not numbers:
        return None
    found = [row for row in points_now(case) if row["number"] in numbers]
    if len(found) != len(set(numbers)):
        raise Refused("Choose points that the complaint has", "points")
    return found


def points_now(case: Case) -> list[Row]:
    """Return the points of the definition as it stands, with their numbers."""
    definition = definition_of(case.definition)
    points = definition.points if definition is not None else ()
    return [{"number": number, "words": point.words} for number, point in enumerate(points, 1)]


def numbers_of(remedy: Remedy, points: Sequence[Row]) -> list[int]:
    """Return the numbers of these answered points that a remedy is for, wherever its points stand now."""
    if not remedy.points:
        return [row["number"] for row in points]
    named = {point["words"] for point in remedy.points}
    return [row["number"] for row in points if row["words"] in named]


def has_lost_its_points(case: Case, remedy: Remedy) -> bool:
    """Return whether a remedy names points, none of which the definition has any more."""
    words = {row["words"] for row in points_now(case)}
    named = {point["words"] for point in remedy.points or ()}
    return bool(named) and words.isdisjoint(named)


def without_remedy(grieved: Sequence[int], remedies: Sequence[Remedy], points: Sequence[Row]) -> list[int]:
    """Return the numbers of the points on which something went wrong and that no remedy puts right."""
    put_right = {number for remedy in remedies for number in numbers_of(remedy, points)}
    return [number for number in grieved if number not in put_right]


def about_words(remedy: Remedy, points: Sequence[Row]) -> str:
    """Return which points a remedy is for, as a letter says it; nothing where it is for all."""
    numbers = numbers_of(remedy, points)
    if not remedy.points or not numbers or len(numbers) == len(points):
        return ""
    return numbered(numbers).lower()


def in_order(case: Case, remedies: Sequence[Remedy], points: Sequence[Row]) -> list[Remedy]:
    """Return the remedies of these points in the order of a letter: for all of them first, then point by point.

    A remedy for other points of the complaint is left out; one whose points are gone is not, as it may be promised already.
    """
    told = [(numbers_of(remedy, points), remedy) for remedy in remedies]
    fit = [(numbers, remedy) for numbers, remedy in told if numbers or has_lost_its_points(case, remedy)]
    return [remedy for _, remedy in sorted(fit, key=lambda one: (bool(one[1].points), one[0], one[1].id or 0))]
