"""A letter of a case as the page that was sent, in a frame that may do nothing; and as a page to print."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from selectolax.lexbor import LexborHTMLParser
from starlette.responses import HTMLResponse, Response

from desk.web.access import NOT_FOUND, open_case_id
from desk.web.agreed import agreed_with
from desk.web.desk import Desk, TheDesk
from desk.web.reply_preview import printable
from desk.web.rights import READERS, Person, needs
from desk.web.row_ids import RowId
from handlers.people.known import wishes_of_case
from handlers.people.posted import waits
from store.act_rows import people_of_case
from store.models import Case, OutboxEntry

FRAME = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""The policy of a letter in its frame: it may look as it was sent, and do nothing."""
router = APIRouter()
Reader = Annotated[Person, needs(*READERS)]


@router.get("/letters-sent/{letter_id}")
def letter_as_sent(desk: TheDesk, person: Reader, letter_id: RowId) -> Response:
    """Show the page of a letter just as it was sent, in a frame that may do nothing."""
    letter, _case = _opened(desk, person, letter_id)
    if letter.html is None:
        raise NOT_FOUND
    return HTMLResponse(letter.html, headers={"Content-Security-Policy": FRAME})


@router.get("/letters-sent/{letter_id}/print")
def letter_to_print(request: Request, desk: TheDesk, person: Reader, letter_id: RowId) -> Response:
    """Show a letter as a page to print, in large print where that was agreed, with what else was agreed above it."""
    letter, case = _opened(desk, person, letter_id)
    with desk.glance() as glance:
        wishes, agreed = wishes_of_case(glance, case), agreed_with(glance, case)
        acts = person.acts and person.username not in people_of_case(glance, letter.case_id, "barred")
    facts: dict[str, Any] = {"case": case, "letter": letter, "agreed": agreed, "acts": acts, "waits": waits(letter)}
    facts |= {"large_print": wishes.large_print, "carried": wishes.carried}
    body = printable(letter.html) if letter.html else ""
    return desk.pages.page(request, "letter_print.html", **facts, body=body, heading=_heading(body) or letter.subject)


def _heading(body: str) -> str:
    """Return the heading of a printed letter, which its page is called by."""
    found = LexborHTMLParser(body).css_first("h1") if body else None
    return " ".join(found.text().split()) if found is not None else ""


def _opened(desk: Desk, person: Person, letter_id: int) -> tuple[OutboxEntry, Case]:
    """Return a letter and its case, where the person may open that; or raise 404."""
    with desk.glance() as glance:
        letter = glance.get(OutboxEntry, letter_id)
    if letter is None:
        raise NOT_FOUND
    return letter, open_case_id(desk, person, letter.case_id).case
