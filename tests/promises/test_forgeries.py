"""Promise 8 at length: thousands of guessed references and forged threads, and not one joins a case."""

from __future__ import annotations

import os
import re
from collections import Counter
from random import Random

import pytest
from forgeries import EMPTY_PATHS, EVE, KINDS, OURS, Forger, Victim
from looking import everything, must_hold, send

from handlers.bounced import MOST_TOLD
from houses import arrive, mail, settle
from store.models import Case, Message, OutboxEntry, Party, Task

VICTIMS = 20
MANY = int(os.environ.get("FORGERIES", "2000"))
"""Forgeries in the long run; ten thousand take some minutes."""
A_DAYS_WORK = 400
"""Mails in one batch of arrivals, so that the machine's memory holds them all at once."""


def victims_of(house):
    for number in range(VICTIMS):
        raw = mail(words(number), sender=address(number), message_id=own_id(number))
        arrive(house, raw, sender=address(number))
    settle(house)
    replies = {reply.recipient: reply.reply_to for reply in send(house).sent}
    letters = {letter.case_id: letter.header_id for letter in everything(house, OutboxEntry)}
    cases = {case.resident_address: case for case in everything(house, Case)}
    return [
        Victim(
            case_id=cases[address(number)].id,
            address=address(number),
            reference=cases[address(number)].reference,
            own_id=own_id(number),
            letter_id=letters[cases[address(number)].id],
            words=words(number),
            reply_to=replies[address(number)],
        )
        for number in range(VICTIMS)
    ]


def address(number):
    return f"v{number}@resident.example"


def own_id(number):
    return f"<v{number}@resident.example>"


def words(number):
    return f"complaint! There is damp in room {number} and nobody came."


def state_of(house, victims):
    """All that must not move: the cases with the ends of their histories, who belongs to them, and what waits on them."""
    ids = [victim.case_id for victim in victims]
    tables = ((Case, "id"), (Party, "case_id"), (Task, "case_id"), (Message, "case_id"), (OutboxEntry, "case_id"))
    return [[row.model_dump() for row in everything(house, table, **{column: ids})] for table, column in tables]


@pytest.mark.parametrize("many", [pytest.param(False, id="some"), pytest.param(True, id="many", marks=pytest.mark.slow)])
def test_promise_08_of_guessed_references_and_forged_threads_none_joins_a_case(house_of, many):
    house = house_of(mail=OURS)
    # The rules are the same on both databases: PostgreSQL's look-ups need not be asked so often.
    number = (MANY if house.store.embedded else MANY // 4) if many else len(KINDS) * 8
    victims = victims_of(house)
    before = state_of(house, victims)
    forger, kinds = Forger(chance=Random(8), victims=victims), sorted(KINDS)
    of = {}
    for count in range(number):
        name = kinds[count % len(kinds)]
        of[arrive(house, KINDS[name](forger), sender="" if name in EMPTY_PATHS else EVE)] = name
        if count % A_DAYS_WORK == 0:
            settle(house)
    settle(house)
    ours = {victim.case_id for victim in victims}
    messages = [message for message in everything(house, Message) if message.id in of]
    assert len(messages) == number
    assert Counter(of[message.id] for message in messages if message.case_id in ours) == Counter()
    assert state_of(house, victims) == before
    must_hold(house)
    # What strangers' reports name is somebody we wrote to: a person hears of it, once a day of each, and nothing else follows.
    told = [task.why for task in everything(house, Task, kind="unmatched_bounce")]
    assert 0 < len(told) == len(set(told)) <= min(VICTIMS, MOST_TOLD)


def test_promise_08_no_answer_tells_whether_a_reference_exists(house_of):
    house = house_of(mail=OURS)
    victims = victims_of(house)
    forger = Forger(chance=Random(9), victims=victims)
    told = []
    for subject in (victims[0].reference, forger.guess()):
        number = arrive(house, forger.write(subject=f"Re: {subject}", words="service_request! The tap drips."), sender=EVE)
        settle(house)
        (letter,) = [letter for letter in everything(house, OutboxEntry) if letter.message_id == number]
        (case,) = everything(house, Case, id=letter.case_id)
        their_own = re.compile(rf"{case.reference}|/case/[\w.-]+")
        told.append([their_own.sub("...", text) for text in (letter.subject, letter.text, letter.html)])
    assert told[0] == told[1]
