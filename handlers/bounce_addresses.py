"""Reverse paths of our letters' own: whatever comes back to one is about that letter, and nobody else can have made it.

RFC 5321 section 4.5.5 lets nobody bounce a mail whose reverse path is empty, so what fails behind the relay is told only here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.tokens import TokenKey, seal, unseal
from intake.message import Envelope, Reading

KIND = "b"
TOKEN = re.compile(r"\b(b\.[0-9]{1,18}\.[a-z0-9_-]{1,32}\.[a-z2-7]{16})@([a-z0-9.-]{1,253})", re.IGNORECASE)
DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
LONGEST, MOST = 10_000, 20
"""Characters of a header, and addresses of ours in one mail, that are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BounceAddresses:
    """Makes reverse paths with the house's key, on the domain of the addresses for answers, and believes those that it made.

    ``for_machines`` says whether letters of machines have one too; without it theirs is empty, as RFC 3834 section 3 prefers.
    """

    key: TokenKey
    domain: str
    for_machines: bool = False
    old_keys: tuple[TokenKey, ...] = ()

    def path_of(self, letter_id: int, *, automatic: bool) -> str | None:
        """Return the reverse path of a letter, always the same; None where the way out has one of its own."""
        if automatic and not self.for_machines:
            return None
        return f"{seal(self.key, KIND, letter_id)}@{self.domain}"

    def letter_id(self, reading: Reading, envelope: Envelope | None) -> int | None:
        """Return the number of the letter to whose reverse path a mail came, or nothing."""
        given = [*(envelope.rcpt_to if envelope is not None else ())]
        given += [value for name in DELIVERED for value in reading.headers.get(name, ())]
        given += [person.address for person in reading.to if person.address]
        found = (match for value in given[:MOST] for match in TOKEN.finditer(value[:LONGEST]))
        ours = (match[1] for match in found if match[2].lower().rstrip(".") == self.domain.lower())
        tokens = (unseal(local, (self.key, *self.old_keys)) for local in ours)
        return next((int(token.ids[0]) for token in tokens if token is not None and token.kind == KIND), None)
