"""Takes files out of plain words in which a news program wrote them as bytes (yEnc 1.3): they are no words."""

from __future__ import annotations

import re

from intake.kept import Sorted

MOST_FILES = 100
_FILE = re.compile(rb"(?m)^=ybegin ([^\r\n]{1,400})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?")
_END = re.compile(rb"(?m)^=yend size=(\d{1,12})[^\r\n]{0,200}\r?$")
_NAME = re.compile(rb"(?:^| )name=(.{1,250})$")
_SHIFT, _ESCAPED = 42, 64
_PLAIN = bytes((value - _SHIFT) % 256 for value in range(256))
_AFTER_ESCAPE = bytes((value - _SHIFT - _ESCAPED) % 256 for value in range(256))


def without_yenc(data: bytes, found: Sorted) -> bytes:
    """Return the words with ``[file: name]`` where each file stood; what only begins like a file, or is damaged, stays."""
    if b"=ybegin " not in data:
        return data
    kept: list[bytes] = []
    place = 0
    for begin, _ in zip(_FILE.finditer(data), range(MOST_FILES), strict=False):
        name = _NAME.search(begin[1])
        end = _END.search(data, begin.end()) if name and begin.start() >= place else None
        if name is None or end is None:
            continue
        content = _decoded(data[begin.end() : end.start()])
        # Without its checks bytes that were changed on the way would be taken for a picture.
        if len(content) != int(end[1]) or not found.takes(len(content)):
            continue
        found.keep(name[1].decode("utf-8", "replace"), "application/octet-stream", content)
        kept += [data[place : begin.start()], b"[file: %s]" % name[1]]
        place = end.end()
    return b"".join([*kept, data[place:]])


def _decoded(letters: bytes) -> bytes:
    first, *escaped = letters.translate(None, delete=b"\r\n").split(b"=")
    pieces = [first.translate(_PLAIN)]
    pieces += [piece[:1].translate(_AFTER_ESCAPE) + piece[1:].translate(_PLAIN) for piece in escaped]
    return b"".join(pieces)
