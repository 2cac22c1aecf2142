"""What a file is by its content, whatever its name says: its media type, and what people call it; one table for door and desk."""

from __future__ import annotations

import re
from typing import Final

HEAD = 4_096
"""Bytes that are looked at."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
PROGRAM, PAGE, ARCHIVE = "application/x-executable", "text/html", "application/zip"
NOTEBOOK, OUTLOOK = "application/onenote", "application/vnd.ms-outlook"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVED_MAIL = "__properties_version1.0".encode("utf-16-le")
_TAR, _TAR_AT = b"ustar", 257
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"), NOTEBOOK),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"7z\xbc\xaf'\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"\x7fELF", PROGRAM),
    # After the recordings, one of which begins like a script.
    (b"#!", PROGRAM),
)
_BRANDS = (
    (b"hei", "image/heic"),
    (b"hev", "image/heic"),
    (b"mif1", "image/heif"),
    (b"msf1", "image/heif"),
    (b"avif", "image/avif"),
    (b"qt", "video/quicktime"),
    (b"M4A", "audio/mp4"),
    (b"3gp", "video/3gpp"),
)
_CONTAINERS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_ZIPPED = (
    (b"word/", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(rb"(?i)<(?:!doctype html|html|head|body|script|iframe|svg|\?xml|form|meta)\b")
_MAIL = re.compile(
    rb"(?i)(?:(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-type|reply-to"
    rb"|authentication-results|(?:arc|dkim|x)-[a-z0-9-]+):[ \t][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}"
)
"""How a mail that was kept as a file begins: with two lines of its head at least."""
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
"""How text begins that some programs write: two bytes to each character."""
_WORDS: Final = {
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/gif": "GIF picture",
    "image/webp": "WebP picture",
    "image/tiff": "TIFF picture",
    "image/bmp": "bitmap picture",
    "image/heic": "HEIC picture",
    "image/heif": "HEIC picture",
    "image/avif": "AVIF picture",
    "application/pdf": "PDF document",
    "application/rtf": "rich text document",
    "application/x-ole-storage": "Office document (older)",
    OUTLOOK: "email saved by Outlook",
    NOTEBOOK: "OneNote page",
    f"{_OFFICE}wordprocessingml.document": "Word document",
    f"{_OFFICE}spreadsheetml.sheet": "Excel workbook",
    f"{_OFFICE}presentationml.presentation": "PowerPoint slides",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheet",
    "audio": "sound recording",
    "video": "video",
    "text/vcard": "contact card",
    "text/calendar": "calendar entry",
    "message/rfc822": "email",
    "text/plain": "text",
    ARCHIVE: "archive",
    PROGRAM: "program",
    PAGE: "web page",
}
"""What people call each type, or all of a family."""


def words_of(media_type: str | None) -> str:
    """Return what people call a file of this type."""
    known = media_type or ""
    return _WORDS.get(known) or _WORDS.get(known.partition("/")[0]) or "file of unknown kind"


def type_of(content: bytes) -> str | None:
    """Return the media type of a file by how it begins; None for what nobody knows."""
    head = content[:HEAD]
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _ZIPPED if mark in content[:200_000]), ARCHIVE)
    if head.startswith(OLE):
        return OUTLOOK if _SAVED_MAIL in content else "application/x-ole-storage"
    if head[4:8] == b"ftyp":
        return next((kind for brand, kind in _BRANDS if head[8:12].startswith(brand)), "video/mp4")
    if head.startswith(b"RIFF"):
        return _CONTAINERS.get(head[8:12])
    return next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None) or _by_place(head) or _text(head)


def _by_place(head: bytes) -> str | None:
    """Return the type of what is known by a mark that stands further on."""
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    return ARCHIVE if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR else None


def _text(head: bytes) -> str | None:
    """Return the type of text in whatever letters: plain words, a mail, a page, or a script that could run."""
    words = head
    if head[:2] in _WIDE:
        words = head[2:].decode(_WIDE[head[:2]], "replace").encode("utf-8", "replace")
    if _CONTROLS.search(words):
        # No words; what browsers would take for a page all the same is called one.
        return PAGE if MARKUP.search(words) else PROGRAM if words.startswith(b"MZ") else None
    if _MAIL.match(words):
        return "message/rfc822"
    return PAGE if MARKUP.search(words) else "text/plain" if words else None


def size_in_words(size: int) -> str:
    """Return a size as people say it: "31 kB", "2.4 MB"."""
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} kB" if kilobytes < 1024 else f"{size / 1024**2:.1f} MB".replace(".0 ", " ")  # noqa: PLR2004
