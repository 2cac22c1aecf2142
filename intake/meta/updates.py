"""One update of Meta's as it is understood, and what it becomes: a message to be kept, and a reading of it later.

Both are made by the same reader from the same bytes, so that what the door said of an update still holds when it is read.
What is kept is Meta's own envelope around that update alone, with the name of our account put in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from intake.chat import Act, ChatFacts, FileToFetch, Progress, media_type_of
from intake.identity import Identity
from intake.message import InboundMessage, Reading, Sender
from intake.meta.json_values import Json, dump, load

OLDEST = timedelta(days=30)
"""A platform's time that is older than this on arrival is not believed; WhatsApp repeats for a week at most."""
ASKS_NOTHING = frozenset({"receipt", "echo"})
LONGEST_USER = 200
OURS, STRANGE = "account", "unknown_account"
"""Keys that are put into the envelope: our account's name; and, where none is known, whose update it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """What was understood: ``user`` is Meta's id of the resident, and the rest is as in ``ChatFacts``."""

    external_id: str
    act: Act
    user: str
    at: datetime | None
    text: str = ""
    files: tuple[FileToFetch, ...] = ()
    name: str | None = None
    about: str | None = None
    pressed: str | None = None
    progress: Progress | None = None
    code: str | None = None
    machine: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One update out of a batch: whose it is (id of a page, an Instagram account or a number), and it alone in an envelope."""

    owner: str | None
    envelope: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How one channel's webhooks are taken apart and read; both functions raise ``ValueError`` for what they do not know."""

    kind: str
    unpack: Callable[[Json], Iterator[Piece]]
    understand: Callable[[Json], Update]


def message_of(kind: str, account: str, update: Update, raw: bytes, arrived: datetime) -> InboundMessage:
    """Return an update as it is kept."""
    return InboundMessage(
        channel=kind,
        account=account,
        external_id=update.external_id,
        received_at=plausible(update.at, arrived),
        raw=raw,
        media_type=media_type_of(kind),
        conversation=_identity(kind, account, update),
        act=update.act,
        files=update.files,
    )


def for_a_person(kind: str, account: str, raw: bytes, arrived: datetime, problem: str) -> InboundMessage:
    """Return what could not be understood as a message that waits for a person."""
    return InboundMessage(
        channel=kind,
        account=account,
        external_id=f"unread:{hashlib.sha256(raw).hexdigest()}",
        received_at=arrived,
        raw=raw,
        media_type=media_type_of(kind),
        problem=problem,
    )


def plausible(at: datetime | None, arrived: datetime) -> datetime:
    """Return the platform's time where it can be true, and else the arrival's (it decides when the resident's clock starts)."""
    return at if at is not None and arrived - OLDEST <= at <= arrived else arrived


def read(dialect: Dialect, raw: bytes, received_at: datetime | None) -> Reading:
    """Read a kept update; raise ``ValueError`` for what is none."""
    envelope = load(raw)
    update = dialect.understand(envelope)
    account = envelope.get(OURS)
    if not isinstance(account, str):
        raise ValueError("an update without the account it came to")  # noqa: TRY004 - what is wrong is the value
    known = _reading(dialect.kind, account, update, received_at)
    owner = envelope.get(STRANGE)
    return known if owner is None else _to_a_stranger(dialect.kind, account, f"{owner}", update, known)


def _to_a_stranger(kind: str, account: str, owner: str, update: Update, known: Reading) -> Reading:
    """Return what came for an account that is none of ours: staff are shown the words, and nobody may be answered.

    What only tells of letters that others sent stays an act, in a conversation that is nobody's, and so asks nothing.
    """
    nobody = str(Identity(channel=kind, account=account, user=f"{owner}:{update.user}"[:LONGEST_USER]))
    chat = _facts(nobody, update) if update.act in ASKS_NOTHING else None
    sender = Sender(address=None, name=update.name or update.user)
    return replace(known, sender=sender, chat=chat, problems=(*known.problems, STRANGE))


def _reading(kind: str, account: str, update: Update, received_at: datetime | None) -> Reading:
    media_type, identity = media_type_of(kind), _identity(kind, account, update)
    return Reading(
        message_id=update.external_id,
        in_reply_to=(update.about,) if update.about and update.act == "message" else (),
        sender=Sender(address=identity, name=update.name),
        date=update.at or received_at,
        text=update.text,
        new_text=update.text,
        new_ranges=((0, len(update.text)),) if update.text else (),
        media_type=media_type,
        channel_kind="dm",
        content_key=hashlib.sha256(f"{media_type}\n{account}\n{update.external_id}".encode()).hexdigest(),
        chat=_facts(identity, update),
        unreadable=update.act == "message" and not update.text and not update.files,
        problems=update.problems,
    )


def _facts(identity: str, update: Update) -> ChatFacts:
    return ChatFacts(
        act=update.act,
        conversation=identity,
        about=update.about,
        pressed=update.pressed,
        progress=update.progress,
        code=update.code,
        happened_at=update.at,
        machine=update.machine,
    )


def _identity(kind: str, account: str, update: Update) -> str:
    return str(Identity(channel=kind, account=account, user=update.user))


def kept_bytes(piece: Piece, account: str, **marks: object) -> bytes:
    """Return the bytes that are kept for one update, with those marks that are set."""
    return dump({OURS: account, **{name: mark for name, mark in marks.items() if mark is not None}, **piece.envelope})
