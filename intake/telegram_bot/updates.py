"""What one update of the Bot API is, before anybody reads its words: who, where, which act, under which name it is kept.

A message is named by chat and message, not by its update: the numbers of updates begin anew after a quiet week.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from intake.chat import Act
from intake.identity import Identity
from intake.telegram_bot.files import marks_of
from intake.telegram_bot.words import words_of

CHANNEL = "telegram"
MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
LIVE = 600
"""Seconds: of the positions in which somebody's live location is told anew, one in so long is kept."""
_LETTER = re.compile(r"(-?[0-9]{1,19})/([0-9]{1,19})(?::.*)?")
Told = dict[str, Any]


class UnknownShape(ValueError):
    """This is no update that the Bot API documents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One update; ``talk`` is whom to answer, ``by`` who did it, ``at`` when, in seconds of Unix time."""

    external_id: str
    act: Act
    talk: Identity
    by: Told = field(default_factory=dict, repr=False)
    at: int | None = None
    content: Told = field(default_factory=dict, repr=False)
    about: str | None = None
    pressed: str | None = None
    callback: str | None = None
    """The id by which a pressed button is told that it was seen."""


def update_of(told: object, account: str) -> Update:
    """Return what this update is to that account of ours, or raise ``UnknownShape``."""
    whole = _object(told)
    for kind, body in whole.items():
        if kind in MESSAGES:
            return _message(_object(body), account, edited=kind.startswith("edited"))
        if kind == "callback_query":
            return _press(_object(body), account)
        if kind == "my_chat_member":
            return _standing(_object(body), account)
    raise UnknownShape("an update of no known kind")


def number_of(told: object) -> int | None:
    """Return the update's number, by which it is confirmed."""
    number = told.get("update_id") if isinstance(told, dict) else None
    return number if type(number) is int else None


def letter_id(chat: int, message: int) -> str:
    """Return the name of a message in a chat, ours or theirs."""
    return f"{chat}/{message}"


def answered(chat: int, name: str | None) -> int | None:
    """Return the number that a message of this chat has by its name; None for any other name."""
    found = _LETTER.fullmatch(name or "")
    return int(found[2]) if found and int(found[1]) == chat else None


def _message(body: Told, account: str, *, edited: bool) -> Update:
    talk, is_private = _chat(body, account)
    name = f"{talk.user}/{_whole(body, 'message_id')}"
    at = _moment(body.get("edit_date" if edited else "date"))
    act: Act = "edit" if edited else "back" if body.get("text") == "/start" else "message"
    return Update(
        external_id=f"{name}:edit:{_version(body, at)}" if edited else name,
        # The first press of START says nothing yet: it only allows us to write.
        act=act if is_private else "public",
        talk=talk,
        by=_person(body),
        at=at,
        content=body,
        about=name if edited else _answered(talk, body.get("reply_to_message")),
    )


def _version(body: Told, at: int | None) -> str:
    """Name an edit by its time and its words, as two may fall into one second, and some edits change nothing we see."""
    location = body.get("location")
    if isinstance(location, dict) and "live_period" in location:
        return f"live{(at or 0) // LIVE}"
    seen = json.dumps([words_of(body), *marks_of(body)])
    return f"{at or 0}-{hashlib.sha256(seen.encode()).hexdigest()[:8]}"


def _press(body: Told, account: str) -> Update:
    callback, pressed, letter = body.get("id"), body.get("data"), body.get("message")
    if not isinstance(callback, str) or not callback or not isinstance(pressed, str):
        raise UnknownShape("a pressed button without its id and payload")
    by = _person(body)
    if isinstance(letter, dict):
        talk, is_private = _chat(letter, account)
        about = f"{talk.user}/{_whole(letter, 'message_id')}"
    else:
        talk, is_private, about = _identity(account, _whole(by, "id")), True, None
    return Update(
        external_id=f"press:{callback}",
        act="press" if is_private else "public",
        talk=talk,
        by=by,
        content={"reply_markup": letter.get("reply_markup")} if isinstance(letter, dict) else {},
        about=about,
        pressed=pressed,
        callback=callback,
    )


def _standing(body: Told, account: str) -> Update:
    """Return whether we may (still) write there, or that somebody took us into a group."""
    talk, is_private = _chat(body, account)
    status = _object(body.get("new_chat_member")).get("status")
    if not isinstance(status, str):
        raise UnknownShape("a change of membership without its outcome")
    at = _moment(body.get("date"))
    here: Act = "back" if is_private else "public"
    return Update(
        external_id=f"member:{talk.user}:{at or 0}:{status}",
        act="blocked" if status in {"kicked", "left"} else here,
        talk=talk,
        by=_person(body),
        at=at,
    )


def _chat(body: Told, account: str) -> tuple[Identity, bool]:
    chat = _object(body.get("chat"))
    return _identity(account, _whole(chat, "id")), chat.get("type") == "private"


def _answered(talk: Identity, answered: object) -> str | None:
    number = answered.get("message_id") if isinstance(answered, dict) else None
    return f"{talk.user}/{number}" if type(number) is int else None


def _person(body: Told) -> Told:
    by = body.get("from")
    return by if isinstance(by, dict) else {}


def _identity(account: str, user: int) -> Identity:
    return Identity(channel=CHANNEL, account=account, user=str(user))


def _object(told: object) -> Told:
    if not isinstance(told, dict):
        raise UnknownShape("no JSON object where the Bot API has one")
    return told


def _whole(body: Told, name: str) -> int:
    number = body.get(name)
    if type(number) is not int or abs(number) >= 1 << 63:
        raise UnknownShape(f"no number under {name}")
    return number


def _moment(told: object) -> int | None:
    return told if type(told) is int and told > 0 else None
