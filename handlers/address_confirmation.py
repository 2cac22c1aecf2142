"""A resident who gives a mail address by chat gets a letter there, by which they can show that both are theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.addresses import OwnAddresses
from handlers.clock import london_day
from handlers.correspondence import Correspondence
from handlers.identity_proof import Claim, proof_token
from handlers.letter_facts import LetterFacts
from handlers.rows import Row
from handlers.tokens import message_id_for
from intake.identity import way_of
from store.chat_rows import letters_to
from store.models import Case, OutboxState
from store.unit import Unit

KIND = "address_confirmation"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressConfirmation:
    """Writes such letters; ``page`` makes the address of the page from a token; none of ``own`` is a resident's."""

    correspondence: Correspondence
    page: Callable[[str], str]
    own: OwnAddresses

    def asked_lately(self, unit: Unit, other: str, now: datetime) -> bool:
        """Say whether such a letter went there within a day: whoever gives a stranger's address troubles them once."""
        return any(letter.kind == KIND for letter in letters_to(unit, other, now - A_DAY))

    def letter(self, case: Case, message_id: int, one: str, other: str, now: datetime) -> Row:
        """Return the letter to ``other``, which was given by whoever writes as ``one``; it says nothing of the matter."""
        letters = self.correspondence
        token = proof_token(letters.key, Claim(one=one.lower(), other=other.lower(), asked_at=now))
        facts = LetterFacts(
            reference=case.reference,
            received_on=london_day(case.received_at),
            written_on=london_day(now),
            team=letters.landlord.teams[case.team],
            page=self.page(token),
        )
        draft = letters.letters.draft(KIND, facts)
        return {
            "case_id": case.id,
            "message_id": message_id,
            "kind": KIND,
            "template": draft.template,
            "way": way_of(other),
            "recipient": other,
            "subject": draft.subject,
            "text": draft.text,
            "html": draft.html,
            "header_id": message_id_for(letters.key, KIND, case.id or 0, message_id, domain=letters.domain),
            "state": OutboxState.DUE,
            "created_at": now,
            "next_at": now,
        }
