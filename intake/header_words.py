"""Words fit for a mail header: every value passes ``checked``, which refuses what could begin a header of its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from intake.channel import PermanentFailure

LONGEST_LINE = 998
"""Bytes in a line without its end (RFC 5322 section 2.1.1)."""
LONGEST_PLAIN = 900
"""Characters of plain words that stand on one line; longer ones are folded as encoded words."""
LONGEST_WORD = 45
"""Bytes of UTF-8 in one encoded word: with its frame it stays under 76 characters (RFC 2047 section 2)."""
_NEVER = re.compile("[\r\n\0\ud800-\udfff]")
_PRINTABLE = re.compile(r"[ -~]*\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LOCAL = r"""(?:[^\s\x00-\x20\x7f()<>\[\]:;@\\,"]+|"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*")"""
_ADDRESS = re.compile(rf"""({_LOCAL})@([^\s\x00-\x20\x7f()<>:;@\\,"]+)\Z""")
_ID = re.compile(r"<?([!-;=?-~]{1,900})>?\Z")


def checked(name: str, value: str) -> str:
    """Return the value, or raise ``PermanentFailure`` if it holds CR, LF, NUL or a surrogate."""
    if _NEVER.search(value):
        raise PermanentFailure(f"the {name} header would hold a character that no mail may carry")
    return value


def words(name: str, value: str) -> bytes:
    """Return a header of free words, in encoded words where they are not plain (RFC 2047)."""
    value = checked(name, value)
    return _lines(name, [value] if _is_plain(value) else _encoded(value))


def mailbox(name: str, display: str, address: str) -> bytes:
    """Return a header with one address and the name shown with it, which may be empty."""
    bracketed = f"<{postal_address(checked(name, address))}>"
    display = checked(name, display).strip()
    if not display:
        return _lines(name, [bracketed[1:-1]])
    if not _is_plain(display):
        return _lines(name, [*_encoded(display), bracketed])
    if not _ATOMS.match(display):
        display = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _lines(name, [display, bracketed]) if len(display) > LONGEST_WORD else _lines(name, [f"{display} {bracketed}"])


def ids(name: str, values: Iterable[str]) -> bytes:
    """Return a header of message ids, one on each line."""
    return _lines(name, [checked(name, value) for value in values])


def message_ids(values: Iterable[str]) -> list[str]:
    """Return those ids that a header can carry, each once and in angle brackets.

    Ids come from strangers' mail. One that cannot be written is left out: the letter matters more than its thread.
    """
    found = (_ID.match(value.strip()) for value in values)
    return list(dict.fromkeys(f"<{one.group(1)}>" for one in found if one))


def postal_address(address: str) -> str:
    """Return the address with its domain in ASCII (IDNA); raise ``PermanentFailure`` if it is no single address."""
    parts = _ADDRESS.match(address.strip())
    if parts is None or len(address) > LONGEST_WORD * 8:
        raise PermanentFailure("the address cannot be written in a mail")
    local, domain = parts.groups()
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise PermanentFailure("the address has a domain that no mail can go to") from error


def _is_plain(value: str) -> bool:
    # A word that looks encoded would be decoded on the other side, and outer blanks would be lost.
    return bool(_PRINTABLE.match(value)) and len(value) <= LONGEST_PLAIN and "=?" not in value and value == value.strip()


def _encoded(value: str) -> list[str]:
    pieces, piece, size = [], "", 0
    for letter in value:
        length = len(letter.encode())
        if size + length > LONGEST_WORD:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + length
    return [f"=?utf-8?b?{base64.b64encode(one.encode()).decode()}?=" for one in [*pieces, piece]]


def _lines(name: str, pieces: list[str]) -> bytes:
    line = f"{name}: " + "\r\n ".join(pieces) + "\r\n"
    encoded = line.encode()
    if len(encoded) > LONGEST_LINE and any(len(one) > LONGEST_LINE for one in encoded.split(b"\r\n")):
        raise PermanentFailure(f"the {name} header is too long for a mail")
    return encoded
