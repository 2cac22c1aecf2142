"""A complaint ends unanswered in one way alone: the resident takes it back, in words that are kept (design section 2, 4)."""

from __future__ import annotations

from datetime import date

from classifiers.taxonomy import Category
from handlers.case_acts import Act, Refused
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.promises import promises_left
from handlers.letter_words import day
from handlers.named import NamedPerson, known
from handlers.relogging import COMPLAINTS_RULES
from handlers.withdrawn_letter import LETTER, TakenBack
from store.answer_rows import end_updates
from store.marks import close_tasks, supersede_deadlines
from store.models import Case, CaseEvent, CaseStatus, Deadline, Task
from store.unit import Glance

OUTCOME = "withdrawn"
LONGEST_QUOTE = 2_000
ENDS_WITH_IT = frozenset({"confirm_definition", "call_resident", "give_stage2", "over_12_months"})
"""Tasks that ask for nothing any more once the resident has taken the complaint back."""
OF_TIME = frozenset({"deadline_near", "deadline_very_near", "progress_update", "update_missed"})
"""Warnings and updates, which end with the dates that they are about."""


def against_withdrawal(glance: Glance, case: Case) -> list[str]:
    """Return why this case cannot end by being taken back, each in a sentence; none where it can."""
    if case.category != Category.COMPLAINT or case.logged_at is None:
        return ["This is no complaint that was logged: close the case in the ordinary way."]
    if case.status is CaseStatus.CLOSED:
        return ["It is closed already."]
    tasks = glance.find(Task, case_id=case.id, closed_at=None)
    left = [task for task in tasks if task.danger or task.kind not in ENDS_WITH_IT | OF_TIME]
    return [*promises_left(glance, case.id or 0), *(f"Finish this task first: {task.why}" for task in left)]


def withdraw(course: Course, case_id: int, by: str, words: str, said_on: date) -> int:
    """Close a complaint that its resident takes back: their own words and the day they said them are kept.

    What was owed on it is replaced in this act; nothing else about it is decided, and it can be opened again. The resident
    gets a letter that says what they took back, and that they can come back to it.
    """
    person = NamedPerson(username=by)
    words = words.strip()
    if not words:
        raise Refused("Quote what the resident said: a complaint ends in their own words alone", "words")
    if len(words) > LONGEST_QUOTE:
        raise Refused(f"Make the quote {LONGEST_QUOTE:,} characters or fewer; it has {len(words):,}", "words")
    with course.acts.on(case_id, by) as act:
        known(act.unit, person)
        _require_day(act, said_on)
        against = against_withdrawal(act.unit, act.case)
        if against:
            raise Refused(" ".join(against))
        number = len(act.unit.find(CaseEvent, case_id=case_id, kind="complaint_withdrawn")) + 1
        posted = course.posting.put(act, LETTER, TakenBack(said_on=said_on), of=number)
        _end(act, words, said_on)
        return act.done(f"Complaint closed, as the resident took it back. {posted.said}")


def _require_day(act: Act, said_on: date) -> None:
    if said_on > london_day(act.now):
        raise Refused("Give a day that has come", "on")
    if said_on < london_day(act.case.received_at):
        raise Refused(f"The complaint came on {day(london_day(act.case.received_at))}: give a day since then", "on")


def _end(act: Act, words: str, said_on: date) -> None:
    unit, case_id, now = act.unit, act.case_id, act.now
    owed = unit.find(Deadline, case_id=case_id, rule=list(COMPLAINTS_RULES), met_at=None, superseded_at=None)
    supersede_deadlines(unit, case_id, COMPLAINTS_RULES, now)
    end_updates(unit, case_id, now)
    close_tasks(unit, case_id, ENDS_WITH_IT | OF_TIME, at=now, by=act.by, outcome="the resident took the complaint back")
    unit.update(Case, case_id, status=CaseStatus.CLOSED)
    ended = {row.rule: row.due_on.isoformat() for row in owed}
    act.tell("complaint_withdrawn", words, said_on=said_on.isoformat(), not_owed_any_more=ended)
    act.tell("closed", words, outcome=OUTCOME)
