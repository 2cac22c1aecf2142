"""Knows which parts that are neither plain text nor html hold words all the same, and reads them."""

from __future__ import annotations

import re

from intake.words_of_rtf import rtf_text

_NOT_WORDS = frozenset(
    f"text/{kind}"
    for kind in ("calendar", "vcard", "x-vcard", "directory", "csv", "xml", "css", "javascript", "rfc822-headers", "x-amp-html")
)
_ANY = frozenset({"application/octet-stream", "application/text", "text"})
_NAMES = (".txt", ".text", ".md")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TAGS = re.compile(r"<(?!<)/?[A-Za-z][\w-]{0,59}>|<<")
_HEAD = 1_024
_RTF = ("text/rtf", "text/richtext+rtf", "application/rtf", "application/x-rtf")


def may_be_words(media_type: str, name: str, data: bytes) -> bool:
    """Say whether a part that counts as a file holds words: read where the mail has no others."""
    if media_type in _RTF:
        return data.startswith(b"{\\rtf")
    if media_type.startswith("text/"):
        return media_type not in _NOT_WORDS
    return media_type in _ANY and (not name or name.lower().endswith(_NAMES)) and _CONTROLS.search(data[:_HEAD]) is None


def is_rich(media_type: str, data: bytes) -> bool:
    """Say whether this is Rich Text."""
    return media_type in _RTF or (media_type.startswith("text/") and data.startswith(b"{\\rtf"))


def rich_words(data: bytes) -> str:
    """Return the words of Rich Text."""
    return rtf_text(data)


def without_commands(text: str) -> str:
    """Return text of ``text/enriched`` without its formatting (RFC 1896): two angle brackets stand for one."""
    return _TAGS.sub(lambda found: "<" if found[0] == "<<" else "", text)
