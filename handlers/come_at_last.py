"""A mail that came at last: a note or a part of it stood in its place, and its words go onto the case which that opened.

It is that mail where the mailbox names it by the same place, or, moved there again by a person, where its whole header is
the same, byte for byte: with its traces of each server on the way nobody but the server itself can give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.decision import TaskNeeded
from handlers.rows import MACHINE, event_row, task_row
from handlers.understanding import Understood
from intake.message import NOTE
from store.act_rows import close_tasks_by_ids, hold_message, open_tasks_of
from store.chain import append_events
from store.models import Case, CaseStatus, Disposition, Message, MessageState, Task
from store.overview import raw_of
from store.unit import Unit

CHANNEL = "imap"
CAME = "the mail itself came at last: a note had stood in its place"
READ_IT = "the mail itself came at last, and this was decided without its words: read them"
MOOT = ("quarantine", "unsent_letter")
"""What was asked about a note: the mail itself can be read, and says whom to write to."""
END_OF_HEAD = b"\r\n\r\n"


def at_last(unit: Unit, messages: Sequence[Understood], now: datetime) -> list[Understood]:
    """Return the messages, each that came at last with the case that waits for it; what stood in its place waits no more."""
    coming = [message for message in messages if _may_be(message)]
    if not coming:
        return list(messages)
    accounts = sorted({message.arrival.account for message in coming})
    names = [message.arrival.external_id + NOTE for message in coming]
    heads = sorted({message.reading.message_id for message in coming if message.reading.message_id})
    by_place = unit.find(Message, channel=CHANNEL, account=accounts, external_id=names)
    by_head = unit.find(Message, channel=CHANNEL, header_id=heads, state=MessageState.SHUNTED)
    standing = {one.id: one for one in (*by_place, *by_head)}
    if not standing:
        return list(messages)
    overtaken = _overtaken(unit, messages, by_place)
    rest = [message for message in messages if message.arrival.id not in overtaken]
    return [_with_case(unit, message, [*standing.values()], now) if _may_be(message) else message for message in rest]


def _overtaken(unit: Unit, messages: Sequence[Understood], notes: Sequence[Message]) -> set[int]:
    """Settle the notes of this very batch whose mail is in it too: nobody has seen them, and they open no case."""
    ids = {message.arrival.external_id + NOTE: message.arrival.id for message in messages}
    here = {message.arrival.id for message in messages}
    overtaken = [one for one in notes if one.id in here and one.external_id in ids]
    for one in overtaken:
        told = {"disposition": Disposition.DUPLICATE, "disposition_why": CAME, "duplicate_of": ids[one.external_id]}
        unit.update(Message, one.id, state=MessageState.HANDLED, lease=None, **told)
    return {one.id or 0 for one in overtaken}


def _may_be(message: Understood) -> bool:
    arrival = message.arrival
    return arrival.channel == CHANNEL and arrival.case_id is None and message.no_case is None


def _with_case(unit: Unit, message: Understood, standing: Sequence[Message], now: datetime) -> Understood:
    found = next((one for one in standing if _stands_for(unit, one, message)), None)
    held = hold_message(unit, found.id or 0) if found is not None else None
    case = unit.get(Case, held.case_id) if held is not None and held.case_id is not None else None
    if held is None or case is None or case.status is CaseStatus.CLOSED:
        return message
    if held.state is MessageState.SHUNTED:
        told = {"disposition": Disposition.PART, "disposition_why": CAME}
        unit.update(Message, held.id, state=MessageState.HANDLED, **told)
        tasks = [task.id or 0 for task in open_tasks_of(unit, None, held.id, MOOT)]
        close_tasks_by_ids(unit, tasks, at=now, by=MACHINE, outcome=CAME)
    if case.status is not CaseStatus.TRIAGE:
        task = TaskNeeded(kind="reply", why=READ_IT, due=None)
        unit.add(Task, [task_row(task, case.team, now, case.id, message.arrival.id)])
    told_of = {"message": message.arrival.id, "in_place_of_it": held.id}
    append_events(unit, [event_row(case.id or 0, "came_at_last", CAME, now, MACHINE, **told_of)])
    return replace(message, arrival=replace(message.arrival, case_id=case.id))


def _stands_for(unit: Unit, one: Message, message: Understood) -> bool:
    arrival = message.arrival
    if one.id == arrival.id or one.account != arrival.account:
        return False
    if one.external_id == arrival.external_id + NOTE:
        return True
    head, end, _rest = arrival.body.partition(END_OF_HEAD)
    same_name = one.header_id is not None and one.header_id == message.reading.message_id
    return same_name and bool(end) and head + end in (raw_of(unit, one.id or 0) or b"")
