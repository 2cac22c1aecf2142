"""What a mail consists of: stretches of words, and files that are kept byte for byte under names that are safe to show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from intake import names
from intake.inspecting import inside_of
from intake.message import Attachment
from intake.storable import one_line, storable

LARGEST = 100_000_000
"""Decoded bytes of a mail that are read; the rest is kept raw only."""
MOST_FILES = 1_000
"""Files of a mail: parts, and what was taken out of parts."""
MOST_LOOKED_INTO = 100
LONGEST_GIVEN = 1_000
"""Characters of a name as it was given that are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One stretch of the body: plain text, html, or the same words as both."""

    plain: str | None = None
    html: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not (self.plain or self.html or "").strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment and its Content-ID, by which html may show it."""

    attachment: Attachment
    cid: str


@dataclass(slots=True, kw_only=True)
class Sorted:
    """What a mail consists of."""

    words: list[Words] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    spare: list[Words] = field(default_factory=list)
    """Text in parts that count as files: read where the mail has no other words."""
    wrapped: list[Words] = field(default_factory=list)
    """Words that Outlook packed into a winmail.dat: before the spare ones."""
    told: list[str] = field(default_factory=list)
    """What a machine's part says in a line of ours, such as an invitation: behind the spare ones."""
    unopened: bool = False
    """Whether it has a winmail.dat that was not opened, or not whole."""
    size: int = 0
    unwrapped: int = 0
    """Signed mails that were taken out of their signatures."""

    def takes(self, size: int) -> bool:
        """Count so many decoded bytes; false, and said, where they are more than a mail may have."""
        self.size += size
        if self.size > LARGEST:
            self.problems.append("too_large")
        return self.size <= LARGEST

    def keep(self, name: str, media_type: str, data: bytes, *, inline: bool = False, cid: str = "") -> None:
        """Keep a file under a name that is safe to show; ``name`` is the one it came with, or ""."""
        if len(self.files) >= MOST_FILES:
            self.problems.append("too_many_parts")
            return
        shown = names.safe_name(name) or names.unnamed(media_type, len(self.files) + 1)
        given = one_line(name)[:LONGEST_GIVEN]
        attachment = Attachment(
            name=shown,
            given=given if given != shown else "",
            type=storable(media_type),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            inline=inline,
            content=data,
            inside=inside_of(shown, data) if len(self.files) < MOST_LOOKED_INTO else None,
        )
        self.files.append(File(attachment=attachment, cid=cid))

    def settle(self) -> None:
        """Where the mail has no words of its own, take those that stand in for them."""
        is_silent = all(words.is_empty for words in self.words)
        if is_silent:
            others = [words for words in (*self.wrapped, *self.spare) if not words.is_empty]
            told = [Words(plain="\n".join(self.told))] if self.told else []
            self.words = (others or told or self.spare)[:1]
        if self.unopened:
            self.problems.append("winmail_not_read" if is_silent else "winmail_kept")
