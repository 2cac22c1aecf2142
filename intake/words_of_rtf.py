"""Gets the words out of Rich Text: its control words are dropped, what they say of characters is heeded."""

from __future__ import annotations

import re

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
_HIGHEST = 0x110000


def rtf_text(content: bytes) -> str:
    """Return the words, in order; in time linear in the size."""
    pieces: list[str] = []
    depth, dropped = 0, 0  # ``dropped`` is how deep the group stands whose words are not shown, 0 for none
    instead = False  # the character after a \\u is for programs that do not know it
    for word, number, byte, symbol, brace, text in _TOKEN.findall(content):
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
        elif byte or text:
            shown = bytes([int(byte, 16)]) if byte else text
            pieces.append((shown[1:] if instead else shown).decode("cp1252", "replace"))
            instead = False
    return "".join(pieces)


def _character(number: int) -> str:
    return chr(number % 65_536 if number < 0 else min(number, _HIGHEST - 1))
