"""Gathers from the store what ``routes_out`` weighs: addresses of a case, letters that did not arrive, signs of life."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.addresses import OwnAddresses
from handlers.routes_out import Known, Route, Trouble, routes_out
from store.models import Case, Disposition, Message, OutboxState, Party
from store.reply_rows import Written, letters_of, machine_mail_of, messages_of
from store.unit import Glance

LATELY = timedelta(days=90)
"""How long a letter that did not arrive speaks against its address."""
NOT_ANSWERED = (Disposition.AUTOMATIC, Disposition.DUPLICATE)


def answerable(glance: Glance, case_id: int) -> list[Message]:
    """Return the messages of a case that a reply may answer, in the order they came: those that a person may have written."""
    return [message for message in messages_of(glance, case_id) if message.disposition not in NOT_ANSWERED]


def ways_of(glance: Glance, case: Case, message: Message, own: OwnAddresses, now: datetime) -> tuple[Route, ...]:
    """Return the ways by which an answer to a message can leave, the best first."""
    case_id = case.id or 0
    parties = {party.address: party.name for party in glance.find(Party, case_id=case_id) if not own.hold(party.address)}
    address = case.resident_address if case.resident_address and not own.hold(case.resident_address) else None
    addresses = sorted({*parties, *filter(None, [address and address.lower()])})
    letters = letters_of(glance, case_id, addresses, now - LATELY)
    return routes_out(
        Known(
            came_by=message.channel,
            name=case.resident_name,
            address=address,
            phone=case.resident_phone,
            home=case.home,
            parties=parties,
            troubles=_troubles(letters, _returned(glance, case_id), now - LATELY),
            heard=_heard(answerable(glance, case_id)),
            unproven=message.trust == "failed",
        )
    )


def _returned(glance: Glance, case_id: int) -> dict[str, Trouble]:
    """Return the letters of a case that came back for good, by Message-ID."""
    found = {}
    for event in machine_mail_of(glance, case_id):
        details = json.loads(event.details)
        if details.get("permanent"):
            found[details["header_id"]] = Trouble(at=event.at, answer=f"it came back ({details.get('status') or 'no status'})")
    return found


def _troubles(letters: Sequence[Written], returned: dict[str, Trouble], since: datetime) -> dict[str, Trouble]:
    found: dict[str, Trouble] = {}
    for letter in letters:
        failed = letter.state is OutboxState.FAILED
        trouble = Trouble(at=letter.at, answer=letter.answer or "refused") if failed else returned.get(letter.header_id or "")
        if trouble is not None and letter.address and trouble.at >= since:
            found[letter.address] = trouble
    return found


def _heard(messages: Sequence[Message]) -> dict[str, datetime]:
    """Return when each address last wrote; a sender who could not be shown to be the true one proves nothing."""
    return {one.sender_address: one.received_at for one in messages if one.sender_address and one.trust != "failed"}
