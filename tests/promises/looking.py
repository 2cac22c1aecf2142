"""How promises are looked at: rows of the store, letters that went, and what must hold of every house at any time."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from houses import Postbag
from store.chain import verify_chain
from store.figures import counts
from store.models import Case, CaseEvent, Message, OutboxEntry, OutboxState, Task

HELD_BACK = (OutboxState.SUPPRESSED, OutboxState.FAILED, OutboxState.UNCERTAIN)


def everything(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def later(house, **time):
    """Move the house's clock on."""
    house.clock.at += timedelta(**time)


def send(house, postbag=None):
    """Send all that is due; return the postbag."""
    postbag = postbag or Postbag()
    outbox = house.outbox(postbag)

    async def all_of_it():
        while await outbox.once():
            pass

    asyncio.run(all_of_it())
    return postbag


def events_of(house, case_id, kind=None):
    return [event for event in everything(house, CaseEvent, case_id=case_id) if kind in (None, event.kind)]


def must_hold(house):
    """What is true of every house at any time: all arrivals accounted for, history whole, and no silence without a task."""
    with house.store.glance() as glance:
        assert counts(glance, house.clock.now()).balanced
        assert verify_chain(glance) == []
    assert all(message.state != "handled" or message.disposition for message in everything(house, Message))
    for case in everything(house, Case):
        letters = everything(house, OutboxEntry, case_id=case.id)
        assert letters, f"case {case.id} has neither a letter nor a word why there is none"
        if all(letter.state in HELD_BACK for letter in letters):
            silence_is_told(house, case.id, letters)


def silence_is_told(house, case_id, letters):
    """A letter that does not go is written on the case with the reason, and an open task asks for the next-best way."""
    tasks = [task.kind for task in everything(house, Task, case_id=case_id) if task.closed_at is None]
    assert "unsent_letter" in tasks or "undelivered_letter" in tasks
    told = [(event.kind, json.loads(event.details)) for event in events_of(house, case_id)]
    for letter in letters:
        if letter.state is OutboxState.SUPPRESSED:
            assert letter.rule
            assert ("letter_suppressed", {"letter": letter.kind, "rule": letter.rule}) in told
        else:
            assert any(kind == f"letter_{letter.state}" and each["letter"] == letter.kind for kind, each in told)


def notification(letter, *, status="5.1.1", action="failed", recipient="ada@resident.example", returned=None, **headers):
    """Return what a mail system writes of a letter that did not arrive (RFC 3464)."""
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    returned = f"Message-ID: {letter.header_id}" if returned is None else returned
    return (
        "From: Mail Delivery System <mailer-daemon@relay.example>\r\nTo: housing@landlord.example\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n{told}"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt came back.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n\r\n--b--\r\n"
    ).encode()
