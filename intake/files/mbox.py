"""Cuts an mbox into its mails, one at a time, however large the file is.

A From_ line counts only after an empty line and with a date or an address, so that a resident's "From my window"
begins no mail; lines that the writer of the mbox protected with ">" are given back as they were (RFC 4155, mboxrd).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

_FROM_LINE = re.compile(
    rb"From (?:\S+ +|- +)?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}) .*\d{4}.*)"
    rb"|From \S+@\S+\s*$"
)
_PROTECTED = re.compile(rb">+From ")
_ASCTIME = re.compile(rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d):(\d\d)(?::(\d\d))?.*?\b(\d{4})\b")
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")


def mails(lines: Iterable[bytes]) -> Iterator[tuple[bytes, datetime | None]]:
    """Yield each mail's bytes with the time of its From_ line, from the lines of an mbox with their ends."""
    mail: list[bytes] = []
    time: datetime | None = None
    begun, after_empty = False, True
    for line in lines:
        if after_empty and _begins_mail(line, first=not begun):
            if begun:
                yield _whole(mail), time
            mail, time, begun = [], from_line_time(line), True
        else:
            mail.append(line[1:] if line.startswith(b">") and _PROTECTED.match(line) else line)
        after_empty = line in (b"\n", b"\r\n")
    if begun:
        yield _whole(mail), time


def _begins_mail(line: bytes, *, first: bool) -> bool:
    return line.startswith(b"From ") and (first or _FROM_LINE.match(line) is not None)


def _whole(mail: list[bytes]) -> bytes:
    # The empty line before the next From_ line belongs to the mbox, not to the mail.
    if mail and mail[-1] in (b"\n", b"\r\n"):
        mail.pop()
    return b"".join(mail)


def from_line_time(line: bytes) -> datetime | None:
    """Return the time of a From_ line; it is UTC by RFC 4155."""
    found = _ASCTIME.search(line)
    if found is None:
        return None
    month, day, hour, minute, second, year = found.groups()
    try:
        return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None


def count(lines: Iterable[bytes]) -> int:
    """Return about how many mails there are, without building them."""
    return sum(1 for line in lines if line.startswith(b"From ") and _FROM_LINE.match(line))
