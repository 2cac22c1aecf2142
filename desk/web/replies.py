"""Writing a reply: begun with a greeting or the corrected definition, kept as a draft, thrown away on a page of its own."""

# The parts of the paths are taken by ``reply_places``, on which every route depends.
# ruff: noqa: FAST003

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from desk.web import reply_sending
from desk.web.access import open_case
from desk.web.case_forms import Typed, TypedForm
from desk.web.desk import TheDesk
from desk.web.reply_forms import Writing, begun, resumed, typed_into, write_page
from desk.web.reply_places import AtWork, Place, Worker, may_write
from desk.web.row_ids import LARGEST_ID
from store.desk_models import DraftLetter
from store.reply_rows import save_draft

router = APIRouter()


class Wanted(BaseModel):
    """What the address of a new reply asks for: the message that it answers, and what it is about."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    message: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    about: Literal["definition"] | None = None


@router.get("/cases/{reference}/replies")
@router.get("/cases/{reference}/replies/new")
def new(request: Request, desk: TheDesk, person: Worker, reference: str, asked: Annotated[Wanted, Query()]) -> Response:
    """Begin a reply; nothing is kept before it is saved."""
    opened = open_case(desk, person, reference)
    may_write(desk, person, opened.case)
    return write_page(request, desk, opened, begun(desk, opened.case, asked.message, asked.about))


@router.post("/cases/{reference}/replies")
def begin(request: Request, desk: TheDesk, person: Worker, reference: str, typed: TypedForm) -> Response:
    """Keep a new reply as a draft."""
    opened = open_case(desk, person, reference)
    may_write(desk, person, opened.case)
    writing = typed_into(begun(desk, opened.case, typed.number("message")), typed)
    if writing.errors:
        return write_page(request, desk, opened, writing)
    row = {"case_id": opened.case.id, "message_id": writing.message.id, "by": person.username, "at": desk.now()}
    with desk.house.store.unit("desk") as unit:
        (draft_id,) = unit.insert(DraftLetter, [row | writing.values])
        unit.commit()
    return _onwards(f"/cases/{opened.case.reference}/replies/{draft_id}", typed)


@router.get("/cases/{reference}/replies/{draft}")
def edit(at: AtWork) -> Response:
    """Go on with a draft; one that is finished leads to what became of it."""
    if at.draft.finished_at is not None:
        return RedirectResponse(f"{at.address}/preview", status_code=303)
    return write_page(at.request, at.desk, at.opened, resumed(at.desk, at.case, at.draft))


@router.post("/cases/{reference}/replies/{draft}")
def save(at: AtWork, typed: TypedForm) -> Response:
    """Save a draft; where somebody else was first, both versions are shown and nothing that was typed is lost."""
    writing = typed_into(resumed(at.desk, at.case, at.draft), typed)
    if at.draft.finished_at is None and writing.errors:
        return write_page(at.request, at.desk, at.opened, writing)
    if at.draft.finished_at is None and _saved(at, writing):
        return _onwards(at.address, typed)
    now = at.again().draft
    mine = writing.over(None if now.finished_at is not None else now)
    return write_page(at.request, at.desk, at.opened, mine, saved=now)


@router.get("/cases/{reference}/replies/{draft}/discard")
def ask_to_discard(at: AtWork) -> Response:
    """Ask once before a draft is thrown away."""
    return at.desk.pages.page(at.request, "reply_discard.html", case=at.case, draft=at.draft)


@router.post("/cases/{reference}/replies/{draft}/discard")
def discard(at: AtWork, typed: TypedForm) -> Response:
    """Throw a draft away, the version that was looked at; the row stays."""
    gone = {"finished_at": at.desk.now(), "outcome": f"thrown away by {at.person.name}"}
    with at.desk.house.store.unit("desk") as unit:
        done = save_draft(unit, at.draft_id, typed.number("version"), **gone)
        unit.commit()
    if done or at.draft.finished_at is not None:
        return RedirectResponse(f"/cases/{at.case.reference}?told=draft-gone", status_code=303)
    facts = {"case": at.case, "draft": at.again().draft, "changed": True}
    return at.desk.pages.page(at.request, "reply_discard.html", status=409, **facts)


def _saved(at: Place, writing: Writing) -> bool:
    """Save over the version that was open; words that did not change make no new version."""
    values = writing.values
    if at.draft.version == writing.version and all(getattr(at.draft, name) == value for name, value in values.items()):
        return True
    with at.desk.house.store.unit("desk") as unit:
        done = save_draft(unit, at.draft_id, writing.version, by=at.person.username, at=at.desk.now(), **values)
        unit.commit()
    return done


def _onwards(address: str, typed: Typed) -> Response:
    """Lead to the preview where that was asked for, else back to the draft."""
    where = "/preview" if typed.line("press") == "preview" else "?told=saved"
    return RedirectResponse(f"{address}{where}", status_code=303)


router.include_router(reply_sending.router)
