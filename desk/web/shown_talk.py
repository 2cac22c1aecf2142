"""What hangs on a message by chat when it is shown: its other versions, its parts, and files that are not here."""

from __future__ import annotations

from dataclasses import dataclass

from desk.web.desk import Desk
from desk.web.marking import plain
from desk.web.shown import MissingFile, Version
from intake.chat import channel_of
from store.media_rows import missing_files
from store.models import Message
from store.talk_rows import edits_of, parts_of

LONGEST_VERSION = 20_000
"""Characters of other words that a page shows; the rest is in their original."""
STILL = "it is still being fetched from the platform"
UNKNOWN = "it could not be fetched"


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What hangs on a message by chat; ``is_one`` is false for mail and all else, which has none of it."""

    is_one: bool = False
    parts: tuple[Message, ...] = ()
    versions: tuple[Version, ...] = ()
    missing: tuple[MissingFile, ...] = ()


def talk_around(desk: Desk, message: Message) -> Around:
    """Look up what hangs on a message, if it came by chat."""
    if not message.conversation and channel_of(message.media_type) is None:
        return Around()
    with desk.glance() as glance:
        parts = parts_of(glance, message)
        edits = edits_of(glance, [message]).get(message.id or 0, [])
        missing = missing_files(glance, [one.id or 0 for one in (message, *parts)])
    return Around(
        is_one=True,
        parts=tuple(parts),
        versions=versions_of(edits),
        missing=tuple(
            MissingFile(
                name=plain(file.name or "") or f"file {file.number}",
                why=STILL if file.state == "waiting" else plain(file.problem or UNKNOWN),
            )
            for file in missing
        ),
    )


def versions_of(edits: list[Message]) -> tuple[Version, ...]:
    """Return edits as versions, the oldest first."""
    return tuple(Version(id=one.id or 0, at=one.received_at, words=(one.new_text or "")[:LONGEST_VERSION]) for one in edits)
