"""What a file is by its content, whatever its name says; and what a person should know before opening it."""

from __future__ import annotations

import re
from typing import Final

PICTURES: Final = frozenset({"JPEG picture", "PNG picture", "GIF picture", "WebP picture"})
"""Kinds of which a small picture is made."""
PROGRAM: Final = "program"
PAGE: Final = "web page"
HEAD: Final = 4_096
"""Bytes that are looked at."""

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"GIF87a", "GIF picture"),
    (b"GIF89a", "GIF picture"),
    (b"%PDF-", "PDF document"),
    (b"BM", "bitmap picture"),
    (b"II*\x00", "TIFF picture"),
    (b"MM\x00*", "TIFF picture"),
    (b"{\\rtf", "rich text document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office document (older)"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf'\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
    (b"OggS", "sound recording"),
    (b"#!AMR", "sound recording"),
    (b"ID3", "sound recording"),
    (b"\xff\xfb", "sound recording"),
    (b"fLaC", "sound recording"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"BEGIN:VCARD", "contact card"),
    (b"BEGIN:VCALENDAR", "calendar entry"),
)
_BRANDS: Final = ((b"hei", "HEIC picture"), (b"hev", "HEIC picture"), (b"mif1", "HEIC picture"), (b"avif", "AVIF picture"))
_CONTAINERS: Final = {b"WEBP": "WebP picture", b"WAVE": "sound recording", b"AVI ": "video"}
_ZIPPED: Final = ((b"word/", "Word document"), (b"xl/", "Excel workbook"), (b"ppt/", "PowerPoint slides"))
_MARKUP: Final = re.compile(rb"(?i)<(?:!doctype html|html|head|body|script|iframe|svg|\?xml|form|meta)\b")
_MACROS: Final = b"vbaProject.bin"
_HOLDING_MACROS: Final = frozenset(name for _, name in _ZIPPED)
_RUNS: Final = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|msi|msp|cpl|jar|lnk|url|reg|iso|img|dll|apk|app|dmg|chm)$"
)
_PAGES: Final = re.compile(r"(?i)\.(?:html?|xhtml|shtml|mht|mhtml|svg|xml)$")


def kind_of(content: bytes) -> str:
    """Return the kind of a file in words."""
    head = content[:HEAD]
    if head.startswith(b"PK\x03\x04"):
        return next((name for mark, name in _ZIPPED if mark in content[:200_000]), "archive")
    if head[4:8] == b"ftyp":
        return next((name for brand, name in _BRANDS if head[8:12].startswith(brand)), "video")
    if head.startswith(b"RIFF"):
        return _CONTAINERS.get(head[8:12], "file of unknown kind")
    # An AMR recording begins like a script: the longer signature is asked first.
    known = sorted(_SIGNATURES, key=lambda pair: -len(pair[0]))
    found = next((name for mark, name in known if head.startswith(mark)), None)
    return found or _words(head)


def _words(head: bytes) -> str:
    if not head:
        return "empty file"
    if _MARKUP.search(head):
        return PAGE
    try:
        head.decode("utf-8", "strict" if len(head) < HEAD else "ignore")
    except UnicodeDecodeError:
        return "file of unknown kind"
    return "file of unknown kind" if b"\x00" in head else "text"


def problem_of(name: str, kind: str, content: bytes) -> str | None:
    """Return what is wrong with opening a file, if anything."""
    if not content:
        return "The file is empty."
    if kind == PROGRAM or _RUNS.search(name):
        return "This can run as a program. Do not open it."
    if kind == PAGE or _PAGES.search(name):
        return "This is a web page. Opened, it could lead to a false sign-in."
    if kind in PICTURES and _MARKUP.search(content[:HEAD]):
        return "This picture holds a web page, too. Look at it here only."
    if kind in _HOLDING_MACROS and _MACROS in content:
        return "This document holds macros. Do not let them run."
    return None


def size_in_words(size: int) -> str:
    """Return a size as people say it: "412 bytes", "31 kB", "2.4 MB"."""
    if size < 1_000:  # noqa: PLR2004
        return f"{size} byte{'s' if size != 1 else ''}"
    return f"{round(size / 1_000)} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"  # noqa: PLR2004
