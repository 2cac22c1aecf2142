"""The page of a web chat, and whose it is: known by a signed cookie, or by what its own page carried."""

from __future__ import annotations

import re
from typing import Any

from fastapi import HTTPException, Request
from starlette.responses import RedirectResponse, Response

from intake.public.door import Door
from intake.public.residents import Chat, Line, ResidentsUnavailable, Talk
from intake.public.saying import AWAY, Heard, facts_of, once_again
from intake.web_safety import PRIVATE

COOKIE, PATH = "chat", "/chat"
HALF_A_YEAR = 182 * 24 * 3600
"""Seconds for which a browser keeps the conversation, counted from the last time that it was open."""
NOT_FOUND, SEE_OTHER = 404, 303


def must_chat(door: Door) -> str:
    """Return the account of the web chat; where there is none, there is no such page."""
    if door.chat_account is None:
        raise HTTPException(NOT_FOUND)
    return door.chat_account


def mine(request: Request, door: Door, carried: str = "") -> Chat | None:
    """Return the conversation of this browser; where it keeps no cookies, the one that its page was given."""
    account, cookie = must_chat(door), request.cookies.get(COOKIE, "")
    return door.residents.chat(account, cookie) or (door.residents.chat(account, carried) if carried else None)


def purpose_of(chat: Chat) -> str:
    """Return what the one-time names of this conversation's pages are for."""
    return f"chat {chat.identity.user}"


def page(request: Request, door: Door, chat: Chat, said: Heard | None = None, signed: str = "") -> Response:
    """Return the whole page; what could not be taken is told, and stands in the form again under its one-time name.

    A house that can say nothing now costs nobody what they typed: the form stands there, and the conversation comes later.
    """
    try:
        stamp, talk, is_away = door.residents.stamp(chat), door.residents.talk(chat), False
    except ResidentsUnavailable:
        stamp, talk, is_away = "", Talk(), True
    is_known = mine(request, door) == chat
    facts = (
        told(door, talk, stamp)
        | facts_of(door, said)
        | {
            "is_away": is_away,
            # Carried by the page itself only where there is no cookie yet: no script should find it there.
            "talk": "" if is_known else chat.cookie,
            "keeps_none": request.method == "POST" and not is_known,
            "back": f"{door.url}{PATH}/back/{chat.back}",
            "once": once_again(door, purpose_of(chat), signed, said),
        }
    )
    status = said.status if said is not None else AWAY if is_away else 200
    answer = door.pages.page(request, "chat.html", status=status, **facts)
    if said is not None and said.again_in:
        answer.headers["Retry-After"] = str(said.again_in)
    shown(door, chat, talk)
    return with_cookie(answer, door, chat)


def told(door: Door, talk: Talk, stamp: str) -> dict[str, Any]:
    """Return what the lines of a conversation are shown with; only the latest letter has its buttons still."""
    return {
        "lines": [(line, pieces(line, door.url)) for line in talk.lines],
        "cases": talk.cases,
        "latest": next((line.id for line in reversed(talk.lines) if line.ours), None),
        "stamp": stamp,
        "is_waiting": bool(talk.lines) and not talk.lines[-1].ours,
    }


def pieces(line: Line, url: str) -> list[tuple[str, bool]]:
    """Return the words in pieces, each with whether it is a link: nothing is, but the address of our own page in a letter of ours."""
    if not line.ours:
        return [(line.words, False)]
    parts = re.split(f"({re.escape(url)}/case/[a-z0-9._-]*[a-z0-9])", line.words)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]


def shown(door: Door, chat: Chat, talk: Talk) -> None:
    """Note that the letters of a conversation were shown."""
    door.residents.shown(chat, tuple(line.letter for line in talk.lines if line.letter is not None))


def kept(request: Request, door: Door, chat: Chat) -> Response:
    """Send the browser to the page, where what it said stands last; one that keeps no cookies would not find it: it gets it here."""
    if mine(request, door) != chat:
        return page(request, door, chat)
    return with_cookie(RedirectResponse(f"{PATH}#newest", SEE_OTHER), door, chat)


def with_cookie(answer: Response, door: Door, chat: Chat) -> Response:
    """Give the browser its conversation: for no script to read, for no other site to use, and for nobody to keep."""
    https = door.url.startswith("https://")
    answer.set_cookie(COOKIE, chat.cookie, max_age=HALF_A_YEAR, path=PATH, secure=https, httponly=True, samesite="lax")
    answer.headers.update(PRIVATE)
    return answer
