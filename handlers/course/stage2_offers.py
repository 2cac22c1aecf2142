"""Where the request for stage 2 came as a new complaint, both may be one matter: that is offered to a person, who joins them."""

from __future__ import annotations

from handlers.calendar import WorkingCalendar
from handlers.case_acts import Act
from handlers.deadlines import by_rule
from handlers.same_matter import KIND, OFFERED
from store.casefile import open_task_kinds
from store.models import Case, CaseStatus, Message, Task

WHY = "it asked for stage 2 of this complaint, which has begun: join it, unless it brings a matter of its own (Code 6.8)"


def offer_to_join(act: Act, message: Message, calendar: WorkingCalendar) -> None:
    """Leave the question on the case that the request opened, if it opened one that still stands for itself."""
    own = act.unit.get(Case, message.case_id) if message.case_id not in (None, act.case_id) else None
    if own is None or own.id is None or own.status is CaseStatus.CLOSED or KIND in open_task_kinds(act.unit, own.id):
        return
    due = by_rule("triage", act.now, calendar)
    row = {"kind": KIND, "case_id": own.id, "message_id": message.id, "team": own.team, "why": WHY, "opened_at": act.now}
    act.unit.add(Task, [row | {"due_at": due.due_at}])
    act.tell(OFFERED, WHY, own.id, case=act.case_id)
