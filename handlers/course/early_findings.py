"""Points that can be answered before the rest: told in the letter that asks for more time (policy 4.3.5)."""

from __future__ import annotations

from collections.abc import Collection

from handlers.case_acts import Act, Refused
from handlers.course import stages
from handlers.course.answer_checks import interests
from handlers.course.answer_letters import PointAnswered, in_blocks, one_line
from handlers.course.answer_points import changed_since, numbers_at, points_of, said_of
from handlers.definition import plainly
from handlers.letter_words import numbered
from handlers.rows import Row
from store.course_models import Answer
from store.models import Case, Stage
from store.unit import Glance


def drafted_points(glance: Glance, case: Case, stage: Stage) -> list[Row]:
    """Return the points of the drafted answer to which all is said, and which are in the definition as they were."""
    found = glance.find(Answer, case_id=case.id, stage=stage, issued_at=None)
    if not found:
        return []
    points = found[0].points
    changed = changed_since(points, points_of(case, numbers_at(case, stages.record_of(glance, case.id or 0, stage))))
    return [row for row in points if not said_of(row).missing(row["number"]) and row["number"] not in changed]


def tellable(act: Act, stage: Stage, numbers: Collection[int]) -> list[Row] | None:
    """Return what the letter tells of these points; refused while the draft does not say all of it, or its people may not."""
    if not numbers:
        return None
    rows = [row for row in drafted_points(act.unit, act.case, stage) if row["number"] in numbers]
    missing = sorted(set(numbers) - {row["number"] for row in rows})
    if missing:
        raise Refused(f"{numbered(missing)}: the draft of the answer does not say all yet. Write it first", "points")
    (answer,) = act.unit.find(Answer, case_id=act.case_id, stage=stage)
    for _field, said in interests(act, answer):
        raise Refused(said, "points")
    return rows


def said_of_point(row: Row) -> PointAnswered:
    """Return a kept point as a letter says it: its words without links, addresses and telephone numbers."""
    return PointAnswered(
        number=row["number"],
        words=plainly(row["words"]),
        finding=row["finding"],
        reasons=in_blocks(row["reasons"]),
        reference=one_line(row["reference"]),
    )
