"""What waits in quarantine, as lists show it: the question to a person, the message, and the case that it has, if any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, select

from store.models import Case, Message, MessageState, Task
from store.queue_rows import may_see
from store.rows import columns, core
from store.unit import Glance
from store.worklist import message_is

KIND = "quarantine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantined:
    """A message that could not be read, and the open task that asks a person about it."""

    task_id: int
    message_id: int
    reason: str
    channel: str
    account: str
    received_at: datetime
    due_at: datetime
    sender: str | None
    subject: str | None
    reference: str | None


def quarantined(glance: Glance, username: str = "", *, sees_restricted: bool = True) -> list[Quarantined]:
    """Return what waits in quarantine and this person may see, the oldest first."""
    task, message, kept = columns(Task), columns(Message), columns(Case)
    told = {
        "task_id": task.id,
        "message_id": message.id,
        "reason": message.problem,
        "channel": message.channel,
        "account": message.account,
        "received_at": message.received_at,
        "due_at": task.due_at,
        "sender": message.sender_address,
        "subject": message.subject,
        "reference": kept.reference,
    }
    joined = core(Task).join(core(Message), message.id == task.message_id)
    joined = joined.outerjoin(core(Case), kept.id == message.case_id)
    # Written out, not bound, as in the index of messages by state.
    asked = task.closed_at.is_(None), task.kind == literal_column(f"'{KIND}'"), message_is(MessageState.SHUNTED)
    statement = select(*(column.label(name) for name, column in told.items())).select_from(joined).where(*asked)
    statement = statement.where(may_see(username, sees_restricted=sees_restricted))
    rows = glance.run(statement.order_by(message.received_at, message.id)).mappings()
    return [Quarantined(**(dict(row) | {"reason": row["reason"] or ""})) for row in rows]
