"""Reads a delivery status notification (RFC 3464): whom the mail did not reach, why, and whether that is final."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake import transfer
from intake.addresses import addresses
from intake.headers import decoded, unfolded
from intake.message import Bounce
from intake.parts import Part, parse
from intake.storable import one_line

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"(?im)^[> \t]*message-id:\s*(<[^<>\s]{1,400}>)")
_FULL = re.compile(r"(?i)\b(?:mailbox|inbox|quota|storage)\b.{0,40}\b(?:full|exceed|over|limit|unavailable)|\bover ?quota\b")
# RFC 3463: 5.2.2 and 5.2.3 the mailbox or the mail is too big, 5.3.x the system, 5.4.x the way there, 5.7.x a policy;
# of these, none says that the address is dead, though a few of the way do.
_PASSING = re.compile(r"5\.(?:2\.2|2\.3|3\.[0-9]+|4\.(?:1|2|3|5|6|7)|7\.\d+)$")
LONGEST = 200_000
"""Characters of a report that are read."""


def read_bounce(root: Part) -> Bounce | None:
    """Return what a notification says, or None where the mail is none."""
    report = next((part for part in root.walk_parts() if part.media_type == "message/delivery-status"), None)
    if report is None:
        return _from_exim(root)
    blocks = list(_blocks(_content(report)))
    recipients = [block for block in blocks if "final-recipient" in block or "original-recipient" in block]
    failed = [block for block in recipients if block.get("action", "").lower().startswith("failed")]
    chosen = (failed or recipients or blocks or [{}])[0]
    return _bounce(chosen, _original_id(root))


def _bounce(block: dict[str, str], message_id: str | None) -> Bounce:
    status = _STATUS.search(block.get("status", "")) or _STATUS.search(block.get("diagnostic-code", ""))
    code = status[0] if status else None
    action = block.get("action", "").lower()
    return Bounce(
        recipient=_recipient(block),
        status=code,
        permanent=_is_permanent(code, action, block.get("diagnostic-code", "")),
        message_id=message_id,
    )


def _is_permanent(code: str | None, action: str, diagnosis: str) -> bool:
    if action.startswith(("delayed", "delivered", "relayed", "expanded")) or _FULL.search(diagnosis):
        return False
    if code is None:
        return False
    return code.startswith("5.") and _PASSING.match(code) is None


def _recipient(block: dict[str, str]) -> str | None:
    """Prefer the address that we wrote to over the one that it was forwarded to (RFC 3464 section 2.3.1)."""
    for name in ("original-recipient", "final-recipient"):
        written = block.get(name, "").rpartition(";")[2]
        found = addresses(_XTEXT.sub(_xtext_character, written))
        if found and found[0].address and "@" in found[0].address:
            return found[0].address
    return None


_XTEXT = re.compile(r"\+([0-9A-F]{2})(?=[^@]*@|@)")


def _xtext_character(code: re.Match[str]) -> str:
    sign = chr(int(code[1], 16))
    return sign if sign in "+=@" else code[0]


def _content(part: Part) -> str:
    data = transfer.undo(part.body()[:LONGEST], part.raw("content-transfer-encoding")).data
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield the groups of fields: of the message first, then one for each recipient."""
    for block in re.split(r"\n[ \t]*\n", text):
        fields: dict[str, str] = {}
        for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), decoded(value))
        if fields:
            yield fields


def _original_id(root: Part) -> str | None:
    """Find the Message-ID of the mail that came back: in its returned header, else in the text below the report."""
    for part in root.walk_parts():
        if part.media_type in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
            returned = parse(transfer.undo(part.body()[:LONGEST], part.raw("content-transfer-encoding")).data + b"\n\n").root
            found = unfolded(returned.raw("message-id"))
            if found:
                return one_line(found)
    for part in root.walk_parts():
        if part.media_type == "text/plain" and part.depth and (quoted := _MESSAGE_ID.search(_content(part))):
            return one_line(quoted[1])
    return None


def _from_exim(root: Part) -> Bounce | None:
    """Read Exim's own notification, which names the recipient in a header and the reason in its text."""
    failed = addresses(root.raw("x-failed-recipients"))
    if not failed or failed[0].address is None:
        return None
    text = _content(root) if not root.children() else ""
    quoted = _MESSAGE_ID.search(text)
    status = _STATUS.search(text)
    code = status[0] if status else None
    return Bounce(
        recipient=failed[0].address,
        status=code,
        permanent=_FULL.search(text) is None and (code is None or _is_permanent(code, "failed", "")),
        message_id=quoted[1] if quoted else None,
    )
