"""What an answer says to each point of the definition, and what still keeps the answer from being whole (Code 6.7, 6.18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.case_acts import Refused
from handlers.definition import Point, plainly
from handlers.rows import Row, definition_of
from store.course_models import StageRecord
from store.models import Case

FINDINGS = {"upheld": "Upheld", "partly": "Partly upheld", "not": "Not upheld"}
"""What can be found on a point (Code 6.7): there is nothing else to be found."""
GRIEVED = frozenset({"upheld", "partly"})
LONGEST_REASONS = 6_000
LONGEST_REFERENCE = 400
LONGEST_DECISION = 700


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the officer says to one point; anything may still be missing while it is a draft."""

    finding: str = ""
    reasons: str = ""
    reference: str = ""

    def missing(self, number: int) -> list[tuple[str, str]]:
        """Return what is missing, as the field's name and what to do."""
        found = []
        if self.finding not in FINDINGS:
            found.append((f"finding-{number}", f"Say what you found on point {number}"))
        if not self.reasons.strip():
            found.append((f"reasons-{number}", f"Give the reasons for point {number} (Code 6.7)"))
        if not self.reference.strip():
            found.append((f"reference-{number}", f"Name the policy, law or good practice for point {number} (Code 6.7)"))
        return found

    def check(self, number: int) -> None:
        """Refuse what cannot be kept, even in a draft."""
        if self.finding and self.finding not in FINDINGS:
            raise Refused(f"Choose what you found on point {number}", f"finding-{number}")
        for name, words, most in (
            ("reasons", self.reasons, LONGEST_REASONS),
            ("reference", self.reference, LONGEST_REFERENCE),
        ):
            if len(words) > most:
                raise Refused(f"Make it {most:,} characters or fewer; it has {len(words):,}", f"{name}-{number}")


def numbers_at(case: Case, record: StageRecord | None) -> tuple[int, ...]:
    """Return the numbers of the definition's points that a stage is about, the first being 1: all, or those asked about."""
    definition = definition_of(case.definition)
    every = range(1, len(definition.points) + 1) if definition is not None else range(0)
    chosen = set(record.points) & set(every) if record is not None else set()
    return tuple(sorted(chosen or every))


def points_of(case: Case, numbers: Sequence[int]) -> list[tuple[int, Point]]:
    """Return these points of a case's definition with their numbers."""
    definition = definition_of(case.definition)
    return [] if definition is None else [(number, definition.points[number - 1]) for number in numbers]


def kept_point(number: int, point: Point, said: Said) -> Row:
    """Return a point with what was said to it, as an answer keeps both: it tells whether the definition changed since."""
    asked = {"number": number, "words": point.words, "responsibility": point.responsibility, "who": point.who}
    return asked | {"finding": said.finding, "reasons": said.reasons.strip(), "reference": said.reference.strip()}


def said_of(kept: Row) -> Said:
    """Return what was said to a kept point."""
    return Said(finding=kept["finding"], reasons=kept["reasons"], reference=kept["reference"])


def is_same(kept: Row, point: Point) -> bool:
    """Return whether a kept point is the definition's still: the same words, and the same office answers for it."""
    return (kept["words"], kept["responsibility"], kept["who"]) == (point.words, point.responsibility, point.who)


def carried_over(kept: Sequence[Row], point: Point) -> Said:
    """Return what was said to a point, wherever it stands now; nothing where its words are new."""
    found = next((row for row in kept if row["words"] == point.words), None)
    return said_of(found) if found is not None else Said()


def changed_since(kept: Sequence[Row], points: Sequence[tuple[int, Point]]) -> list[int]:
    """Return the numbers of the points that are not as they were when they were answered."""
    then = {row["number"]: row for row in kept}
    changed = [number for number, point in points if number not in then or not is_same(then[number], point)]
    gone = [number for number in then if number not in {number for number, _ in points}]
    return sorted({*changed, *gone})


def unsettled(points: Sequence[tuple[int, Point]]) -> list[int]:
    """Return the numbers of the points of which nobody has settled whether we answer for them (Code 5.7)."""
    return [number for number, point in points if point.responsibility == "being_clarified"]


def plain_words(point: Point) -> str:
    """Return a point's words as a letter may repeat them: without links, addresses and telephone numbers."""
    return plainly(point.words)


def grieved(kept: Sequence[dict[str, Any]]) -> list[int]:
    """Return the numbers of the points on which something was found to have gone wrong."""
    return [row["number"] for row in kept if row["finding"] in GRIEVED]
