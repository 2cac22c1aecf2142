"""Reads a winmail.dat (MS-OXTNEF): the words and the files of a mail as Outlook packs them for itself.

Every count and length in it is a claim: nothing is read twice, copied more than once, or waited for. What breaks off is read
as far as it goes, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

BEGINS = b"\x78\x9f\x3e\x22"
MOST_OBJECTS = 20_000
MOST_PROPERTIES = 2_000
DEEPEST = 3
"""Mails within mails that are read."""
_HEAD, _OBJECT_HEAD, _OBJECT_END = 6, 9, 2
_PAGE, _BODY, _PROPERTIES = 0x9007, 0x800C, 0x9003
_FILE, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES, _HELD = 0x9002, 0x8010, 0x800F, 0x9005, 0x3701
_MULTIPLE, _NAMED = 0x1000, 0x8000
_SIZES = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_LONG = frozenset({0x0D, 0x1E, 0x1F, 0x102})
WIDE = 0x1F
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""Before an attached mail: the number of the interface to a message."""


@dataclass(slots=True, kw_only=True)
class PackedFile:
    """A file in it: its data, the short title it has, and its properties by number."""

    data: bytes = b""
    title: bytes = b""
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    mail: Winmail | None = None
    """The mail that it is, where it is one."""


@dataclass(slots=True, kw_only=True)
class Winmail:
    """What was found; ``is_whole`` is false where something broke off or was too much."""

    page: int = 0
    body: bytes = b""
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    files: list[PackedFile] = field(default_factory=list)
    is_whole: bool = True


def winmail(data: bytes, depth: int = 0) -> Winmail:
    """Return what it holds; of anything else, nothing."""
    found = Winmail()
    at = _HEAD
    for _ in range(MOST_OBJECTS):
        if at + _OBJECT_HEAD > len(data):
            break
        number, size = _number(data, at + 1, 2), _number(data, at + 5)
        _take(found, number, data[at + _OBJECT_HEAD : at + _OBJECT_HEAD + size], depth)
        at += _OBJECT_HEAD + size + _OBJECT_END
    found.is_whole = found.is_whole and data.startswith(BEGINS) and at <= len(data) and not data[at:].strip(b"\r\n\x00")
    return found


def _take(found: Winmail, number: int, content: bytes, depth: int) -> None:
    """Take in one object; those of a file follow the one with which it begins."""
    if number == _PAGE:
        found.page = _number(content, 0)
    elif number == _BODY:
        found.body = content
    elif number == _PROPERTIES:
        found.is_whole &= _into(found.properties, content)
    elif number == _FILE:
        found.files.append(PackedFile())
    elif found.files:
        _into_file(found, found.files[-1], number, content, depth)


def _into_file(found: Winmail, file: PackedFile, number: int, content: bytes, depth: int) -> None:
    if number == _FILE_TITLE:
        file.title = content
    elif number == _FILE_DATA:
        file.data = content
    elif number == _FILE_PROPERTIES:
        found.is_whole &= _into(file.properties, content)
        _, held = file.properties.pop(_HELD, (0, b""))
        if held.startswith(_MESSAGE) and depth < DEEPEST:
            file.mail = winmail(held[len(_MESSAGE) :], depth + 1)
            found.is_whole &= file.mail.is_whole
        file.data = held or file.data


def _into(properties: dict[int, tuple[int, bytes]], content: bytes) -> bool:
    """Put properties by their numbers with kind and first value; say whether all of them could be read."""
    count, at = _number(content, 0), 4
    for _ in range(min(count, MOST_PROPERTIES)):
        kind, number = _number(content, at, 2), _number(content, at + 2, 2)
        at = _behind_name(content, at + 4) if number & _NAMED else at + 4
        value = _value(content, at, kind)
        if value is None or value[1] > len(content):
            return False
        properties.setdefault(number, (kind, value[0]))
        at = value[1]
    return count <= MOST_PROPERTIES


def _behind_name(content: bytes, at: int) -> int:
    """Return the place behind the name of a property that has one: a set's number, and in the set a number or letters."""
    is_letters, length = _number(content, at + 16), _number(content, at + 20)
    return at + 24 + _padded(length) if is_letters else at + 24


def _value(content: bytes, at: int, kind: int) -> tuple[bytes, int] | None:
    """Return the first value of a property and the place behind all of them; None for a kind that nobody knows."""
    count = 1
    if kind & ~_MULTIPLE in _LONG or kind & _MULTIPLE:
        count, at = _number(content, at), at + 4
    size = _SIZES.get(kind & ~_MULTIPLE)
    if size is not None:
        return content[at : at + size], at + _padded(count * size)
    if kind & ~_MULTIPLE not in _LONG:
        return None
    values = list(_long_values(content, at, count))
    return (values[0] if values else (b"", at))[0], values[-1][1] if values else at


def _long_values(content: bytes, at: int, count: int) -> Iterator[tuple[bytes, int]]:
    for place in range(min(count, MOST_PROPERTIES)):
        if at > len(content):
            return
        length = _number(content, at)
        behind = at + 4 + _padded(length)
        yield (content[at + 4 : at + 4 + length] if place == 0 else b""), behind
        at = behind


def _padded(length: int) -> int:
    return length + -length % 4


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")
