"""Views of the queue that a person saved under a name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from desk.web.desk import TheDesk
from desk.web.queue import QueueQuery
from desk.web.rights import READERS, Person, needs
from desk.web.row_ids import RowId
from store.desk_models import SavedView
from store.staff_rows import forget_view, keep_view

router = APIRouter()
READER = needs(*READERS)
MOST = 30
"""Views that one person keeps; more are a list nobody reads."""


@router.get("/views")
def views(request: Request, desk: TheDesk, person: Annotated[Person, READER]) -> Response:
    """Show a person's saved views, to take away what is no longer needed."""
    with desk.glance() as glance:
        kept = glance.find(SavedView, staff_id=person.staff_id)
    return desk.pages.page(request, "views.html", views=kept)


@router.post("/views")
def save_view(
    desk: TheDesk,
    person: Annotated[Person, READER],
    query: Annotated[str, Form(max_length=2000)],
    name: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Keep a view under a name; the same name again replaces it."""
    asked = QueueQuery.read(query)
    label = " ".join(name.split()) or "My view"
    with desk.house.store.unit("desk") as unit:
        if len(unit.find(SavedView, staff_id=person.staff_id)) >= MOST:
            raise HTTPException(409, f"You have {MOST} saved views: take one away first, at the top of the queue under Change.")
        keep_view(unit, person.staff_id, label, asked.string(after=None), desk.now())
        unit.commit()
    return RedirectResponse(f"/queue?{asked.string(after=None)}&told=view", status_code=303)


@router.post("/views/{view_id}/remove")
def remove_view(desk: TheDesk, person: Annotated[Person, READER], view_id: RowId) -> Response:
    """Take a view away; somebody else's stays."""
    with desk.house.store.unit("desk") as unit:
        forget_view(unit, person.staff_id, view_id)
        unit.commit()
    return RedirectResponse("/views?told=view-gone", status_code=303)
