"""What a person's judgement of a message does to its case: to the case it opened everything, as a reply only what helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from classifiers.taxonomy import Category, Flag
from classifiers.verdict import Verdict
from handlers.calendar import WorkingCalendar
from handlers.casework import NewCase, Pages
from handlers.circumstances import Surroundings
from handlers.dangers import also_tasks, danger_tasks
from handlers.deadlines import by_rule
from handlers.decision import Circumstances, Decision, TaskNeeded
from handlers.handover.still_out import with_work_out
from handlers.hazards.reweighing import reweigh
from handlers.relogging import Relogging
from handlers.retention_class import class_of
from handlers.routes import route
from handlers.rows import event_row, task_row, verdicting_row
from handlers.stage2_requests import DISAGREES, asked_for
from handlers.stage2_requests import KIND as STAGE_2
from handlers.stage2_requests import told as told_stage2
from handlers.understanding import Understood
from store.act_rows import close_tasks_by_ids, open_tasks_of, standing_flags, task_kinds_ever
from store.casefile import first_message, open_task_kinds
from store.models import Case, CaseStatus
from store.unit import Unit

KEPT = ("status", "team", "stage", "definition")
"""Columns of a case that is already what the person says it is: what colleagues made of it since stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A message as a person judged it, the judgement before, and why."""

    message: Understood
    verdict: Verdict
    earlier: Verdict | None
    why: str

    def told(self) -> dict[str, Any]:
        """Return what an event says of the choice."""
        flags, also = [str(flag) for flag in self.verdict.flags], [str(other) for other in self.verdict.also]
        return {"message": self.message.arrival.id, "category": str(self.verdict.category), "flags": flags, "also": also}

    def taken_off(self) -> set[str]:
        """Return the flags that the person took off."""
        return {str(flag) for flag in (self.earlier.flags if self.earlier else ()) if flag not in self.verdict.flags}


class Redeciding:
    """Writes a person's choice over a case that is there."""

    def __init__(self, surroundings: Surroundings, relogging: Relogging) -> None:
        """Look around with ``surroundings``; change the case with ``relogging``."""
        self._surroundings = surroundings
        self._relogging = relogging

    @property
    def calendar(self) -> WorkingCalendar:
        """The calendar that dates are worked out with."""
        return self._surroundings.calendar

    def carry_out(self, unit: Unit, case: Case, choice: Choice, pages: Pages) -> None:
        """Write everything that follows from the choice."""
        case_id, message_id = case.id or 0, choice.message.arrival.id
        first = first_message(unit, case_id)
        if first is None or first.id == message_id:
            kept = self._of_the_case(unit, case, choice, pages)
        else:
            kept = self._of_a_reply(unit, case, choice, pages)
        pages.write(unit)
        flags = {str(flag) for flag in choice.verdict.flags} | standing_flags(unit, case_id, message_id)
        kept |= {"retention": kind} if (kind := class_of(flags)) else {}
        unit.update(Case, case_id, flags=[str(flag) for flag in Flag if flag in flags], **kept)
        _close_what_was_taken_off(unit, case_id, choice, pages, self.calendar)

    def _of_the_case(self, unit: Unit, case: Case, choice: Choice, pages: Pages) -> dict[str, Any]:
        """Decide the case anew by the message that opened it; return the columns of it that stay as they were."""
        message, verdict = choice.message, choice.verdict
        situation = self._surroundings.look(unit, [message], pages.now)
        circumstances = situation.circumstances_of(message, person=pages.by)
        decision = route(message.reading, verdict, replace(circumstances, received_at=case.received_at))
        same = case.status is not CaseStatus.TRIAGE and case.category == decision.category
        decision = _without_old_tasks(unit, case, decision) if same else decision
        pages.verdictings.append(verdicting_row(case.id, message, verdict, pages.now, pages.by))
        new = NewCase(understood=message, decision=decision, manners=circumstances.manners)
        self._relogging.apply(unit, case, new, pages, why=choice.why)
        _say_more(pages, choice, confirmed=same)
        kept = {name: getattr(case, name) for name in KEPT if getattr(case, name) is not None} if same else {}
        also = [str(category) for category in verdict.also]
        return kept | {"also": with_work_out(unit, case.id or 0, decision.category, also)}

    def _of_a_reply(self, unit: Unit, case: Case, choice: Choice, pages: Pages) -> dict[str, Any]:
        """Judge a later message of the case: it can make the case a complaint, and bring tasks, but make it nothing less."""
        message, verdict = choice.message, choice.verdict
        situation = self._surroundings.look(unit, [message], pages.now)
        if verdict.category is Category.COMPLAINT and case.category != Category.COMPLAINT:
            self._relogging.as_complaint(unit, case, message, situation, pages, why=choice.why)
            _say_more(pages, choice, confirmed=False)
            return {}
        pages.verdictings.append(verdicting_row(case.id, message, verdict, pages.now, pages.by))
        pages.events.append(event_row(case.id or 0, "reply_judged", choice.why, pages.now, pages.by, **choice.told()))
        circumstances = situation.circumstances_of(message, person=pages.by)
        waiting = open_task_kinds(unit, case.id or 0)
        wanted = (*_tasks_of_a_reply(verdict, circumstances), *_asks_stage2(unit, case, message, verdict, self.calendar))
        tasks = [task for task in wanted if task.kind not in waiting]
        asks = [task for task in tasks if task.kind == STAGE_2 and task.why != DISAGREES]
        pages.events += [told_stage2(case.id or 0, message, task.why, pages.now, outright=False) for task in asks]
        pages.tasks += [task_row(task, case.team, pages.now, case.id, message.arrival.id) for task in tasks]
        return {}


def _tasks_of_a_reply(verdict: Verdict, circumstances: Circumstances) -> tuple[Any, ...]:
    return (*danger_tasks(verdict, circumstances), *also_tasks(verdict, circumstances))


def _asks_stage2(
    unit: Unit, case: Case, message: Understood, verdict: Verdict, calendar: WorkingCalendar
) -> Iterator[TaskNeeded]:
    """Yield the request for stage 2 that a person saw in a reply, or the disagreement with our answer (Code 6.10)."""
    found = asked_for(unit, case, replace(message, verdict=verdict))
    if found is not None and found[0] == STAGE_2:
        yield TaskNeeded(kind=STAGE_2, why=found[1], due=by_rule("triage", message.arrival.received_at, calendar))


def _without_old_tasks(unit: Unit, case: Case, decision: Decision) -> Decision:
    """Leave out tasks of a kind that the case has or had: what colleagues finished is not asked of them again."""
    had = task_kinds_ever(unit, case.id or 0)
    return replace(decision, tasks=tuple(task for task in decision.tasks if task.kind not in had))


def _say_more(pages: Pages, choice: Choice, *, confirmed: bool) -> None:
    """Let the event of the decision say what was chosen; where the case was so already, it was confirmed."""
    for event in pages.events:
        if event["kind"] in ("recategorised", "logged_as_complaint"):
            event["kind"] = "confirmed" if confirmed else event["kind"]
            event["details"] |= choice.told()


def _close_what_was_taken_off(unit: Unit, case_id: int, choice: Choice, pages: Pages, calendar: WorkingCalendar) -> None:
    """Close the tasks of flags that the person took off this message: their question is answered."""
    kinds = choice.taken_off()
    kinds |= {STAGE_2} if Flag.STAGE2 in kinds else set()
    tasks = open_tasks_of(unit, case_id, choice.message.arrival.id, kinds) if kinds else []
    outcome = f"the flag was taken off: {choice.why}"
    close_tasks_by_ids(unit, [task.id or 0 for task in tasks], at=pages.now, by=pages.by, outcome=outcome)
    arrival = choice.message.arrival
    due = by_rule("triage", arrival.received_at, calendar).due_at
    reweigh(unit, arrival.id, choice.verdict.flags, due_at=due, now=pages.now, by=pages.by, why=choice.why)
