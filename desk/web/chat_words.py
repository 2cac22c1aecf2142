"""How the desk says who and where somebody is by chat: an identity is a long word that means nothing to people."""

from __future__ import annotations

from datetime import datetime

from desk.web import words
from handlers.clock import london_day
from handlers.routes_out import Route
from intake.identity import identity_of

LONGEST_USER = 24
"""Characters of a platform's own name for somebody that are shown; longer ones are numbers by lot."""


def address(text: str | None) -> str:
    """Return an address as people read it: a mail address as it is, an identity as "Telegram, 12345"."""
    identity = identity_of(text)
    if identity is None:
        return text or ""
    name = channel(identity.channel)
    return f"{name}, {identity.user}" if len(identity.user) <= LONGEST_USER else f"{name}, {identity.user[:LONGEST_USER]}…"


def channel(kind: str) -> str:
    """Return the name of a channel to begin a sentence with."""
    name = words.said(words.CHANNELS, kind)
    return name[:1].upper() + name[1:]


def way(code: str | None) -> str:
    """Return how a letter leaves: "Email", "Post", or the name of the platform."""
    if code is None or code in words.WAYS:
        return words.said(words.WAYS, code)
    return channel(code.partition(":")[0])


def route(found: Route, now: datetime) -> str:
    """Return a way out in words: "Email: ada@example.com", "Telegram", "WhatsApp until 4:10pm tomorrow"."""
    identity = identity_of(found.to)
    if identity is None or found.way != "chat":
        return f"{way(found.way)}: {found.to}" if found.to else way(found.way)
    name = channel(identity.channel)
    return name if found.until is None or found.closed else f"{name} until {until(found.until, now)}"


def until(at: datetime, now: datetime) -> str:
    """Return a time that is near: "4:10pm today", "4:10pm tomorrow", "4:10pm on Wed 25 Nov"."""
    days = (london_day(at) - london_day(now)).days
    return f"{words.clock(at)} {({0: 'today', 1: 'tomorrow'}).get(days) or f'on {words.weekday(at)}'}"
