"""More time for an answer: decided by a named person before the old date ends, and told in the same act (Code 6.4, 6.5, 6.15, 6.16).

Beyond ten further working days (twenty at stage 2) it needs a second reason, and stands only when a manager who is not
the same person agrees. After the date nothing is extended: the breach stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.calendar import CalendarGap
from handlers.case_acts import Act, Refused, Stale, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.breaches import APPROVAL
from handlers.course.early_findings import said_of_point, tellable
from handlers.course.managers import manager_for
from handlers.course.people import is_manager, require_open_complaint, require_person
from handlers.course.stages import RESPONDS, owed, set_deadline, stage_of, worked
from handlers.course.time_letters import time_told
from handlers.course.time_sent import NOTICE
from handlers.course.updates import MOST_DAYS, end_updates, next_on, promise
from handlers.deadlines import by_rule, named_on
from handlers.rows import Row
from store.course_models import Extension
from store.marks import close_tasks
from store.models import Deadline, Stage, Task
from store.staff_rows import called
from store.unit import Glance

FURTHEST = timedelta(days=183)
"""How far ahead of its date nobody moves an answer, whoever agrees."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Later:
    """What a person who extends has to say; ``every_days`` is how often the resident agreed to hear from us.

    ``points`` are those of the drafted answer whose findings the letter tells already (policy 4.3.5).
    """

    new_on: date
    reason: str
    every_days: int
    can_say: str = ""
    second_reason: str = ""
    points: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The date that an answer has now, by which rule a later one is set, and the last day without a second reason."""

    deadline: Deadline
    rule: str
    limit: date


def reach_of(course: Course, glance: Glance, case_id: int, stage: Stage) -> Reach | None:
    """Return how far an answer can be extended; None where none is owed.

    The limit is counted from the first date alone: the latest that was set, where the complaint was taken on again (Code 2.4).
    """
    deadline = owed(glance, case_id, RESPONDS[stage])
    if deadline is None:
        return None
    before, rule = RESPONDS[stage]
    set_first = glance.find(Deadline, case_id=case_id, rule=before)
    first = max(set_first, key=lambda row: row.id or 0).due_on if set_first else deadline.due_on
    return Reach(deadline=deadline, rule=rule, limit=by_rule(rule, first, course.acts.calendar).due_on)


def extend(course: Course, case_id: int, by: str, later: Later) -> int:
    """Move an answer's date and tell the resident; beyond the limit it is put to a manager, and the old date stands till then."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        require_open_complaint(act)
        stage = stage_of(act.case)
        reach = _reach(course, act, stage)
        row = (
            _checked(course, later, reach)
            | {"findings": tellable(act, stage, later.points)}
            | {"case_id": case_id, "stage": stage, "by": by, "at": act.now}
        )
        if act.unit.find(Extension, deadline_id=reach.deadline.id, state="proposed"):
            raise Stale("A later date waits for a manager already: that one has to be answered first")
        worked(act, stage, "extended")
        if later.new_on > reach.limit:
            return _propose(act, row, reach)
        (number,) = act.unit.insert(Extension, [row | {"state": "stands"}])
        return act.done(_stand(course, act, number, reach))


def approve(course: Course, case_id: int, by: str, extension_id: int) -> int:
    """Let a later date beyond the limit stand: a manager, never whoever proposed it."""
    require_person(by)
    with course.acts.on(case_id, by) as act:
        extension = _proposed(act, extension_id)
        stage = stage_of(act.case)
        reach = _reach(course, act, stage)
        if reach.deadline.id != extension.deadline_id:
            raise Stale("The date was moved meanwhile: look at it again")
        worked(act, stage, "let a later date stand")
        act.unit.update(Extension, extension_id, state="stands", approved_by=by)
        close_tasks(act.unit, case_id, (APPROVAL,), at=act.now, by=by, outcome="The later date stands")
        return act.done(_stand(course, act, extension_id, reach))


def send_back(course: Course, case_id: int, by: str, extension_id: int, why: str) -> int:
    """Say no to a later date that was proposed: the old one stands."""
    require_person(by)
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        extension = _proposed(act, extension_id)
        act.unit.update(Extension, extension_id, state="sent_back", approved_by=by)
        close_tasks(act.unit, case_id, (APPROVAL,), at=act.now, by=by, outcome="The old date stands")
        act.tell("extension_sent_back", why, new_due_on=extension.new_due_on.isoformat())
        on = extension.old_due_on
        return act.done(f"The old date stands: {on.day} {on:%B %Y}.")


def _reach(course: Course, act: Act, stage: Stage) -> Reach:
    try:
        reach = reach_of(course, act.unit, act.case_id, stage)
    except CalendarGap as error:
        raise Refused(f"The new date cannot be worked out: {error}") from error
    if reach is None:
        raise Refused("No answer is owed on this complaint now, so there is no date to move")
    if act.now > reach.deadline.due_at:
        raise Refused(f"{ended_words(reach.deadline)}. Send an update, and answer as soon as you can")
    return reach


def ended_words(deadline: Deadline) -> str:
    """Return why a date that has ended can no more be moved."""
    rule = "Code 6.15" if deadline.rule.endswith("2") else "Code 6.4"
    on = f"{deadline.due_on.day} {deadline.due_on:%B %Y}"
    return f"The date ended on {on}, and nothing is extended after its date ({rule}): it was missed, and stays so"


def _checked(course: Course, later: Later, reach: Reach) -> Row:
    """Return what was said as a row, or refuse what will not do."""
    reason, old_on, new_on = reasoned(later.reason, "reason"), reach.deadline.due_on, later.new_on
    if new_on <= old_on:
        raise Refused(f"The new date must be after the old one, {old_on.day} {old_on:%B %Y}", "new_on")
    if new_on > reach.limit + FURTHEST:
        raise Refused("The new date is too far away: nobody moves an answer by more than half a year", "new_on")
    if not _works(course, new_on):
        raise Refused("The new date must be a working day", "new_on")
    if not 1 <= later.every_days <= MOST_DAYS:
        raise Refused(f"Agree how often we write meanwhile: every 1 to {MOST_DAYS} days", "every_days")
    second = later.second_reason.strip()
    if new_on > reach.limit and not second:
        limit = f"{reach.limit.day} {reach.limit:%B %Y}"
        raise Refused(f"A date after {limit} needs a second reason, and a manager's agreement", "second_reason")
    return {
        "deadline_id": reach.deadline.id,
        "old_due_on": old_on,
        "new_due_on": new_on,
        "reason": reason,
        "second_reason": reasoned(second, "second_reason") if new_on > reach.limit else None,
        "can_say": reasoned(later.can_say, "can_say") if later.can_say.strip() else None,
        "every_days": later.every_days,
    }


def _works(course: Course, day: date) -> bool:
    try:
        return course.acts.calendar.is_working_day(day)
    except CalendarGap as error:
        raise Refused(f"The new date cannot be checked: {error}", "new_on") from error


def _propose(act: Act, row: Row, reach: Reach) -> int:
    """Put a date beyond the limit to a manager; nothing is moved, and no clock stops."""
    act.unit.insert(Extension, [row | {"state": "proposed"}])
    to = manager_for(act.unit, act.case, act.case.team, act.now, but=(act.by,))
    new_on = row["new_due_on"]
    why = f"{called(act.unit, act.by)} asks for more time until {new_on.day} {new_on:%B %Y}, which is beyond the limit: agree, or send it back"
    task: Row = {"kind": APPROVAL, "case_id": act.case_id, "team": act.case.team, "why": why, "assigned_to": to}
    act.unit.add(Task, [task | {"opened_at": act.now, "due_at": reach.deadline.due_at}])
    act.tell("extension_proposed", row["reason"], new_due_on=new_on.isoformat(), second_reason=row["second_reason"])
    old = reach.deadline.due_on
    return act.done(f"A manager has to agree before {old.day} {old:%B %Y} ends. The old date stands till then.")


def _stand(course: Course, act: Act, number: int, reach: Reach) -> str:
    """Set the new date, promise the updates, and write the letter, all in the act; return the sentence for the doer."""
    (row,) = act.unit.find(Extension, id=number)
    calendar, old = course.acts.calendar, reach.deadline
    due = named_on(reach.rule, old.counted_from if old.rule == reach.rule else old.due_on, row.new_due_on, calendar)
    set_deadline(act, due, f"more time: {row.reason}", replaces=RESPONDS[row.stage])
    next_update = next_on(london_day(act.now), row.every_days, calendar, row.new_due_on)
    end_updates(act.unit, act.case_id, act.now, by=act.by, outcome="A new date is told")
    promise(act.unit, act.case, stage=row.stage, on=next_update, every=row.every_days, now=act.now)
    told = time_told(
        course.acts.landlord,
        because="\n\n".join(filter(None, (row.reason, row.second_reason))),
        known=row.can_say or "",
        found=tuple(said_of_point(point) for point in row.findings or ()),
        was_due=row.old_due_on,
        answer_by=row.new_due_on,
        next_update=next_update,
        days=row.every_days,
    )
    posted = course.posting.put(act, NOTICE, told, of=number)
    act.unit.update(Extension, number, letter_id=posted.letter_id)
    details: Row = {
        "old_due_on": row.old_due_on.isoformat(),
        "new_due_on": row.new_due_on.isoformat(),
        "every_days": row.every_days,
    }
    found = {str(point["number"]): point["finding"] for point in row.findings or ()}
    act.tell("extended", row.reason, **details, second_reason=row.second_reason, by_first=row.by, found=found)
    if posted.way == "by_hand":
        return f"{posted.said} It counts only if that is sent before {row.old_due_on.day} {row.old_due_on:%B %Y} ends."
    return f"The answer is now owed by {row.new_due_on.day} {row.new_due_on:%B %Y}. {posted.said}"


def _proposed(act: Act, extension_id: int) -> Extension:
    """Return a later date that waits for a manager, if this one may answer it."""
    extension = act.unit.get(Extension, extension_id)
    if extension is None or extension.case_id != act.case_id:
        raise Refused("No such later date was proposed on this case.")
    if extension.state != "proposed":
        raise Stale("It was answered already, or its date ended.")
    if extension.by == act.by:
        raise Refused("You proposed it: somebody else has to agree (Code 6.4)")
    if not is_manager(act):
        raise Refused("A manager has to agree to a date beyond the limit (Code 6.4)")
    return extension
