"""Reads Content-Type and Content-Disposition: a word and its parameters, RFC 2231's pieces joined.

Mail programs leave out quotes and semicolons, put RFC 2047 words into quotes, and write Windows paths; all are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from intake import charsets
from intake.headers import decoded, raw_bytes, unfolded, without_encoded_words
from intake.storable import one_line

_TYPE = re.compile(r"\s*([\w.+!#$&^-]+(?:\s*/\s*[\w.+!#$&^*-]+)?)")
_PARAMETER = re.compile(r'(?<![\w!#$&+.^`|~*-])([\w!#$&+.^`|~*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*+)"|([^;]*))', re.DOTALL)
_SEGMENT = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?$")
_PAIR = re.compile(r'\\(["\\])')
_COMMENT = re.compile(r"\s\([^()]*\)\s*$")
LONGEST = 16_384
MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """The value before the first semicolon in lower case ("" when it is none), and the parameters by lower-case name."""

    value: str = ""
    named: dict[str, str] = field(default_factory=dict)


def parameters(header: str) -> Parameters:
    """Read one header value as the standard library's parser left it."""
    text = unfolded(header[:LONGEST])
    found = _TYPE.match(text)
    if found is None:
        return Parameters(named=_named(text, 0))
    value = re.sub(r"\s", "", found[1]).lower()
    return Parameters(value=value, named=_named(text, found.end()))


def _named(text: str, start: int) -> dict[str, str]:
    if "=" not in text:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text, start)):
        if count >= MOST:
            break
        name, number, star = _segment(match[1].lower())
        value = _PAIR.sub(r"\1", match[2]) if match[2] is not None else _COMMENT.sub("", match[3].strip()).strip('"')
        if number is None and not star:
            plain.setdefault(name, value)
        else:
            pieces.setdefault(name, []).append((number or 0, star, value))
    # RFC 2231 wins over the plain form beside it, which is there for old readers.
    return {name: decoded(value) for name, value in plain.items()} | {name: _whole(found) for name, found in pieces.items()}


def _segment(name: str) -> tuple[str, int | None, bool]:
    match = _SEGMENT.match(name)
    if match is None:
        return name, None, False
    return match[1], int(match[2]) if match[2] else None, bool(match[3])


def _whole(found: Iterable[tuple[int, bool, str]]) -> str:
    """Join the pieces of RFC 2231 section 3 in their order, as bytes."""
    ordered = sorted(found, key=lambda piece: piece[0])
    charset = None
    data = b""
    for place, (_, star, value) in enumerate(ordered):
        text = value
        if star and place == 0 and text.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(raw_bytes(text)) if star else raw_bytes(text)
    return one_line(without_encoded_words(charsets.decode(data, charset).text))
