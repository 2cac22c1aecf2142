"""Mends a copy of a mail so that a parser finds its header; the bytes that are kept stay as they came.

Met in real mail: a byte order mark or blank lines on top, mbox's "From " line, bare carriage returns, CR CR LF, a blank
before the colon, a fold without its blank, junk between header lines, and a header that runs into the text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

LONGEST_HEADER = 262_144
"""Bytes of a header block that are read."""
LONGEST_BEHIND = 2_000_000
"""Bytes behind that, or behind the last line that is read, in which the few fields are looked for that matter most."""
MOST_FIELDS = 1_000
"""Header lines that are read."""
LOOK_AHEAD = 8
"""Lines in which another header field must follow for a strange line to be junk and not the text."""
_FOLDED_FROM = 50
"""Bytes of a line from which a mail program may have folded it."""

_WELL_FORMED = re.compile(
    rb"(?>(?!>?From )[!-9;-~]+:(?>[^\r\n]*)(?>\r?\n)(?>[ \t]+[^\s][^\r\n]*(?>\r?\n))*)++(?>\r?\n)",
)
_FIELD = re.compile(rb"[!-9;-~]+:")
_BLANK_BEFORE_COLON = re.compile(rb"([A-Za-z][A-Za-z0-9-]*)[ \t]+:")
_MBOX_LINE = re.compile(rb">?From [^\r\n]*(?:\r\n|\n|\r)")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")
_NEEDED = re.compile(
    rb"(?im)^(from|subject|date|message-id|in-reply-to|references|auto-submitted|content-(?:type|transfer-encoding|disposition))[ \t]*:[^\r\n]*(?>\r?\n[ \t]+[^\r\n]*)*"
)
_TOP = re.compile(rb"(?:[ \t]*(?:\r\n|\n|\r))+")
_BLANK_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
_KNOWN = re.compile(
    rb"(?i)(?:subject|from|to|cc|bcc|date|reply-to|sender|message-id|in-reply-to|references|mime-version|received|return-path"
    rb"|delivered-to|content-[a-z-]+|x-[a-z0-9-]+|list-[a-z-]+|dkim-signature|auto-submitted|precedence|importance)[ \t]*:"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """A mail that a parser can read, and what was mended in it."""

    raw: bytes
    problems: tuple[str, ...] = ()


def mend(raw: bytes) -> Mended:
    """Return the mail itself where its header is well-formed, else a mended copy."""
    well = _WELL_FORMED.match(raw, 0, LONGEST_HEADER)
    if well is not None and raw.count(b"\n", 0, well.end()) <= MOST_FIELDS:
        return Mended(raw=raw)
    return _mended(raw)


def _mended(raw: bytes) -> Mended:
    top = _without_top(raw)
    ends = _ends(top)
    lines, place, cut = _header_lines(ends)
    header, consumed = _mend_lines(lines)
    body_at = place if consumed == len(lines) else place - sum(map(len, lines[consumed:]))
    body = _after_blank_line(ends, body_at)
    if cut is not None and consumed == len(lines):
        header += _behind(ends[cut : min(place, cut + LONGEST_BEHIND)], header)
    raw_mended = b"".join(header) + b"\n" + body
    problems = ["header_too_long"] if cut is not None else []
    if header[: len(lines)] != lines or consumed != len(lines):
        problems.append("header_mended")
    return Mended(raw=raw_mended, problems=tuple(problems))


def _without_top(raw: bytes) -> bytes:
    text = raw.removeprefix(codecs.BOM_UTF8)
    for pattern in (_TOP, _MBOX_LINE, _TOP):
        found = pattern.match(text)
        text = text[found.end() :] if found else text
    return text


def _ends(text: bytes) -> bytes:
    """Give the header usable line ends: CR CR LF would read as a blank line, bare CR as no line at all."""
    head = text[:LONGEST_HEADER]
    if b"\r\r\n" in head.partition(b"\n\n")[0][:4096]:
        return text.replace(b"\r\r\n", b"\r\n")
    if b"\n" not in head and b"\r" in head:
        return text.replace(b"\r", b"\n")
    return text


def _header_lines(text: bytes) -> tuple[list[bytes], int, int | None]:
    """Return the lines up to the first blank one, where the header ends, and where a limit cut it."""
    lines: list[bytes] = []
    place = 0
    for match in _LINE.finditer(text):
        line = match[0]
        if not line.strip() and not _goes_on(text, match.end(), line):
            return lines, match.start(), None
        if len(lines) >= MOST_FIELDS or match.end() > LONGEST_HEADER:
            return lines, _end_of_header(text, place), place
        lines.append(line)
        place = match.end()
    return lines, place, None


def _behind(text: bytes, before: list[bytes]) -> list[bytes]:
    """Return the first of each needed field that stands behind the limit and not before it."""
    known = {line.partition(b":")[0].strip().lower() for line in before}
    found: list[bytes] = []
    for match in _NEEDED.finditer(text):
        name = match[1].lower()
        if name not in known:
            known.add(name)
            found.append(match[0][:LONGEST_HEADER].rstrip(b"\r\n") + b"\n")
    return found


def _goes_on(text: bytes, after: int, line: bytes) -> bool:
    """Say whether a line of blanks is an odd fold: a header field follows it at once."""
    return line[:1] in (b" ", b"\t") and _KNOWN.match(text, after) is not None


def _end_of_header(text: bytes, place: int) -> int:
    found = re.compile(rb"\r?\n[ \t]*\r?\n").search(text, max(place - 1, 0))
    return text.index(b"\n", found.start()) + 1 if found else len(text)


def _mend_lines(lines: list[bytes]) -> tuple[list[bytes], int]:
    """Return mended header lines, and how many of the given ones belong to the header at all."""
    mended: list[bytes] = []
    for place, line in enumerate(lines):
        if _FIELD.match(line) or (mended and line[:1] in (b" ", b"\t")):
            mended.append(line)
            continue
        blank = _BLANK_BEFORE_COLON.match(line)
        if blank is not None:
            mended.append(blank[1] + b":" + line[blank.end() :])
        elif any(_KNOWN.match(later) for later in lines[place + 1 : place + 1 + LOOK_AHEAD]):
            mended += _junk(line, mended)
        else:
            return mended, place
    return mended, len(lines)


def _junk(line: bytes, before: list[bytes]) -> list[bytes]:
    """Take a strange line as a fold that lost its blank where the line above is long, else set it aside."""
    if before and (len(before[-1].rstrip()) >= _FOLDED_FROM or before[-1].rstrip().endswith((b";", b","))):
        return [b" " + line]
    return [b"X-Unreadable-Line: " + line]


def _after_blank_line(text: bytes, place: int) -> bytes:
    match = _BLANK_LINE.match(text, place)
    return text[match.end() :] if match else text[place:]
