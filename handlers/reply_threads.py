"""Where an answer stands in its conversation, so that mail programs show it there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.identity import MAIL, way_of
from store.models import Message
from store.reply_rows import letters_of, messages_of
from store.unit import Glance

MOST_REFERENCES = 20


def thread_of(glance: Glance, message: Message, recipient: str | None) -> list[str]:
    """Return the Message-IDs that the answer to a message refers to, oldest first, the answered one last (RFC 5322, 3.6.4).

    Only mail from or to the same address is named: another party's thread is theirs, and a platform's own ids name no mail.
    """
    if way_of(recipient) != MAIL:
        return []
    case_id, until = message.case_id or 0, message.received_at
    came = [(one.received_at, one.sender_address, one.header_id) for one in messages_of(glance, case_id)]
    went = [(one.at, one.address, one.header_id) for one in letters_of(glance, case_id, (), until) if one.state == "sent"]
    by_mail = way_of(message.sender_address) == MAIL
    theirs = (message.sender_address or "" if by_mail else "", recipient or "")
    before = [
        id_ for at, address, id_ in sorted([*came, *went], key=_at) if at < until and id_ and address and address in theirs
    ]
    last = [message.header_id] if message.header_id and by_mail else []
    return [id_ for id_ in before[-MOST_REFERENCES:] if id_ not in last] + last


def _at(row: Sequence[Any]) -> datetime:
    at: datetime = row[0]
    return at
