"""Reads a delivery status notification (RFC 3464): whom the mail did not reach, why, and whether that is final.

Older mail servers send no such report but plain words; where a mail server wrote them, the first address that begins a
line is the one that was not reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake import transfer
from intake.addresses import addresses
from intake.headers import decoded, unfolded
from intake.message import Bounce, Sender
from intake.parts import Part, parse
from intake.storable import one_line, storable

LONGEST = 200_000
"""Characters of a report that are read."""
NEAR = 100
"""Lines of a server's plain words in which the address must stand."""
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FAILURE_STATUS = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"(?<![\d.])5[0-7]\d(?![\d.])")
_MESSAGE_ID = re.compile(r"(?im)^[> \t]*message-id:\s*(<[^<>\s]{1,400}>)")
_FULL = re.compile(
    r"(?i)\b(?:mailbox|inbox|quota|storage)\b.{0,40}\b(?:full|exceed|over|limit|unavailable)|\bover ?quota\b|\bmessage size\b"
)
# RFC 3463: 5.2.2 and 5.2.3 the mailbox or the mail is too big, 5.3.x the system, 5.4.x the way there, 5.7.x a policy;
# of these, none says that the address is dead, though 5.4.4 (no such host) does.
_PASSING = re.compile(r"5\.(?:2\.[23]|3\.\d+|4\.[1235-7]|7\.\d+)$")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_SERVER = re.compile(r"(?i)^<?(?:mailer-daemon|postmaster|mail-?daemon|mailadmin|mailerdaemon|mdaemon|smtp-?daemon)\b")
_ADDRESS_LINE = re.compile(r"^[>\s]{0,12}<?([\w.+=&'/-]{1,64}@[\w.-]{1,255})>?(?:[\s:.,;(].*)?$")
_COPY = re.compile(
    r"(?i)^[-\s]*(?:below this line is|this is a copy of|original message|returned message|message header|unsent message)"
)
_FINAL_WORDS = re.compile(
    r"(?i)permanent|fatal|given up|gave up|no such|unknown|does not exist|doesn't exist|not found|invalid|rejected"
)
_GIVEN_UP = re.compile(r"(?i)permanent|fatal|giv(?:en|ing|e) up|gave up")
_FAILED_WORDS = re.compile(
    r"(?i)deliver|undeliver|returned|fatal|fail|bounce|not (?:be )?(?:sent|receive|reach)|could not|couldn't|unable"
)
_PASSING_WORDS = re.compile(r"(?i)warning|delayed|still (?:trying|being)|will (?:be )?(?:retr|keep trying|continue)|not yet")
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})


def read_bounce(root: Part, sender: Sender | None) -> Bounce | None:
    """Return what a notification says, or None where the mail is none; ``sender`` is the first that From names."""
    report = next((part for part in root.walk_parts() if part.media_type == "message/delivery-status"), None)
    blocks = list(_blocks(_content(report))) if report is not None else []
    named = [block for block in blocks if _recipient(block)]
    if not named:
        return _from_words(root, sender) or (_from_block({}, root) if report is not None else None)
    failed = [block for block in named if block.get("action", "").lower().startswith("fail")]
    return _from_block((failed or named)[0], root)


def _from_block(block: dict[str, str], root: Part) -> Bounce:
    said = f"{block.get('status', '')} {block.get('diagnostic-code', '')}"
    action = block.get("action", "").lower()
    passing = action.startswith(("delayed", "delivered", "relayed", "expanded"))
    status = _STATUS.search(said)
    return Bounce(
        recipient=_recipient(block),
        status=status[0] if status else None,
        permanent=not passing and _is_permanent(said),
        given_up=action.startswith("fail") or (not passing and _is_permanent(said)),
        message_id=_original_id(root),
    )


def _is_permanent(said: str) -> bool:
    """Say whether a status or a server's answer means that the address is dead."""
    status = _STATUS.search(said)
    if _FULL.search(said):
        return False
    if status is None:
        return _REPLY_CODE.search(said) is not None
    return status[1] == "5" and _PASSING.match(status[0]) is None


def _recipient(block: dict[str, str]) -> str | None:
    """Prefer the address that we wrote to over the one that it was forwarded to (RFC 3464 section 2.3.1)."""
    for name in ("original-recipient", "final-recipient"):
        kind, _, written = block.get(name, "").rpartition(";")
        if name == "original-recipient" and kind.strip().lower() == "rfc822":
            written = _XTEXT.sub(_xtext_character, written)
        found = addresses(written)
        if found and found[0].address and "@" in found[0].address:
            return found[0].address
    return None


def _xtext_character(code: re.Match[str]) -> str:
    # RFC 3461 section 4 encodes these alone in an ordinary address; "+42" may as well be a tag.
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
    """Find the Message-ID of the mail that came back: in its returned header, else in the words of the notification."""
    for part in root.walk_parts():
        if part.media_type in _RETURNED:
            data = transfer.undo(part.body()[:LONGEST], part.raw("content-transfer-encoding")).data
            found = unfolded(parse(data + b"\n\n").root.raw("message-id"))
            if found:
                return one_line(found)
    quoted = _MESSAGE_ID.search(_words(root))
    return storable(quoted[1]) if quoted else None


def _words(root: Part) -> str:
    return next((_content(part) for part in root.walk_parts() if part.media_type == "text/plain" and not part.children()), "")


def _from_words(root: Part, sender: Sender | None) -> Bounce | None:
    """Read what a mail server wrote in plain words, or in Exim's own header."""
    failed = addresses(root.raw("x-failed-recipients")) if root.values_of("x-failed-recipients") else ()
    if not failed and not _is_from_server(root, sender):
        return None
    text = _words(root)
    recipient = failed[0].address if failed else _first_address(text)
    if recipient is None:
        return None
    said = "\n".join(_above_copy(text))
    if _FAILED_WORDS.search(said) is None:
        return None
    status = _FAILURE_STATUS.search(said)
    final = _is_permanent(said) or (status is None and _FINAL_WORDS.search(said) is not None and _FULL.search(said) is None)
    return Bounce(
        recipient=storable(recipient),
        status=status[0] if status else None,
        permanent=final and _PASSING_WORDS.search(said) is None,
        given_up=(final or _GIVEN_UP.search(said) is not None) and _PASSING_WORDS.search(said) is None,
        message_id=_original_id(root),
    )


def _is_from_server(root: Part, sender: Sender | None) -> bool:
    address = (sender.address or sender.name or "") if sender else ""
    return _SERVER.match(address) is not None or root.raw("return-path").strip() == "<>"


def _above_copy(text: str) -> Iterator[str]:
    for line in text.split("\n")[:NEAR]:
        if _COPY.match(line):
            return
        yield line


def _first_address(text: str) -> str | None:
    found = (_ADDRESS_LINE.match(line) for line in _above_copy(text))
    return next((match[1].rstrip(".") for match in found if match), None)
