"""A complaint is looked into after all: an ombudsman says so, something new came, or we see that we were wrong (Code 2.4, policy 7.4).

The day of receipt stays; the dates run anew from the day on which we were told, and the letter of the act names them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.refusal_letters import TAKEN_ON, Source, TakenOn
from handlers.course.refusal_state import CHECK, PROPOSED, REOPENED, STANDS, WITHDRAWN, refusals_of, to_reopen
from handlers.course.stages import RESPONDS, begun, record_of, set_deadline, workers_of
from handlers.deadlines import Due, acknowledge_by, end_of, respond_by
from handlers.named import NamedPerson, known
from store.case_rows import give_back
from store.course_models import Answer, Refusal, StageRecord
from store.marks import close_tasks
from store.models import Case, CaseStatus, Stage, Task

TASK, CONFIRM = "taken_on_again", "confirm_definition"
SAID: dict[Source, str] = {
    "ombudsman": "an ombudsman told us to take it on (Code 2.4)",
    "evidence": "something new came (policy 7.4)",
    "ourselves": "we were wrong not to take it on (Code 2.1)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """Why it is looked into again, the day from which its dates run, and, of an ombudsman, its name."""

    source: Source
    told_on: date
    why: str
    office: str = ""


def take_on(course: Course, case_id: int, by: NamedPerson, again: Again) -> int:
    """Look into a complaint, or its second stage, after all; this favours the resident, so one person will do."""
    why = reasoned(again.why)
    with course.acts.on(case_id, by.username) as act:
        known(act.unit, by)
        said = taken_on(course, act, replace(again, why=why))
        return act.done(f"{act.case.reference} is open again, with dates of its own. {said}")


def taken_on(course: Course, act: Act, again: Again) -> str:
    """Do it in an act that is under way; return what became of the letter."""
    if again.told_on > london_day(act.now):
        raise Refused("Give a day that has come", "told_on")
    if again.told_on < london_day(act.case.received_at):
        raise Refused("It cannot be before the complaint itself came", "told_on")
    stage = to_reopen(act.unit, act.case)
    lifted = _lift(act)
    if again.source == "ourselves" and not lifted:
        raise Refused(
            "Nothing was refused: after a final response only something new, or an ombudsman, opens it again", "source"
        )
    _opened(act, stage, min(end_of(again.told_on), act.now))
    act.tell("taken_on_again", again.why, refusals_lifted=lifted, source=again.source, told_on=again.told_on.isoformat())
    answer = _dates(course, act, stage, again)
    number = _number(stage)
    more = TakenOn(of_stage=number, source=again.source, told_on=again.told_on, office=again.office, answer_by=answer.due_on)
    now = replace(act, case=act.unit.get(Case, act.case_id) or act.case)
    return course.posting.put(now, TAKEN_ON, more, of=act.case.events).said


def _number(stage: Stage) -> Literal[1, 2]:
    return 2 if stage is Stage.TWO else 1


def _lift(act: Act) -> int:
    """Mark the refusals that stood as lifted, and withdraw what still waited for a second person; return how many stood."""
    rows = refusals_of(act.unit, act.case_id)
    for row in rows:
        if row.state == STANDS:
            act.unit.update(Refusal, row.id, state=REOPENED)
        elif row.state == PROPOSED:
            act.unit.update(Refusal, row.id, state=WITHDRAWN, checked_by=act.by, checked_at=act.now)
    close_tasks(act.unit, act.case_id, (CHECK,), at=act.now, by=act.by, outcome="taken on after all")
    return sum(row.state == STANDS for row in rows)


def _opened(act: Act, stage: Stage, since: datetime) -> None:
    """Open the case at its stage; an answer that was given before is one to write anew, and stays in the history."""
    unit, case_id = act.unit, act.case_id
    changed: dict[str, Any] = {"status": CaseStatus.OPEN, "stage": stage}
    if stage is Stage.TWO:
        changed |= {"assigned_to": None, "defined_at": None}
    unit.update(Case, case_id, **changed)
    _record(act, stage, since)
    for answer in unit.find(Answer, case_id=case_id, stage=stage):
        if answer.issued_at is not None:
            unit.update(
                Answer, answer.id, issued_at=None, sent_at=None, letter_id=None, signed_by=None, version=answer.version + 1
            )
            act.tell("answer_opened_again", "it is looked into again", letter_number=answer.letter_id, stage=str(stage))
    if stage is Stage.TWO:
        for username in workers_of(unit, case_id, Stage.ONE):
            give_back(unit, case_id, username)


def _record(act: Act, stage: Stage, since: datetime) -> None:
    """Let the stage run anew since then, as nobody has acknowledged or answered it since."""
    found = record_of(act.unit, act.case_id, stage) or (begun(act, stage) if stage is Stage.ONE else None)
    if found is None:
        row = {"case_id": act.case_id, "stage": stage, "received_at": since, "begun_at": act.now, "begun_by": act.by}
        act.unit.add(StageRecord, [row])
        return
    anew = {"received_at": since, "acknowledged_at": None, "answered_at": None, "answered_by": None}
    act.unit.update(StageRecord, found.id, **anew)


def _dates(course: Course, act: Act, stage: Stage, again: Again) -> Due:
    """Set the dates from the day on which we were told: the acknowledgement is this act's letter (Code 6.2, 6.3, 6.11, 6.14)."""
    calendar, number = course.acts.calendar, _number(stage)
    first = acknowledge_by(again.told_on, number, calendar)
    answer = respond_by(again.told_on, act.now, number, calendar)
    set_deadline(act, first, SAID[again.source], replaces=(first.rule,))
    set_deadline(act, answer, SAID[again.source], replaces=RESPONDS[stage])
    task = {"case_id": act.case_id, "team": act.case.team, "opened_at": act.now, "due_at": first.due_at}
    why = f"look into it at stage {number}: {SAID[again.source]}"
    act.unit.add(Task, [task | {"kind": TASK, "why": why, "assigned_to": None}])
    if stage is Stage.TWO or act.case.defined_at is None:
        act.unit.add(
            Task, [task | {"kind": CONFIRM, "why": "confirm or correct the definition (Code 5.6)", "assigned_to": None}]
        )
    return answer
