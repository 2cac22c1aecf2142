"""What was found on a building's safety is shared before the answer, and whoever raised it may say what they think (policy 8.3.3).

No clock stops for it: the day by which they may say something lies before the day of the answer, or more time is given first.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from classifiers.taxonomy import Flag
from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.answered import is_answered
from handlers.course.people import require_open_complaint, require_person
from handlers.course.stages import RESPONDS, owed, stage_of, worked
from handlers.deadlines import end_of
from handlers.hazards.letters import FINDINGS, FindingsShared
from handlers.letter_blocks import blocks
from handlers.letter_words import day
from store.models import Deadline, Message, OutboxEntry, Task
from store.unit import Glance

TASK = FINDINGS
LONGEST = timedelta(days=28)
"""How long after today they may be given, where the answer is late already."""


def share(course: Course, case_id: int, by: str, *, found: str, say_by: date) -> int:
    """Send what was found to whoever raised it, and ask what they think by a day; the answer waits for that day, or for them."""
    require_person(by)
    found = reasoned(found, "found", "Write what was found so far")
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        if Flag.BUILDING_SAFETY not in act.case.flags:
            raise Refused("This case is not taken for building safety: take it for that first, or write a reply")
        if is_answered(act.unit, act.case):
            raise Refused("The answer has been issued, so there is nothing to be said before it any more")
        if act.unit.find(Task, case_id=case_id, kind=TASK, closed_at=None):
            raise Stale("What was found is shared already: finish that task before you share more")
        stage = stage_of(act.case)
        worked(act, stage, "shared what was found")
        told = _told(act, owed(act.unit, case_id, RESPONDS[stage]), found, say_by)
        number = sum(row.kind.startswith(FINDINGS) for row in act.unit.find(OutboxEntry, case_id=case_id)) + 1
        posted = course.posting.put(act, FINDINGS, told, of=number)
        why = f"They may say what they think of our findings until {day(say_by)}: look at it before you answer (policy 8.3.3)"
        row = {"kind": TASK, "case_id": case_id, "team": act.case.team, "why": why, "assigned_to": act.case.assigned_to}
        act.unit.add(Task, [row | {"opened_at": act.now, "due_at": end_of(say_by)}])
        act.tell("findings_shared", found, say_by=say_by.isoformat(), letter_id=posted.letter_id)
        return act.done(f"Findings shared. {posted.said} They may answer until {day(say_by)}.")


def against_answering(glance: Glance, case_id: int, now: datetime) -> list[str]:
    """Return why the answer cannot go yet: the letter says that we wait, and look at what they say first."""
    asked = glance.find(Task, case_id=case_id, kind=TASK)
    if not asked:
        return []
    last = asked[-1]
    wrote = any(row.received_at > last.opened_at for row in glance.find(Message, case_id=case_id))
    if now <= last.due_at and not wrote:
        until = day(london_day(last.due_at))
        return [f"They may say what they think of our findings until {until}: the answer waits for that day, or for them."]
    if last.closed_at is None:
        return ["Look at what they said of our findings, and finish the task that says so, before you answer (policy 8.3.3)."]
    return []


def _told(act: Act, answer: Deadline | None, found: str, say_by: date) -> FindingsShared:
    today = london_day(act.now)
    if say_by <= today:
        raise Refused("Give a day after today, so that they have time to say something", "say_by")
    if answer is None:
        raise Refused("No answer is owed on this complaint now, so there is none that waits for what they say")
    late = act.now > answer.due_at
    if not late and say_by >= answer.due_on:
        raise Refused(
            f"Give a day before {day(answer.due_on)}, when our answer is due: or give more time first (Code 6.4)", "say_by"
        )
    if say_by > today + LONGEST:
        raise Refused(f"Give a day within {LONGEST.days} days: they wait for our answer", "say_by")
    return FindingsShared(findings=blocks(found), say_by=say_by)
