"""Reads a mail that Outlook saved as a file (``.msg``, MS-OXMSG): who wrote it, about what, its words, and its files' names.

The file is a small file system (OLE); every property is a stream of its own, named by its number and its kind.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake import charsets, names
from intake.file_kinds import OUTLOOK, type_of
from intake.html_text import html_text
from intake.message import Sender
from intake.packed_rtf import unpacked
from intake.storable import one_line, storable
from intake.words_of_rtf import rtf_text

if TYPE_CHECKING:
    from olefile import OleFileIO

LARGEST = 50_000_000
MOST_ENTRIES = 5_000
MOST_FILES = 100
LONGEST = 2_000_000
_SHOWN = 998
_MARK = "__properties_version1.0"
"""The stream that every such file has."""
_WIDE, _NARROW, _BINARY = "001F", "001E", "0102"
_SUBJECT, _BODY, _HTML, _RICH = "0037", "1000", "1013", "1009"
_NAMES = ("0C1A", "0042")
_ADDRESSES = ("5D01", "5D02", "0C1F", "0065")
"""The sender's address as the internet knows it, then as Exchange does, which is none where it has no "@"."""
_FILE_NAMES = ("3707", "3704", "3001")


class NotAMail(Exception):
    """It is no mail that Outlook saved, or a broken one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutlookMail:
    """What such a file says; nothing of it is believed."""

    sender: Sender
    subject: str
    text: str
    files: tuple[str, ...]


def outlook_mail(content: bytes) -> OutlookMail:
    """Read it, or raise ``NotAMail``."""
    if type_of(content) != OUTLOOK or len(content) > LARGEST:
        raise NotAMail
    import olefile  # noqa: PLC0415  # few mails need it, and the command line starts without it

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as opened:
            streams = [entry for entry, _ in zip(opened.listdir(), range(MOST_ENTRIES), strict=False)]
            return _read(_Streams(opened, frozenset(map("/".join, streams))))
    except NotAMail:
        raise
    except Exception as error:  # a library that trusts what a file says of itself: whatever it meets, the file is kept
        raise NotAMail from error


@dataclass(frozen=True, slots=True)
class _Streams:
    opened: OleFileIO
    known: frozenset[str]

    def bytes_of(self, name: str) -> bytes:
        if name not in self.known:
            return b""
        with self.opened.openstream(name) as stream:
            return bytes(stream.read(LONGEST * 4))

    def text_of(self, number: str, folder: str = "") -> str:
        wide = self.bytes_of(f"{folder}__substg1.0_{number}{_WIDE}")
        if wide:
            return storable(wide.decode("utf-16-le", "replace").rstrip("\x00"))
        return storable(charsets.decode(self.bytes_of(f"{folder}__substg1.0_{number}{_NARROW}")).text.rstrip("\x00"))


def _read(streams: _Streams) -> OutlookMail:
    if _MARK not in streams.known:
        raise NotAMail
    lines = [one_line(streams.text_of(number), _SHOWN) for number in (*_NAMES, *_ADDRESSES)]
    name = next((line for line in lines[: len(_NAMES)] if line), None)
    address = next((line for line in lines[len(_NAMES) :] if "@" in line), None)
    return OutlookMail(
        sender=Sender(address=address, name=name),
        subject=one_line(streams.text_of(_SUBJECT), _SHOWN),
        text=_text(streams)[:LONGEST],
        files=tuple(_files(streams)),
    )


def _text(streams: _Streams) -> str:
    plain = streams.text_of(_BODY)
    if plain.strip():
        return plain
    html = charsets.decode(streams.bytes_of(f"__substg1.0_{_HTML}{_BINARY}")).text or streams.text_of(_HTML)
    if html.strip():
        return html_text(html[:LONGEST]).text
    rich = unpacked(streams.bytes_of(f"__substg1.0_{_RICH}{_BINARY}"), LONGEST)
    return storable(rtf_text(rich)) if rich else ""


def _files(streams: _Streams) -> Iterator[str]:
    """Yield the names of its files, safe to show."""
    folders = sorted({name.partition("/")[0] for name in streams.known if name.startswith("__attach_version1.0_#")})
    for folder in folders[:MOST_FILES]:
        found = (names.safe_name(streams.text_of(number, f"{folder}/")) for number in _FILE_NAMES)
        yield next((name for name in found if name), "file without a name")
