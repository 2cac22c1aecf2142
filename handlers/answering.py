"""A resident answers what we asked, or asks for a person: the answer counts as theirs (Code 1.3, 6.12)."""

from __future__ import annotations

from classifiers.taxonomy import Category
from handlers.casework import Pages
from handlers.choices import CATEGORIES, LABELS, PERSON, Choice
from handlers.circumstances import Situation
from handlers.deadlines import by_rule
from handlers.decision import TaskNeeded
from handlers.presses import Press
from handlers.redeciding import Choice as Decided
from handlers.redeciding import Redeciding
from handlers.relogging import Relogging
from handlers.remembering import decided, remembered
from handlers.rows import MACHINE, event_row, task_row
from handlers.stage2_requests import ASKS, asked_for, told
from handlers.stage2_requests import KIND as STAGE_2
from handlers.understanding import Understood
from store.casefile import cases_by_ids, first_message, latest_verdicting, open_task_kinds
from store.chat_models import Question
from store.lookups import hold_case
from store.models import Case, CaseStatus
from store.unit import Unit

RESIDENT = "the resident"
"""Who judged, where a resident said what their own message is; it is no judgement of staff, and nobody learns from it as one."""
WANTS_PERSON = "asks for a person: write or ring, no machine answers this"
TASKS = {"person": ("wants_person", WANTS_PERSON)}


class Answering:
    """Takes what a resident pressed or typed in answer to us."""

    def __init__(self, relogging: Relogging, redeciding: Redeciding) -> None:
        """Log complaints with ``relogging``; decide a case that nobody has looked at yet anew with ``redeciding``."""
        self._relogging = relogging
        self._redeciding = redeciding

    def answer(
        self, unit: Unit, case: Case, message: Understood, choice: Choice, *, situation: Situation, pages: Pages
    ) -> None:
        """Do what the resident chose. What a person at the landlord decided stays, but a complaint is always taken."""
        # Held and read anew, or what somebody decides at this moment would be written over.
        case = hold_case(unit, case.id or 0) or case
        why = f"the resident answered: {_said(choice)}"
        pages.events.append(event_row(case.id or 0, "answered", why, pages.now, message=message.arrival.id, choice=choice))
        _close_questions(unit, case, message, choice, pages)
        if choice in TASKS:
            self._tell_a_person(unit, case, message, TASKS[choice], pages)
        elif choice == "stage2":
            self._asks_stage2(unit, case, message, pages)
        elif choice == "complaint" and case.category != Category.COMPLAINT:
            opening = _opening(unit, case) or message
            self._relogging.as_complaint(unit, case, opening, situation, pages, why="the resident says that it is a complaint")
            situation.cases |= cases_by_ids(unit, [case.id or 0])
        elif choice in CATEGORIES and case.status is CaseStatus.TRIAGE and (opened := _opening(unit, case)) is not None:
            verdict = decided(opened.verdict, CATEGORIES[choice], why, by=RESIDENT)
            told = Decided(message=opened, verdict=verdict, earlier=opened.verdict, why=why)
            self._redeciding.carry_out(unit, case, told, Pages(now=pages.now, by=MACHINE))
        elif not _stands(case, choice):
            self._tell_a_person(unit, case, message, ("reply", f"{why}, which changes nothing by itself"), pages)

    def pressed(self, unit: Unit, press: Press, message: Understood, *, situation: Situation, pages: Pages) -> int | None:
        """Do what a button says; where its case goes on in one that the resident does not belong to, a person looks."""
        case, choice = press.case, press.choice
        if press.belongs:
            self.answer(unit, case, message, choice, situation=situation, pages=pages)
            return case.id
        why = f"the resident of a case that goes on here answered: {_said(choice)}; they are not of this case's people"
        pages.events.append(event_row(case.id or 0, "answered", why, pages.now, message=message.arrival.id, choice=choice))
        kind = TASKS["person"][0] if choice == "person" else "reply"
        self._tell_a_person(unit, case, message, (kind, why), pages)
        return case.id

    def _asks_stage2(self, unit: Unit, case: Case, message: Understood, pages: Pages) -> None:
        """Keep that they asked for stage 2, which nothing has to be judged for; a complaint that is there already needs a word."""
        kind, why = asked_for(unit, case, message) or (STAGE_2, ASKS)
        if kind == STAGE_2:
            pages.events.append(told(case.id or 0, message, why, pages.now, outright=True))
        self._tell_a_person(unit, case, message, (kind, why), pages)

    def _tell_a_person(self, unit: Unit, case: Case, message: Understood, asked: tuple[str, str], pages: Pages) -> None:
        kind, why = asked
        if kind not in open_task_kinds(unit, case.id or 0):
            due = by_rule("triage", message.arrival.received_at, self._redeciding.calendar)
            task = TaskNeeded(kind=kind, why=why, due=due)
            pages.tasks.append(task_row(task, case.team, pages.now, case.id, message.arrival.id))


def _said(choice: Choice) -> str:
    return LABELS.get(choice, PERSON if choice == "person" else choice)


def _stands(case: Case, choice: Choice) -> bool:
    """Say whether the case is what the resident says already, or waits for a person who decides what it is."""
    return case.status is not CaseStatus.CLOSED and CATEGORIES.get(choice) == case.category


def _opening(unit: Unit, case: Case) -> Understood | None:
    """Return the message that opened the case, with the judgement that stands: it is what the answer is about."""
    row = first_message(unit, case.id or 0)
    verdicting = latest_verdicting(unit, row.id or 0) if row is not None else None
    if row is None:
        return None
    return remembered(row, verdicting)


def _close_questions(unit: Unit, case: Case, message: Understood, choice: Choice, pages: Pages) -> None:
    if choice not in LABELS:
        return
    for question in unit.find(Question, case_id=case.id, kind="category", answered_at=None):
        if question.id is not None:
            unit.update(Question, question.id, answered_at=pages.now, answer=choice, answered_by=message.arrival.id)
