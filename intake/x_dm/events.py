"""What an event of X says: a direct message as posted to us, or as listed when we ask, or an encrypted one that we cannot read.

An update is ``{"event_type": ..., "event": ..., "user": ...}``: one event alone, and what X says of whom it is from or to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from intake.chat import Act, FileToFetch
from intake.identity import Identity
from intake.networks.told import Told
from intake.networks.walking import at, many, moment, words
from intake.storable import one_line

RECEIVED, SENT, READ, LISTED, ENCRYPTED = "dm.received", "dm.sent", "dm.read", "listed", "chat.received"
WITHOUT_WORDS = frozenset({"dm.indicate_typing", "chat.sent", "chat.conversation_join"})
_HELD = re.compile(r"https://ton\.(?:twitter|x)\.com/.*/dm/([\w-]+)/([\w-]+)/([\w.:-]+)")
_LONGEST_NAME = 200
_MILLISECONDS = 1000


def updates_of(body: Any) -> Iterator[Any]:
    """Cut what X posted into updates, one an event; what is of another shape comes whole."""
    data = at(body, "data")
    for one in data if isinstance(data, list) else [data]:
        kind, payload = words(one, "event_type"), at(one, "payload")
        lists = [many(payload, name) for name in ("direct_message_events", "direct_message_mark_read_events")]
        events = [event for found in lists for event in found]
        if kind in WITHOUT_WORDS:
            continue
        if not kind or not (events or kind == ENCRYPTED):
            yield body if one is None else {"data": one}
        elif kind == ENCRYPTED:
            yield {"event_type": kind, "event": payload, "user": None}
        for event in events:
            yield {"event_type": kind, "event": event, "user": _user(payload, event)}


def understand(envelope: Any) -> Told:
    """Make out one kept update; raises ``ValueError`` for what is of no known shape."""
    update, own = at(envelope, "update"), words(envelope, "own", "id")
    kind, event = words(update, "event_type"), at(update, "event")
    if kind == READ and words(event, "last_read_event_id"):
        return _receipt(update, event)
    id_ = words(event, "id")
    if not id_ or len(id_) > _LONGEST_NAME or not id_.isascii() or not id_.isprintable():
        raise ValueError("an event without an id")
    sender = words(event, "sender_id") or words(event, "message_create", "sender_id")
    person = words(event, "message_create", "target", "recipient_id") if sender == own else sender
    act: Act = "echo" if sender == own else "message"
    user = at(update, "user")
    return Told(
        external_id=id_,
        act=act,
        person=Identity(channel="x", account="any", user=person).user,
        name=_name(user),
        arrived_at=_time(event),
        text=_said(event),
        files=_files(event),
        machine=words(user, "affiliation", "description") == "Automated",
        unsupported=_unsupported(kind, event),
    )


def _receipt(update: Any, event: Any) -> Told:
    about, person = words(event, "last_read_event_id"), words(event, "sender_id")
    return Told(
        external_id=f"receipt:{about}:read",
        act="receipt",
        person=Identity(channel="x", account="any", user=person).user,
        name=_name(at(update, "user")),
        arrived_at=_time(event),
        about=about,
        progress="read",
    )


def _user(payload: Any, event: Any) -> Any:
    """Return what X says of the one who wrote, in either of its two forms."""
    sender = words(event, "message_create", "sender_id") or words(event, "sender_id")
    found = at(payload, "users", sender)
    return at(found, "data") or found


def _name(user: Any) -> str | None:
    shown = one_line(words(user, "name"), _LONGEST_NAME)
    handle = one_line(words(user, "username") or words(user, "screen_name"), _LONGEST_NAME)
    return f"{shown} (@{handle})" if shown and handle else shown or (f"@{handle}" if handle else None)


def _time(event: Any) -> datetime | None:
    told = words(event, "created_timestamp") or words(event, "created_at_msec")
    if not told.isdecimal():
        return moment(event, "created_at")
    try:
        return datetime.fromtimestamp(int(told) / _MILLISECONDS, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _said(event: Any) -> str:
    data = at(event, "message_create", "message_data")
    text = words(data, "text") or words(event, "text")
    own_link = words(data, "attachment", "media", "url")
    for link in many(data, "entities", "urls"):
        short, whole = words(link, "url"), words(link, "expanded_url")
        if short and whole:
            # X shows an attached picture as a link at the end of the words, which nobody wrote.
            text = text.replace(short, "" if short == own_link else whole)
    return text.strip()


def _files(event: Any) -> tuple[FileToFetch, ...]:
    media = at(event, "message_create", "message_data", "attachment", "media")
    held = _HELD.fullmatch(words(media, "media_url_https") or words(media, "media_url"))
    videos = [one for one in many(media, "video_info", "variants") if words(one, "content_type") == "video/mp4"]
    if held:
        return (FileToFetch(reference=json.dumps({"held": held.groups()}), name=held[3]),)
    return tuple(FileToFetch(reference=json.dumps({"url": words(one, "url")}), type="video/mp4") for one in videos[-1:])


def _unsupported(kind: str, event: Any) -> tuple[str, ...]:
    if kind == ENCRYPTED:
        return ("encrypted_chat",)
    attached = at(event, "message_create", "message_data", "attachment")
    listed = at(event, "attachments")
    type_ = words(event, "type") or words(event, "event_type")
    unknown = [type_] if type_ not in ("", "message_create", "MessageCreate") else []
    if (attached is not None and not _files(event)) or listed is not None:
        unknown.append(words(attached, "type") or "attachment")
    return tuple(one_line(name, 80) for name in unknown)
