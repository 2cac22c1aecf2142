"""Fills a house with a demo: what the corpus gives, what no program can read, a call, a reply, and a stranger's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from desk.demo_messages import chosen, messages, written
from desk.demo_people import ACCOUNT, DOMAIN, Invented, invented
from desk.wiring import House
from handlers.triage import Triage
from intake.contact import inbound
from intake.contact_facts import LoggedContact
from intake.message import Envelope, InboundMessage
from store.casefile import came_to
from store.models import Case, OutboxEntry

AT_ONCE = 200
STRANGER, CALLER = 901, 902
"""Numbers of two invented people who write about others' cases, and by telephone."""


def fill(house: House, count: int) -> dict[str, int]:
    """Take in the demo messages and settle them, then what can only follow once they are cases; return the counts."""
    to = house.settings.mail.from_address
    triage = house.triage()
    first = [*messages(chosen(count), house.clock.now(), to), _unreadable(house)]
    ids = _take(house, triage, first)
    ids += _take(house, triage, [_call(house), *_answers(house)])
    with house.store.glance() as glance:
        return {"messages": len(ids)} | came_to(glance, ids)


def _take(house: House, triage: Triage, portion: Sequence[InboundMessage]) -> list[int]:
    """Keep what is new of a portion and let it be understood; return the numbers of the new."""
    receipts = [
        receipt
        for start in range(0, len(portion), AT_ONCE)
        for receipt in house.reception.put(portion[start : start + AT_ONCE])
    ]
    while triage.once(AT_ONCE):
        pass
    return [receipt.message_id for receipt in receipts if receipt.fresh]


def _unreadable(house: House) -> InboundMessage:
    """Return what no program can read: it waits for a person, with a clock like any other."""
    raw = b"\x00" * 400 + bytes(range(256)) * 8
    envelope = Envelope(mail_from=invented(STRANGER).address, rcpt_to=(house.settings.mail.from_address,))
    at = house.clock.now() - timedelta(hours=3)
    return InboundMessage(
        channel="import", account=ACCOUNT, external_id="demo-unreadable", received_at=at, raw=raw, envelope=envelope
    )


def _call(house: House) -> InboundMessage:
    """Return a telephone call that a colleague logged."""
    person, now = invented(CALLER), house.clock.now()
    contact = LoggedContact(
        id="demo-call",
        way="telephone",
        words=(
            "Rang about the lift at Demo House. It has been out since the weekend, she is on the sixth floor with a pram. "
            "She was told on Monday that somebody would come the same day. Nobody came and nobody has told her anything."
        ),
        logged_by="demo",
        logged_by_name="Demo colleague",
        logged_at=now,
        received_at=now - timedelta(minutes=5),
        name=person.name,
        phone=person.phone,
        home=person.home,
    )
    return inbound(contact, account=ACCOUNT)


def _answers(house: House) -> list[InboundMessage]:
    """Return a reply of somebody to our letter, and a mail of a stranger who only names another's reference."""
    with house.store.glance() as glance:
        letters = [
            letter for letter in glance.find(OutboxEntry, kind=["complaint_acknowledged", "receipt"]) if _to_demo(letter)
        ]
        cases = {case.id: case for case in glance.find(Case, id=[letter.case_id for letter in letters])}
    letters.sort(key=lambda letter: letter.kind)  # acknowledgements first: where the machine was sure of none, receipts do
    stranger = invented(STRANGER)
    found = []
    for letter in letters[:1]:
        name = cases[letter.case_id].resident_name or ""
        words = "Thank you for writing back. Can you tell me on which day somebody will come? I have to ask for time off."
        found.append(_mail(house, replace(stranger, name=name, address=letter.recipient or ""), words, letter))
    for letter in letters[1:2]:
        reference = cases[letter.case_id].reference
        words = f"I am writing about {reference} for my neighbour. The water is coming through to my kitchen as well now."
        found.append(_mail(house, stranger, words))
    return found


def _to_demo(letter: OutboxEntry) -> bool:
    return (letter.recipient or "").endswith(f"@{DOMAIN}")


def _mail(house: House, person: Invented, words: str, answers: OutboxEntry | None = None) -> InboundMessage:
    """Return a mail that answers a letter, or one that only names a case."""
    at, to = house.clock.now() - timedelta(minutes=2), house.settings.mail.from_address
    name = "demo-reply" if answers else "demo-possible-reply"
    mail = written(person, words, to=to, at=at, subject=f"Re: {answers.subject}" if answers else "Water", name=name)
    if answers is not None:
        mail["In-Reply-To"] = answers.header_id
    envelope = Envelope(mail_from=person.address, rcpt_to=(to,))
    return InboundMessage(
        channel="import", account=ACCOUNT, external_id=name, received_at=at, raw=mail.as_bytes(), envelope=envelope
    )
