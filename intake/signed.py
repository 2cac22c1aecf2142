"""Unwraps a mail whose signature stands around it and not beside it (S/MIME, RFC 8551 section 3.5.2); believes no signature."""

from __future__ import annotations

import re
import zlib

from intake.transfer import base64_bytes

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
_ARMOUR = re.compile(rb"\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----\s+([A-Za-z0-9+/=\s]+)-----END ")
_LARGEST = 30_000_000
"""Bytes of a compressed mail."""
_DEEPEST = 8
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_LONG, _INDEFINITE = 0x80, 0x80
_MOST_LENGTH_BYTES = 4
_MOST_PIECES = 200_000
_END_MARK = bytes(2)


class _NotSigned(ValueError):
    """It is something else: encrypted, certificates alone, or no such thing at all."""


def signed_content(data: bytes) -> bytes | None:
    """Return what was signed or compressed, itself a part of a mail; None where this holds nothing of the kind."""
    armour = _ARMOUR.match(data)
    try:
        return _content(base64_bytes(armour[1]) if armour else data)
    except (_NotSigned, IndexError, zlib.error):
        return None


def _content(data: bytes) -> bytes:
    _, at, _ = _head(data, 0)
    kind = next((kind for kind in (_SIGNED, _COMPRESSED) if data.startswith(kind, at)), None)
    if kind is None:
        raise _NotSigned
    at = _inside(data, at + len(kind), 2)  # the content, and the signed data in it
    at = _behind(data, _behind(data, at))  # its version and the digests that were used, or how it was compressed
    at = _inside(data, _behind(data, _inside(data, at, 1)), 1)  # what is signed: its kind, and itself
    pieces, _ = _octets(data, at, len(data))
    found = b"".join(pieces)
    return _inflated(found) if kind == _COMPRESSED else found


def _inflated(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    found = inflating.decompress(data, _LARGEST)
    if inflating.unconsumed_tail:
        raise _NotSigned
    return found


def _octets(data: bytes, at: int, end: int, depth: int = 0) -> tuple[list[bytes], int]:
    """Return the octets that stand here, in one piece or in pieces of pieces, and the place behind them."""
    tag, start, length = _head(data, at)
    if tag == _OCTETS and length is not None:
        return [data[start : start + length]], start + length
    if tag != _OCTETS_IN_PIECES or depth > _DEEPEST:
        raise _NotSigned
    found: list[bytes] = []
    stop = min(end, len(data)) if length is None else min(start + length, end, len(data))
    at = start
    while at < stop and data[at] in (_OCTETS, _OCTETS_IN_PIECES) and len(found) < _MOST_PIECES:
        pieces, at = _octets(data, at, stop, depth + 1)
        found += pieces
    return found, at + (len(_END_MARK) if length is None else 0)


def _inside(data: bytes, at: int, levels: int) -> int:
    for _ in range(levels):
        _, at, _ = _head(data, at)
    return at


def _behind(data: bytes, at: int, depth: int = 0) -> int:
    """Return the place behind the value at this one; one without a length ends at its mark."""
    _, start, length = _head(data, at)
    if length is not None:
        return start + length
    if depth > _DEEPEST:
        raise _NotSigned
    while data[start : start + len(_END_MARK)] != _END_MARK:
        start = _behind(data, start, depth + 1)
    return start + len(_END_MARK)


def _head(data: bytes, at: int) -> tuple[int, int, int | None]:
    """Return tag, start and length of the value at this place (ITU-T X.690, 8.1); no length where an end mark follows."""
    tag, first = data[at], data[at + 1]
    if first < _LONG:
        return tag, at + 2, first
    if first == _INDEFINITE:
        return tag, at + 2, None
    count = first - _LONG
    if count > _MOST_LENGTH_BYTES:
        raise _NotSigned
    return tag, at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count], "big")
