"""A letter that cannot go the way it was meant to goes the next one the resident gave, or becomes a person's (channels, rule 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.addresses import usable
from handlers.rows import Row, event_row
from intake.identity import MAIL, identity_of, way_of
from store.chat_rows import close_conversation, conversations
from store.models import Case, OutboxEntry, OutboxState, Party
from store.unit import Unit

RESIDENTS = ("resident",)


def next_route(unit: Unit, case_id: int, tried: str) -> str | None:
    """Return another address of the case's resident that letters can go to: mail first, then conversations that are open."""
    parties = [party for party in unit.find(Party, case_id=case_id) if party.role in RESIDENTS and party.address != tried]
    mails = [party.address for party in parties if identity_of(party.address) is None and usable(party.address)]
    if mails:
        return mails[0]
    talks = conversations(unit, [party.address for party in parties])
    return next((identity for identity, talk in talks.items() if talk.closed_at is None and identity != tried), None)


def reroute(unit: Unit, letter: OutboxEntry, why: str, code: str | None, at: datetime) -> list[Row]:
    """Send a letter by the next route; return the event of it, or nothing where there is no other route.

    The letter keeps its words and its Message-ID: it is the same letter, so that nobody gets it twice by the same way.
    """
    recipient = letter.recipient or ""
    if code == "blocked" and identity_of(recipient) is not None:
        close_conversation(unit, recipient, at, why)
    other = next_route(unit, letter.case_id, recipient)
    if other is None or letter.id is None:
        return []
    changed: dict[str, Any] = {"way": way_of(other), "recipient": other, "state": OutboxState.DUE, "next_at": at}
    unit.update(OutboxEntry, letter.id, **changed, attempts=0, lease=None, answer=None)
    told = {"letter": letter.kind, "header_id": letter.header_id, "from": letter.way, "to": changed["way"]}
    kept = f"{why}: it goes by {'mail' if changed['way'] == MAIL else changed['way'].partition(':')[0]} instead"
    return [event_row(letter.case_id, "letter_rerouted", kept, at, **told)]


def undeliverable(case: Case, letter: OutboxEntry, why: str, at: datetime) -> Row:
    """Return the task for a letter that no route is left for."""
    return {
        "kind": "undelivered_letter",
        "case_id": letter.case_id,
        "message_id": letter.message_id,
        "team": case.team,
        "why": f"the letter {letter.kind} could not be delivered ({why}): reach the resident by the next-best way",
        "opened_at": at,
        "due_at": at,
    }
