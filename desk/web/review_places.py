"""Where triage goes from here: the next task of the same list, or back to the page that somebody came from."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import Desk
from desk.web.queue import QueueQuery, cursor, place_of
from desk.web.rights import Person
from store.models import Task
from store.queue_rows import Place, Waiting, queue_page, queue_position

Asked = Annotated[QueueQuery, Query()]


def place_in_queue(task: Task) -> Place:
    """Return where a task stands, or stood, in the queue."""
    return Place(danger=task.danger, due_at=task.due_at, id=task.id or 0)


def following(desk: Desk, person: Person, asked: QueueQuery) -> Waiting | None:
    """Return the first task after the place that the address names; asking for it marks nobody's presence."""
    wanted = asked.wanted(person)
    if asked.view == "team" and not wanted.teams:  # somebody without a team has no team's work
        return None
    with desk.glance() as glance:
        found = queue_page(glance, wanted, place_of(asked.after), 1)
    return found[0] if found else None


def position(desk: Desk, person: Person, asked: QueueQuery, task: Task) -> tuple[int, int]:
    """Return the how-manieth of how many the task is in its list."""
    with desk.glance() as glance:
        return queue_position(glance, asked.wanted(person), place_in_queue(task))


def skipping(asked: QueueQuery, task: Task) -> str:
    """Return the address of what comes after a task in its list."""
    return f"/tasks/next?{asked.string(after=cursor(place_in_queue(task)))}"


def onwards(asked: QueueQuery, task: Task, done: int | None) -> Response:
    """Lead on to what comes after a task, and say there what was done."""
    return RedirectResponse(_saying(skipping(asked, task), done), status_code=303)


def back(to: str, done: int | None, otherwise: str) -> Response:
    """Lead back to an address of the desk itself, and say there what was done; any other address is not followed."""
    own = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return RedirectResponse(_saying(to if own else otherwise, done), status_code=303)


def asked_before(request: Request) -> QueueQuery:
    """Return the list that the page before was part of, from the address it was at."""
    return QueueQuery.read(urlsplit(request.headers.get("referer", "")).query)


def _saying(address: str, done: int | None) -> str:
    said = "told=saved" if done is None else f"done={done}"
    path, mark, part = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{said}{mark}{part}"
