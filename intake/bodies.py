"""Sorts the parts of a mail into what is read and what is attached.

Nothing is dropped but signatures of a machine kind: what is not shown as text is an attachment, byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import replace

from intake import charsets, flowed, transfer
from intake.headers import decoded
from intake.invitations import invitation
from intake.kept import Sorted, Words
from intake.odd_words import is_rich, may_be_words, rich_words, without_commands
from intake.page_pictures import without_pictures
from intake.parameters import Parameters, parameters
from intake.parts import Part, parse
from intake.signed import signed_content
from intake.storable import storable
from intake.unwrapping import is_winmail, open_winmail
from intake.uuencoded import without_files
from intake.yenc import without_yenc

LONGEST = 2_000_000
"""Characters of one stretch of words that are read: more than this nobody writes, and every one of them takes memory."""
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_WRAPPED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ANY = "application/octet-stream"
_CUT_OFF = re.compile(r"att\d{5,6}\.(?:txt|html?)", re.IGNORECASE)
"""The name that Exchange gives to what was written below a picture (mail rule H6): words, though they look like a file."""
MOST_WRAPPINGS = 5
_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""")
_PREFERRED_NAMES = (("disposition", "filename"), ("type", "name"), ("disposition", "name"), ("type", "filename"))


def sort(root: Part) -> Sorted:
    """Sort the parts below ``root``, in the order of the mail."""
    found = Sorted()
    found.words = _words(root, found)
    found.settle()
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
    if not found.takes(len(content.data)):
        return []
    if content.mended:
        found.problems.append("transfer_encoding_mended")
    inner = _signed(part, name, content.data, found)
    if inner is not None:
        return _words(inner, found)
    is_file = bool(name) or disposition.value == "attachment" or not _is_words(part)
    is_text = part.media_type in ("text/plain", "text/html")
    if not is_file or (is_text and (part.depth == 0 or _CUT_OFF.fullmatch(name))):
        if name:
            _keep(part, name, disposition, content.data, found)
        return [_without_files(_text(part, content.data, found), found)]
    _file(part, name, disposition, content.data, found)
    return []


def _file(part: Part, name: str, disposition: Parameters, data: bytes, found: Sorted) -> None:
    """Keep a part as a file, and note the words in it that may stand in for those of the mail."""
    if is_winmail(part.media_type, data) and open_winmail(data, found):
        return
    if data and may_be_words(part.media_type, name, data):
        found.spare.append(_text(part, data, found))
    if part.media_type == "text/calendar":
        found.told += invitation(data)
    if part.media_type not in _SIGNATURES and not _is_signature(part, name):
        _keep(part, name, disposition, data, found)


def _signed(part: Part, name: str, data: bytes, found: Sorted) -> Part | None:
    """Return the mail that is wrapped in its signature; where it cannot be taken out, say that it cannot be read."""
    if part.media_type not in _WRAPPED and not (part.media_type == _ANY and name.lower().endswith(".p7m")):
        return None
    inner = signed_content(data) if found.unwrapped < MOST_WRAPPINGS else None
    if inner is None:
        found.problems.append("encrypted")
        return None
    found.unwrapped += 1
    parsed = parse(inner)
    found.problems += parsed.problems
    return parsed.root


def _is_signature(part: Part, name: str) -> bool:
    return part.media_type == _ANY and (name.lower().endswith(".p7s") or name.lower() == "signature.asc")


def _is_words(part: Part) -> bool:
    return part.media_type in ("text/plain", "text/html", "text/enriched", "text/richtext") or part.media_type.startswith(
        "multipart/"
    )


def _written_name(kind: Parameters, disposition: Parameters) -> str:
    sources = {"disposition": disposition.named, "type": kind.named}
    return next((name for source, key in _PREFERRED_NAMES if (name := sources[source].get(key, "").strip())), "")


def _keep(part: Part, name: str, disposition: Parameters, data: bytes, found: Sorted) -> None:
    cid = decoded(part.raw("content-id")).strip("<> ")
    found.keep(name, part.media_type, data, inline=disposition.value == "inline", cid=cid)


def _without_files(words: Words, found: Sorted) -> Words:
    """Take out of plain words the files that stand in them as letters."""
    taken = without_files(words.plain or "")
    for name, data in taken.files:
        found.keep(name, _ANY, data)
    return replace(words, plain=taken.text) if taken.files else words


def _text(part: Part, data: bytes, found: Sorted) -> Words:
    label = part.kind.named.get("charset")
    is_html = part.media_type == "text/html"
    data = without_pictures(data, found) if is_html else without_yenc(data, found)
    if is_html and not label:
        meta = _META_CHARSET.search(data[:2048])
        label = meta[1].decode("ascii", "replace") if meta else None
    # Four bytes hold any character; what lies behind is not even decoded.
    read = charsets.decode(data[: LONGEST * 4 + 4], label)
    if read.mended:
        found.problems.append(f"charset_mended:{read.charset}")
    if len(read.text) > LONGEST:
        found.problems.append("text_too_long")
    if is_rich(part.media_type, data):
        return Words(plain=storable(rich_words(data[: LONGEST * 4])))
    text = storable(flowed.one_form(read.text[:LONGEST]))
    if is_html:
        return Words(html=text)
    if part.media_type == "text/enriched":
        text = without_commands(text)
    if part.kind.named.get("format", "").lower() == "flowed":
        text = flowed.unflowed(text, delete_space=part.kind.named.get("delsp", "").lower() == "yes")
    return Words(plain=text)
