"""How the desk says who and where somebody is by chat: an identity is a long word that means nothing to people."""

from __future__ import annotations

from datetime import datetime

from desk.web import words
from handlers.clock import london_day
from handlers.routes_out import Route
from intake.identity import identity_of
from store.models import Message

ACTS = {
    "edit": "Other words for an earlier message",
    "press": "What they chose",
    "echo": "Written from our account elsewhere",
    "public": "Said by {} where others read",
}
"""What is no plain message by chat, by its act."""
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


def title_of(act: str | None, name: str, *, by_chat: bool) -> str:
    """Return what a message without a subject is called: by chat no message has one."""
    if not by_chat:
        return "(no subject)"
    said = ACTS.get(act or "message", "Message by {}")
    return said.format(name)


def title(message: Message) -> str:
    """Return what stands above a message."""
    return message.subject or title_of(
        message.act, words.said(words.CHANNELS, message.channel), by_chat=bool(message.conversation)
    )


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
