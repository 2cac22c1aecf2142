"""Reads address headers (RFC 5322 section 3.4) as they really come, in time linear in their length.

The address is the one in angle brackets: ``alice@x <bob@y>`` was written by bob@y. Names are decoded only after the
structure was read, so that no encoded comma or bracket can pass for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.headers import SHOWN, unfolded, without_encoded_words
from intake.identity import identity_of
from intake.message import Sender
from intake.storable import one_line

_PIECES = re.compile(r'"(?:[^"\\]|\\.)*+"|<[^<>]*>|<[^<>,;\s]*|[(),;:">]|[^"<>(),;:]+')
_UNQUOTED_PIECES = re.compile(r'<[^<>]*>|<[^<>,;\s]*|[(),;:">]|[^"<>(),;:]+')
_QUOTED_PAIR = re.compile(r"\\(.)")
_BARE = re.compile(r'(?:"(?:[^"\\]|\\.){0,128}+"|[^\s"<>(),;:\[\]@]{1,128}+)@(?:\[[^\]\s]{0,64}\]|[^\s"<>(),;\[\]]{1,255})')
_LOCAL = re.compile(r"[\w.+-]+")
LONGEST = 320
"""Characters of an address: 64 before the sign, 255 behind it (RFC 5321 section 4.5.3.1)."""


@dataclass(slots=True)
class _Pending:
    """What was met since the last comma."""

    words: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def addresses(value: str) -> tuple[Sender, ...]:
    """Return everybody named in one header value, in order; a part with neither address nor name is left out."""
    found: list[Sender] = []
    names: list[str] = []
    for pending in _between_commas(unfolded(value)):
        sender = _sender(pending, names)
        if sender is None:
            names += [" ".join(pending.words).strip()] if pending.words else []
            continue
        found.append(sender)
        names = []
    if not found and any(names):
        found.append(_only_a_name(", ".join(filter(None, names))))
    return tuple(found)


def _between_commas(text: str) -> Iterator[_Pending]:
    pending = _Pending()
    for piece in _pieces(text):
        if piece in (",", ";"):
            yield pending
            pending = _Pending()
        elif piece == ":" and not pending.angles and not any("@" in word for word in pending.words):
            pending = _Pending()  # the name of a group, such as "undisclosed-recipients:;"
        elif piece.startswith("("):
            pending.comments.append(piece[1:].strip())
        elif piece.startswith("<"):
            pending.angles.append(piece.strip("<> "))
        elif piece not in ('"', ">") and piece.strip():
            pending.words.append(piece.strip() if piece.endswith(" ") or piece.startswith(" ") else piece)
    yield pending


def _pieces(text: str) -> Iterator[str]:
    """Cut into quoted strings, bracketed addresses, comments, separators and words."""
    place = 0
    pattern = _PIECES
    while place < len(text):
        match = pattern.match(text, place)
        if match is None or match[0] == '"':
            # One quote without its end: no later one has an end either, so none is looked for again.
            pattern = _UNQUOTED_PIECES
            place += match is not None
            match = pattern.match(text, place)
        if match is None:
            place += 1
            continue
        place = match.end()
        if match[0] == "(":
            comment, place = _comment(text, place)
            yield "(" + comment
        elif match[0] != ")":
            yield match[0]


def _comment(text: str, start: int) -> tuple[str, int]:
    """Read a comment, in which others may nest; one that never ends reaches to the end."""
    depth = 1
    for sign in re.compile(r"[()]|\\.").finditer(text, start):
        depth += {"(": 1, ")": -1}.get(sign[0], 0)
        if depth == 0:
            return text[start : sign.start()], sign.end()
    return text[start:], len(text)


def _sender(pending: _Pending, names: list[str]) -> Sender | None:
    if pending.angles:
        inside = [_address(angle) for angle in pending.angles]
        address = next((one for one in inside if one and "@" in one), next(filter(None, inside), None)) or _bare(pending)
        written = ", ".join(filter(None, [*names, " ".join(pending.words)]))
        name = _name(written) or _comment_name(pending)
        return Sender(address=address, name=name) if address or name else None
    written = _glued(pending.words)
    bare = _BARE.search(written)
    if bare is None:
        return None
    name = _name(written.replace(bare[0], " ", 1)) or _comment_name(pending)
    return Sender(address=_address(bare[0]), name=name)


def _bare(pending: _Pending) -> str | None:
    # Where the brackets are empty, what stands before them is all that there is.
    found = _BARE.search(_glued(pending.words))
    return _address(found[0]) if found else None


def _comment_name(pending: _Pending) -> str | None:
    # Before names had a place of their own, they stood in a comment behind the address.
    return _name(pending.comments[-1]) if pending.comments else None


def _glued(words: list[str]) -> str:
    text = ""
    for word in words:
        text += word if not text or word.startswith("@") or word == ":" else " " + word
    return text


def _address(inside: str) -> str | None:
    """Return the address alone, without route, blanks and stray quotes; None for the empty one."""
    text = without_encoded_words(inside) if "@" not in inside and "=?" in inside else inside
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]  # RFC 5322 section 4.4: an obsolete route
    if not text.startswith('"'):
        text = text if text.split() == [text] else re.sub(r"\s{0,8}([@.])\s{0,8}", r"\1", text)
        bare = _BARE.search(text.removeprefix("mailto:"))
        text = bare[0] if bare else text
    found = one_line(text.strip(" '.,;"), LONGEST)
    # An identity is proved by its platform: a mail that names one as its sender would be answered there, and read as theirs.
    return found if found and identity_of(found.lower()) is None else None


def _name(written: str) -> str | None:
    text = written.strip()
    if '"' in text:
        text = _QUOTED_PAIR.sub(r"\1", re.sub(r'(?<!\\)"', "", text))
    text = one_line(without_encoded_words(text), SHOWN)
    if len(text) > 2 and text[0] == text[-1] == "'":  # noqa: PLR2004 - two quotes and what they hold
        text = text[1:-1]
    return text or None


def _only_a_name(text: str) -> Sender:
    # One plain word is an address on the sender's own machine, such as MAILER-DAEMON.
    return Sender(address=text) if _LOCAL.fullmatch(text) and text.isascii() else Sender(address=None, name=_name(text))
