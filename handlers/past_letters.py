"""What machines wrote lately to those who write now, so that the limits on letters hold (mail rule A11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.addresses import mailbox_of
from handlers.manners import PastLetter
from handlers.understanding import Understood
from store.casefile import letters_lately, letters_to_mailbox
from store.unit import Unit


def writers(messages: Sequence[Understood]) -> list[str]:
    """Return who writes, each address once."""
    return sorted({m.reading.sender.address.lower() for m in messages if m.reading.sender.address})


def letters_to_writers(unit: Unit, messages: Sequence[Understood], since: datetime) -> dict[str, list[PastLetter]]:
    """Return the letters of machines to each writer's mailbox: a tag after a ``+`` makes nobody new (mail rule A11)."""
    addresses = writers(messages)
    written = letters_lately(unit, addresses, since)
    tagged = {mailbox_of(address) for address in addresses if mailbox_of(address) != address}
    written |= {mailbox: letters_to_mailbox(unit, mailbox, since) for mailbox in sorted(tagged)}
    return {to: [PastLetter(at=at, subject=subject) for at, subject in past] for to, past in written.items()}
