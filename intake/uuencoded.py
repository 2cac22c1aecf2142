"""Takes files out of plain words in which an old program wrote them as letters (POSIX uuencode): they are no words."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_FILES = 100
_BEGIN = re.compile(r"begin [0-7]{3,4} (\S.{0,200})")
_EMPTY = frozenset({"", "`", " "})


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The words that are left, with ``[file: name]`` where each file stood, and the files by their names."""

    text: str
    files: tuple[tuple[str, bytes], ...] = ()


def without_files(text: str) -> Found:
    """Return the words and the files of a text; what only begins like a file stays as it is."""
    if "begin " not in text:
        return Found(text=text)
    lines = text.split("\n")
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    place = 0
    while place < len(lines):
        begin = _BEGIN.fullmatch(lines[place].rstrip()) if len(files) < MOST_FILES else None
        file = _file(lines, place + 1) if begin else None
        if begin is None or file is None:
            kept.append(lines[place])
            place += 1
            continue
        files.append((begin[1], file[0]))
        kept.append(f"[file: {begin[1]}]")
        place = file[1]
    return Found(text="\n".join(kept), files=tuple(files)) if files else Found(text=text)


def _file(lines: Sequence[str], place: int) -> tuple[bytes, int] | None:
    """Return the file that starts at this line and the line behind its end; None where any line of it is none."""
    data: list[bytes] = []
    for number in range(place, len(lines)):
        line = lines[number].rstrip()
        if line == "end" and data:
            return b"".join(data), number + 1
        if line in _EMPTY:
            continue
        found = _line(line)
        if found is None:
            return None
        data.append(found)
    return None


def _line(line: str) -> bytes | None:
    """Return what a line stands for: its first letter says how many bytes the others are."""
    count = (ord(line[0]) - 32) & 63
    letters = -(-count // 3) * 4
    # Blanks at the end may have been lost on the way; some programs add a check letter.
    if not line.isascii() or (not 0 <= letters + 1 - len(line) <= 4 and len(line) != letters + 2):  # noqa: PLR2004
        return None
    try:
        return binascii.a2b_uu(line[: letters + 1])
    except binascii.Error:
        return None
