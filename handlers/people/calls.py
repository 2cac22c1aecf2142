"""An officer rings whoever complained, unless they asked us not to; what came of it is kept (policy 4.3.2)."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.case_acts import Acts, Refused
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.deadlines import by_rule
from handlers.people.known import wishes_of_case
from handlers.rows import SWEEP, event_row
from store.chain import append_events
from store.lookups import hold_case
from store.marks import close_tasks
from store.models import Case, CaseStatus, Message, Task
from store.people_due import answered_but_unrung, unrung
from store.unit import Glance

TASK = "call_resident"
OUTCOMES: dict[str, str] = {
    "spoke": "I spoke with them",
    "no_answer": "Nobody answered",
    "not_wanted": "They do not want a call",
}
WHY = "ring the resident about their complaint, and say what came of it (policy 4.3.2)"
LATELY, WRITTEN = timedelta(days=7), timedelta(days=60)
"""How far back an acknowledgement that went is looked for, and when it may have been written."""
ANSWERS = ("respond_1", "extend_1", "respond_2", "extend_2")
_RING = r"(?:phone|ring|call|telephone)"
_OTHERS = r"(?:you|they|we|i|he|she|who|it|nobody|people|staff|officers?|that)"
_ASKED_NOT_TO = re.compile(
    rf"(?P<who>\b{_OTHERS}\s+)?\b(?:do\s*n[o'’]?t|never)\s+(?:please\s+)?{_RING}\b"
    rf"|\bnot\s+to\s+{_RING}\b"
    r"|\bno\s+(?:more\s+)?(?:(?:tele)?phone\s+)?calls\b"
    r"|\b(?:not|never)\s+(?:by|on\s+the|over\s+the)\s+(?:tele)?phone\b"
    r"|\b(?:by|via|through|in)\s+(?:e-?mail|writing|letter|post|text)\s+only\b"
    r"|\bonly\s+(?:by|via|through|in)\s+(?:e-?mail|writing|letter|post|text)\b"
    r"|\bcan(?:no|'|’)?t\s+(?:use|talk\s+on|speak\s+on|hear\s+on)\s+(?:the|a)\s+(?:tele)?phone\b",
    re.IGNORECASE,
)


def asked_not_to(words: str) -> bool:
    """Say whether somebody asks in their words not to be rung; "they never call" is a grievance, and no such wish."""
    return any(not found["who"] for found in _ASKED_NOT_TO.finditer(words))


def ask_to_ring(course: Course) -> int:
    """Open a task to ring for each complaint that was acknowledged lately, and close those of complaints that were answered."""
    now, store = course.acts.clock.now(), course.acts.store
    with store.glance() as glance:
        answered = answered_but_unrung(glance, TASK, ANSWERS)
        found = [] if not course.people.call_residents else unrung(glance, TASK, now - LATELY, now - WRITTEN)
        fit = [case.id or 0 for case in found if _may_ring(glance, case)]
    return sum(_ask(course, case_id) for case_id in fit) + sum(_answered(course, case_id) for case_id in answered)


def rang(acts: Acts, case_id: int, by: str, outcome: str, words: str = "") -> int:
    """Keep what came of ringing the resident, and close the task that asked for it."""
    require_person(by)
    if outcome not in OUTCOMES:
        raise Refused("Choose what came of the call", "outcome")
    with acts.on(case_id, by) as act:
        if outcome != "not_wanted" and not wishes_of_case(act.unit, act.case).calls:
            raise Refused("It was agreed that nobody rings them. Note a call that they made to us as a contact instead.")
        said = OUTCOMES[outcome]
        close_tasks(act.unit, case_id, (TASK,), at=act.now, by=by, outcome=said)
        act.tell("resident_rung", words.strip() or said, outcome=outcome)
        more = " If they want no calls at all, agree that as an adjustment." if outcome == "not_wanted" else ""
        return act.done(f"Call noted.{more}")


def _may_ring(glance: Glance, case: Case) -> bool:
    """Say whether neither what was agreed nor a word of theirs on the case forbids to ring."""
    if not wishes_of_case(glance, case).calls:
        return False
    return not any(asked_not_to(message.new_text or "") for message in glance.find(Message, case_id=case.id))


def _ask(course: Course, case_id: int) -> int:
    now = course.acts.clock.now()
    with course.acts.store.unit("T6") as unit:
        case = hold_case(unit, case_id)
        if case is None or case.status is not CaseStatus.OPEN or unit.find(Task, case_id=case_id, kind=TASK):
            return 0
        due = by_rule(TASK, now, course.acts.calendar)
        row = {"kind": TASK, "case_id": case_id, "team": case.team, "why": WHY, "assigned_to": case.assigned_to}
        unit.add(Task, [row | {"opened_at": now, "due_at": due.due_at}])
        append_events(unit, [event_row(case_id, "call_asked", WHY, now, SWEEP, due_on=due.due_on.isoformat())])
        unit.commit()
    return 1


def _answered(course: Course, case_id: int) -> int:
    with course.acts.store.unit("T6") as unit:
        if hold_case(unit, case_id) is None:
            return 0
        closed = close_tasks(unit, case_id, (TASK,), at=course.acts.clock.now(), by=SWEEP, outcome="the answer has gone")
        unit.commit()
    return closed
