"""Every letter the program can write, with sample facts, ours beside the landlord's own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web import words
from desk.web.access import NOT_FOUND
from desk.web.desk import Desk, TheDesk
from desk.web.letter_shelf import book_in_use, kinds, opened_alone, replaced_files, shelf, shelved
from desk.web.reply_sending import framed
from desk.web.rights import EVERYONE, Person, needs
from handlers.letter_samples import samples
from handlers.letters import Draft, LetterError

router = APIRouter()
Anybody = Annotated[Person, needs(*EVERYONE)]
SAMPLES = {
    "plain": "Ordinary",
    "danger": "Somebody may be in danger",
    "question": "Nothing was asked for",
    "withheld": "Words not repeated",
    "stage_2": "Stage 2",
    "unsure": "Nobody knows what it is",
    "complaint": "About a complaint",
    "more": "More in the message",
}
"""Sample cases in words; a reason for signposting has its own, and so may a letter with facts of its own."""


@router.get("/letters")
def letters(request: Request, desk: TheDesk, _person: Anybody) -> Response:
    """List every kind of letter, which version of it is in use, and what the landlord replaced."""
    _book, broken = book_in_use(desk)
    folder = desk.house.settings.letters_dir
    return desk.pages.page(request, "letters.html", shelf=shelf(desk), broken=broken, folder=str(folder) if folder else None)


@router.get("/letters/{kind}")
def letter(request: Request, desk: TheDesk, _person: Anybody, kind: str, sample: str = "plain") -> Response:
    """Show one kind of letter as text, page and short form, and the landlord's own files beside ours."""
    told = _samples(desk, kind)
    made, error = _drafted(desk, kind, sample)
    facts: dict[str, Any] = {
        "kind": kind,
        "sample": sample,
        "samples": [(name, _titled(name)) for name in told],
        "letter": made,
        "error": error,
        "entry": shelved(desk, kind, book_in_use(desk)[0]),
        "replaced": replaced_files(desk, kind),
    }
    return desk.pages.page(request, "letters_one.html", **facts)


@router.get("/letters/{kind}/page")
def letter_page(desk: TheDesk, _person: Anybody, kind: str, sample: str = "plain") -> Response:
    """Return the letter's own page, for a frame in which nothing can act."""
    made, _error = _drafted(desk, kind, sample)
    if made is None:
        raise NOT_FOUND
    return framed(made.html)


def _titled(name: str) -> str:
    """Return what a sample is called; one that nobody has named yet is shown without its underscores."""
    return SAMPLES.get(name) or words.said(words.REASONS, name).capitalize()


def _samples(desk: Desk, kind: str) -> dict[str, Any]:
    if kind not in kinds(desk):
        raise NOT_FOUND
    return dict(samples(desk.house.landlord, kind))


def _drafted(desk: Desk, kind: str, sample: str) -> tuple[Draft | None, str | None]:
    """Write the letter with the book in use, or where that lacks it from its files; return it, or why it cannot be written."""
    told = _samples(desk, kind)
    if sample not in told:
        raise NOT_FOUND
    book, _why = book_in_use(desk)
    if book is None or kind not in book.kinds:
        book, error = opened_alone(desk, kind)
        if book is None:
            return None, error
    try:
        return book.draft(kind, told[sample]), None
    except LetterError as error:
        return None, str(error)
