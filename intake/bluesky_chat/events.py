"""What an event of the chat says. An update is ``{"event": ..., "convo": ...}``: the event, and who is in the conversation.

The chat carries words and links to posts, no files. Conversations of more than two are said where others read.
"""

from __future__ import annotations

from typing import Any

from intake.chat import Act
from intake.identity import Identity
from intake.networks.told import Told
from intake.networks.walking import at, many, moment, words
from intake.storable import one_line

CREATED, DELETED = "logCreateMessage", "logDeleteMessage"
MESSAGE, WITHDRAWN = "messageView", "deletedMessageView"
_LONGEST_NAME = 200


def name_of_type(value: Any) -> str:
    """Return the last part of a ``$type``, such as ``logCreateMessage``."""
    return words(value, "$type").rpartition("#")[2]


def understand(envelope: Any) -> Told:
    """Make out one kept update; raises ``ValueError`` for what is of no known shape."""
    event, convo, own = at(envelope, "update", "event"), at(envelope, "update", "convo"), words(envelope, "own", "did")
    message = at(event, "message")
    id_, sender = words(message, "id"), words(message, "sender", "did")
    if not id_ or len(id_) > _LONGEST_NAME or not id_.isascii() or not id_.isprintable():
        raise ValueError("a message without an id")
    withdrawn = name_of_type(event) == DELETED
    person = _other(convo, own) if sender == own else sender
    profile = _profile(convo, event, person)
    return Told(
        external_id=f"{id_}:deleted" if withdrawn else id_,
        act="withdrawal" if withdrawn else _act(convo, sender, own),
        person=Identity(channel="bluesky", account="any", user=person).user,
        name=_name(profile),
        arrived_at=None if withdrawn else moment(message, "sentAt"),
        about=id_ if withdrawn else None,
        text="" if withdrawn else _said(message),
        machine=any(words(label, "val") == "bot" for label in many(profile, "labels")),
        unsupported=() if withdrawn else _unsupported(message),
    )


def _act(convo: Any, sender: str, own: str) -> Act:
    if sender == own:
        return "echo"
    return "public" if is_group(convo) else "message"


def is_group(convo: Any) -> bool:
    """Say whether more than two take part."""
    return name_of_type(at(convo, "kind")) == "groupConvo" or len(many(convo, "members")) > 2  # noqa: PLR2004 - we and they


def brief(convo: Any) -> dict[str, Any]:
    """Return what is kept of a conversation with each update: who is in it, and of what kind it is."""
    told = ("did", "handle", "displayName", "labels")
    members = [
        {key: member[key] for key in told if key in member} for member in many(convo, "members") if isinstance(member, dict)
    ]
    return {"id": words(convo, "id"), "kind": {"$type": words(convo, "kind", "$type")}, "members": members}


def _other(convo: Any, own: str) -> str:
    return next((did for member in many(convo, "members") if (did := words(member, "did")) and did != own), "")


def _profile(convo: Any, event: Any, did: str) -> Any:
    profiles = [*many(convo, "members"), *many(event, "relatedProfiles")]
    return next((one for one in profiles if words(one, "did") == did), None)


def _name(profile: Any) -> str | None:
    shown, handle = (one_line(words(profile, key), _LONGEST_NAME) for key in ("displayName", "handle"))
    return f"{shown} (@{handle})" if shown and handle else shown or (f"@{handle}" if handle else None)


def _said(message: Any) -> str:
    said = [words(message, "text").strip()]
    if post := words(message, "embed", "record", "uri"):
        said.append(f"[shares a post: {post}]")
    return "\n\n".join(filter(None, said))


def _unsupported(message: Any) -> tuple[str, ...]:
    kind, embed = name_of_type(message), words(message, "embed", "$type")
    unknown = [kind] if kind not in (MESSAGE, WITHDRAWN, "") else []
    if embed and not embed.startswith("app.bsky.embed.record"):
        unknown.append(embed)
    return tuple(one_line(name, 80) for name in unknown)
