"""Opens what Outlook packs a mail into when it takes the other side for Outlook too (winmail.dat, mail rule H5).

The words are read where the mail has no others, the files stand beside those of the mail. What cannot be opened, or not
whole, is kept as it came and said.
"""

from __future__ import annotations

from collections.abc import Iterator

from intake import charsets, flowed
from intake.file_kinds import type_of
from intake.kept import Sorted, Words
from intake.packed_rtf import unpacked
from intake.storable import storable
from intake.winmail import BEGINS, WIDE, PackedFile, Winmail, winmail
from intake.words_of_rtf import rtf_text

_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
MOST_FILES = 200
LONGEST = 2_000_000
"""Characters of the words that are read."""
_BARE = "application/octet-stream"
_LABELS = {20_127: "ascii", 20_866: "koi8-r", 21_866: "koi8-u", 50_220: "iso-2022-jp", 65_001: "utf-8"}
_ISO = 28_590
_BODY, _HTML, _RICH, _HTML_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_NAMES = (0x3707, 0x3704, 0x3001)


def is_winmail(media_type: str, data: bytes) -> bool:
    """Say whether this is a winmail.dat, or is said to be one."""
    return media_type in _TYPES or data.startswith(BEGINS)


def open_winmail(data: bytes, found: Sorted) -> bool:
    """Take out what a winmail.dat holds; false where it must be kept as it is, too."""
    opened = winmail(data)
    files = list(_files(opened))
    words = _words(opened)
    for name, content in files[:MOST_FILES]:
        if found.takes(len(content)):
            found.keep(name, type_of(content) or _BARE, content)
    if words is not None:
        found.wrapped.append(words)
    is_all = opened.is_whole and (words is not None or bool(files)) and len(files) <= MOST_FILES
    found.unopened = found.unopened or not is_all
    return is_all


def _files(opened: Winmail) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file; an attached mail gives its own files instead."""
    for file in opened.files:
        if file.mail is not None:
            yield from _files(file.mail)
        elif file.data:
            yield _name(file, opened.page), file.data


def _name(file: PackedFile, page: int) -> str:
    told = [_text(file.properties.get(number), page) for number in _NAMES]
    return next((name for name in (*told, _decoded(file.title, page)) if name.strip()), "")


def _words(opened: Winmail) -> Words | None:
    """Return the words as plain text and html, or those of the packed Rich Text where there is neither."""
    properties = opened.properties
    html_page = int.from_bytes(properties.get(_HTML_PAGE, (0, b""))[1], "little")
    plain = _text(properties.get(_BODY), opened.page) or _decoded(opened.body, opened.page)
    html = _text(properties.get(_HTML), html_page or opened.page)
    if plain.strip() or html.strip():
        return Words(plain=plain or None, html=html or None)
    rich = unpacked(properties.get(_RICH, (0, b""))[1], LONGEST)
    text = storable(rtf_text(rich)) if rich else ""
    return Words(plain=text) if text.strip() else None


def _text(found: tuple[int, bytes] | None, page: int) -> str:
    kind, value = found or (0, b"")
    if kind == WIDE:
        return _tidy(value[: LONGEST * 2].decode("utf-16-le", "replace"))
    return _decoded(value, page)


def _decoded(data: bytes, page: int) -> str:
    label = _LABELS.get(page) or (f"iso-8859-{page - _ISO}" if _ISO < page <= _ISO + 15 else f"cp{page}")
    return _tidy(charsets.decode(data[: LONGEST * 4].rstrip(b"\x00"), label).text)


def _tidy(text: str) -> str:
    return storable(flowed.one_form(text[:LONGEST].rstrip("\x00")))
