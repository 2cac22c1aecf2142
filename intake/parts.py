"""Parses a mail into parts with the standard library, and stops a hostile one before it grows.

The parser is ``email.feedparser`` under ``policy.compat32``: the newer policy raises on mail which people really send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MissingHeaderBodySeparatorDefect
from email.feedparser import FeedParser
from email.message import Message
from email.policy import compat32
from typing import Any

from intake.headers import raw_bytes
from intake.hollowing import Hollow, hollow
from intake.mending import mend
from intake.parameters import Parameters, parameters

MOST_PARTS = 500
DEEPEST = 50
DEEPEST_OF_LARGE = 15
"""The parser tests each line against each level above it; a megabyte would make fifty of them costly."""
LARGE = 1_000_000
_FIRST_LINE = re.compile(rb"^--([^\s-][^\r\n]{0,200}?)[ \t]{0,20}\r?$", re.MULTILINE)


class TooMuch(Exception):
    """The mail has more parts, or deeper ones, than are read."""


class Part(Message):
    """One part, which knows its depth (the root's is 0); an attached mail is a leaf, so that its bytes stay as they came."""

    depth = 0
    deepest = DEEPEST
    hollow: Hollow | None = None
    _kind: Parameters | None = None
    _media_type: str | None = None
    _values: dict[str, list[str]] | None = None
    _payload: Any

    def attach(self, payload: Message) -> None:  # type: ignore[override]
        """Take in a part that the parser has just begun, or raise ``TooMuch``."""
        super().attach(payload)
        if isinstance(payload, Part):
            payload.depth, payload.deepest = self.depth + 1, self.deepest
            if payload.depth > self.deepest:
                raise TooMuch("too_deep")

    @property
    def kind(self) -> Parameters:
        """The Content-Type, read once: the parser asks only when the part's header is complete."""
        if self._kind is None:
            self._kind = parameters(self.raw("content-type"))
        return self._kind

    @property
    def media_type(self) -> str:
        """The media type, worked out once like the kind; anything that is none counts as text (RFC 2045 section 5.2)."""
        if self._media_type is None:
            is_type = self.kind.value.count("/") == 1
            self._media_type = self.kind.value if is_type else "text/plain" if self.kind.value else self.get_default_type()
        return self._media_type

    def values_of(self, name: str) -> list[str]:
        """Return all values of a header (its name in lower case) as the parser left them, topmost first."""
        if self._values is None:
            self._values = {}
            for key, value in self.raw_items():
                self._values.setdefault(key.lower(), []).append(value)
        return self._values.get(name, [])

    def raw(self, name: str) -> str:
        """Return the first value of a header as the parser left it, "" when there is none."""
        return next(iter(self.values_of(name)), "")

    def get_content_type(self) -> str:
        """Tell the parser the media type, but never ``message/...``, into which it would descend."""
        return "application/octet-stream" if self.media_type.startswith("message/") else self.media_type

    def get_content_maintype(self) -> str:
        """Tell the parser the type before the slash."""
        return self.get_content_type().partition("/")[0]

    def get_boundary(self, failobj: object = None) -> object:  # type: ignore[override]
        """Tell the parser the boundary of a multipart."""
        return self.kind.named.get("boundary") or failobj

    def children(self) -> tuple[Part, ...]:
        """Return the parts of a multipart, none for a leaf."""
        # get_payload() would decode a leaf's text each time, and raises on some charsets.
        below = self._payload if isinstance(self._payload, list) else ()
        return tuple(part for part in below if isinstance(part, Part))

    def body(self) -> bytes:
        """Return the body of a leaf as it stands in the mail, before its transfer encoding is undone."""
        # get_payload() would put U+FFFD for every byte beyond the label's charset.
        written = raw_bytes(self._payload) if isinstance(self._payload, str) else b""
        return self.hollow.filled(written) if self.hollow else written

    def take_over(self, other: Part) -> None:
        """Become what a second reading made of this part."""
        for name in {key.lower() for key, _ in other.raw_items()}:
            del self[name]
        for name, value in other.raw_items():
            self.set_raw(name, value)
        self._kind = self._media_type = self._values = None
        for child in other.children():
            child.depth += self.depth
        self._payload, self.hollow = other._payload, other.hollow  # for the reason told in body()

    def walk_parts(self) -> Iterator[Part]:
        """Yield this part and all below it, in the order of the mail."""
        yield self
        for child in self.children():
            yield from child.walk_parts()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """The root part and what had to be mended or left unread."""

    root: Part
    problems: tuple[str, ...] = ()


def parse(raw: bytes) -> Parsed:
    """Parse a mail; whatever stood before a limit is in the tree."""
    mended = mend(raw)
    root, problem = parse_hollow(hollow(mended.raw))
    problems = [*mended.problems, *([problem] if problem else [])]
    problems += {note for part in root.walk_parts() if (note := _mend_part(part))}
    return Parsed(root=root, problems=tuple(problems))


def parse_hollow(mail: Hollow) -> tuple[Part, str | None]:
    """Return the root of the tree and which limit was met, if any."""
    made: list[Part] = []
    deepest = DEEPEST_OF_LARGE if len(mail.raw) > LARGE else DEEPEST

    def part(**_: object) -> Part:
        if len(made) > MOST_PARTS:
            raise TooMuch("too_many_parts")
        made.append(Part(policy=compat32))
        made[-1].deepest, made[-1].hollow = deepest, mail
        return made[-1]

    parser = FeedParser(part, policy=compat32)
    made.clear()  # the parser tries its factory once
    try:
        parser.feed(mail.shell.decode("ascii", "surrogateescape"))
        parser.close()
    except TooMuch as much:
        return made[0], str(much)
    return made[0], None


def _mend_part(part: Part) -> str | None:
    """Read again a part whose header broke off, or a multipart that does not say its boundary; name what was done."""
    if part.depth and any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        header = b"".join(raw_bytes(f"{name}: {value}\n") for name, value in part.raw_items())
        return _read_again(part, mend(header + part.body()).raw, "part_header_mended")
    if part.media_type.startswith("multipart/") and not part.children():
        first = _FIRST_LINE.search(part.body())
        if first is not None:
            header = b'Content-Type: %s; boundary="%s"\n\n' % (part.media_type.encode(), first[1])
            return _read_again(part, header + part.body(), "boundary_mended")
    return None


def _read_again(part: Part, raw: bytes, note: str) -> str | None:
    again, problem = parse_hollow(hollow(raw))
    if problem is not None or part.depth + max(below.depth for below in again.walk_parts()) > DEEPEST:
        return None
    part.take_over(again)
    return note
