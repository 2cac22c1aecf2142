"""Gets the words out of Rich Text: its control words are dropped, what they say of characters is heeded."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?"  # a control word
    rb"|\\'([0-9a-fA-F]{2})"  # a byte of the code page
    rb"|\\([^a-z0-9])"  # a control symbol
    rb"|([{}])"
    rb"|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
_NOT_SHOWN = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"themedata", b"datastore", b"fldinst"}
)
_BREAKS = frozenset({b"par", b"line", b"tab", b"cell", b"row", b"sect", b"page"})
_LETTERS = (b"{", b"}", b"\\")
_HIGHEST = 0x110000
_HEAD = 2_000
_PAGE = re.compile(rb"\\ansicpg(\d{2,5})(?!\d)")
_PAGES = {936: "gbk", 65001: "utf-8", 10000: "mac_roman"}
_KNOWN = frozenset({437, 850, 852, 866, 874, 932, 949, 950, *_PAGES, *range(1250, 1259)})


def rtf_text(content: bytes) -> str:
    """Return the words, in order; in time linear in the size."""
    pieces: list[str] = []
    depth, dropped = 0, 0  # ``dropped`` is how deep the group stands whose words are not shown, 0 for none
    instead = False  # the character after a \\u is for programs that do not know it
    for word, number, symbol, brace, text in _tokens(content):
        if brace:
            depth += 1 if brace == b"{" else -1
            dropped = 0 if depth < dropped else dropped
        elif dropped:
            continue
        elif word in _NOT_SHOWN or symbol == b"*":
            dropped = max(depth, 1)
        elif word == b"u" and number:
            pieces.append(_character(int(number)))
            instead = True
        elif word in _BREAKS:
            pieces.append("\n")
        elif text:
            pieces.append(text[1:] if instead else text)
            instead = False
    return "".join(pieces)


def _tokens(content: bytes) -> Iterator[tuple[bytes, bytes, bytes, bytes, str]]:
    """Yield control words with their numbers, control symbols, braces, and text as it is read by the document's code page."""
    codec = _codec(content)
    waiting = bytearray()  # a character may be two bytes, one of them written as a number and one as a letter
    for word, number, byte, symbol, brace, letters in _TOKEN.findall(content):
        if byte:
            waiting.append(int(byte, 16))
        waiting += symbol if symbol in _LETTERS else letters
        if word or brace or (symbol and symbol not in _LETTERS):
            if waiting:
                yield b"", b"", b"", b"", waiting.decode(codec, "replace")
                waiting.clear()
            yield word, number, symbol, brace, ""
    yield b"", b"", b"", b"", waiting.decode(codec, "replace")


def _codec(content: bytes) -> str:
    """Return the code page that the document names, of those that are known."""
    named = _PAGE.search(content[:_HEAD])
    return _PAGES.get(int(named[1]), f"cp{int(named[1])}") if named and int(named[1]) in _KNOWN else "cp1252"


def _character(number: int) -> str:
    return chr(number % 65_536 if number < 0 else min(number, _HIGHEST - 1))
