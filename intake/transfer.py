"""Undoes transfer encodings (RFC 2045 section 6), as broken as they come.

Nothing raises: what is no base64 is handed back as it stands, because words that look odd are better than none.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[a-z0-9-]+")
_USUAL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\n\r\x0b\x0c"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_INNER_BLANK = re.compile(rb"\S[ \t]+\S")
_LEADING = re.compile(rb"(?>(?:[A-Za-z0-9+/]+={0,2}[ \t]*(?:\r\n|\n|\r|$))*)")
_ANOTHER = re.compile(rb"[A-Za-z0-9+/\s]{2,}+={0,2}+\s*+")
FOREIGN = 0.25
"""Share of bytes outside base64's alphabet from which the label is held to be wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Decoded bytes, and whether they had to be mended."""

    data: bytes
    mended: bool = False


def undo(payload: bytes, encoding: str) -> Content:
    """Decode ``payload`` by the value of a Content-Transfer-Encoding header."""
    found = _TOKEN.search(encoding.lower())
    name = found[0] if found else ""
    if name == "base64":
        return _base64_part(payload)
    if name in ("quoted-printable", "quotedprintable"):
        return Content(data=binascii.a2b_qp(payload))
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(payload)
    return Content(data=payload)


def base64_bytes(data: bytes) -> bytes:
    """Decode base64 with foreign characters left out and missing padding supplied."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", data)
        # A single letter left over holds six bits: no byte.
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _base64_part(payload: bytes) -> Content:
    strange = len(payload.translate(None, delete=_USUAL))
    if strange and (strange > FOREIGN * len(payload) or _INNER_BLANK.search(payload)):
        return _without_footer(payload)
    data, rest = _one_run(payload)
    while rest and _ANOTHER.fullmatch(rest):
        more, rest = _one_run(rest)
        data += more
    return Content(data=data, mended=bool(strange or rest))


def _without_footer(payload: bytes) -> Content:
    """Read base64 that a list program wrote a footer below, or leave what is no base64 at all."""
    found = _LEADING.match(payload)
    leading = found[0] if found else b""
    if leading.rstrip().endswith(b"=") or len(leading) * 2 > len(payload):
        return Content(data=base64_bytes(leading), mended=True)
    return Content(data=payload, mended=True)


def _one_run(payload: bytes) -> tuple[bytes, bytes]:
    """Decode up to the first padding; return the bytes and what stands behind it."""
    end = payload.find(b"=")
    if end < 0:
        return base64_bytes(payload), b""
    rest = payload[end:].lstrip(b"=\r\n\t ")
    return base64_bytes(payload[: end + 2] if payload[end + 1 : end + 2] == b"=" else payload[: end + 1]), rest


def _uuencoded(payload: bytes) -> Content:
    lines = payload.replace(b"\r\n", b"\n").split(b"\n")
    data, mended = [], False
    for line in lines:
        if line.startswith((b"begin ", b"end", b"`")) or not line.strip():
            continue
        try:
            data.append(binascii.a2b_uu(line))
        except binascii.Error:
            mended = True
    return Content(data=b"".join(data), mended=mended)
