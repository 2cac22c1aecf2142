"""A resident shows that two addresses are theirs: they open a signed link that we sent to the second one.

Nothing is kept before the link is opened. It holds for some days, for these two addresses only, and never puts back what
staff have undone since it was asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.clock import Clock
from handlers.identities import MOST_CASES, PROOF, events, hold_all, standing
from handlers.tokens import TokenKey, seal, unseal
from store.chain import append_events
from store.chat_models import IdentityLink
from store.engine import Store
from store.identity_rows import cases_with, links_between
from store.models import CaseEvent, Party
from store.unit import Unit

KIND = "same"
"""What such a token is for, so that no other token of ours is taken for one."""
GOOD_FOR = timedelta(days=7)
LONGEST = 2_000
"""Characters of a token; what is longer is not even looked at."""
RESIDENT = "the resident"
"""Who linked the two: no account can have a name with a blank in it."""
WHY = "they opened the link that we sent to the other address"


class NotProven(Exception):
    """The link proves nothing, or nothing any more; the sentence says so for whoever opened it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a resident claims from the address ``one``: that ``other``, where the link is sent, is theirs too."""

    one: str
    other: str
    asked_at: datetime


def proof_token(key: TokenKey, claim: Claim) -> str:
    """Return the token of the link that is sent to the other address; it may only stand in a letter to that one."""
    if claim.one == claim.other:
        raise ValueError("two addresses are needed")
    return seal(key, KIND, _packed(claim.one), _packed(claim.other), int(claim.asked_at.timestamp()))


def claim_of(token: str, keys: Sequence[TokenKey], now: datetime) -> Claim | None:
    """Return what a token claims, if it is one of ours and still good; anything else is nothing."""
    found = unseal(token, keys) if len(token) <= LONGEST and token.isascii() else None
    if found is None or found.kind != KIND or len(found.ids) != 3:  # noqa: PLR2004  # two addresses and a time
        return None
    one, other = _unpacked(found.ids[0]), _unpacked(found.ids[1])
    if not one or not other or not found.ids[2].isdigit():
        return None
    claim = Claim(one=one, other=other, asked_at=datetime.fromtimestamp(int(found.ids[2]), UTC))
    return claim if timedelta(0) <= now - claim.asked_at <= GOOD_FOR else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Proving:
    """Makes and takes residents' proofs; the first key makes, all of them prove."""

    store: Store
    clock: Clock
    keys: Sequence[TokenKey]

    def token(self, one: str, other: str) -> str:
        """Return the token for a link to be sent to ``other``, asked for from ``one``."""
        return proof_token(self.keys[0], Claim(one=one.lower(), other=other.lower(), asked_at=self.clock.now()))

    def prove(self, token: str) -> Claim:
        """Link the two addresses that a token names, once however often it is opened, or raise ``NotProven``."""
        now = self.clock.now()
        claim = claim_of(token, self.keys, now)
        if claim is None:
            raise NotProven("This link is not one of ours, or it is too old.")
        with self.store.unit("T6") as unit:
            ids = hold_all(unit, set(cases_with(unit, (claim.one, claim.other))))
            before = links_between(unit, claim.one, claim.other)
            if standing(before) is not None:
                _let_in(unit, ids, claim)
                unit.commit()
                return claim
            # A colleague's finding since then counts for more than an old link.
            if len(ids) > MOST_CASES or any(link.undone_at and link.undone_at >= claim.asked_at for link in before):
                raise NotProven("This link does not count any more.")
            first, second = sorted((claim.one, claim.other))
            told = {"linked_at": now, "by": RESIDENT, "how": PROOF, "why": WHY}
            unit.insert(IdentityLink, [{"first": first, "second": second} | told])
            details = {"address": claim.one, "other": claim.other, "how": PROOF}
            append_events(unit, events(unit, ids, "identity_linked", WHY, details, at=now, by=RESIDENT))
            _let_in(unit, ids, claim)
            unit.commit()
        return claim


def _let_in(unit: Unit, ids: Sequence[int], claim: Claim) -> None:
    """Let mail from the proved address join the cases of whoever claimed it, but where a colleague has since taken it out."""
    theirs = {party.case_id for party in unit.find(Party, case_id=ids, address=claim.one) if party.role == "resident"}
    known = {party.case_id for party in unit.find(Party, case_id=ids, address=claim.other)}
    removed = unit.find(CaseEvent, case_id=ids, kind="party_removed")
    out = {e.case_id for e in removed if e.at >= claim.asked_at and json.loads(e.details)["address"] == claim.other}
    rows = [{"case_id": id_, "address": claim.other, "role": "resident"} for id_ in sorted(theirs - known - out)]
    unit.add(Party, rows)


def _packed(address: str) -> str:
    """Return an address as letters and digits that every mail program leaves alone."""
    return base64.b32encode(address.encode()).decode("ascii").rstrip("=").lower()


def _unpacked(text: str) -> str:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
