"""Sorts the parts of a mail into what is read and what is attached.

Nothing is dropped but signatures of a machine kind: what is not shown as text is an attachment, byte for byte.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from intake import charsets, flowed, names, transfer
from intake.headers import decoded
from intake.message import Attachment
from intake.parameters import Parameters, parameters
from intake.parts import Part
from intake.storable import storable

LARGEST = 100_000_000
"""Decoded bytes of a mail that are read; the rest is kept raw only."""
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""")
_PREFERRED_NAMES = (("disposition", "filename"), ("type", "name"), ("disposition", "name"), ("type", "filename"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One stretch of the body: plain text, html, or the same words as both."""

    plain: str | None = None
    html: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment and its Content-ID, by which html may show it."""

    attachment: Attachment
    cid: str


@dataclass(slots=True, kw_only=True)
class Sorted:
    """What a mail consists of."""

    words: list[Words] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    spare: list[Words] = field(default_factory=list)
    """Text in parts that count as files: read where the mail has no other words."""
    size: int = 0


def sort(root: Part) -> Sorted:
    """Sort the parts below ``root``, in the order of the mail."""
    found = Sorted()
    found.words = _words(root, found)
    if not any((words.plain or words.html or "").strip() for words in found.words) and found.spare:
        found.words = found.spare[:1]
    return found


def _words(part: Part, found: Sorted) -> list[Words]:
    children = part.children()
    if not children:
        return _leaf(part, found)
    each = [_words(child, found) for child in children]
    if part.media_type == "multipart/alternative":
        return _one_of(each)
    return [words for group in each for words in group]


def _one_of(each: list[list[Words]]) -> list[Words]:
    """Join the versions of an alternative: the plainest words and the best html of the same text."""
    plain = html = None
    for group in each:
        text = "\n".join(words.plain for words in group if words.plain is not None)
        markup = "\n".join(words.html for words in group if words.html is not None)
        if markup:
            html = markup
        is_both = any(words.plain is not None and words.html is not None for words in group)
        if text.strip() and not (plain or "").strip() and (is_both or not markup):
            plain = text
    if plain is None and html is None:
        return [words for group in each[:1] for words in group]
    return [Words(plain=plain, html=html)]


def _leaf(part: Part, found: Sorted) -> list[Words]:
    if part.media_type.startswith("multipart/") and part.depth and not part.body().strip():
        return []
    disposition = parameters(part.raw("content-disposition"))
    name = _written_name(part.kind, disposition)
    content = transfer.undo(part.body(), part.raw("content-transfer-encoding"))
    found.size += len(content.data)
    if found.size > LARGEST:
        found.problems.append("too_large")
        return []
    if content.mended:
        found.problems.append("transfer_encoding_mended")
    is_file = bool(name) or disposition.value == "attachment" or not _is_words(part)
    if not is_file or (part.depth == 0 and part.media_type in ("text/plain", "text/html")):
        if name:
            _keep(part, name, disposition, content.data, found)
        return [_text(part, content.data, found)]
    if content.data and part.media_type in ("text/plain", "text/html") and disposition.value != "attachment":
        found.spare.append(_text(part, content.data, found))
    if part.media_type not in _SIGNATURES:
        _keep(part, name, disposition, content.data, found)
    return []


def _is_words(part: Part) -> bool:
    return part.media_type in ("text/plain", "text/html", "text/enriched", "text/richtext") or part.media_type.startswith(
        "multipart/"
    )


def _written_name(kind: Parameters, disposition: Parameters) -> str:
    sources = {"disposition": disposition.named, "type": kind.named}
    return next((name for source, key in _PREFERRED_NAMES if (name := sources[source].get(key, "").strip())), "")


def _keep(part: Part, name: str, disposition: Parameters, data: bytes, found: Sorted) -> None:
    shown = names.safe_name(name) or names.unnamed(part.media_type, len(found.files) + 1)
    attachment = Attachment(
        name=shown,
        type=storable(part.media_type),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        inline=disposition.value == "inline",
        content=data,
    )
    found.files.append(File(attachment=attachment, cid=decoded(part.raw("content-id")).strip("<> ")))


def _text(part: Part, data: bytes, found: Sorted) -> Words:
    label = part.kind.named.get("charset")
    is_html = part.media_type == "text/html"
    if is_html and not label:
        meta = _META_CHARSET.search(data[:2048])
        label = meta[1].decode("ascii", "replace") if meta else None
    read = charsets.decode(data, label)
    if read.mended:
        found.problems.append(f"charset_mended:{read.charset}")
    text = storable(flowed.one_form(read.text))
    if is_html:
        return Words(html=text)
    if part.kind.named.get("format", "").lower() == "flowed":
        text = flowed.unflowed(text, delete_space=part.kind.named.get("delsp", "").lower() == "yes")
    return Words(plain=text)
