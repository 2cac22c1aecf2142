"""The ports of the world's side: how doors hand messages in, and how replies go out.

Errors, by what to do next::

    DeliveryFailure
    ├── TemporaryFailure     try again later (the outbox backs off)
    ├── PermanentFailure     trying again cannot help: a person takes over
    └── UncertainOutcome     it may have been delivered: never repeated by machine, a person looks
    InboxUnavailable         our own fault: tell upstream "not now" (SMTP 451); the message was not kept
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from intake.message import InboundMessage, Position, Receipt


class DeliveryFailure(Exception):
    """A reply did not surely arrive."""


class TemporaryFailure(DeliveryFailure):
    """The other side cannot take it now."""


class PermanentFailure(DeliveryFailure):
    """The other side will never take it."""


class UncertainOutcome(DeliveryFailure):
    """The link broke after the last byte and before the answer."""


class InboxUnavailable(Exception):
    """The message could not be made durable; nothing upstream may be told yes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One letter, ready to go to one address: final words, and the identity it keeps over every attempt."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str | None = None
    short: str | None = None
    written_at: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None
    automatic: bool = True
    loop_mark: str = ""

    def __post_init__(self) -> None:
        """Refuse what no relay could carry."""
        if "@" not in self.recipient and self.html is not None:
            raise ValueError("a mail needs a recipient address")
        if self.written_at.tzinfo is None:
            raise ValueError("written_at needs a time zone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """Proof that the next hop took the reply: its own words, kept on the case."""

    answer: str


@runtime_checkable
class Inbox(Protocol):
    """Where doors put messages. Calls block until durable and are made from threads, never from an event loop."""

    def put(self, messages: Sequence[InboundMessage]) -> Sequence[Receipt]:
        """Make all of them durable in one transaction, or raise ``InboxUnavailable`` and keep none."""
        ...

    def position(self, account: str, folder: str) -> Position | None:
        """Say how far this mailbox folder was read: the highest UID kept under its newest UIDVALIDITY."""
        ...

    def heard(self, channel: str, account: str, error: str | None = None) -> None:
        """Note a good contact with the channel, or why there was none."""
        ...


@runtime_checkable
class Listener(Protocol):
    """A door: it takes messages in until it is cancelled."""

    account: str

    async def listen(self) -> None:
        """Serve until cancelled; finish what was begun, then return."""
        ...


@runtime_checkable
class Outgoing(Protocol):
    """A way out for replies."""

    async def send(self, reply: Reply) -> Sent:
        """Hand the reply to the next hop, or raise a ``DeliveryFailure``."""
        ...

    async def close(self) -> None:
        """Let go of kept connections."""
        ...


class Channel(Listener, Outgoing, Protocol):
    """A channel whose thread ids and credentials serve both ways (chat); mail has doors and ways out apart."""
