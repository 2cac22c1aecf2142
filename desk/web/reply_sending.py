"""A reply before and as it goes: the preview exactly as sent, the page to print, the sending, the note that it was posted."""

# The parts of the paths are taken by ``reply_places``, on which every route depends.
# ruff: noqa: FAST003

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.web.access import NOT_FOUND
from desk.web.case_forms import PARTS, Typed, TypedForm
from desk.web.reply_places import AtDraft, AtWork, Place
from desk.web.reply_preview import Preview, preview_of, printable
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.letter_words import day
from handlers.reply_orders import AtStage1, Barred, Changed, Finished, NotTheirs, Order, ReplyRefused
from handlers.routes_out import BY_HAND
from intake.web_pages import summary

router = APIRouter()
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
"""A letter's page has its looks in attributes, as mail programs want them, and may do nothing else at all."""
REFUSED: dict[type[ReplyRefused], str] = {
    Barred: "You do not work on this case: somebody else has to send the reply.",
    AtStage1: "You worked on this complaint at stage 1, so somebody else has to answer at stage 2 (Code 6.13). Nothing was sent.",
    NotTheirs: (
        "The reply would tell somebody of the case who may not be told of it, or names one member of a group to another. "
        "Nothing was sent."
    ),
    Finished: "This reply has gone already, or was thrown away. Nothing was sent now.",
    Changed: "The letter is not the one that you looked at: it was changed meanwhile, or bears another date. Look at it again.",
}
STALE = "Somebody saved another version meanwhile. Nothing was sent. Look at it as it is now."
LOOK = "Look at what is listed, and say that you did"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An order to let a reply go: where it was given, what was looked at, and what the form said."""

    at: Place
    found: Preview
    typed: Typed

    def order(self) -> Order:
        """Return the order as the handlers take it."""
        tasks = [id_ for id_ in self.typed.column("close") if id_ in {str(task.id) for task in self.found.tasks}]
        return Order(
            case_id=self.at.case.id or 0,
            draft_id=self.at.draft_id,
            version=self.typed.number("version"),
            seal=self.typed.line("seal"),
            by=self.at.person.username,
            officer=self.found.officer,
            close=tuple(int(id_) for id_ in tasks),
        )


@router.get("/cases/{reference}/replies/{draft}/preview")
def preview(at: AtDraft) -> Response:
    """Show the letter exactly as it would leave, with From, To and Subject, and what there is to look at."""
    return _page(at, _found(at))


@router.get("/cases/{reference}/replies/{draft}/letter")
def letter_page(at: AtDraft) -> Response:
    """Return the letter's own page, for the frame of the preview, where nothing in it can act."""
    made = _found(at).letter
    if made is None:
        raise NOT_FOUND
    return framed(made.html)


@router.get("/cases/{reference}/replies/{draft}/print")
def print_page(at: AtDraft) -> Response:
    """Show the letter as a page to print."""
    found = _found(at)
    if found.letter is None:
        raise NOT_FOUND
    facts: dict[str, Any] = {"preview": found, "case": at.case, "body": printable(found.letter.html)}
    return at.desk.pages.page(at.request, "reply_print.html", **facts)


@router.post("/cases/{reference}/replies/{draft}/send")
def send(at: AtWork, typed: TypedForm) -> Response:
    """Send the reply by mail or chat; it goes when the time to undo it is over."""
    if at.draft.way in BY_HAND:
        raise NOT_FOUND
    return _go(Asked(at=at, found=_found(at), typed=typed), at.desk.house.replying.send)


@router.post("/cases/{reference}/replies/{draft}/record")
def record(at: AtWork, typed: TypedForm) -> Response:
    """Note that the reply was posted, read out or handed over."""
    if at.draft.way not in BY_HAND:
        raise NOT_FOUND
    asked = Asked(at=at, found=_found(at), typed=typed)
    to, errors = typed.line("to"), _whereto(at.draft.way, typed)
    try:
        on = _day(asked)
    except Refused as refused:
        return _page(at, asked.found, errors={refused.field or "on-day": str(refused), **errors}, typed=typed, status=422)
    if errors:
        return _page(at, asked.found, errors=errors, typed=typed, status=422)
    return _go(asked, lambda order: at.desk.house.replying.record(order, on, to))


def framed(html: str) -> Response:
    """Return a letter's page under a policy by which it may show itself, and do nothing."""
    return HTMLResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})


def _found(at: Place) -> Preview:
    return preview_of(at.desk, at.person, at.case, at.draft)


def _go(asked: Asked, act: Callable[[Order], int]) -> Response:
    """Do what the order asks for and wake the sender, or show the letter again with why not."""
    at = asked.at
    errors = _unlooked(asked)
    if errors:
        return _page(at, asked.found, errors=errors, typed=asked.typed, status=422)
    try:
        number = act(asked.order())
    except ReplyRefused as refused:
        again = at.again()
        return _page(again, _found(again), refused=REFUSED.get(type(refused), STALE), typed=asked.typed, status=409)
    at.desk.letters_due()
    return RedirectResponse(f"/cases/{at.case.reference}?done={number}", status_code=303)


def _unlooked(asked: Asked) -> dict[str, str]:
    """Return what was not looked at; a finished draft is refused in its own words."""
    if asked.at.draft.finished_at is not None:
        return {}
    if asked.found.stopped:
        return {"mend": "Mend what is listed before the reply can go"}
    return {"checked": LOOK} if asked.found.advised and not asked.typed.line("checked") else {}


def _whereto(way: str, typed: Typed) -> dict[str, str]:
    missing = {"telephone": "Enter the number you rang", "post": "Enter the address you posted it to"}
    return {"to": missing[way]} if way in missing and not typed.line("to") else {}


def _day(asked: Asked) -> date:
    """Return on which day the letter was carried: not before it was written, nor after today."""
    on, written = asked.typed.date("on"), london_day(asked.at.draft.at)
    if on > london_day(asked.at.desk.now()):
        raise Refused("The date cannot be in the future", "on")
    if on < written:
        raise Refused(f"The date cannot be before the letter was written, {day(written)}", "on")
    return on


def _page(
    at: Place,
    found: Preview,
    *,
    errors: dict[str, str] | None = None,
    refused: str | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> Response:
    mail, today = at.desk.house.settings.mail, london_day(at.desk.now())
    told = {"on-day" if field == "on" else field: said for field, said in (errors or {}).items()}
    answered = [str(task.id) for task in found.tasks if task.message_id == found.message.id]
    facts: dict[str, Any] = {
        "case": at.case,
        "preview": found,
        "sender": f"{mail.from_name} <{mail.from_address}>",
        "errors": told,
        "summary": summary(told),
        "refused": refused,
        "on": [typed.line(f"on-{part}") for part in PARTS] if typed else [today.day, today.month, today.year],
        "to": typed.line("to") if typed else (found.route.to if found.route else None),
        "close": typed.column("close") if typed else answered,
    }
    return at.desk.pages.page(at.request, "reply_preview.html", status=status, **facts)
