"""A complaint that is opened again unanswered owes again what it owed: clocks never pause (design section 2, 7)."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.taxonomy import Category
from handlers.case_acts import Act
from handlers.course.stages import RESPONDS
from handlers.deadlines import explain
from handlers.rows import deadline_row, due_of
from store.models import Deadline, Stage


def owed_again(act: Act) -> list[str]:
    """Set again what a complaint owed when it was taken back, for it is opened again; return the rules.

    Clocks never pause: the dates are those that stood before, each told by an event.
    """
    case = act.case
    if case.category != Category.COMPLAINT:
        return []
    stage = case.stage or Stage.ONE
    rows = act.unit.find(Deadline, case_id=act.case_id, rule=[f"acknowledge_{stage}", *RESPONDS[stage]])
    if any(row.superseded_at is None for row in rows if row.rule in RESPONDS[stage]):
        return []
    again = latest_of(rows)
    act.unit.add(Deadline, [deadline_row(act.case_id, due_of(row), act.now) for row in again])
    for row in again:
        act.tell(
            "deadline_set",
            "the complaint was opened again",
            rule=row.rule,
            due_on=row.due_on.isoformat(),
            sum=explain(due_of(row)),
        )
    return [row.rule for row in again]


def latest_of(rows: Sequence[Deadline]) -> list[Deadline]:
    """Return the deadlines that were replaced last, all in one act, and none that was met."""
    last = max((row.superseded_at for row in rows if row.superseded_at is not None), default=None)
    return [row for row in rows if row.met_at is None and last is not None and row.superseded_at == last]
