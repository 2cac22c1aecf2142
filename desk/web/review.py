"""The review card: one item of the queue with all that is needed to answer it, and the way to the next one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from classifiers.taxonomy import Category, Flag
from desk.web import words
from desk.web.access import open_message, open_task
from desk.web.case_names import names_of
from desk.web.desk import Desk
from desk.web.review_card import CHECKED, Card, card_of
from desk.web.review_choice import Ticked
from desk.web.review_here import Here, TheReader
from desk.web.review_items import alike_tasks
from desk.web.review_people import who_may
from desk.web.review_places import following, position, skipping
from desk.web.row_ids import RowId
from desk.web.task_leads import LEADS
from handlers.definition import Definition
from handlers.logging_apart import KINDS as REPLIES
from handlers.parties import ROLES
from handlers.rows import definition_of
from intake.web_pages import summary
from store.models import Disposition, Message, MessageState, Task

router = APIRouter()
LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""The keys that follow "f": one for each flag, in the guide's order."""


@router.get("/tasks/next")
def next_task(here: TheReader, done: str = "", told: str = "") -> Response:
    """Lead to the next task of the list, or back to the list after its last; what was done is said there."""
    found = following(here.desk, here.person, here.asked)
    kept = done.isascii() and done.isdigit()
    rest = here.asked.string(after=None)
    if found is None:
        return RedirectResponse(f"/queue?{rest}&told=end{f'&done={done}' if kept else ''}", status_code=303)
    said = f"&done={done}" if kept else "&told=saved" if told == "saved" else ""
    return RedirectResponse(f"/tasks/{found.id}?{rest}{said}", status_code=303)


@router.get("/tasks/{task_id}")
def task_card(here: TheReader, task_id: RowId) -> Response:
    """Show one item of the queue."""
    return show_task(here, open_task(here.desk, here.person, task_id))


@router.get("/messages/{message_id}/review")
def message_card(here: TheReader, message_id: RowId) -> Response:
    """Show a message to be judged again, though nothing waits on it: a correction is possible at any time."""
    message = open_message(here.desk, here.person, message_id)
    return show(here, card_of(here.desk, here.person, None, message), None)


def show_task(here: Here, task: Task, *, status: int = 200, **more: Any) -> Response:
    """Show a task's card, with what was typed into it and what is wrong with that, if anything."""
    with here.desk.glance() as glance:
        message = glance.get(Message, task.message_id) if task.message_id is not None else None
    return show(here, card_of(here.desk, here.person, task, message), task, status=status, **more)


def show(
    here: Here,
    card: Card,
    task: Task | None,
    *,
    form: Ticked | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """Show a card."""
    waits = task is not None and task.closed_at is None
    readable = card.message is not None and card.message.state is not MessageState.WAITING
    facts: dict[str, Any] = {
        "card": card,
        "task": task,
        "asked": here.asked,
        "waits": waits,
        "leads": LEADS,
        "acts": here.person.acts,
        "checks": readable and (task is None or task.kind in CHECKED),
        "position": position(here.desk, here.person, here.asked, task) if task is not None and waits else None,
        "definition": _definition(card, task),
        "skip": skipping(here.asked, task) if task is not None else None,
        "may_log_apart": task is not None and task.kind in REPLIES and _joined_by_mail(card.message),
        "alike": _alike(here, task) if waits and here.person.acts else 0,
        "errors": errors or {},
        "summary": summary(errors or {}),
        "now": here.desk.now(),
        **filled(card, form),
        **_people(here.desk, card, task, asking=waits and here.person.acts),
        **more,
    }
    return here.desk.pages.page(here.request, "review.html", status=status, **facts)


def _alike(here: Here, task: Task | None) -> int:
    """Return how many could not be read for the same reason, where the task is such a one."""
    is_one = task is not None and task.kind == "quarantine"
    return len(alike_tasks(here.desk, here.person, task.id or 0)) if task is not None and is_one else 0


def _joined_by_mail(message: Message | None) -> bool:
    return message is not None and message.disposition == Disposition.FOLLOW_UP and message.conversation is None


def _definition(card: Card, task: Task | None) -> Definition | None:
    """Return what the task asks to confirm, where nobody has confirmed it yet."""
    if card.case is None or task is None or task.kind != "confirm_definition" or card.case.defined_at is not None:
        return None
    return definition_of(card.case.definition)


def filled(card: Card, form: Ticked | None) -> dict[str, Any]:
    """Return what stands in the form: as judged, or as somebody ticked and typed it."""
    judged = card.latest.row if card.latest else None
    held = {str(c) for c in judged.also} if judged else set()
    also = {str(c) for c in form.also} if form else held
    # Out of scope needs no box of its own, but where it was judged so, the officer must be able to keep it or take it off.
    boxes = [c for c in Category if c != "out_of_scope" or c in held]
    flags = {str(flag) for flag in (form.flags if form else (judged.flags if judged else ()))}
    return {
        "flag_choices": [(letter, flag, words.FLAGS[flag], flag in flags) for letter, flag in zip(LETTERS, Flag, strict=False)],
        "also_choices": [(words.CATEGORY_KEYS[c], c, words.SHORT[c], c in also) for c in boxes],
        "reason_choices": list(enumerate(words.REASONS.items(), 1)),
        "category_choices": [(words.CATEGORY_KEYS[c], c, words.SHORT[c]) for c in Category],
        "why": form.why if form else "",
    }


def _people(desk: Desk, card: Card, task: Task | None, *, asking: bool) -> dict[str, Any]:
    named = {name for name in (task.assigned_to, task.closed_by) if name} if task else set()
    with desk.glance() as glance:
        staff = who_may(glance, card.case, desk.now(), task.team if task else "") if asking else ((), None)
        names = names_of(glance, named)
    return {"staff": staff[0], "suggested": staff[1], "names": names, "roles": ROLES}
