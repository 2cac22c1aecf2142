"""What the tests of people's acts look at: rows, the chain of events, and that every complaint has its clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from houses import Postbag, arrive, mail, settle
from store.chain import verify_chain
from store.models import Case, Deadline, Message, OutboxEntry, OutboxState, Task

HOLD = timedelta(seconds=10)


def rows(house, table, **equals):
    with house.store.glance() as glance:
        return glance.find(table, **equals)


def came(house, words, **headers):
    """Let a mail arrive and be settled; return the message's number."""
    number = arrive(house, mail(words, **headers))
    settle(house)
    return number


def send(house):
    """Let the sender work once; return what went out."""
    bag = Postbag()
    asyncio.run(house.outbox(bag).once())
    return bag.sent


def open_tasks(house, **equals):
    return sorted(task.kind for task in rows(house, Task, closed_at=None, **equals))


def running(house, case_id=1):
    """Return the rules of the deadlines that run on a case."""
    found = rows(house, Deadline, case_id=case_id, superseded_at=None)
    return sorted(deadline.rule for deadline in found)


def must_stand(house):
    """Hold what is true of every house after every act."""
    with house.store.glance() as glance:
        assert verify_chain(glance) == []
    cases = {case.id: case for case in rows(house, Case)}
    for case in cases.values():
        complaint = case.category == "complaint" and case.status != "closed"
        if complaint or case.status == "triage":
            assert "acknowledge_1" in running(house, case.id), case.reference
        if complaint:
            assert "respond_1" in running(house, case.id), case.reference
            letters = rows(house, OutboxEntry, case_id=case.id)
            standing = [letter for letter in letters if letter.rule != "undone"]
            assert any(letter.kind == "complaint_acknowledged" for letter in standing), case.reference
        if case.status == "triage":
            kinds = {task.kind for task in rows(house, Task, case_id=case.id, closed_at=None)}
            assert kinds & {"triage", "quarantine"}, case.reference
    assert all(message.case_id in cases for message in rows(house, Message) if message.disposition == "case")


def without_numbers(house):
    """Return how everything stands, but for what history adds: for comparing before an act with after its undoing."""
    case = {"events", "head_hash"}
    return {
        "cases": [row.model_dump(exclude=case) for row in rows(house, Case)],
        "messages": [row.model_dump() for row in rows(house, Message)],
        "tasks": [row.model_dump() for row in rows(house, Task) if row.outcome != "undone"],
        "deadlines": sorted((row.case_id, row.rule, row.due_at) for row in rows(house, Deadline, superseded_at=None)),
        "letters": [row.model_dump() for row in rows(house, OutboxEntry) if row.rule != "undone"],
        "to go": [row.kind for row in rows(house, OutboxEntry, state=OutboxState.DUE)],
    }
