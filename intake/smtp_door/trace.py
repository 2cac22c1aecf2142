"""The trace of a mail's way here: our own Received header, and how many there are already."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

from intake.smtp_door.transaction import Transaction

_UNSAFE = re.compile(r"[^A-Za-z0-9.:\[\]_-]")
_UNSAFE_ADDRESS = re.compile(r"[^!-;=?-~]")
_RECEIVED = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)


def received_header(transaction: Transaction, *, by: str, message_id: str, at: datetime) -> bytes:
    """Return our Received header with its line ends (RFC 5321 section 4.4).

    The only recipient is named; of several none is, so that no blind copy shows.
    """
    helo = _UNSAFE.sub("?", transaction.helo)[:255] or "unknown"
    lines = [
        f"Received: from {helo} ({_peer_literal(transaction.peer)})",
        f"\tby {by} with {_protocol_name(transaction)} id {message_id}",
    ]
    if len(transaction.rcpt_to) == 1:
        lines.append(f"\tfor <{_UNSAFE_ADDRESS.sub('?', transaction.rcpt_to[0])[:320]}>")
    return ("\r\n".join(lines) + f"; {format_datetime(at)}\r\n").encode("ascii")


def _peer_literal(peer: str) -> str:
    safe = _UNSAFE.sub("?", peer) or "unknown"
    return f"[IPv6:{safe}]" if ":" in safe else f"[{safe}]"


def _protocol_name(transaction: Transaction) -> str:
    """Return the "with" word of RFC 3848 and RFC 6531 section 4.3."""
    if not transaction.extended:
        return "SMTP"
    return ("UTF8SMTP" if transaction.utf8 else "ESMTP") + ("S" if transaction.tls else "")


def count_received(raw: bytes) -> int:
    """Return how many Received headers the mail's header block holds."""
    return len(_RECEIVED.findall(raw, 0, _end_of_header(raw)))


def _end_of_header(raw: bytes) -> int:
    # Two plain searches: a pattern with optional CRs takes milliseconds on a big mail without an empty line.
    end = raw.find(b"\n\r\n")
    bare = raw.find(b"\n\n", 0, end if end >= 0 else len(raw))
    ends = [place for place in (end, bare) if place >= 0]
    return min(ends, default=len(raw))
