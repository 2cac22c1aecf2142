"""A letter that cannot go the way it was meant to goes the next one the resident gave, or becomes a person's (channels, rule 8)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from handlers.addresses import usable
from handlers.course.speaking import not_to_be_told
from handlers.people.known import wishes_by_address
from handlers.people.wishes import NOTHING_AGREED
from handlers.rows import Row, event_row
from intake.identity import identity_of, way_of
from intake.loading import name_of, window_of
from store.chat_models import Conversation
from store.chat_rows import close_conversation, conversations, give_up_parts
from store.identity_rows import linked_with, open_on
from store.models import Case, CaseEvent, OutboxEntry, OutboxState, Party
from store.unit import Unit

RESIDENTS = ("resident",)
NOTHING_ARRIVES = ("blocked", "gone")
"""Codes of ``RouteClosed`` by which a conversation takes nothing until the person writes there again."""


def next_route(unit: Unit, letter: OutboxEntry, at: datetime) -> str | None:
    """Return another way to the case's resident: a mail address first, then the conversation where they wrote last.

    None where every one was tried, and none for a letter to anybody else: it is worded for them alone.
    """
    own = [party.address for party in unit.find(Party, case_id=letter.case_id) if party.role in RESIDENTS]
    known = list(dict.fromkeys([*own, *linked_with(unit, own, open_on(letter.case_id))]))
    if letter.recipient not in known:
        return None
    barred = {*_tried(unit, letter), *not_to_be_told(unit, letter.case_id)}
    fresh = [address for address in known if address not in barred]
    agreed = wishes_by_address(unit, [letter.recipient]).get(letter.recipient, NOTHING_AGREED)
    mails = [address for address in fresh if identity_of(address) is None and usable(address) and agreed.allow("mail")]
    talks = [talk for talk in conversations(unit, fresh).values() if _is_open(talk, at) and agreed.allow("chat")]
    latest = max(talks, key=lambda talk: talk.heard_at, default=None)
    return mails[0] if mails else latest.identity if latest is not None else None


def _tried(unit: Unit, letter: OutboxEntry) -> set[str | None]:
    """Return where the letter was to go before and now, so that it never goes round."""
    told = [json.loads(event.details) for event in unit.find(CaseEvent, case_id=letter.case_id, kind="letter_rerouted")]
    return {letter.recipient, *(one.get("tried") for one in told if one.get("header_id") == letter.header_id)}


def _is_open(talk: Conversation, at: datetime) -> bool:
    identity = identity_of(talk.identity)
    window = window_of(identity.channel) if identity is not None else None
    return talk.closed_at is None and (window is None or at < talk.heard_at + window)


def reroute(unit: Unit, letter: OutboxEntry, why: str, code: str | None, at: datetime) -> list[Row]:
    """Send a letter by the next route; return the event of it, or nothing where there is no other route.

    The letter keeps its words and its Message-ID: it is the same letter, so that nobody gets it twice by the same way.
    """
    recipient = letter.recipient or ""
    if code in NOTHING_ARRIVES and identity_of(recipient) is not None:
        close_conversation(unit, recipient, at, why)
    other = next_route(unit, letter, at)
    if other is None or letter.id is None:
        return []
    identity = identity_of(other)
    changed: dict[str, Any] = {"way": way_of(other), "recipient": other, "state": OutboxState.DUE, "next_at": at}
    changed |= {"attempts": 0, "lease": None, "answer": None, "sent_at": None, "progress": None, "progress_at": None}
    unit.update(OutboxEntry, letter.id, **changed)
    give_up_parts(unit, letter.id)
    told = {"letter": letter.kind, "header_id": letter.header_id, "from": letter.way, "to": changed["way"], "tried": recipient}
    kept = f"{why}: it goes by {'mail' if identity is None else name_of(identity.channel)} instead"
    return [event_row(letter.case_id, "letter_rerouted", kept, at, **told)]


def undeliverable(case: Case, letter: OutboxEntry, why: str, at: datetime) -> Row:
    """Return the task for a letter that no route is left for."""
    return {
        "kind": "undelivered_letter",
        "case_id": letter.case_id,
        "message_id": letter.message_id,
        "team": case.team,
        "why": f"the letter {letter.kind} could not be delivered ({why}): reach the resident by the next-best way{_known(case)}",
        "opened_at": at,
        "due_at": at,
    }


def _known(case: Case) -> str:
    """Return which ways by hand are known, the nearest first."""
    ways = (f"telephone {case.resident_phone}" if case.resident_phone else "", f"post to {case.home}" if case.home else "")
    known = " or ".join(filter(None, ways))
    return f": {known}" if known else ": no telephone number or home is on the case, look in your records"
