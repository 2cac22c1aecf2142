"""A file that is not known to be clean is given out only after a page that says why: asked once more, or to managers alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from starlette.responses import RedirectResponse, Response

from desk.web.access import open_message
from desk.web.desk import Desk, TheDesk
from desk.web.file_standing import Standing, name_out, original_standing, standing_of
from desk.web.files import back_from, download, original_file, whole_file
from desk.web.rights import READERS, WORKERS, Person, Role, needs
from desk.web.row_ids import RowId
from desk.web.showing import read_again
from handlers.infected_files import ask_again, taken
from intake.message import Attachment
from store.models import Message

router = APIRouter()
Reader = Annotated[Person, needs(*READERS)]
Worker = Annotated[Person, needs(*WORKERS)]
Number = Annotated[int, Path(ge=0, le=100_000)]
"""The number of a file; 0 is the original of the message."""
PLACE = "/messages/{message_id}/files/{number}"


@router.get(PLACE + "/ask")
def ask(request: Request, desk: TheDesk, person: Reader, message_id: RowId, number: Number) -> Response:
    """Say why a file is not given out at once, and offer what the person may do."""
    message = open_message(desk, person, message_id)
    file, standing = _found(desk, message, number)
    if standing.opens:
        return RedirectResponse(f"/messages/{message_id}/{f'files/{number}' if number else 'raw'}", status_code=303)
    return desk.pages.page(
        request,
        "file_ask.html",
        back=back_from(request, desk, message),
        file=file,
        name=name_out(file, standing),
        standing=standing,
        place=f"/messages/{message_id}/files/{number}",
        may_take=_may_take(person, standing),
        may_scan=standing.scanner and standing.told and _may_take(person, standing),
    )


@router.post(PLACE + "/ask")
def take(desk: TheDesk, person: Worker, message_id: RowId, number: Number) -> Response:
    """Give the file out to somebody who has read the page; that an infected one was taken is written on its case."""
    message = open_message(desk, person, message_id)
    file, standing = _found(desk, message, number)
    _must(person, standing)
    if standing.infected:
        with desk.house.store.unit("T6") as unit:
            taken(unit, message, number, by=person.username, now=desk.now())
            unit.commit()
    return download(file.content, name_out(file, standing))


@router.post(PLACE + "/scan")
def scan(desk: TheDesk, person: Worker, message_id: RowId, number: Number) -> Response:
    """Have a file scanned again: the signatures may be newer by now."""
    message = open_message(desk, person, message_id)
    file, standing = _found(desk, message, number)
    _must(person, standing)
    within = () if number else read_again(desk, message).attachments
    with desk.house.store.unit("T6") as unit:
        ask_again(unit, message, number, [file.sha256, *(each.sha256 for each in within)], by=person.username, now=desk.now())
        unit.commit()
    return RedirectResponse(f"/messages/{message_id}/files/{number}/ask", status_code=303)


def _found(desk: Desk, message: Message, number: int) -> tuple[Attachment, Standing]:
    if number:
        file = whole_file(desk, message, number)
        return file, standing_of(desk, file.sha256)
    return original_file(desk, message), original_standing(desk, message, read_again(desk, message))


def _may_take(person: Person, standing: Standing) -> bool:
    return person.is_any(Role.MANAGER) if standing.infected else person.acts


def _must(person: Person, standing: Standing) -> None:
    if not _may_take(person, standing):
        raise HTTPException(403, "Only a manager can take an infected file.")
