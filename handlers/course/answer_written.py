"""An answer as its letter says it: each point with its finding, and the remedies and actions that stand on the case (Code 6.9)."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.case_acts import Act, team_name
from handlers.clock import london_day
from handlers.course import remedies
from handlers.course.acting import Course
from handlers.course.actions import open_actions
from handlers.course.answer_letters import ActionSaid, Answered, PointAnswered, RemedySaid, a_year_on, in_blocks, one_line
from handlers.course.answer_points import plain_words, points_of
from handlers.course.money import pounds
from handlers.course.promised import what_of
from handlers.course.remedy_points import about_words, in_order
from handlers.rows import Row
from store.course_models import Answer, Remedy
from store.models import Case, Stage


def letter_of(course: Course, act: Act, answer: Answer) -> Answered:
    """Return what the letter of an answer says, as the case stands now; its actions are those on the case (Code 6.9)."""
    offered = in_order(act.case, remedies.offers(act.unit, act.case_id), answer.points)
    return Answered(
        at_stage=2 if answer.stage is Stage.TWO else 1,
        answers=tuple(_said(row, act.case) for row in answer.points),
        decision=in_blocks(answer.decision),
        looked_at=tuple(answer.evidence),
        remedies=tuple(_remedy(remedy, answer.points) for remedy in offered),
        actions=tuple(
            ActionSaid(
                what=what_of(action), owner=one_line(team_name(course.acts.landlord, action.owner)), due_on=action.due_on
            )
            for action in open_actions(act.unit, act.case_id)
        ),
        go_until=a_year_on(london_day(act.now)),
    )


def _remedy(remedy: Remedy, points: Sequence[Row]) -> RemedySaid:
    return RemedySaid(
        kind=remedies.KINDS[remedy.kind],
        what=one_line(remedy.what),
        amount=pounds(remedy.pence) if remedy.pence is not None else "",
        due_on=remedy.due_on,
        done=remedy.done_at is not None,
        about=about_words(remedy, points),
    )


def _said(row: Row, case: Case) -> PointAnswered:
    found = {number: plain_words(point) for number, point in points_of(case, [row["number"]])}
    return PointAnswered(
        number=row["number"],
        words=found[row["number"]],
        finding=row["finding"],
        reasons=in_blocks(row["reasons"]),
        reference=one_line(row["reference"]),
    )
