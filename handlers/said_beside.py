"""What a reply says beside what it answers: a danger, or a question of data, each is a task of its own whatever else it is."""

from __future__ import annotations

from handlers.casework import Pages
from handlers.circumstances import Situation
from handlers.dangers import ASSESS, dangers_by
from handlers.data_rights.settling import asked
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.hazards.calls import is_call
from handlers.rows import deadline_row, task_row
from handlers.understanding import Understood
from store.casefile import open_rules, open_task_kinds
from store.models import Case, Task
from store.unit import Unit


def note(unit: Unit, case: Case, message: Understood, situation: Situation, pages: Pages) -> None:
    """Write the tasks and clocks of what a reply says beside; what waits already is not asked for twice.

    An emergency is told again although the hazard's task waits, unless that one is an emergency's too.
    """
    landlord, calendar = situation.surroundings.landlord, situation.surroundings.calendar
    due = by_rule("triage", message.arrival.received_at, calendar)
    dangers = dangers_by(message.verdict, due) if message.verdict is not None else ()
    rights, dues = asked(message.reading, message.arrival.received_at, landlord, calendar)
    if not dangers and not rights:
        return
    case_id, waiting = case.id or 0, open_task_kinds(unit, case.id or 0)
    wanted = [task for task in (*dangers, *rights) if task.kind not in waiting or _is_new_emergency(unit, case_id, task)]
    pages.tasks += [task_row(task, case.team, pages.now, case_id, message.arrival.id) for task in wanted]
    standing = open_rules(unit, case_id)
    pages.deadlines += [deadline_row(case_id, one, pages.now) for one in dues if one.rule not in standing]


def _is_new_emergency(unit: Unit, case_id: int, task: TaskNeeded) -> bool:
    if task.kind != ASSESS or task.due is not None:
        return False
    return not any(is_call(row.model_dump()) for row in unit.find(Task, case_id=case_id, kind=ASSESS, closed_at=None))
