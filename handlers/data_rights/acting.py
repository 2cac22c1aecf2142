"""A person says what a message asks about data or information: the resident is told who has it and by when, and clocks are met."""

from __future__ import annotations

import json
from datetime import date, datetime

from handlers.case_acts import Act, Refused, reasoned
from handlers.course.acting import Course
from handlers.course.people import require_person
from handlers.data_rights.letters import LETTER, TITLES, letter_of
from handlers.data_rights.settling import team_of
from handlers.deadlines import by_rule
from handlers.rows import Row, deadline_row, event_row
from store.marks import close_tasks, supersede_deadlines
from store.models import CaseEvent, Deadline, Message, OutboxEntry, Task
from store.unit import Unit

KINDS = dict(TITLES)
ACKNOWLEDGED, ANSWERED = "data_rights_acknowledged", "data_rights_answered"
ASKS = tuple(TITLES)


def acknowledge(course: Course, case_id: int, by: str, kind: str) -> int:
    """Tell the resident who deals with it and by when; the office's task stays, with its date (s.164A, UK GDPR 12, FOIA 10)."""
    require_person(by)
    if kind not in KINDS:
        raise Refused("Choose what it is", "kind")
    with course.acts.on(case_id, by) as act:
        due_on = _clock(act, course, kind)
        office = course.acts.landlord.teams[team_of(course.acts.landlord)].name
        # What was asked may be all that the message holds: then there is no rest of it that goes on.
        beside = act.case.category not in (None, "out_of_scope")
        number = sum(row.kind.startswith(LETTER) for row in act.unit.find(OutboxEntry, case_id=case_id)) + 1
        posted = course.posting.put(act, LETTER, letter_of(kind, office, due_on, beside=beside), of=number)
        _task(act, course, kind)
        act.tell(ACKNOWLEDGED, KINDS[kind], rule=kind, due_on=due_on.isoformat(), letter_id=posted.letter_id)
        return act.done(f"{office} has it. {posted.said}")


def answered(course: Course, case_id: int, by: str, kind: str, outcome: str) -> int:
    """Keep that the office has answered, with what came of it; its clock and its task end."""
    require_person(by)
    outcome = reasoned(outcome, "outcome", "Write what came of it")
    if kind not in KINDS:
        raise Refused("Choose what it is", "kind")
    with course.acts.on(case_id, by) as act:
        if kind == "data_protection" and act.unit.find(Deadline, case_id=case_id, rule=kind, met_at=None, superseded_at=None):
            raise Refused("Tell the resident first that we have it: that is owed within 30 days")
        for row in act.unit.find(Deadline, case_id=case_id, rule=kind, met_at=None, superseded_at=None):
            act.unit.update(Deadline, row.id, met_at=act.now)
            act.tell("deadline_met", outcome, rule=kind, due_on=row.due_on.isoformat(), late=act.now > row.due_at)
        if not close_tasks(act.unit, case_id, (kind,), at=act.now, by=by, outcome=outcome[:500]):
            raise Refused("Nothing of this kind waits here")
        act.tell(ANSWERED, outcome, rule=kind)
        return act.done("Kept as answered.")


def none_of_it(course: Course, case_id: int, by: str, kind: str, why: str) -> int:
    """Say that a message asks for nothing of the kind: the machine finds by words, and a person knows better."""
    require_person(by)
    why = reasoned(why)
    if kind not in KINDS:
        raise Refused("Choose what it is not", "kind")
    with course.acts.on(case_id, by) as act:
        supersede_deadlines(act.unit, case_id, (kind,), act.now)
        if not close_tasks(act.unit, case_id, (kind,), at=act.now, by=by, outcome=why[:500]):
            raise Refused("Nothing of this kind waits here")
        act.tell("data_rights_none", why, rule=kind)
        return act.done("Kept: it is none.")


def letter_went(unit: Unit, case_id: int, letter_id: int, at: datetime) -> list[Row]:
    """Meet the clock of a data protection complaint once its letter has gone: that is its acknowledgement (s.164A)."""
    # By what was told on the case: a landlord's own letter may have any subject.
    told_of = [json.loads(event.details) for event in unit.find(CaseEvent, case_id=case_id, kind=ACKNOWLEDGED)]
    if not any(one["letter_id"] == letter_id and one["rule"] == "data_protection" for one in told_of):
        return []
    rows = unit.find(Deadline, case_id=case_id, rule="data_protection", met_at=None, superseded_at=None)
    for row in rows:
        unit.update(Deadline, row.id, met_at=at)
    told = "the letter that acknowledges it has gone"
    return [
        event_row(case_id, "deadline_met", told, at, rule=row.rule, due_on=row.due_on.isoformat(), late=at > row.due_at)
        for row in rows
    ]


def _clock(act: Act, course: Course, kind: str) -> date:
    """Return the date of its clock: the one that runs, or one set now from when its message came in.

    A clock that was met is told again only of the message that it was set for: what is asked anew has a date of its own.
    """
    standing = act.unit.find(Deadline, case_id=act.case_id, rule=kind, superseded_at=None)
    due = by_rule(kind, _asked_at(act, kind), course.acts.calendar)
    same = [row for row in standing if row.met_at is None or row.counted_from == due.counted_from]
    if same:
        return same[-1].due_on
    act.unit.add(Deadline, [deadline_row(act.case_id, due, act.now)])
    act.tell("deadline_set", KINDS[kind], rule=kind, due_on=due.due_on.isoformat())
    return due.due_on


def _asked_at(act: Act, kind: str) -> datetime:
    """Return when the message came in that asks: the one of the task, else the case's first."""
    tasks = act.unit.find(Task, case_id=act.case_id, kind=kind)
    message = act.unit.get(Message, tasks[-1].message_id) if tasks and tasks[-1].message_id else None
    return message.received_at if message is not None else act.case.received_at


def _task(act: Act, course: Course, kind: str) -> None:
    """Leave the office its task, made where a person found what the machine did not."""
    if act.unit.find(Task, case_id=act.case_id, kind=kind, closed_at=None):
        return
    due = by_rule(kind, _asked_at(act, kind), course.acts.calendar)
    row = {"kind": kind, "case_id": act.case_id, "team": team_of(course.acts.landlord), "why": KINDS[kind]}
    act.unit.add(Task, [row | {"opened_at": act.now, "due_at": due.due_at}])
