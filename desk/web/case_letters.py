"""A letter of a case as the page that was sent, in a frame that may do nothing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from desk.web.access import NOT_FOUND, open_case_id
from desk.web.desk import TheDesk
from desk.web.rights import READERS, Person, needs
from desk.web.row_ids import RowId
from store.models import OutboxEntry

FRAME = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""The policy of a letter in its frame: it may look as it was sent, and do nothing."""
router = APIRouter()
Reader = Annotated[Person, needs(*READERS)]


@router.get("/letters-sent/{letter_id}")
def letter_as_sent(desk: TheDesk, person: Reader, letter_id: RowId) -> Response:
    """Show the page of a letter just as it was sent, in a frame that may do nothing."""
    with desk.glance() as glance:
        letter = glance.get(OutboxEntry, letter_id)
    if letter is None:
        raise NOT_FOUND
    open_case_id(desk, person, letter.case_id)
    if letter.html is None:
        raise NOT_FOUND
    return HTMLResponse(letter.html, headers={"Content-Security-Policy": FRAME})
