"""Two cases that were joined as one matter are taken apart again, whenever it turns out that they are two.

What joining had changed is put back; what happened since stays where it happened. The clocks had never stood still: a date
that has passed meanwhile is late, and is shown so.
"""

from __future__ import annotations

from datetime import datetime

from handlers.allocation import BARRED
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Act, Acts, Refused, Stale, reasoned
from handlers.deadlines import by_rule
from handlers.joined_letter import KIND as LETTER
from handlers.joinings import PARTED, Before, joined_before
from store.act_rows import close_tasks_by_ids, people_of_case, standing_flags
from store.case_rows import link_between, take_out
from store.chat_models import Conversation
from store.desk_models import CaseLink
from store.models import Case, CaseStatus, Deadline, Disposition, Message, OutboxEntry, Party, Task
from store.reply_rows import reopen_these

NOBODY = 0
"""No message has this number."""


def part(acts: Acts, case_id: int, by: str, why: str) -> int:
    """Take a case out again of the earlier one that it was joined to: both go on, each with its own clock."""
    why = reasoned(why)
    with acts.store.glance() as glance:
        found = joined_before(glance, case_id)
    if found is None:
        raise Stale("It is a case of its own already.")
    with acts.on(case_id, by, also=found[1].case, talks=found[1].talks) as act:
        again = joined_before(act.unit, case_id)
        if again is None or again[0].id != found[0].id:
            raise Stale("Somebody else has taken the two apart by now.")
        if by in people_of_case(act.unit, again[1].case, "barred"):
            raise Refused(BARRED)
        _to_be_told(act, again[1], acts.calendar)
        return _parted(act, again[0].by, again[0].at, again[1], why)


def _parted(act: Act, joined_by: str, joined_at: datetime, before: Before, why: str) -> int:
    other = act.unit.get(Case, before.case)
    if other is None:
        raise Refused("The other case is not there.")
    back = _messages_back(act, before)
    _tasks_back(act, before, joined_by, joined_at)
    kept = act.unit.find(Deadline, id=before.deadlines, superseded_at=joined_at)
    act.unit.update_many(Deadline, [{"id": deadline.id, "superseded_at": None} for deadline in kept])
    running = {line.rule: line.due_on.isoformat() for line in kept}
    _people_back(act, before)
    _flags_back(act, other, before)
    if act.case.status is CaseStatus.CLOSED:
        looked_at = datetime.fromisoformat(before.looked_at) if before.looked_at else None
        act.unit.update(Case, act.case_id, status=CaseStatus(before.status), looked_at=looked_at, looked_by=before.looked_by)
    act.tell(PARTED, why, parted_from=other.reference, message=back, deadlines=running)
    act.tell(PARTED, why, other.id, parted=act.case.reference, message=back)
    return act.done(f"{act.case.reference} is a case of its own again, with its own dates.")


def _messages_back(act: Act, before: Before) -> list[int]:
    """Give back the messages that are still on the earlier case; return which those are."""
    there = act.unit.find(Message, id=[int(number) for number in before.messages], case_id=before.case)
    for message in there:
        disposition, why = before.messages[str(message.id)]
        told = {"disposition": Disposition(disposition) if disposition else None, "disposition_why": why}
        act.unit.update(Message, message.id, case_id=act.case_id, **told)
    return [message.id or 0 for message in there]


def _tasks_back(act: Act, before: Before, joined_by: str, joined_at: datetime) -> None:
    moved = act.unit.find(Task, id=before.moved, case_id=before.case)
    act.unit.update_many(Task, [{"id": task.id, "case_id": act.case_id} for task in moved])
    # The question whether it is the same matter is answered: it is not asked anew.
    asked = [task.id or 0 for task in act.unit.find(Task, id=before.closed) if task.kind != "same_matter"]
    reopen_these(act.unit, asked, joined_by, joined_at)
    close_tasks_by_ids(act.unit, before.opened, at=act.now, by=act.by, outcome="taken apart again")


def _people_back(act: Act, before: Before) -> None:
    parties = act.unit.find(Party, case_id=before.case, address=before.party) if before.party else []
    for party in parties:
        take_out(act.unit, Party, party.id or 0)
        act.tell("party_removed", "the two cases are no longer one", before.case, address=party.address, role=party.role)
    link = link_between(act.unit, act.case_id, before.case) if before.linked else None
    if link is not None:
        take_out(act.unit, CaseLink, link.id or 0)
    for talk in act.unit.find(Conversation, identity=before.talks, case_id=before.case):
        act.unit.update(Conversation, talk.identity, case_id=act.case_id)


def _to_be_told(act: Act, before: Before, calendar: WorkingCalendar) -> None:
    """Leave a task to tell whoever learned by letter that their complaint goes on in the other case."""
    told = act.unit.find(OutboxEntry, case_id=before.case, kind=LETTER, message_id=[int(number) for number in before.messages])
    why = "they were told that it goes on in another case: tell them that it is a case of its own again"
    row = {"kind": "contact_resident", "case_id": act.case_id, "team": act.case.team, "why": why, "opened_at": act.now}
    due_at = by_rule("triage", act.now, calendar).due_at
    act.unit.add(Task, [row | {"message_id": letter.message_id, "due_at": due_at} for letter in told])


def _flags_back(act: Act, other: Case, before: Before) -> None:
    """Take the flags off the earlier case that came with the later one, but those that its own messages bear by now."""
    own = standing_flags(act.unit, before.case, NOBODY)
    act.unit.update(Case, other.id, flags=[flag for flag in other.flags if flag not in before.flags or flag in own])
