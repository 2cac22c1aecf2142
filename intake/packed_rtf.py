"""Unpacks Rich Text as Outlook packs it (MS-OXRTFCP: a window of 4,096 bytes that begins with the words of every document)."""

from __future__ import annotations

import struct

_HEAD = struct.Struct("<II4sI")
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4_096
BEGINS = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the window holds at the start (section 2.1.3.1.2)."""


def unpacked(data: bytes, most: int) -> bytes | None:
    """Return at most so many bytes of the document, up to where it breaks off; None where it is none."""
    if len(data) < _HEAD.size:
        return None
    _, size, kind, _ = _HEAD.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEAD.size :][: min(size, most)]
    return _unpacked(data, min(size, most)) if kind == _PACKED else None


def _unpacked(data: bytes, size: int) -> bytes:
    made = bytearray(BEGINS)
    at, end = _HEAD.size, len(BEGINS) + size
    while at < len(data) and len(made) < end:
        control, at = data[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                made += data[at : at + 1]
                at += 1
                continue
            pair, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            if at > len(data) or not _again(made, pair):
                return bytes(made[len(BEGINS) : end])
    return bytes(made[len(BEGINS) : end])


def _again(made: bytearray, pair: int) -> bool:
    """Append what a pair of place and length stands for; false where it marks the end."""
    place, length = pair >> 4, (pair & 15) + 2
    # The window turns round: a place is that of the last byte which was written there.
    back = (len(made) - place) % _WINDOW
    if back == 0 or back > len(made):
        return False
    for _ in range(length):
        made.append(made[-back])
    return True
