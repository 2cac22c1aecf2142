"""Takes the webhooks of Messenger and Instagram apart (``entry`` times ``messaging``), and says what each event is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from intake.meta import page_comments
from intake.meta.json_values import Json, as_object, dump, instant, items, lists_of, name_of, only, part, words
from intake.meta.page_contents import contents
from intake.meta.updates import Piece, Update

LISTS = ("messaging", "standby", "changes")
"""``standby`` is what came while another app of ours had the conversation: a resident wrote all the same. ``changes`` is what
was said in public."""
MARK = "council-intake:"
"""Begins the metadata of letters of ours, which come back in their echoes."""
NO_MATTER = frozenset({"referral", "optin", "account_linking", "app_roles"} | {
    f"{verb}_thread_control" for verb in ("pass", "take", "request")
})  # fmt: skip
"""Events without words: a link that was opened, a conversation handed from one app to another."""


def unpack(batch: Json) -> Iterator[Piece]:
    """Yield each event of a batch, alone in its envelope; a broken entry comes whole."""
    for entry in items(batch, "entry"):
        try:
            yield from list(_events(batch, as_object(entry)))
        except ValueError:
            yield Piece(owner=None, envelope={"object": batch.get("object"), "entry": [entry]})


def _events(batch: Json, entry: Json) -> Iterator[Piece]:
    owner = name_of(entry.get("id"))
    around = {key: value for key, value in entry.items() if key not in LISTS}
    known, broken = lists_of(entry, LISTS)
    if not known and not broken:
        raise ValueError("an entry without events")
    for key in broken:
        yield Piece(owner=None, envelope={"object": batch.get("object"), "entry": [{**around, key: entry[key]}]})
    for key, event in known:
        for single in _singly(event):
            yield Piece(owner=owner, envelope={"object": batch.get("object"), "entry": [{**around, key: [single]}]})


def _singly(event: Any) -> list[Any]:
    """Return a receipt for several letters as one for each of them."""
    delivery = part(event, "delivery") if isinstance(event, dict) else {}
    ids = delivery.get("mids")
    if not isinstance(ids, list) or len(ids) <= 1:
        return [event]
    return [{**event, "delivery": {**delivery, "mids": [each]}} for each in ids]


def understand(envelope: Json) -> Update:
    """Say what the one event in an envelope is; raise ``ValueError`` where it has no known shape."""
    entry = as_object(only(items(envelope, "entry")))
    key, event = only([(key, as_object(event)) for key in LISTS for event in items(entry, key)])
    if key == "changes":
        return page_comments.understand(entry, event)
    at = instant(event.get("timestamp"), 1000)
    for name, reader in READERS.items():
        if name in event:
            return reader(event, as_object(event[name]), at)
    return _other(event, at)


def _sender(event: Json) -> str:
    return name_of(part(event, "sender").get("id"))


def _message(event: Json, message: Json, at: datetime | None) -> Update:
    mid = name_of(message.get("mid"))
    if message.get("is_deleted"):
        return Update(external_id=f"{mid}:withdrawn", act="withdrawal", user=_sender(event), at=at, about=mid)
    if message.get("is_echo") or message.get("is_self"):
        return _echo(event, message, mid, at)
    text, files, problems = contents(message)
    pressed = words(part(message, "quick_reply"), "payload") or None
    return Update(
        external_id=mid,
        act="press" if pressed else "message",
        user=_sender(event),
        at=at,
        text=text,
        files=files,
        about=_answered(message),
        pressed=pressed,
        problems=problems,
    )


def _answered(message: Json) -> str | None:
    return words(part(message, "reply_to"), "mid") or None


def _echo(event: Json, message: Json, mid: str, at: datetime | None) -> Update:
    text, files, problems = contents(message)
    user = name_of(part(event, "recipient").get("id"))
    ours = words(message, "metadata").startswith(MARK)
    return Update(
        external_id=f"echo:{mid}",
        act="echo",
        user=user,
        at=at,
        text=text,
        files=files,
        about=mid,
        machine=ours,
        problems=problems,
    )


def _edit(event: Json, edit: Json, at: datetime | None) -> Update:
    mid = name_of(edit.get("mid"))
    # A message may be edited five times, and the events may come in any order.
    name = f"{mid}:edit:{name_of(edit.get('num_edit') or event.get('timestamp'))}"
    return Update(external_id=name, act="edit", user=_sender(event), at=at, text=words(edit, "text"), about=mid)


def _postback(event: Json, postback: Json, at: datetime | None) -> Update:
    user = _sender(event)
    name = name_of(postback.get("mid") or f"postback:{user}:{event.get('timestamp')}")
    title, payload = words(postback, "title"), words(postback, "payload")
    return Update(external_id=name, act="press", user=user, at=at, text=title, pressed=payload or title)


def _delivery(event: Json, delivery: Json, at: datetime | None) -> Update:
    mid = next(iter(items(delivery, "mids")), None)
    return _receipt(_sender(event), "delivered", mid, delivery.get("watermark"), at)


def _read(event: Json, seen: Json, at: datetime | None) -> Update:
    return _receipt(_sender(event), "read", seen.get("mid"), seen.get("watermark"), at)


def _receipt(user: str, progress: Any, mid: object, watermark: object, at: datetime | None) -> Update:
    # Messenger says of reading only "all until then", which names no letter of ours: kept, and moves nothing.
    about = None if mid is None else name_of(mid)
    name = f"receipt:{about}:{progress}" if about else f"receipt:{user}:{name_of(watermark)}:{progress}"
    when = instant(watermark, 1000) or at
    return Update(external_id=name, act="receipt", user=user, at=when, about=about, progress=progress)


def _reaction(event: Json, reaction: Json, at: datetime | None) -> Update:
    mid, user = name_of(reaction.get("mid")), _sender(event)
    sign = words(reaction, "emoji") or words(reaction, "reaction") or "none"
    # Nobody is answered for a heart: it is kept like a receipt, and says nothing of how far a letter came.
    name = f"reaction:{mid}:{user}:{name_of(event.get('timestamp'))}"
    return Update(external_id=name, act="receipt", user=user, at=at, text=f"[reaction: {sign}]", about=mid)


def _other(event: Json, at: datetime | None) -> Update:
    kinds = sorted(key for key in event if key not in ("sender", "recipient", "timestamp"))
    name = f"event:{hashlib.sha256(dump(event)).hexdigest()}"
    if kinds and NO_MATTER.issuperset(kinds):
        return Update(external_id=name, act="receipt", user=_sender(event), at=at)
    problem = f"unsupported:{','.join(kinds)[:60]}" if kinds and all(map(str.isidentifier, kinds)) else "unsupported:event"
    return Update(external_id=name, act="message", user=_sender(event), at=at, problems=(problem,))


READERS: dict[str, Callable[[Json, Json, datetime | None], Update]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "delivery": _delivery,
    "read": _read,
    "reaction": _reaction,
}
