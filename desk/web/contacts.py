"""Logging what came by telephone, letter, visit or walkabout: two fields first, the rest after, safe at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from desk.web import words
from desk.web.contact_check import Checked, check, check_first
from desk.web.contact_draft import Draft, new_id
from desk.web.contact_files import MOST_BYTES, carried, files_of, too_much
from desk.web.contact_logged import answer, kept, words_of
from desk.web.desk import Desk, TheDesk
from desk.web.rights import LOGGERS, Person, needs
from intake.channel import InboxUnavailable
from intake.contact import inbound
from intake.message import Attachment
from intake.web_pages import summary
from store.models import Message

router = APIRouter()
WORKER = needs(*LOGGERS)
REFUSED, AWAY = 422, 503
FIRST = {"way", "words"}
"""The fields of the first page."""
MOST_FIELDS = 1_000
MOST_OF_A_FIELD = MOST_BYTES * 4 // 3 + 1024
"""Bytes of one form field: a file that is carried along is a field of base64."""


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Yield the request's form, with room for files that are carried along; they are let go of afterwards."""
    async with request.form(max_fields=MOST_FIELDS, max_part_size=MOST_OF_A_FIELD) as form:
        yield form


TheForm = Annotated[FormData, Depends(form_of)]


@router.get("/contacts/new")
def begin(request: Request, desk: TheDesk, person: Annotated[Person, WORKER], case: str = "") -> Response:  # noqa: ARG001  # a route names its roles
    """Show the two fields; ``case`` is the reference of the case from which the colleague came."""
    return _page(request, desk, Draft(id=new_id(), reference=case[:40].strip()), Checked(), ())


@router.post("/contacts/new")
def log(request: Request, desk: TheDesk, person: Annotated[Person, WORKER], form: TheForm) -> Response:
    """Go on to the other fields, or log the contact; what was typed and chosen is never lost."""
    draft, files = Draft.read(form), files_of(form)
    if form.get("step") == "more":
        errors = check_first(draft)
        return _page(request, desk, replace(draft, whole=not errors), Checked(errors=errors), files)
    earlier = kept(desk, draft.id)
    if earlier is not None:
        return _again(request, desk, draft, files, earlier)
    checked = check(draft, desk, person)
    if (much := too_much(files)) is not None:
        checked.errors["files"] = much
    if checked.contact is None or checked.errors:
        return _page(request, desk, draft, checked, files)
    try:
        desk.house.reception.put([inbound(checked.contact, files)])
    except InboxUnavailable:
        checked.errors["words"] = "The store cannot be reached, so nothing was logged: try again in a minute"
        return _page(request, desk, draft, checked, files, status=AWAY)
    return RedirectResponse(f"/contacts/{draft.id}", status_code=303)


@router.get("/contacts/{contact_id}")
def logged(request: Request, desk: TheDesk, person: Annotated[Person, WORKER], contact_id: str) -> Response:
    """Show what became of a contact: its reference to read out, its dates, and what is still to be done."""
    return answer(request, desk, person, contact_id)


def _again(request: Request, desk: Desk, draft: Draft, files: Sequence[Attachment], earlier: Message) -> Response:
    """Answer a form that was sent twice: the same contact is shown, other words are another contact."""
    if words_of(desk, earlier) == draft.words:
        return RedirectResponse(f"/contacts/{draft.id}", status_code=303)
    errors = {"words": "This contact was logged already, with other words. Log this as another one, or take it to the case"}
    return _page(request, desk, replace(draft, id=new_id()), Checked(errors=errors), files)


def _page(
    request: Request, desk: Desk, draft: Draft, checked: Checked, files: Sequence[Attachment], *, status: int | None = None
) -> Response:
    facts: dict[str, Any] = {
        "draft": draft,
        "errors": checked.errors,
        "summary": summary(checked.errors),
        "alike": checked.alike,
        "late_for": checked.late_for,
        "carried": carried(files),
        "category_items": [{"value": str(code), "text": name} for code, name in words.CATEGORIES.items()],
        "reasons": list(words.REASONS.items()),
        "flags": sorted(words.FLAGS.items(), key=lambda flag: flag[0] not in words.DANGERS),
    }
    elsewhere = not checked.errors.keys() <= FIRST  # what is to be mended must stand on the page that says so
    template = "contact_details.html" if draft.whole or elsewhere else "contact_new.html"
    return desk.pages.page(request, template, status=status or (REFUSED if checked.errors else 200), **facts)
