"""What crosses the border when a resident writes: the bytes as they came, and what is read from them.

``InboundMessage`` is what a door hands to an ``Inbox``: raw bytes and facts of the transport, nothing understood yet.
``Reading`` is what ``intake.reading`` makes of those bytes later, as often as needed, because the bytes are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.chat import Act, ChatFacts, FileToFetch
from intake.contact_facts import LoggedContact
from intake.told import ToldFacts

MAIL = "message/rfc822"
"""Media type of a mail kept byte for byte."""
NOTE = "/note"
"""Ends the name of a note in the place of a mail that could not be had, so that the mail itself is still new when it comes at last."""
JSON_LINE = "application/json"
"""Media type of one imported JSON line (fields of ``intake classify`` plus ``sender`` and ``received_at``)."""
CONTACT = "application/vnd.council-intake.contact+json"
"""Media type of a contact that a colleague logged at the desk (see ``intake.contact``)."""


def _must(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """A person's address on a channel, and the name shown with it; either may be missing."""

    address: str | None
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """The SMTP envelope: ``mail_from`` is "" for the null reverse path (RFC 5321 section 4.5.5)."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    peer: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Where in a mailbox a message stood: the cursor of RFC 3501 section 2.3.1.1."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMessage:
    """One message as a door received it; ``(channel, account, external_id)`` names it for ever."""

    channel: str
    account: str
    external_id: str
    received_at: datetime
    raw: bytes = field(repr=False)
    media_type: str = MAIL
    envelope: Envelope | None = None
    position: Position | None = None
    problem: str | None = None
    """Set by a door which knows that this cannot be handled, such as a mail it failed to fetch whole."""
    conversation: str | None = None
    """By chat: the identity that an answer goes to (``intake.identity``); None for mail."""
    act: Act | None = None
    """By chat: what the update is; only of a ``message`` several in a row are read as one."""
    quiet: timedelta = timedelta(0)
    """How long to wait whether more of the same comes, before the message is read."""
    files: tuple[FileToFetch, ...] = ()
    """Files that the platform holds for us, to be fetched as soon as the message is durable."""

    def __post_init__(self) -> None:
        """Refuse what could never be stored under a stable name or a legal clock."""
        _must(bool(self.channel and self.account and self.external_id), "a message needs channel, account and external id")
        _must(self.received_at.tzinfo is not None, "received_at needs a time zone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The inbox's answer: the message is durable. ``fresh`` is false when it was already held."""

    message_id: int
    fresh: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Inside:
    """What a file holds, looked at and not unpacked: names of files, the sender of a mail, and marks of what could act."""

    names: tuple[str, ...] = ()
    """Names of files in an archive or in a mail, safe to show; the first hundred."""
    count: int = 0
    """How many there are."""
    marks: tuple[str, ...] = ()
    """``intake.inspecting`` tells what each stands for."""
    sender: Sender | None = None
    """Who wrote the mail that is attached: told for a person who forwards it, believed by nobody."""
    subject: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """One file that came with a message, byte for byte, under a name that is safe to show."""

    name: str
    type: str
    size: int
    sha256: str
    inline: bool
    content: bytes = field(repr=False)
    given: str = ""
    """The name as it was given, where that is not the one shown."""
    inside: Inside | None = None
    """What was seen in it; None where nobody looked, or there was nothing to see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """What a delivery status notification says (RFC 3464): for whom, the status code, and whether it is final."""

    recipient: str | None
    status: str | None
    permanent: bool
    message_id: str | None = None
    """Message-ID of our mail that bounced, where the notification quotes it."""
    given_up: bool = False
    """Whether nobody tries any more, though the address may live: a full mailbox, a mail that was too long under way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What was read from a message's bytes; every field is storable text, and nothing here was believed.

    ``text`` is all of it; ``new_text`` the writer's own new words, which alone are classified; ``new_ranges`` says
    where in ``text`` these stand (half-open character offsets). ``headers`` holds lower-case names with all their
    unfolded, decoded values in order, topmost first. ``problems`` names what had to be mended or could not be read.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Sender = field(default_factory=lambda: Sender(address=None))
    to: tuple[Sender, ...] = ()
    cc: tuple[Sender, ...] = ()
    reply_to: tuple[Sender, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str | None = None
    new_text: str = ""
    quoted: str = ""
    new_ranges: tuple[tuple[int, int], ...] = ()
    forwarded: bool = False
    """Whether its subject calls it a forward, and another mail is in it."""
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    trace: tuple[tuple[str, str], ...] = ()
    """``received`` and ``authentication-results`` headers as they stand, topmost first: who wrote what is told by the order."""
    media_type: str = "text/plain"
    media_parameters: dict[str, str] = field(default_factory=dict)
    part_types: tuple[str, ...] = ()
    """Lower-case media types of every MIME part, in order, the root first."""
    bounce: Bounce | None = None
    chat: ChatFacts | None = None
    """What a chat update says beside its words; None for mail and all else."""
    contact: LoggedContact | None = None
    """What a colleague wrote down, where the message is a contact logged at the desk."""
    told: ToldFacts | None = None
    """What the writer said of themselves beside their words, where a form asked for it."""
    channel_kind: str = "email"
    """What the classifier is told: ``email``, ``dm`` or ``chat``."""
    content_key: str = ""
    """SHA-256 (hex) over Message-ID, From, Date, subject, normalised text and attachment hashes: the same mail by two routes."""
    unreadable: bool = False
    """True when no words, subject or attachment could be got out: the message waits for a person."""
    problems: tuple[str, ...] = ()

    @property
    def enclosed(self) -> tuple[Sender, ...]:
        """Who wrote the mails that are attached: the original sender, where this is a forward."""
        return tuple(
            file.inside.sender for file in self.attachments if file.inside is not None and file.inside.sender is not None
        )
