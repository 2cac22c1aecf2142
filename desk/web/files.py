"""Residents' files and the original of a message, shown so that nothing in them can act."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, HTTPException, Path, Request
from starlette.responses import RedirectResponse, Response

from desk.web.access import NOT_FOUND, open_message
from desk.web.clean_html import POLICY, clean_page
from desk.web.desk import Desk, TheDesk
from desk.web.file_kinds import PICTURES, kind_of
from desk.web.file_standing import original_standing, standing_of
from desk.web.pictures import LARGE, SMALL, Busy
from desk.web.rights import READERS, Person, needs
from desk.web.row_ids import RowId
from desk.web.showing import read_again, shown_message
from intake.message import MAIL, Attachment
from store.models import Case, Message
from store.overview import raw_of

router = APIRouter()
Reader = Annotated[Person, needs(*READERS)]
Number = Annotated[int, Path(ge=1, le=100_000)]
DOWNLOAD = "sandbox; default-src 'none'"
"""The policy of a file that somebody sent: opened in spite of all, it can do nothing."""


@router.get("/messages/{message_id}/original")
def original(request: Request, desk: TheDesk, person: Reader, message_id: RowId) -> Response:
    """Show a message as it was sent, in a frame where nothing of it can act."""
    message = open_message(desk, person, message_id)
    shown = shown_message(desk, message, None)
    return desk.pages.page(request, "original.html", shown=shown, back=back_from(request, desk, message))


@router.get("/messages/{message_id}/html")
def html(desk: TheDesk, person: Reader, message_id: RowId) -> Response:
    """Give the frame its page: the mail's own html, cleaned."""
    reading = read_again(desk, open_message(desk, person, message_id))
    return Response(
        clean_page(reading.html, reading.text),
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


@router.get("/messages/{message_id}/raw")
def raw(desk: TheDesk, person: Reader, message_id: RowId) -> Response:
    """Give a message's bytes just as they came, where nothing in them has to be asked about first."""
    message = open_message(desk, person, message_id)
    if not original_standing(desk, message, read_again(desk, message)).opens:
        return _to_be_asked(message_id, 0)
    found = original_file(desk, message)
    return download(found.content, found.name)


@router.get("/messages/{message_id}/files/{number}")
def file(desk: TheDesk, person: Reader, message_id: RowId, number: Number) -> Response:
    """Give a file that came with a message, to be kept and never to be shown by the browser; one not known as clean after a page."""
    found = whole_file(desk, open_message(desk, person, message_id), number)
    if not standing_of(desk, found.sha256).opens:
        return _to_be_asked(message_id, number)
    return download(found.content, found.name)


@router.get("/messages/{message_id}/files/{number}/thumbnail")
def thumbnail(desk: TheDesk, person: Reader, message_id: RowId, number: Number) -> Response:
    """Give a small picture of a picture."""
    return _picture(desk, open_message(desk, person, message_id), number, SMALL)


@router.get("/messages/{message_id}/files/{number}/large")
def large(desk: TheDesk, person: Reader, message_id: RowId, number: Number) -> Response:
    """Give a picture large enough to look at, made anew like the small one."""
    return _picture(desk, open_message(desk, person, message_id), number, LARGE)


@router.get("/messages/{message_id}/files/{number}/picture")
def picture(request: Request, desk: TheDesk, person: Reader, message_id: RowId, number: Number) -> Response:
    """Show a picture on a page of its own, with the way to the next."""
    message = open_message(desk, person, message_id)
    shown = shown_message(desk, message, None)
    pictures = [each for each in shown.attachments if each.is_picture]
    here = next((place for place, each in enumerate(pictures) if (each.message_id, each.number) == (message_id, number)), None)
    if here is None:
        raise NOT_FOUND
    facts: dict[str, Any] = {"shown": shown, "file": pictures[here], "place": here + 1, "pictures": pictures}
    return desk.pages.page(request, "picture.html", back=back_from(request, desk, message), **facts)


def back_from(request: Request, desk: Desk, message: Message) -> tuple[str, str] | None:
    """Return address and name of where the person came from: the card or the page that showed the message, else its case."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc == request.headers.get("host") and came.path.startswith(("/tasks/", "/cases/")):
        return f"{came.path}?{came.query}" if came.query else came.path, "Back"
    with desk.glance() as glance:
        case = glance.get(Case, message.case_id) if message.case_id else None
    return (f"/cases/{case.reference}", f"Back to {case.reference}") if case else None


def whole_file(desk: Desk, message: Message, number: int) -> Attachment:
    """Return a file of a message with all its bytes, or raise 404."""
    with desk.glance() as glance:
        found = desk.readings.file(glance, message, number)
    if found is None:
        raise NOT_FOUND
    return found


def original_file(desk: Desk, message: Message) -> Attachment:
    """Return a message's own bytes as a file."""
    with desk.glance() as glance:
        content = raw_of(glance, message.id or 0) or b""
    return Attachment(
        name=f"message-{message.id}.{'eml' if message.media_type == MAIL else 'json'}",
        type=message.media_type,
        size=len(content),
        sha256=message.raw_sha256,
        inline=False,
        content=content,
    )


def _to_be_asked(message_id: int, number: int) -> Response:
    return RedirectResponse(f"/messages/{message_id}/files/{number}/ask", status_code=303)


def _picture(desk: Desk, message: Message, number: int, side: int) -> Response:
    with desk.glance() as glance:
        file = desk.readings.files(glance, message).get(number)
    if file is None or standing_of(desk, file.sha256).infected:
        raise NOT_FOUND
    try:
        made = desk.pictures.of((file.sha256, side), lambda: _content(desk, message, number))
    except Busy as error:
        raise HTTPException(503, "Too many pictures are being made at once. Try again.") from error
    if made is None:
        raise NOT_FOUND
    return Response(made, media_type="image/jpeg", headers={"Content-Security-Policy": DOWNLOAD})


def _content(desk: Desk, message: Message, number: int) -> bytes | None:
    content = whole_file(desk, message, number).content
    return content if kind_of(content) in PICTURES else None


def download(content: bytes, name: str) -> Response:
    """Return a file that the browser keeps and never shows, whatever it is."""
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": DOWNLOAD}
    return Response(content, media_type="application/octet-stream", headers=headers)


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file under this name (RFC 6266, RFC 8187)."""
    flat = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"') or "file"
    simple = "".join(sign if sign.isascii() and sign != "%" else "_" for sign in flat)
    return f"attachment; filename=\"{simple}\"; filename*=UTF-8''{quote(flat, safe='')}"
