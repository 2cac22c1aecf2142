"""The ports of the world's side: how doors hand messages in, and how replies go out.

Errors, by what to do next::

    DeliveryFailure
    ├── TemporaryFailure     try again later (the outbox backs off)
    │   └── OwnFault         the same, and nothing goes until somebody mends our settings (login, sender): the desk is told
    ├── PermanentFailure     trying again cannot help: a person takes over
    │   └── RouteClosed      nothing may be sent this way (any more): the next route the resident gave, or a person
    └── UncertainOutcome     it may have been delivered: never repeated by machine, a person looks
    InboxUnavailable         our own fault: tell upstream "not now" (SMTP 451); the message was not kept
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from intake.chat import Button, FetchedFile, FileToFetch
from intake.identity import identity_of
from intake.message import InboundMessage, Position, Receipt


class DeliveryFailure(Exception):
    """A reply did not surely arrive."""


class TemporaryFailure(DeliveryFailure):
    """The other side cannot take it now; ``retry_after`` is for how many seconds it asks to be left alone."""

    def __init__(self, *said: str, retry_after: float | None = None) -> None:
        """Say why in one sentence."""
        super().__init__(*said)
        self.retry_after = retry_after


class OwnFault(TemporaryFailure):
    """The other side refuses us, not the letter: it goes out once somebody has mended what the sentence names."""


class PermanentFailure(DeliveryFailure):
    """The other side will never take it."""


class RouteClosed(PermanentFailure):
    """Nothing may be sent this way now: ``code`` is ``window`` (too late for the platform), ``blocked`` or ``gone``."""

    def __init__(self, sentence: str, code: Literal["window", "blocked", "gone"]) -> None:
        """Say why in one sentence, and which of the three it is."""
        super().__init__(sentence)
        self.code: Literal["window", "blocked", "gone"] = code


class UncertainOutcome(DeliveryFailure):
    """The link broke after the last byte and before the answer."""


class InboxUnavailable(Exception):
    """The message could not be made durable; nothing upstream may be told yes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One letter, ready to go to one address: final words, and the identity it keeps over every attempt.

    ``recipient`` is a mail address or, by chat, an identity (``intake.identity``); chat sends ``short``, or ``text`` where
    there is none, with the ``buttons`` under it. ``heard_at`` is when the recipient last wrote there: some platforms take
    letters for a while after that only. ``automatic`` is false for what a person wrote.
    """

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
    reverse_path: str | None = None
    """Where bounces of it go (RFC 5321 section 4.4); None leaves that to the way out."""
    automatic: bool = True
    loop_mark: str = ""
    buttons: tuple[Button, ...] = ()
    heard_at: datetime | None = None
    again: bool = False
    """Whether it was handed over before and nobody knows what came of it: a way out that can, asks before it sends."""
    theirs: tuple[str, ...] = ()
    """Passages of ``text`` that repeat the resident's own words, for ways out that treat such words apart."""

    def __post_init__(self) -> None:
        """Refuse what no relay could carry."""
        if "@" not in self.recipient and self.html is not None and identity_of(self.recipient) is None:
            raise ValueError("a mail needs a recipient address")
        if self.written_at.tzinfo is None:
            raise ValueError("written_at needs a time zone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """Proof that the next hop took the reply: its own words, kept on the case."""

    answer: str
    provider_id: str | None = None
    """The id that the platform gave to the letter, by which its receipts name it; the last one where it went in parts."""
    earlier_ids: tuple[str, ...] = ()
    """The ids of the parts before the last one, in order, where the platform sends receipts for each."""
    whole: bool = True
    """False where the platform let us only announce the letter, so that its words have not reached anybody yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookRequest:
    """A request at one of our webhooks, as it came: the raw body is what signatures are over; header names in small letters."""

    method: Literal["GET", "POST"]
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookAnswer:
    """What the platform is told: 200 only once everything in the request is durable."""

    status: int
    body: str = ""
    media_type: str = "text/plain"


@runtime_checkable
class Inbox(Protocol):
    """Where doors put messages. Calls block until durable and are made from threads, never from an event loop."""

    def put(self, messages: Sequence[InboundMessage]) -> Sequence[Receipt]:
        """Make all of them durable in one transaction, or raise ``InboxUnavailable`` and keep none."""
        ...

    def position(self, account: str, folder: str) -> Position | None:
        """Say how far this mailbox folder was read: the highest UID kept under its newest UIDVALIDITY."""
        ...

    def already_kept(self, channel: str, account: str, external_ids: Sequence[str]) -> set[str]:
        """Say which messages of these names are durable here."""
        ...

    def heard(self, channel: str, account: str, error: str | None = None) -> None:
        """Note a good contact with the channel, or why there was none."""
        ...

    def refused(self, channel: str, account: str) -> None:
        """Count a request at the account's webhook that was not signed as it must be; anybody can send one, so it costs no time."""
        ...

    def tallied(self, channel: str, account: str, outcomes: Mapping[str, int]) -> None:
        """Add to how often this door gave each answer; ``said_yes`` are those by which upstream takes a mail for safe."""
        ...

    def stands(self, channel: str, account: str, matter: str, trouble: str | None) -> None:
        """Note what somebody must mend in one matter of a channel, until ``None`` says that it is mended: hearing does not."""
        ...

    def hold(self, account: str, holder: str, seconds: float) -> bool:
        """Take, or keep, the right to be the only one who polls this account; false while somebody else has it."""
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


@runtime_checkable
class Correspondent(Listener, Outgoing, Protocol):
    """A way out for mail that hears later what became of each letter, and can be asked; it puts receipts into its inbox."""

    async def ask(self, provider_id: str) -> None:
        """Ask what became of a letter, and put the answer into the inbox once there is one; raise a ``DeliveryFailure``."""
        ...


@runtime_checkable
class Channel(Listener, Outgoing, Protocol):
    """A channel whose thread ids and credentials serve both ways (chat); mail has doors and ways out apart.

    ``channel`` is its kind. ``quiet`` is how long a resident must be still before what they wrote is read as one matter.
    ``window`` is how long after their last message the platform takes a letter of ours; None for ever. ``longest`` is how much
    one message there holds, in characters, so that people see in how many their letter goes; None where it goes as one.
    """

    channel: str
    quiet: timedelta
    window: timedelta | None
    longest: int | None

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch a file, or raise ``TemporaryFailure`` or ``PermanentFailure`` (gone, refused, or larger than allowed)."""
        ...


@runtime_checkable
class Webhook(Protocol):
    """A channel that is told of messages by requests to the public door, at ``/hooks/<account>``."""

    account: str

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Check the signature, keep what came, and only then say 200; called from a thread, returns for every request."""
        ...
