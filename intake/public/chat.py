"""The web chat: a page that shows the whole conversation, works without scripts, and belongs to one browser's cookie."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from intake.public import chat_acts
from intake.public.chat_pages import COOKIE, NOT_FOUND, PATH, SEE_OTHER, kept, mine, must_chat, page, shown, told, with_cookie
from intake.public.door import Door, TheDoor
from intake.public.residents import Chat
from intake.public.saying import TOO_MANY, brake
from intake.public.uploads import Taken, taken
from intake.web_safety import PRIVATE

router = APIRouter()
NO_NEWS = 204


@router.get("/chat")
def chat(request: Request, door: TheDoor) -> Response:
    """Show the conversation of this browser, or the beginning of one."""
    found = mine(request, door) or door.residents.new_chat(must_chat(door))
    _look(request, door)
    return page(request, door, found)


@router.get("/chat/lines")
def lines(request: Request, door: TheDoor, stamp: str = "") -> Response:
    """Return the conversation's lines alone, or nothing while there is no news since ``stamp``."""
    found = mine(request, door)
    now = door.residents.stamp(found) if found is not None else stamp
    if found is None or now == stamp:
        return Response(status_code=NO_NEWS, headers=PRIVATE)
    _look(request, door)
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
    async with taken(request, door) as found:
        return await run_in_threadpool(chat_acts.say, request, door, found)


@router.post("/chat/press")
async def press(request: Request, door: TheDoor) -> Response:
    """Take a pressed button: one that stands under a letter of this conversation, or the one that asks for a person."""
    must_chat(door)
    brake(request, door)
    async with taken(request, door) as found:
        return await run_in_threadpool(chat_acts.press, request, door, found)


@router.post("/chat/look")
async def look(request: Request, door: TheDoor) -> Response:
    """Show the conversation that a page carries, in a browser that keeps no cookies."""
    must_chat(door)
    brake(request, door)
    async with taken(request, door) as found:
        return await run_in_threadpool(_carried, request, door, found)


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


def _carried(request: Request, door: Door, found: Taken) -> Response:
    return kept(request, door, chat_acts.theirs(request, door, found))


def _look(request: Request, door: Door) -> None:
    """Refuse who reads whole conversations more often than the pages of any household do."""
    if seconds := door.throttle.looking(request):
        raise HTTPException(TOO_MANY, headers={"Retry-After": str(seconds)})
