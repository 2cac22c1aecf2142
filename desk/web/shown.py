"""A message as a page shows it: every word still plain text, which templates escape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.web.chat_words import title_of
from desk.web.file_standing import UNKNOWN, Standing
from desk.web.marking import Piece


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownFile:
    """A file that came with a message; both numbers (from 1) name it in addresses, ``problem`` warns of opening it."""

    message_id: int
    number: int
    name: str
    type: str
    size: str
    is_picture: bool
    problem: str | None = None
    about: str = ""
    """What it holds, where that was seen."""
    standing: Standing = UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """Other words that somebody gave an earlier message by chat, and when."""

    id: int
    at: datetime
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingFile:
    """A file of a message by chat that is not here, and why."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownMessage:
    """A message as a page shows it; ``cut`` counts the characters left out, ``head`` is what an unreadable one begins with."""

    id: int
    channel: str
    received_at: datetime
    sender_name: str | None
    sender_address: str | None
    subject: str | None
    pieces: tuple[Piece, ...]
    cut: int = 0
    quoted: str = ""
    whole: str = ""
    """All of it in its order, where the new words stand between old ones."""
    hidden: tuple[str, ...] = ()
    has_html: bool = False
    attachments: tuple[ShownFile, ...] = ()
    more_files: int = 0
    trust: str | None = None
    forged: bool = False
    problems: tuple[str, ...] = ()
    automatic: str | None = None
    unreadable: bool = False
    head: str = ""
    by_chat: bool = False
    parts: int = 0
    """By chat: how many messages in a row were read as one with it; their words stand in it."""
    versions: tuple[Version, ...] = ()
    withdrawn_at: datetime | None = None
    act: str | None = None
    missing: tuple[MissingFile, ...] = ()
    original: Standing = UNKNOWN
    """How its bytes as they came stand with the scanner."""

    @property
    def title(self) -> str:
        """Return what stands above the words: the subject, or by chat what it is."""
        return self.subject or title_of(self.act, self.channel, by_chat=self.by_chat)

    @property
    def kinds(self) -> frozenset[str]:
        """Return which kinds of piece there are but plain words, for the legend."""
        return frozenset(kind for _, kind in self.pieces) - {"plain"}
