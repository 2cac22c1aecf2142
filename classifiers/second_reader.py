"""The second reader: a language model that the landlord runs itself, asked for its vote on what the first was unsure of.

A vote is a word in a person's ear: no route, deadline or letter hangs on it. Only ``MaskedText`` is ever given to it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from classifiers.taxonomy import Category, Reason

if TYPE_CHECKING:
    # Its patterns take a tenth of a second to make: only who masks makes them, not everybody who reads the settings.
    from classifiers.second_reader_masking import MaskedText

LONGEST_WHY = 300


class ReaderUnavailable(Exception):
    """The reader could not be asked, or did not answer as such readers do: ask again later.

    ``pause`` is for how many seconds it asks to be left alone.
    """

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        """Say what is wrong in words for whoever runs it; never with anything of the message, or of the key."""
        super().__init__(sentence)
        self.pause = pause


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """What the reader takes a message for, and why in its own words."""

    category: Category
    reason: Reason | None = None
    why: str
    model: str

    def __post_init__(self) -> None:
        """Hold the guide's shape, and that the words are few."""
        if (self.category is Category.OUT_OF_SCOPE) != (self.reason is not None):
            raise ValueError("out_of_scope has a reason, and nothing else has one")
        if not 0 < len(self.why) <= LONGEST_WHY or not self.why.isprintable():
            raise ValueError(f"a vote says why in at most {LONGEST_WHY} characters, all of which can be seen")


@dataclass(frozen=True, kw_only=True, slots=True)
class NoVote:
    """The reader answered, and its answer is of no use: the same question is not put again."""

    why: str
    model: str


class SecondReader(Protocol):
    """Votes on one text at a time."""

    async def vote(self, text: MaskedText) -> Vote | NoVote:
        """Ask for a vote, or raise ``ReaderUnavailable``."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where the reader is: the address before ``/chat/completions``, and which model to ask for there; times in seconds."""

    base_url: str
    model: str
    key_file: Path | None = None
    """Holds the key that goes with each request; read each time, so that a new one needs no restart."""
    ca_file: Path | None = None
    """The landlord's own certificate authority, where the server's certificate is from it."""
    connect_within: float = 5.0
    answer_within: float = 60.0
    json_mode: bool = True
    """Whether to ask for ``response_format = json_object``; a few servers do not know it."""

    def __post_init__(self) -> None:
        """Refuse an address on the way to which others could read along."""
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
            raise ValueError("base_url must begin with https://, but for a server on this very machine")
        if not parts.hostname or parts.port == 0 or parts.username is not None or parts.query or parts.fragment:
            raise ValueError("base_url is an address such as https://reader.council.example/v1, with no name or key in it")


def _is_this_machine(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
