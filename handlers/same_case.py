"""Two cases are one matter: a person joins the later to the earlier, or keeps it apart, and can take them apart again.

The earlier receipt's dates stand. All that joining changed is kept in its event on the later case, so that taking apart puts
back just that; what happened since stays where it happened. Both histories keep both acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from handlers.allocation import BARRED
from handlers.case_acts import Acts, Refused, reasoned
from handlers.course.answered import is_answered
from handlers.course.stages import record_of
from handlers.deadlines import by_rule
from handlers.identities import hold_all
from handlers.joined_letter import JoinedLetter, is_owed
from handlers.joinings import JOINED, Before
from handlers.parties import ROLES
from handlers.possible_replies import must_not_bury
from handlers.rows import event_row
from handlers.same_matter import KIND, offered_case
from handlers.task_acts import HeldTask, on_task
from store.act_rows import close_tasks_by_ids, people_of_case
from store.casefile import first_message
from store.chain import append_events
from store.chat_models import Conversation
from store.chat_rows import hold_conversations
from store.course_models import Action, Answer, ProgressUpdate
from store.desk_models import CaseLink
from store.lookups import hold_case
from store.models import Case, CaseStatus, Deadline, Disposition, Message, Party, Stage, Task
from store.unit import Unit

ANSWERED = (KIND, "triage", "possible_reply", "confirm_definition")
"""Tasks of the later case that end with it: they ask what the earlier one has settled, or will."""
APART = "it is a matter of its own"


def keep_apart(acts: Acts, task_id: int, by: str, *, hold: timedelta) -> int | None:
    """Leave the case as it is; what else waits on it still waits."""
    with on_task(acts, task_id, by) as held:
        _asked(held)
        held.close(APART)
        held.tell("kept_apart", APART, message=held.task.message_id)
        return held.finish("Kept as a case of its own.", hold=hold)


def join(acts: Acts, task_id: int, by: str, role: str | None = None, *, why: str = "", letter: JoinedLetter) -> int | None:
    """Let the later case go on in the earlier one; with a role its sender becomes a party there, and may write to it.

    The later case is closed and linked, its messages and open tasks go along, and its clocks end: the earlier's go on. A
    logged complaint goes on only for a reason, with its sender as a party, and with a ``letter`` that tells them.
    """
    if role is not None and role not in ROLES:
        raise Refused("Choose what the sender is to the case", "role")
    with on_task(acts, task_id, by, _held_first) as held:
        own, other = _two(held)
        why = _reason(held, own, role, why)
        first = first_message(held.unit, own.id or 0)
        before = _moved(
            held, own, other, _add_party(held, other, _role(own, first, role), first), _reply_task(held, other, acts, first)
        )
        if first is not None and is_owed(own):
            letter.put(held, first, own, other)
        ended = {row.rule: row.due_on.isoformat() for row in held.unit.find(Deadline, id=before.deadlines)}
        there = {"to": other.reference, "before": asdict(before), "deadlines": ended}
        here = {"came_from": own.reference, "message": sorted(map(int, before.messages))}
        joined = ((own.id, there), (other.id, here))
        append_events(held.unit, [event_row(id_ or 0, JOINED, why, held.now, by, **told) for id_, told in joined])
        if held.task.case_id != own.id:
            held.close(f"the same matter as {own.reference}")
        return held.finish(f"Joined to {other.reference}. It can be taken apart again there.", hold=timedelta(0))


def _held_first(unit: Unit, task: Task) -> None:
    """Hold conversations, then both cases by their numbers, as everybody does: so all wait for, and never block, each other."""
    asked = task.case_id or 0
    ids = {asked, offered_case(unit, asked) or asked}
    hold_conversations(unit, {talk.identity for talk in unit.find(Conversation, case_id=ids)})
    hold_all(unit, ids)


def _asked(held: HeldTask) -> Case:
    if held.task.kind != KIND or held.case is None or held.message is None:
        raise Refused("This asks something else.")
    return held.case


def _two(held: HeldTask) -> tuple[Case, Case]:
    """Return the later of the two, which ends, and the earlier one, which goes on; the task may be on either."""
    asked = _asked(held)
    case_id = offered_case(held.unit, asked.id or 0)
    beside = hold_case(held.unit, case_id) if case_id is not None else None
    if beside is None:
        raise Refused("The other case is not there.")
    if held.by in people_of_case(held.unit, beside.id or 0, "barred"):
        raise Refused(BARRED)
    other, own = sorted((asked, beside), key=lambda case: (case.received_at, case.id))
    if own.status is CaseStatus.CLOSED or other.status is CaseStatus.CLOSED:
        raise Refused("One of the two is closed by now: keep them apart, or open it again first.")
    if own.restricted and not other.restricted:
        raise Refused(f"This case is restricted and {other.reference} is not: restrict that one first.")
    must_not_bury(own, other)
    _must_fit(held.unit, own, other)
    return own, other


def _must_fit(unit: Unit, own: Case, other: Case) -> None:
    """Refuse where one clock cannot stand for both: at different stages, answered, or while something is promised (Code 6.8)."""
    if own.category != "complaint" or own.logged_at is None:
        return
    if (own.stage or Stage.ONE) is not (other.stage or Stage.ONE) and not _asked_for_it(unit, own, other):
        raise Refused("The two are at different stages, so neither's dates are the other's: keep them apart.")
    answered = next((case for case in (own, other) if is_answered(unit, case) and case.stage is not Stage.TWO), None)
    if answered is not None or any(row.issued_at for row in unit.find(Answer, case_id=[own.id, other.id], stage=Stage.TWO)):
        raise Refused("One of the two has its answer: keep them apart, and take what is not settled to stage 2 (Code 6.8).")
    promised = bool(unit.find(Action, case_id=own.id, done_at=None, dropped_at=None))
    if promised or unit.find(ProgressUpdate, case_id=own.id, ended_at=None):
        raise Refused(f"Something is promised on {own.reference} that is not done yet: finish that first, or keep them apart.")


def _asked_for_it(unit: Unit, own: Case, other: Case) -> bool:
    """Tell whether the later case is the very request by which stage 2 of the earlier began: its matter goes on there."""
    record = record_of(unit, other.id or 0, Stage.TWO) if other.stage is Stage.TWO else None
    return record is not None and bool(unit.find(Message, id=record.message_id, case_id=own.id))


def _reason(held: HeldTask, own: Case, role: str | None, why: str) -> str:
    """Return why the two are one: a person's own words where a complaint ends by it, else at least what offered them."""
    if is_owed(own) and role is None:
        raise Refused(
            "It is logged as a complaint: choose what its sender is to the case, so that they can go on there", "role"
        )
    return reasoned(why) if is_owed(own) or why.strip() else held.task.why


def _role(own: Case, first: Message | None, role: str | None) -> str | None:
    """Return what the sender becomes; of a complaint that has no address to write from, nobody: a task asks to tell them."""
    return None if is_owed(own) and first is not None and first.sender_address is None else role


def _reply_task(held: HeldTask, other: Case, acts: Acts, first: Message | None) -> int:
    """Open a task to see what the other telling holds that is new; return its number."""
    due = by_rule("triage", first.received_at if first else held.now, acts.calendar)
    row = {"kind": "reply", "case_id": other.id, "message_id": first.id if first else None, "team": other.team}
    told = {"why": f"the same matter came another way, and {held.by} joined it: see what is new in it"}
    (number,) = held.unit.insert(Task, [row | told | {"opened_at": held.now, "due_at": due.due_at}])
    return number


def _moved(held: HeldTask, own: Case, other: Case, party: str | None, reply: int) -> Before:
    """Move and close all that belongs to the later case; return how it stood."""
    unit, own_id = held.unit, own.id or 0
    messages = unit.find(Message, case_id=own_id)
    tasks = unit.find(Task, case_id=own_id, closed_at=None)
    running = unit.find(Deadline, case_id=own_id, met_at=None, superseded_at=None)
    before = Before(
        case=other.id or 0,
        status=own.status.value,
        looked_by=own.looked_by,
        looked_at=own.looked_at.isoformat() if own.looked_at else None,
        messages={str(one.id): [one.disposition.value if one.disposition else None, one.disposition_why] for one in messages},
        moved=[task.id or 0 for task in tasks if task.kind not in ANSWERED],
        closed=[task.id or 0 for task in tasks if task.kind in ANSWERED],
        opened=[reply],
        deadlines=[deadline.id or 0 for deadline in running],
        flags=sorted({*own.flags} - {*other.flags}),
        party=party,
        linked=_link(held, own_id, other),
        talks=_turn_talks(held, own, other),
    )
    _write(held, own, other, messages, before)
    return before


def _write(held: HeldTask, own: Case, other: Case, messages: Sequence[Message], before: Before) -> None:
    unit, why = held.unit, f"{held.by} found that it is the same matter as {other.reference}"
    for message in messages:
        # What was read as one, or could not be read, is still that; only what had opened the case follows another now.
        opened = message.disposition is Disposition.CASE
        told = {"disposition": Disposition.FOLLOW_UP, "disposition_why": why} if opened else {}
        unit.update(Message, message.id, case_id=other.id, **told)
    outcome = f"the same matter as {other.reference}"
    close_tasks_by_ids(unit, before.closed, at=held.now, by=held.by, outcome=outcome)
    unit.update_many(Task, [{"id": id_, "case_id": other.id} for id_ in before.moved])
    unit.update_many(Deadline, [{"id": id_, "superseded_at": held.now} for id_ in before.deadlines])
    unit.update(Case, other.id, flags=sorted({*other.flags, *own.flags}))
    unit.update(Case, own.id, status=CaseStatus.CLOSED, looked_at=held.now, looked_by=held.by)
    if other.restricted and not own.restricted:
        # Its history names the restricted one now: taken apart, it is for a manager to open it to all again.
        unit.update(Case, own.id, restricted=True)
        append_events(
            unit, [event_row(own.id or 0, "restricted", "it goes on in a case that is restricted", held.now, held.by)]
        )


def _add_party(held: HeldTask, other: Case, role: str | None, first: Message | None) -> str | None:
    """Let the sender write to the earlier case, if that is wanted; return the address where it is new there."""
    address = first.sender_address if first else None
    if role is None:
        return None
    if address is None:
        raise Refused("The message names no sender who could become a party", "role")
    name = first.sender_name if first else None
    row: dict[str, Any] = {"case_id": other.id, "address": address.lower(), "name": name, "role": role}
    if not held.unit.add_new(Party, [row], ["case_id", "address"]):
        return None
    append_events(
        held.unit, [event_row(other.id or 0, "party_added", "the same matter came from them", held.now, held.by, role=role)]
    )
    return address.lower()


def _link(held: HeldTask, own_id: int, other: Case) -> bool:
    one, two = sorted((own_id, other.id or 0))
    row = {"case_id": one, "other_id": two, "at": held.now, "by": held.by, "why": "they are the same matter"}
    return held.unit.add_new(CaseLink, [row], ["case_id", "other_id"])


def _turn_talks(held: HeldTask, own: Case, other: Case) -> list[str]:
    """Let conversations of the earlier case's own parties go on there; a stranger's words never join it by themselves."""
    parties = {party.address for party in held.unit.find(Party, case_id=other.id)}
    turned = [talk.identity for talk in held.unit.find(Conversation, case_id=own.id) if talk.identity in parties]
    for identity in turned:
        held.unit.update(Conversation, identity, case_id=other.id)
    return turned
