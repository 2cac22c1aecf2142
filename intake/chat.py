"""What is peculiar to messages by chat: acts on earlier messages, pressed buttons, files that are still to be fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PREFIX, SUFFIX = "application/vnd.council-intake.", "+json"

Act = Literal["message", "edit", "withdrawal", "press", "receipt", "echo", "blocked", "back", "public"]
"""What a chat update is.

``message``: words or files of a resident. ``edit``: other words for an earlier message. ``withdrawal``: the earlier message was
deleted. ``press``: a button of ours. ``receipt``: how far a letter of ours has come. ``echo``: written from our account by a
person elsewhere. ``blocked`` and ``back``: we may no longer write, or may again. ``public``: said where others read.
"""

Progress = Literal["sent", "delivered", "read", "failed"]
PROGRESS: tuple[Progress, ...] = ("sent", "delivered", "read", "failed")
"""How far a letter has come, in order: a later word never goes back to an earlier one, as receipts come in any order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatFacts:
    """What a chat update says beside its words; ``about`` is the platform's id of the message it is about.

    For a ``receipt``, ``about`` is the id that the platform gave to our letter, ``progress`` how far it has come and ``code``
    why it failed (``"window"``, ``"blocked"``, or the platform's own). ``pressed`` is the button's payload, as we gave it.
    ``conversation`` is the identity to answer, as ``intake.identity`` writes it.
    """

    act: Act
    conversation: str
    about: str | None = None
    pressed: str | None = None
    progress: Progress | None = None
    code: str | None = None
    happened_at: datetime | None = None
    machine: bool = False
    """Whether a bot wrote it, which is never answered."""
    belongs_to: str | None = None
    """The reference of the case on whose own page it was written, which the page's signed link has proved."""
    named: str | None = None
    """For a ``receipt``: the Message-ID that we gave to the letter, where whoever tells of it tells that too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileToFetch:
    """A file that a platform holds for us for a while: ``reference`` is all that the channel needs to fetch it, as JSON text.

    ``size`` is what the platform says, in bytes; it is measured anew when the file is here.
    """

    reference: str
    name: str | None = None
    type: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedFile:
    """A file as it was fetched, byte for byte."""

    content: bytes
    name: str | None = None
    type: str | None = None


LONGEST_LABEL, LONGEST_PAYLOAD = 20, 64
"""Characters and bytes of a button that every platform takes (WhatsApp's titles, Telegram's callback data)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A choice that a resident can press, on any platform."""

    label: str
    payload: str

    def __post_init__(self) -> None:
        """Refuse what some platform would cut off."""
        if not 0 < len(self.label) <= LONGEST_LABEL or not 0 < len(self.payload.encode()) <= LONGEST_PAYLOAD:
            raise ValueError("a button has a label of 1 to 20 characters and a payload of 1 to 64 bytes")


def media_type_of(channel: str) -> str:
    """Return the media type of the updates of a channel, which names the file that reads them."""
    return f"{PREFIX}{channel}{SUFFIX}"


def channel_of(media_type: str) -> str | None:
    """Return the channel whose file reads this media type; None for mail and all else."""
    if not (media_type.startswith(PREFIX) and media_type.endswith(SUFFIX)):
        return None
    name = media_type.removeprefix(PREFIX).removesuffix(SUFFIX)
    return name if name.isidentifier() else None
