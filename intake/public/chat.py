"""The web chat: a page that shows the whole conversation, works without scripts, and belongs to one browser's cookie."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from intake.message import InboundMessage
from intake.public.chat_pages import (
    COOKIE,
    NOT_FOUND,
    PATH,
    SEE_OTHER,
    kept,
    mine,
    must_chat,
    page,
    purpose_of,
    shown,
    told,
    with_cookie,
)
from intake.public.door import Door, TheDoor
from intake.public.residents import Chat, Talk
from intake.public.saying import Heard, brake, field, heard, once_for, put
from intake.public.uploads import Taken, taken
from intake.web_safety import PRIVATE
from intake.webchat.document import Said, of_chat

router = APIRouter()
PERSON, WANTS_PERSON = "person", "I want to talk to a person."
NO_NEWS = 204


@router.get("/chat")
def chat(request: Request, door: TheDoor) -> Response:
    """Show the conversation of this browser, or the beginning of one."""
    return page(request, door, mine(request, door) or door.residents.new_chat(must_chat(door)))


@router.get("/chat/lines")
def lines(request: Request, door: TheDoor, stamp: str = "") -> Response:
    """Return the conversation's lines alone, or nothing while there is no news since ``stamp``."""
    found = mine(request, door)
    now = door.residents.stamp(found) if found is not None else stamp
    if found is None or now == stamp:
        return Response(status_code=NO_NEWS, headers=PRIVATE)
    talk = door.residents.talk(found)
    answer = door.pages.page(request, "parts/chat_talk.html", **told(door, talk, now))
    shown(door, found, talk)
    answer.headers.update(PRIVATE)
    return answer


@router.post("/chat")
async def say(request: Request, door: TheDoor) -> Response:
    """Take what somebody says; the page shows it as soon as it is kept."""
    must_chat(door)
    brake(request, door)
    async with taken(request, door.limits) as found:
        return await run_in_threadpool(_say, request, door, found)


@router.post("/chat/press")
async def press(request: Request, door: TheDoor) -> Response:
    """Take a pressed button: one that stands under a letter of this conversation, or the one that asks for a person."""
    must_chat(door)
    brake(request, door)
    async with taken(request, door.limits) as found:
        return await run_in_threadpool(_press, request, door, found)


@router.post("/chat/leave")
def leave(door: TheDoor) -> Response:
    """Let this browser forget the conversation, for others may use it too; nothing that was said is lost."""
    must_chat(door)
    answer = RedirectResponse(PATH, SEE_OTHER)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


@router.get("/chat/back/{link}")
def back(request: Request, door: TheDoor, link: str) -> Response:
    """Ask before a link brings a conversation into this browser: programs follow links, and people press buttons."""
    _again(door, link)
    answer = door.pages.page(request, "chat_back.html", link=link, has_other=mine(request, door) is not None)
    answer.headers.update(PRIVATE)
    return answer


@router.post("/chat/back/{link}")
def go_back(door: TheDoor, link: str) -> Response:
    """Bring the conversation of a link into this browser."""
    return with_cookie(RedirectResponse(PATH, SEE_OTHER), door, _again(door, link))


def _again(door: Door, link: str) -> Chat:
    found = door.residents.chat_again(must_chat(door), link)
    if found is None:
        raise HTTPException(NOT_FOUND)
    return found


def _theirs(request: Request, door: Door, found: Taken) -> Chat:
    return mine(request, door, field(found, "talk")) or door.residents.new_chat(must_chat(door))


def _say(request: Request, door: Door, found: Taken) -> Response:
    who, said = _theirs(request, door, found), heard(found, door)
    if said.trouble is not None:
        return page(request, door, who, said)
    once = once_for(door, purpose_of(who), field(found, "once"), said.words, said.files)
    message = Said(once=once, at=door.clock.now(), words=said.words, files=said.files, left_out=said.left_out)
    said = put(door, said, of_chat(message, who.identity, door.chat_quiet))
    # Where a file was not taken the page says so at once; loaded anew, it sends the same message, which is kept once.
    return page(request, door, who, said) if said.trouble or said.left_out else kept(door, who)


def _press(request: Request, door: Door, found: Taken) -> Response:
    who = _theirs(request, door, found)
    talk, payload = door.residents.talk(who), field(found, "press")
    message = _wants_person(door, who, talk, found) if payload == PERSON else _pressed(door, who, talk, found)
    said = Heard() if message is None else put(door, Heard(), message)
    return page(request, door, who, said) if said.trouble else kept(door, who)


def _wants_person(door: Door, who: Chat, talk: Talk, found: Taken) -> InboundMessage:
    """Return the wish for a person: a press about the case there is, or words that open one."""
    once = once_for(door, purpose_of(who), field(found, "once"), WANTS_PERSON)
    pressed = PERSON if talk.cases else None
    return of_chat(Said(once=once, at=door.clock.now(), words=WANTS_PERSON, pressed=pressed), who.identity, door.chat_quiet)


def _pressed(door: Door, who: Chat, talk: Talk, found: Taken) -> InboundMessage | None:
    """Return the press of a button that stands in this very conversation; of no other, whatever a browser sends."""
    letter, payload = field(found, "letter"), field(found, "press")
    line = next((line for line in talk.lines if line.letter is not None and str(line.letter) == letter), None)
    choice = next((choice for choice in line.choices if choice.payload == payload), None) if line is not None else None
    if choice is None:
        return None
    # Named by its letter: pressed again, it is the same press.
    once = f"press-{letter}-{payload}"
    said = Said(once=once, at=door.clock.now(), words=choice.label, pressed=payload, about=letter)
    return of_chat(said, who.identity, door.chat_quiet)
