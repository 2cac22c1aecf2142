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
POSTS = ("post", "status", "photo", "video")
ACTS: dict[str, Act] = {"add": "public", "edited": "edit", "remove": "withdrawal"}


def understand(entry: Json, change: Json) -> Update:
    """Say what one change is; raise ``ValueError`` for a field that is none of these."""
    value = as_object(change.get("value"))
    at = instant(value.get("created_time"))
    if change.get("field") in COMMENTS:
        return _said(entry, value, "public", f"comment.{name_of(value.get('id'))}", at)
    if change.get("field") != "feed":
        raise ValueError("a change that is no comment")
    act = ACTS.get(words(value, "verb"))
    if value.get("item") == "comment" and act:
        return _said(entry, value, act, f"comment.{name_of(value.get('comment_id'))}", at)
    if value.get("item") in POSTS and act:
        return _said(entry, value, act, f"post.{name_of(value.get('post_id'))}", at)
    return _nothing(entry, value, at)


def _said(entry: Json, value: Json, act: Act, user: str, at: datetime | None) -> Update:
    author = part(value, "from")
    if author.get("id") == entry.get("id"):
        return _nothing(entry, value, at)
    name = {"edit": f"{user}:edit:{value.get('created_time')}", "withdrawal": f"{user}:withdrawn"}.get(act, user)
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


def _nothing(entry: Json, value: Json, at: datetime | None) -> Update:
    """Keep what asks nothing of us, such as a like or a post of our own, as a receipt of nothing."""
    name = f"event:{hashlib.sha256(dump(value)).hexdigest()}"
    return Update(external_id=name, act="receipt", user=name_of(entry.get("id")), at=at)


def recipient(user: str) -> Json:
    """Return how to address a resident, or whoever wrote a comment or a post."""
    kind, _, name = user.partition(".")
    return {f"{kind}_id": name} if in_public(user) else {"id": user}


def in_public(user: str) -> bool:
    """Say whether a resident is known by a comment or a post of theirs only."""
    return user.startswith(("comment.", "post."))
