"""What a network tells, in the words that all of them share, and the message and the reading that come of it.

What is kept of one update is its JSON in an envelope of ours, which says for which account it came and who we are there:
``{"account": ..., "own": ..., "update": ...}``. From that the same reading can be made again at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intake.chat import Act, ChatFacts, FileToFetch, Progress, media_type_of
from intake.dates import believed as believed_date
from intake.identity import Identity
from intake.message import InboundMessage, Position, Reading, Sender
from intake.networks.walking import as_bytes, believed, content_key, name_of_unread, words

UNKNOWN_SHAPE = "unknown_shape"
"""The problem of an update that is none we know: it is kept, and waits for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One update, understood as far as it can be; ``person`` is the network's own name for whom an answer goes to.

    ``arrived_at`` is when it reached the network's end at our side, ``written_at`` what the writer's clock said.
    """

    external_id: str
    act: Act
    person: str
    name: str | None = None
    arrived_at: datetime | None = None
    written_at: datetime | None = None
    text: str = ""
    about: str | None = None
    progress: Progress | None = None
    files: tuple[FileToFetch, ...] = ()
    machine: bool = False
    unsupported: tuple[str, ...] = ()


Understand = Callable[[Any], Told]
"""Makes out an envelope, or raises ``ValueError`` for what is of no known shape."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Turns envelopes of one channel into messages; ``quiet`` is how long a resident must be still."""

    channel: str
    account: str
    quiet: timedelta
    understand: Understand

    def envelope(self, own: Any, update: Any) -> dict[str, Any]:
        """Return what is kept of an update."""
        return {"account": self.account, "own": own, "update": update}

    def message(
        self, envelope: dict[str, Any], arrival: datetime, position: Position | None = None, *, core: Any = None
    ) -> InboundMessage:
        """Return the message that an update is; one that cannot be made out has a problem and waits for a person.

        ``core`` is the part of the update that is the same whenever and by whatever way it is told.
        """
        raw, media_type = as_bytes(envelope), media_type_of(self.channel)
        try:
            told = self.understand(envelope)
        except ValueError:
            return InboundMessage(
                channel=self.channel,
                account=self.account,
                external_id=name_of_unread(envelope["update"] if core is None else core),
                received_at=arrival,
                raw=raw,
                media_type=media_type,
                position=position,
                problem=UNKNOWN_SHAPE,
            )
        return InboundMessage(
            channel=self.channel,
            account=self.account,
            external_id=told.external_id,
            received_at=believed(told.arrived_at, arrival),
            raw=raw,
            media_type=media_type,
            position=position,
            conversation=str(Identity(channel=self.channel, account=self.account, user=told.person)),
            act=told.act,
            quiet=self.quiet if told.act == "message" else timedelta(0),
            files=told.files,
        )


def read_told(raw: bytes, received_at: datetime | None, *, channel: str, kind: str, understand: Understand) -> Reading:
    """Return the reading of a kept update; raises ``ValueError`` for what is of no known shape."""
    envelope = json.loads(raw)
    told = understand(envelope)
    account = words(envelope, "account")
    identity = str(Identity(channel=channel, account=account, user=told.person))
    empty = told.act in ("message", "public") and not told.text and not told.files
    return Reading(
        message_id=told.external_id,
        sender=Sender(address=identity, name=told.name),
        date=believed_date(told.written_at or told.arrived_at, received_at),
        text=told.text,
        new_text=told.text,
        new_ranges=((0, len(told.text)),) if told.text else (),
        media_type=media_type_of(channel),
        chat=_facts(told, identity),
        channel_kind=kind,
        content_key=content_key(media_type_of(channel), account, told.external_id),
        unreadable=empty,
        problems=tuple(f"unsupported:{name}" for name in told.unsupported),
    )


def _facts(told: Told, identity: str) -> ChatFacts:
    return ChatFacts(
        act=told.act,
        conversation=identity,
        about=told.about,
        progress=told.progress,
        happened_at=told.arrived_at,
        machine=told.machine,
    )
