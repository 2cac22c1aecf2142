"""What people say to a page or an Instagram account where others read: comments and visitors' posts (field ``changes``).

Each is answered once, privately, by naming the comment instead of the person, whom we do not know in private (private replies).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from intake.chat import Act
from intake.meta.json_values import Json, as_object, dump, instant, name_of, part, short, words
from intake.meta.updates import Update

COMMENTS = ("comments", "live_comments")
"""Instagram's fields; a page's is ``feed``, which has ``item`` and ``verb``."""
ACTS: dict[str, Act] = {
    "add": "public",
    "edited": "edit",
    "edit": "edit",
    "update": "edit",
    "remove": "withdrawal",
    "delete": "withdrawal",
}
SILENT = frozenset({"like", "reaction", "connection"})
"""What people do to a page without words."""
OUR_DOING = frozenset({"hide", "unhide", "block", "unblock", "mute", "follow"})
"""What is done to a comment or its writer, by whoever looks after the page."""


def understand(entry: Json, change: Json) -> Update:
    """Say what one change is; raise ``ValueError`` for a field that is none of these."""
    value = as_object(change.get("value"))
    at = instant(value.get("created_time"))
    if change.get("field") in COMMENTS:
        return _said(entry, value, "public", f"comment.{name_of(value.get('id'))}", at)
    if change.get("field") != "feed":
        raise ValueError("a change that is no comment")
    return _of_feed(entry, value, at)


def _of_feed(entry: Json, value: Json, at: datetime | None) -> Update:
    """Say what one change of a page's feed is: whatever somebody else put there, a link, an album or a kind yet to come, is said."""
    item, verb = words(value, "item"), words(value, "verb")
    if item in SILENT or verb in OUR_DOING or _is_own(entry, value):
        return _nothing(entry, value, at)
    if verb not in ACTS:
        raise ValueError("something was done to a post or a comment, and nobody here knows what")
    kind = "comment" if item == "comment" else "post"
    return _said(entry, value, ACTS[verb], f"{kind}.{name_of(value.get(f'{kind}_id'))}", at)


def _said(entry: Json, value: Json, act: Act, user: str, at: datetime | None) -> Update:
    if _is_own(entry, value):
        return _nothing(entry, value, at)
    author = part(value, "from")
    # Each edit tells the time at which the comment was made: only its words tell it from the one before.
    name = {"edit": f"{user}:edit:{_digest(value)[:16]}", "withdrawal": f"{user}:withdrawn"}.get(act, user)
    text = words(value, "message") or words(value, "text")
    return Update(
        external_id=name_of(name),
        act=act,
        user=user,
        at=at,
        text=text if text or act != "public" else "[a comment without words: look at it there]",
        name=short(author, "name") or short(author, "username"),
        about=None if act == "public" else user,
    )


def _is_own(entry: Json, value: Json) -> bool:
    return part(value, "from").get("id") == entry.get("id")


def _nothing(entry: Json, value: Json, at: datetime | None) -> Update:
    """Keep what asks nothing of us, such as a like or a post of our own, as a receipt of nothing."""
    return Update(external_id=f"event:{_digest(value)}", act="receipt", user=name_of(entry.get("id")), at=at)


def _digest(value: Json) -> str:
    return hashlib.sha256(dump(value)).hexdigest()


def recipient(user: str) -> Json:
    """Return how to address a resident, or whoever wrote a comment or a post."""
    kind, _, name = user.partition(".")
    return {f"{kind}_id": name} if in_public(user) else {"id": user}


def in_public(user: str) -> bool:
    """Say whether a resident is known by a comment or a post of theirs only."""
    return user.startswith(("comment.", "post."))
