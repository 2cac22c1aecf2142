"""Several ticked items at once: first a page that says what will happen and what is left out, then each by itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from classifiers.taxonomy import Category, Flag, Reason
from desk.web.queue import QueueQuery
from desk.web.review_choice import AGREED
from desk.web.review_here import AtWork, TheWorker
from desk.web.review_items import Item, alike_tasks, items_of
from desk.web.review_people import who_may
from desk.web.review_places import back
from desk.web.row_ids import LARGEST_ID
from handlers.case_acts import Refused
from handlers.deciding import NoSuchMessage, NotYetHandled, Stale
from handlers.quarantine import read_again
from handlers.task_acts import give
from intake.web_pages import summary

router = APIRouter()
AT_ONCE: Final = 200
"""Items that one page changes."""
VERBS: Final = {"accept": "accepted", "take": "taken", "assign": "given away", "read": "put back to be read again"}
MEANWHILE: Final = "somebody judged it since you saw it"
Apply = Callable[[Item, str], int | None]


@router.post("/tasks/bulk")
def ask(at: TheWorker) -> Response:
    """Say what would happen to the ticked items, and ask."""
    typed, act = at.typed, at.typed.line("act")
    ids = [int(text) for text in typed.column("task") if text.isascii() and text.isdigit() and len(text) < 11]  # noqa: PLR2004
    if len(ids) == 1 and typed.line("alike"):
        ids = alike_tasks(at.desk, at.person, ids[0])
    ids = [id_ for id_ in dict.fromkeys(ids) if 0 < id_ <= LARGEST_ID]
    if act not in VERBS or not ids:
        where = f"/queue?{QueueQuery.read(typed.line('back')).string()}"
        title = "Nothing was ticked" if act in VERBS else "Choose what to do"
        return at.desk.pages.page(at.request, "bulk_nothing.html", status=422, title=title, where=where)
    items = items_of(at.desk, at.person, ids[:AT_ONCE], act)
    return _page(at, items=items, act=act, too_many=max(len(ids) - AT_ONCE, 0))


@router.post("/tasks/bulk/confirm")
def confirm(at: TheWorker) -> Response:
    """Do it, each item in a transaction of its own, and say how many were done and what was left out."""
    act, pairs = at.typed.line("act"), _pairs(at.typed.column("item")[:AT_ONCE])
    items = items_of(at.desk, at.person, list(pairs), act) if act in VERBS else []
    if act == "assign" and not at.typed.line("officer"):
        return _page(at, items=items, act=act, errors={"officer": "Choose who is to have them"}, status=422)
    apply = _apply(at, act, pairs)
    batch, left, acts, done = secrets.token_hex(8), [item.against for item in items if item.against], [], 0
    for item in items:
        if item.against is not None:
            continue
        try:
            number = apply(item, batch)
        except (Refused, Stale, NotYetHandled, NoSuchMessage) as error:
            left.append(MEANWHILE if isinstance(error, Stale) else str(error).rstrip("."))
            continue
        done += 1
        acts += [number] if number is not None else []
    if act == "read" and done:
        at.desk.house.woken()
    return _told(at, _said(act, done, left), acts, done)


def _apply(at: AtWork, act: str, pairs: dict[int, int]) -> Apply:
    if act == "read":
        return lambda item, _batch: read_again(at.desk.house.acts, item.task.id or 0, at.person.username)
    return _accepting(at, pairs) if act == "accept" else _giving(at, at.typed.line("officer") or at.person.username)


def _accepting(at: AtWork, seen: dict[int, int]) -> Apply:
    deciding = at.desk.house.deciding()

    def accept(item: Item, batch: str) -> int | None:
        row = item.judged
        if row is None:
            raise Refused("there is no judgement to accept")
        told: dict[str, Any] = {
            "flags": [Flag(flag) for flag in row.flags],
            "also": [Category(other) for other in row.also],
            "reason": Reason(row.reason) if row.reason else None,
            "seen": seen.get(item.task.id or 0, 0),
        }
        category, by = Category(row.category), at.person.username
        return deciding.decide(row.message_id, category, by, AGREED, **told, hold=at.hold, batch=batch).act_id

    return accept


def _giving(at: AtWork, to: str) -> Apply:
    def hand_over(item: Item, batch: str) -> int | None:
        return give(at.desk.house.acts, item.task.id or 0, to, at.person.username, hold=at.hold, batch=batch)

    return hand_over


def _told(at: AtWork, said: str, acts: list[int], done: int) -> Response:
    """Lead back to the queue, where one sentence speaks for all, with one button to undo them."""
    where = f"/queue?{QueueQuery.read(at.typed.line('back')).string()}"
    if not done:
        return at.desk.pages.page(at.request, "bulk_nothing.html", status=409, title=said, where=where)
    at.desk.letters_due()
    # What belongs to no case has none to keep the sentence with.
    number = at.desk.house.undoing.note_together(acts, at.person.username, said) if acts else None
    return back(where, number, "/queue")


def _said(act: str, done: int, left: list[str]) -> str:
    said = f"{done} item{'s' if done != 1 else ''} {VERBS.get(act, 'done')}." if done else "Nothing was done"
    if not left:
        return said
    reasons = "; ".join(dict.fromkeys(left))
    return f"{said.rstrip('.')}. {len(left)} left out: {reasons}."


def _pairs(items: list[str]) -> dict[int, int]:
    """Return tasks with the judgements that were seen, as the page that asked wrote them."""
    numbers = [tuple(int(part) for part in text.split(":")) for text in items if _numbers(text)]
    return {pair[0]: pair[1] for pair in numbers if 0 < pair[0] <= LARGEST_ID and pair[1] <= LARGEST_ID}


def _numbers(text: str) -> bool:
    parts = text.split(":")
    return len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 11 for part in parts)  # noqa: PLR2004


def _page(
    at: AtWork, *, items: list[Item], act: str, status: int = 200, errors: dict[str, str] | None = None, too_many: int = 0
) -> Response:
    going = [item for item in items if item.against is None]
    with at.desk.glance() as glance:
        staff, suggested = who_may(glance, None, at.desk.now(), going[0].task.team if going else "")
    facts: dict[str, Any] = {
        "act": act,
        "going": going,
        "left": [item for item in items if item.against is not None],
        "staff": [(username, name) for username, name in staff if username != at.person.username],
        "suggested": suggested,
        "asked": QueueQuery.read(at.typed.line("back")),
        "errors": errors or {},
        "summary": summary(errors or {}),
        "too_many": too_many,
        "seconds": at.desk.settings.undo_seconds,
    }
    return at.desk.pages.page(at.request, "bulk_confirm.html", status=status, **facts)
