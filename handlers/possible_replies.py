"""A stranger's message names a case: a person joins it to that case, or keeps it apart (design section 2, 8)."""

from __future__ import annotations

from datetime import timedelta

from handlers.allocation import BARRED
from handlers.case_acts import Acts, Refused
from handlers.deadlines import by_rule
from handlers.parties import ROLES
from handlers.rows import event_row
from handlers.task_acts import HeldTask, on_task
from store.act_rows import close_tasks_by_ids, people_of_case
from store.casefile import open_rules
from store.chain import append_events
from store.desk_models import CaseLink
from store.lookups import hold_case
from store.marks import supersede_deadlines
from store.models import Case, CaseStatus, Disposition, Message, Party, Task

KIND = "possible_reply"
ANSWERED = (KIND, "triage", "quarantine")
APART = "it is a matter of its own"


def keep_apart(acts: Acts, task_id: int, by: str, *, hold: timedelta) -> int | None:
    """Leave the message its own case; what else waits on it still waits."""
    with on_task(acts, task_id, by) as held:
        _asked(held)
        held.close(APART)
        held.tell("kept_apart", APART, message=held.task.message_id, related=held.case.related_case_id if held.case else None)
        return held.finish("Kept as a case of its own.", hold=hold)


def join(acts: Acts, task_id: int, by: str, role: str | None = None) -> int | None:
    """Move the message to the case that it names; with a role its sender becomes a party there, and may join it from now on.

    The case that it had opened is closed by this act and linked; whatever else waited there goes along.
    """
    if role is not None and role not in ROLES:
        raise Refused("Choose what the sender is to the case", "role")
    with on_task(acts, task_id, by) as held:
        own = _asked(held)
        other = _other(held, own, by)
        must_not_bury(own, other)
        _move(held, own, other)
        _close(held, own, other)
        if role is not None:
            _add_party(held, other, role)
        due = by_rule("triage", held.message.received_at if held.message else held.now, acts.calendar)
        row = {"kind": "reply", "case_id": other.id, "message_id": held.task.message_id, "team": other.team}
        told = {"why": f"a reply that {by} joined to the case", "opened_at": held.now, "due_at": due.due_at}
        held.unit.add(Task, [row | told])
        return held.finish(f"Joined to {other.reference}.", hold=timedelta(0))


def _asked(held: HeldTask) -> Case:
    if held.task.kind != KIND or held.case is None or held.message is None:
        raise Refused("This is no possible reply.")
    return held.case


def _other(held: HeldTask, own: Case, by: str) -> Case:
    other = hold_case(held.unit, own.related_case_id) if own.related_case_id is not None else None
    if other is None:
        raise Refused("The case that it names is not there.")
    if by in people_of_case(held.unit, other.id or 0, "barred"):
        raise Refused(BARRED)
    return other


def must_not_bury(own: Case, other: Case) -> None:
    """Refuse to end the clock of a complaint that would have no other (Code 6.8: only what is open takes more in)."""
    goes_on = other.category == "complaint" and other.status is CaseStatus.OPEN
    if own.logged_at is not None and own.category == "complaint" and not goes_on:
        raise Refused(f"It is logged as a complaint, and {other.reference} is no open complaint: keep it apart (Code 6.8).")


def _move(held: HeldTask, own: Case, other: Case) -> None:
    """Move all messages of the case, and what waits on it but the questions that this act answers."""
    unit, why = held.unit, f"{held.by} found that it belongs to {other.reference}"
    messages = unit.find(Message, case_id=own.id)
    told = {"case_id": other.id, "disposition": Disposition.FOLLOW_UP, "disposition_why": why}
    unit.update_many(Message, [{"id": message.id, **told} for message in messages])
    tasks = unit.find(Task, case_id=own.id, closed_at=None)
    answered = [task.id or 0 for task in tasks if task.kind in ANSWERED]
    close_tasks_by_ids(unit, answered, at=held.now, by=held.by, outcome=f"joined to {other.reference}")
    unit.update_many(Task, [{"id": task.id, "case_id": other.id} for task in tasks if task.id not in answered])
    unit.update(Case, other.id, flags=sorted({*other.flags, *own.flags}))
    ids = [message.id for message in messages]
    event = event_row(other.id or 0, "reply_joined", why, held.now, held.by, messages=ids, came_from=own.reference)
    append_events(unit, [event])


def _close(held: HeldTask, own: Case, other: Case) -> None:
    unit, why = held.unit, f"it belongs to {other.reference}"
    unit.update(Case, own.id, status=CaseStatus.CLOSED, looked_at=held.now, looked_by=held.by)
    supersede_deadlines(unit, own.id or 0, sorted(open_rules(unit, own.id or 0)), held.now)
    one, two = sorted((own.id or 0, other.id or 0))
    link = {"case_id": one, "other_id": two, "at": held.now, "by": held.by, "why": why}
    unit.add_new(CaseLink, [link], ["case_id", "other_id"])
    held.tell("joined_to", why, to=other.reference)


def _add_party(held: HeldTask, other: Case, role: str) -> None:
    address, name = (held.message.sender_address, held.message.sender_name) if held.message else (None, None)
    if address is None:
        raise Refused("The message names no sender who could become a party", "role")
    row = {"case_id": other.id, "address": address.lower(), "name": name, "role": role}
    if held.unit.add_new(Party, [row], ["case_id", "address"]):
        event = event_row(other.id or 0, "party_added", "joined with their message", held.now, held.by, role=role)
        append_events(held.unit, [event])
