"""Reads header values: unfolding, encoded words (RFC 2047), raw 8-bit bytes, and what mail programs make of them.

A value comes as the standard library's parser leaves it: folded, with each byte beyond ASCII as a lone surrogate.
"""

from __future__ import annotations

import binascii
import re

from intake import charsets, transfer
from intake.storable import one_line, storable

SHOWN = 998
"""Characters of a header value that are ever shown: the longest line of RFC 5322 section 2.1.1."""

_LINE_ENDS = re.compile(r"[\r\n]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s=]{0,60})\?([BbQq])\?(.*?)\?=", re.DOTALL)


def unfolded(value: str) -> str:
    """Return the value on one line, its raw bytes read as text, encoded words left as they are."""
    flat = value
    if "\n" in value or "\r" in value:
        # Not by a pattern that starts with blanks: a long run of them would take quadratic time.
        flat = " ".join(line.strip(" \t") for line in _LINE_ENDS.split(value))
    flat = flat.replace("\t", " ")
    if flat.isascii() and "\x1b" not in flat:
        return flat.strip()
    return storable(charsets.decode(raw_bytes(flat)).text).strip()


def decoded(value: str) -> str:
    """Return the value as a person would read it: one line, every encoded word undone, nothing unstorable."""
    if value.isascii() and value.isprintable() and "=?" not in value:
        return value.strip()
    return one_line(without_encoded_words(unfolded(value)))


def raw_bytes(value: str) -> bytes:
    """Return the bytes that a parsed header value stands for."""
    return value.encode("utf-8", "surrogateescape")


def without_encoded_words(text: str) -> str:
    """Undo encoded words; neighbours in one charset are joined as bytes, for a character may be cut in two."""
    # Nothing beyond the last "?=" can be one, and looking there from every "=?" would take quadratic time.
    end = text.rfind("?=") + 2 if "=?" in text else 0
    if end < 2:  # noqa: PLR2004 - "not found", moved by two
        return text
    parts: list[str] = []
    run: list[tuple[str, str, str]] = []
    last = 0
    for word in _ENCODED_WORD.finditer(text, 0, end):
        between = text[last : word.start()]
        if between.strip() or not run:
            parts += [_joined(run), between]
            run = []
        charset, encoding, data = word.groups()
        run.append((charset.partition("*")[0].lower(), encoding.lower(), data))
        last = word.end()
    return "".join([*parts, _joined(run), text[last:]])


def _joined(run: list[tuple[str, str, str]]) -> str:
    text = ""
    start = 0
    for place in range(1, len(run) + 1):
        if place == len(run) or run[place][0] != run[start][0]:
            text += charsets.decode(_word_bytes(run[start:place]), run[start][0]).text
            start = place
    return text


def _word_bytes(words: list[tuple[str, str, str]]) -> bytes:
    data = b""
    kept = b""
    for _, encoding, text in words:
        piece = text.encode("utf-8", "surrogatepass")
        if encoding == "q":
            data += binascii.a2b_qp(piece.replace(b" ", b"_"), header=True)
            continue
        # Some programs cut the base64 itself in two: four letters belong together across the words.
        kept += piece.strip()
        if len(kept) % 4 == 0 or kept.endswith(b"="):
            data += transfer.base64_bytes(kept)
            kept = b""
    return data + transfer.base64_bytes(kept)
