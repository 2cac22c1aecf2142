"""A message as a page shows it: every word still plain text, which templates escape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.web.marking import Piece


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownFile:
    """A file that came with a message; ``number`` (from 1) names it in addresses, ``problem`` warns of opening it."""

    number: int
    name: str
    type: str
    size: str
    is_picture: bool
    problem: str | None = None


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

    @property
    def kinds(self) -> frozenset[str]:
        """Return which kinds of piece there are but plain words, for the legend."""
        return frozenset(kind for _, kind in self.pieces) - {"plain"}
