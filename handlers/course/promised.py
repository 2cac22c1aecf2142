"""Whether a resident was told of an action or a remedy, and how they hear that it changed, is late or will not be (Code 7.3)."""

from __future__ import annotations

from datetime import datetime

from handlers.case_acts import Act
from handlers.course.answer_letters import one_line
from handlers.course.money import pounds
from handlers.course.people import open_task
from handlers.course.posting import Posting
from handlers.course.promise_letters import CHANGED, LATE, PromiseChanged, PromiseLate
from handlers.course.stages import stage_of
from store.course_models import Action, Answer, Remedy
from store.models import CaseEvent
from store.unit import Glance

TELL = "contact_resident"


def stands_in_answer(glance: Glance, case_id: int, since: datetime) -> bool:
    """Return whether an answer was issued since something was promised, so that its letter says it.

    The history is asked: an answer that is written anew later was told all the same.
    """
    return any(event.at >= since for event in glance.find(CaseEvent, case_id=case_id, kind="answer_issued"))


def was_told(glance: Glance, one: Action | Remedy) -> bool:
    """Return whether the resident knows of it: an answer said so, or it was agreed with them."""
    if isinstance(one, Action):
        return one.agreed is True or stands_in_answer(glance, one.case_id, one.set_at)
    return stands_in_answer(glance, one.case_id, one.offered_at)


def tell_new(act: Act, what: str) -> str:
    """Open a task to tell of something that is promised after the stage's answer, which no letter says; return the sentence."""
    stage = stage_of(act.case)
    issued = [row for row in act.unit.find(Answer, case_id=act.case_id, stage=stage) if row.issued_at is not None]
    if not issued:
        return ""
    open_task(act, TELL, f"Tell the resident what we promise since our answer: {what}", assigned_to=act.by)
    return " The answer went without it: a task says to tell the resident."


def tell_change(posting: Posting, act: Act, one: Action | Remedy, told: PromiseChanged, otherwise: str = "") -> str:
    """Write to a resident who knows of it; else open a task for a person (``otherwise``), if there is any need of one.

    Return the sentence for the doer.
    """
    if was_told(act.unit, one):
        return posting.put(act, CHANGED, told, of=_next(act, CHANGED)).said
    if not otherwise:
        return "No letter told the resident of it, so none goes."
    open_task(act, TELL, otherwise, assigned_to=act.by)
    return "No letter told the resident of it, so none goes. A task says to tell them, if they know of it another way."


def tell_late(posting: Posting, act: Act, one: Action | Remedy) -> bool:
    """Write to a resident who knows of it that its day has passed; return whether a letter was written."""
    if one.due_on is None or not was_told(act.unit, one):
        return False
    posting.put(act, LATE, PromiseLate(promised=what_of(one), was_due=one.due_on), of=_next(act, LATE))
    return True


def what_of(one: Action | Remedy) -> str:
    """Return what was promised, on one line and without its full stop, with its amount where it is money."""
    what = one_line(one.what).rstrip(".")
    pence = one.pence if isinstance(one, Remedy) else None
    return f"{pounds(pence)}: {what}" if pence is not None else what


def _next(act: Act, letter: str) -> int:
    """Return the number of the next letter of a kind on the case, so that they are told apart."""
    return len(act.unit.find(CaseEvent, case_id=act.case_id, kind="letter_written", why=letter)) + 1
