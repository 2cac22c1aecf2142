"""A message that joined a case, and is a matter of its own: a person gives it its own case, with its own clock (Code 6.8).

The mirror of ``possible_replies.join``. The clock counts from the day on which the message came in, not from the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from classifiers.taxonomy import Category
from handlers.case_acts import Acts, Refused
from handlers.casework import Casework, NewCase, Pages
from handlers.circumstances import Surroundings
from handlers.remembering import decided, remembered, verdict_of
from handlers.routes import route
from handlers.rows import event_row
from handlers.stage2_told import KIND as TOLD
from handlers.talks import MATTERS
from handlers.task_acts import AT_ONCE, HeldTask, on_task
from store.act_rows import close_tasks_by_ids
from store.casefile import latest_verdicting
from store.chain import append_events
from store.chat_rows import hold_conversations
from store.desk_models import CaseLink
from store.models import Case, Disposition, Message, OutboxEntry, Task
from store.unit import Unit

KIND = "reply"
KINDS = (KIND, "new_matter", "definition_correction", "stage2_request")
"""Tasks of words that joined a case, and may be a matter of its own."""
WHY = "it is a matter of its own"


class LoggingApart:
    """Gives messages of a case their own."""

    def __init__(self, acts: Acts, surroundings: Surroundings, casework: Casework) -> None:
        """Decide by these surroundings as of any message; open the case with ``casework``."""
        self._acts = acts
        self._surroundings = surroundings
        self._casework = casework

    def log(self, task_id: int, by: str, category: str) -> int | None:
        """Open a case of this category for the message of a reply's task; return the act's number.

        What else waits on the message goes along, and by chat what was read as one with it. Raises ``Refused`` for what did not
        join a case in words, and where a letter of the case has answered the message already.
        """
        chosen = next((one for one in MATTERS if one == category), None)
        if chosen is None:
            raise Refused("Choose what it is", "category")
        with on_task(self._acts, task_id, by, first=_hold_talk) as held:
            case, message = _joined(held)
            own = self._opened(held, case, message, chosen)
            held.close(f"logged apart as {own.reference}")
            _move(held, case, own)
            held.tell("logged_apart", WHY, message=message.id, to=own.reference)
            return held.finish(f"Logged apart as {own.reference}, received on its own day.", hold=AT_ONCE)

    def _opened(self, held: HeldTask, case: Case, row: Message, category: Category) -> Case:
        unit = held.unit
        latest = latest_verdicting(unit, row.id or 0)
        why = f"{held.by} found that it is a matter of its own, apart from {case.reference}"
        verdict = decided(verdict_of(latest) if latest is not None else None, category, why, by=held.by)
        message = replace(remembered(row, latest), verdict=verdict)
        circumstances = self._surroundings.look(unit, [message], held.now).circumstances_of(message, person=held.by)
        moved = {task.kind for task in _others(held)}
        decision = route(message.reading, verdict, circumstances)
        decision = replace(decision, tasks=tuple(task for task in decision.tasks if task.kind not in moved))
        pages = Pages(now=held.now, by=held.by)
        new = NewCase(
            understood=message, decision=decision, manners=circumstances.manners, related_case_id=case.id, notes=(why,)
        )
        (case_id,) = self._casework.open_cases(unit, [new], pages)
        # Of the message's own row only what is new is written: what was read of it once stays as it was read.
        pages.messages = [{"id": row.id, "case_id": case_id, "disposition": Disposition.CASE, "disposition_why": why}]
        said_after = _said_after(held, row)
        unit.update_many(Message, [{"id": part.id, "case_id": case_id} for part in _parts(said_after)])
        if any(one.disposition == Disposition.FOLLOW_UP for one in said_after):
            pages.talks.clear()  # what they said since goes on where it went
        pages.write(unit)
        own = unit.get(Case, case_id)
        if own is None:
            raise Refused("The case could not be opened.")
        return own


def _joined(held: HeldTask) -> tuple[Case, Message]:
    """Return the case and the message that joined it."""
    case, message = held.case, held.message
    follows = message is not None and message.disposition == Disposition.FOLLOW_UP and message.act in (None, "message")
    if held.task.kind not in KINDS or case is None or message is None or not follows:
        raise Refused("These are no words that joined the case.")
    if any(letter.kind != TOLD for letter in held.unit.find(OutboxEntry, case_id=case.id, message_id=message.id)):
        raise Refused("A letter of this case has answered it already: write to the resident from here.")
    return case, message


def _hold_talk(unit: Unit, task: Task) -> None:
    """Hold the conversation before the case, as triage does: whatever is said meanwhile waits for this act."""
    message = unit.get(Message, task.message_id) if task.message_id is not None else None
    hold_conversations(unit, [message.conversation] if message is not None and message.conversation is not None else [])


def _said_after(held: HeldTask, row: Message) -> list[Message]:
    """Return what was said in the same conversation after this message, and is on the same case, in order."""
    if row.conversation is None:
        return []
    found = held.unit.find(Message, case_id=row.case_id, conversation=row.conversation)
    return [one for one in found if (one.id or 0) > (row.id or 0)]


def _parts(said_after: Sequence[Message]) -> list[Message]:
    """Return what was read as one with the message before: its first words hold those of all, files come with their own."""
    return list(takewhile(lambda one: one.disposition == Disposition.PART, said_after))


def _others(held: HeldTask) -> Sequence[Task]:
    """Return what else waits on the message in the case that it had joined."""
    tasks = held.unit.find(Task, case_id=held.task.case_id, message_id=held.task.message_id, closed_at=None)
    return [task for task in tasks if task.id != held.task.id]


def _move(held: HeldTask, case: Case, own: Case) -> None:
    """Move what else waits on the message; link the two cases, with an event on the new one."""
    unit = held.unit
    others = _others(held)
    replies = [task.id or 0 for task in others if task.kind in KINDS]
    close_tasks_by_ids(unit, replies, at=held.now, by=held.by, outcome=f"logged apart as {own.reference}")
    unit.update_many(Task, [{"id": task.id, "case_id": own.id} for task in others if task.id not in replies])
    link = {"case_id": case.id, "other_id": own.id, "at": held.now, "by": held.by, "why": WHY}
    unit.add_new(CaseLink, [link], ["case_id", "other_id"])
    told = event_row(own.id or 0, "came_from", WHY, held.now, held.by, came_from=case.reference, message=held.task.message_id)
    append_events(unit, [told])
