"""Addresses for answers: each letter asks to be answered at one that says which case it is about, and that only we can make.

Relays may give our letters other Message-IDs, and mail programs may drop what they answer; the address stays (mail rule C1).
They live on a domain of their own, so that nobody gets one by guessing, and nobody but the correspondent is shown one (C7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.tokens import TokenKey, party_mark, seal, unseal
from intake.message import Envelope, Reading

KIND = "re"
TOKEN = re.compile(r"\b(re\.[0-9]{1,18}\.[a-z2-7]{16}\.[a-z0-9_-]{1,32}\.[a-z2-7]{16})@([a-z0-9.-]{1,253})", re.IGNORECASE)
DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
"""Headers in which relays note for whom a mail came, before what its writer says of that."""
LONGEST, MOST = 10_000, 20
"""Characters of a header, and addresses of ours in one mail, that are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyAddresses:
    """Makes addresses with the house's key on a domain that holds nothing else, and believes those that it made.

    ``old_keys`` made addresses in letters of earlier years, which residents still answer.
    """

    key: TokenKey
    domain: str
    old_keys: tuple[TokenKey, ...] = ()

    def address_for(self, case_id: int, recipient: str) -> str:
        """Return the address at which this correspondent answers about this case; always the same, 64 characters at most."""
        return f"{seal(self.key, KIND, case_id, party_mark(self.key, case_id, recipient))}@{self.domain}"

    def cases(self, reading: Reading, envelope: Envelope | None) -> tuple[int, ...]:
        """Return the cases of the addresses to which a mail came, what its envelope says first."""
        found: dict[int, None] = {}
        for count, (local, domain) in enumerate(_named(reading, envelope)):
            if count >= MOST:
                break
            token = unseal(local, (self.key, *self.old_keys)) if domain.lower().rstrip(".") == self.domain.lower() else None
            if token is not None and token.kind == KIND:
                found.setdefault(int(token.ids[0]))
        return tuple(found)


def _named(reading: Reading, envelope: Envelope | None) -> Iterator[tuple[str, str]]:
    given = list(envelope.rcpt_to) if envelope is not None else []
    given += [value for name in DELIVERED for value in reading.headers.get(name, ())]
    given += [person.address for person in (*reading.to, *reading.cc) if person.address]
    for value in given:
        for match in TOKEN.finditer(value[:LONGEST]):
            yield match[1], match[2]
