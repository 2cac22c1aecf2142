"""What handlers ask about cases while they settle messages: each question for a whole batch, by an index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, func, or_, select, update

from store.lookups import MAIL, NearDeadline, open_deadline
from store.models import (
    Case,
    CaseStatus,
    Deadline,
    Disposition,
    Message,
    MessageState,
    OutboxEntry,
    OutboxState,
    Task,
    Verdicting,
)
from store.outbox_rows import COUNTED, letter_is_due
from store.rows import any_of, columns, core
from store.unit import Glance, Unit
from store.worklist import message_is

FREED_AT_ONCE = 5
"""Attempts after which a letter whose process died is no longer freed at once: a resident waits, but gets it no tenth time."""


def cases_of_messages(glance: Glance, message_ids: Collection[int]) -> dict[int, int | None]:
    """Return the case that each message came to, if any."""
    if not message_ids:
        return {}
    return dict(glance.all(_came_to_cases(), {"ids": list(message_ids)}))


@cache
def _came_to_cases() -> Select[Any]:
    message = columns(Message)
    return select(message.id, message.case_id).where(message.id.in_(any_of("ids")))


def letters_lately(glance: Glance, recipients: Sequence[str], since: datetime) -> dict[str, list[tuple[datetime, str]]]:
    """Return for each recipient when machines wrote letters since then, and the subject of the message each answered."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    if recipients:
        for recipient, at, subject in glance.all(_lately(), {"recipients": list(recipients), "since": since}):
            found.setdefault(recipient, []).append((at, subject or ""))
    return found


@cache
def _lately() -> Select[Any]:
    return _machines_letters().where(columns(OutboxEntry).recipient.in_(any_of("recipients")))


@cache
def _machines_letters() -> Select[Any]:
    letter, message = columns(OutboxEntry), columns(Message)
    joined = core(OutboxEntry).join(core(Message), message.id == letter.message_id)
    lately = letter.created_at >= bindparam("since", type_=letter.created_at.type)
    # What people write is no loop: it never holds back an acknowledgement.
    by_machine = letter.automatic.is_(True), letter.state.in_(COUNTED)
    return select(letter.recipient, letter.created_at, message.subject).select_from(joined).where(lately, *by_machine)


def letters_to_mailbox(glance: Glance, mailbox: str, since: datetime) -> list[tuple[datetime, str]]:
    """Return the same of a mailbox under all its names: its own, and those with a tag after a ``+``."""
    local, _, domain = mailbox.rpartition("@")
    letter = columns(OutboxEntry)
    tagged = and_(
        letter.recipient.startswith(f"{local}+", autoescape=True), letter.recipient.endswith(f"@{domain}", autoescape=True)
    )
    rows = glance.all(_machines_letters().where(or_(letter.recipient == mailbox, tagged)), {"since": since})
    return [(at, subject or "") for _recipient, at, subject in rows]


def letters_newest(glance: Glance, since: datetime) -> list[str]:
    """Return to whom machines wrote by mail since then, of all letters only the newest two thousand."""
    rows = glance.all(_newest(), {"mail": MAIL})
    return [row.recipient for row in rows if row.by_mail and row.created_at >= since and row.state in COUNTED]


@cache
def _newest() -> Select[Any]:
    letter = columns(OutboxEntry)
    by_mail = and_(letter.automatic.is_(True), letter.way == bindparam("mail"), letter.recipient.is_not(None))
    newest = select(letter.recipient, letter.created_at, letter.state, by_mail.label("by_mail"))
    # Whatever is there, no more rows than these are read.
    return newest.order_by(letter.id.desc()).limit(2_000)


def tasks_since(glance: Glance, kind: str, since: datetime) -> int:
    """Count the tasks of a kind opened since then."""
    return int(glance.run(_opened_since(), {"kind": kind, "since": since}).scalar_one())


@cache
def _opened_since() -> Select[Any]:
    task = columns(Task)
    wanted = task.kind == bindparam("kind"), task.opened_at >= bindparam("since", type_=task.opened_at.type)
    return select(func.count()).select_from(core(Task)).where(*wanted)


def reasons_since(glance: Glance, kind: str, since: datetime, at_most: int) -> list[str]:
    """Return why the tasks of a kind opened since then were needed, latest first."""
    task = columns(Task)
    wanted = task.kind == kind, task.opened_at >= since
    return [why for (why,) in glance.all(select(task.why).where(*wanted).order_by(task.opened_at.desc()).limit(at_most))]


def cases_by_ids(glance: Glance, case_ids: Collection[int]) -> dict[int, Case]:
    """Return the cases by their ids."""
    return {case.id: case for case in glance.find(Case, id=sorted(set(case_ids))) if case.id is not None}


def letter_by_header_id(glance: Glance, header_id: str) -> OutboxEntry | None:
    """Return the letter that carries this Message-ID."""
    found = glance.find(OutboxEntry, header_id=header_id)
    return found[0] if found else None


def letters_to(glance: Glance, recipient: str, since: datetime) -> list[OutboxEntry]:
    """Return the letters written to an address since then that went, or may have gone; three at the most, latest first."""
    letter = columns(OutboxEntry)
    gone = letter.state.in_((OutboxState.SENT, OutboxState.UNCERTAIN)), letter.created_at >= since
    statement = select(core(OutboxEntry)).where(letter.recipient == recipient, *gone)
    return glance.models(OutboxEntry, statement.order_by(letter.created_at.desc()).limit(3))


def bounced_lately(glance: Glance, recipients: Sequence[str], since: datetime) -> dict[str, datetime]:
    """Return when mail to each of these addresses last came back since then because nobody is there."""
    if not recipients:
        return {}
    rows = glance.all(_bounced(), {"recipients": list(recipients), "since": since})
    return {row.recipient: row.latest for row in rows}


@cache
def _bounced() -> Select[Any]:
    letter = columns(OutboxEntry)
    lately = letter.progress_at >= bindparam("since", type_=letter.progress_at.type)
    wanted = letter.recipient.in_(any_of("recipients")), letter.way == "mail", letter.progress == "failed", lately
    return select(letter.recipient, func.max(letter.progress_at).label("latest")).where(*wanted).group_by(letter.recipient)


def first_message(glance: Glance, case_id: int) -> Message | None:
    """Return the message that opened the case; of several read as one, it is the one that holds the words of all."""
    found = glance.find(Message, case_id=case_id)
    # By chat a part may have come in before the one that it was read with.
    return min(found, key=lambda one: one.disposition is not Disposition.CASE, default=None)


def latest_verdicting(glance: Glance, message_id: int) -> Verdicting | None:
    """Return the last judgement of a message that stands, by whomever."""
    found = glance.find(Verdicting, message_id=message_id, undone_at=None)
    return found[-1] if found else None


def open_rules(glance: Glance, case_id: int) -> set[str]:
    """Return the rules whose deadlines already stand on the case, met or running."""
    return set(glance.run(_standing_rules(), {"case_id": case_id}).scalars())


@cache
def _standing_rules() -> Select[Any]:
    deadline = columns(Deadline)
    return select(deadline.rule).where(deadline.case_id == bindparam("case_id"), deadline.superseded_at.is_(None))


def acknowledged(unit: Unit, times: Sequence[tuple[int, datetime]]) -> None:
    """Note on cases when their acknowledgement went, and meet its deadline: case ids with times; an earlier note stands."""
    if times:
        rows = [{"known_case": case_id, "at": at} for case_id, at in times]
        unit.run(_acknowledgement(), rows)
        unit.run(_acknowledgement_met(), rows)


def not_acknowledged(unit: Unit, case_id: int, at: datetime) -> bool:
    """Take back that a letter of this time acknowledged the case, for it did not arrive; its deadline runs again."""
    case, deadline = columns(Case), columns(Deadline)
    met = deadline.case_id == case_id, deadline.rule == "acknowledge_1", deadline.met_at == at
    unit.run(update(core(Deadline)).where(*met).values(met_at=None))
    noted = case.id == case_id, case.acknowledged_at == at
    return unit.run(update(core(Case)).where(*noted).values(acknowledged_at=None)).rowcount > 0


@cache
def _acknowledgement() -> Update:
    case = columns(Case)
    unnoted = case.id == bindparam("known_case"), case.acknowledged_at.is_(None)
    return update(core(Case)).where(*unnoted).values(acknowledged_at=bindparam("at"))


@cache
def _acknowledgement_met() -> Update:
    deadline = columns(Deadline)
    # Stage 2 has an acknowledgement of its own: a late letter of stage 1 says nothing of it.
    wanted = deadline.case_id == bindparam("known_case"), deadline.rule == "acknowledge_1", *open_deadline()
    return update(core(Deadline)).where(*wanted).values(met_at=bindparam("at"))


def unsent_letters(glance: Glance, kinds: Collection[str], before: datetime, limit: int = 500) -> list[OutboxEntry]:
    """Return letters of these kinds written before then which have still not gone and for which no task stands open."""
    letter, task = columns(OutboxEntry), columns(Task)
    told = select(task.id).where(task.case_id == letter.case_id, task.kind == "undelivered_letter", task.closed_at.is_(None))
    wanted = letter_is_due(), letter.created_at < before, letter.kind.in_(list(kinds)), ~told.exists()
    return glance.models(OutboxEntry, select(core(OutboxEntry)).where(*wanted).order_by(letter.created_at).limit(limit))


def came_to(glance: Glance, message_ids: Collection[int]) -> dict[str, int]:
    """Count what these messages came to; those nobody has settled yet are left out."""
    message = columns(Message)
    wanted = message.id.in_(list(message_ids)), message.disposition.is_not(None)
    rows = glance.all(select(message.disposition, func.count().label("number")).where(*wanted).group_by(message.disposition))
    return {str(row.disposition): row.number for row in rows}


def open_task_kinds(glance: Glance, case_id: int) -> set[str]:
    """Return the kinds of the tasks that wait on the case."""
    return set(glance.run(_open_tasks(), {"case_id": case_id}).scalars())


@cache
def _open_tasks() -> Select[Any]:
    task = columns(Task)
    return select(task.kind).where(task.case_id == bindparam("case_id"), task.closed_at.is_(None))


def letter_kinds(glance: Glance, case_id: int) -> set[str]:
    """Return the kinds of letter that stand on the case, whatever became of them; one whose act was undone stands no more."""
    return set(glance.run(_written_kinds(), {"case_id": case_id}).scalars())


@cache
def _written_kinds() -> Select[Any]:
    letter = columns(OutboxEntry)
    return select(letter.kind).where(letter.case_id == bindparam("case_id"), _stands())


def _stands() -> ColumnElement[bool]:
    """Return the condition under which a letter was not called back by whoever had it written."""
    rule = columns(OutboxEntry).rule
    return or_(rule.is_(None), rule != "undone")


def unconfirmed(glance: Glance, rule: str, before: datetime, limit: int = 500) -> list[NearDeadline]:
    """Return open deadlines of this rule before then, of logged complaints for which no acknowledgement was ever written.

    A case with a suppressed letter is left out: a task says so already, and no machine may write to it. So is one that a
    person decided to be no complaint.
    """
    deadline, case, letter = columns(Deadline), columns(Case), columns(OutboxEntry)
    told = or_(letter.kind == "complaint_acknowledged", letter.state == OutboxState.SUPPRESSED)
    written = select(letter.id).where(letter.case_id == case.id, told, _stands())
    statement = select(deadline.id.label("deadline_id"), deadline.case_id, case.reference, deadline.due_at)
    statement = statement.select_from(core(Deadline).join(core(Case), case.id == deadline.case_id))
    stands = case.status == CaseStatus.OPEN, case.category == "complaint"
    wanted = deadline.rule == rule, deadline.due_at < before, *open_deadline(), *stands
    rows = glance.run(statement.where(*wanted, ~written.exists()).order_by(deadline.due_at).limit(limit)).mappings()
    return [NearDeadline(**row) for row in rows]


def free_messages(unit: Unit, now: datetime) -> int:
    """Free the messages that a process which is gone had claimed; only where nobody else can hold any; return how many."""
    message = columns(Message)
    wanted = message_is(MessageState.WAITING), message.lease.is_not(None)
    return unit.run(update(core(Message)).where(*wanted).values(lease=None, due_at=now)).rowcount


def free_letters(unit: Unit, now: datetime) -> int:
    """Free the letters that a process which is gone had claimed; only where nobody else can hold any; return how many.

    One that was taken up often waits for its lease, or a process that dies at every letter would repeat it for ever.
    """
    letter = columns(OutboxEntry)
    wanted = letter_is_due(), letter.lease.is_not(None), letter.attempts <= FREED_AT_ONCE
    return unit.run(update(core(OutboxEntry)).where(*wanted).values(lease=None, next_at=now)).rowcount
