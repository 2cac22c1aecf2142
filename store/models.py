"""The tables. They only keep: nothing here validates, decides or reads a clock.

Times are aware UTC. JSON columns hold plain lists and objects. ``Message`` is one arrival; what the arrival came to is
its ``disposition``. A ``Case`` is opened for every message that a person could have written, so each has a reference.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from store.door_models import Contact, MailboxPosition
from store.states import CaseStatus, Disposition, MessageState, OutboxState, Stage
from store.tables import Table, json_field, partial_index
from store.types import UTCDateTime, str_enum

__all__ = [
    "Case",
    "CaseEvent",
    "CaseStatus",
    "Contact",
    "Deadline",
    "Disposition",
    "MailboxPosition",
    "Message",
    "MessageState",
    "Original",
    "OutboxEntry",
    "OutboxState",
    "Party",
    "RawContent",
    "Stage",
    "Table",
    "Task",
    "Verdicting",
]


class Message(Table, table=True):
    """One arrival, unique by ``(channel, account, external_id)``; its bytes are in ``RawContent``."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id"),
        partial_index("ix_message_came_to", "disposition", where="state = 'handled'"),
        partial_index("ix_message_due", "due_at", "id", where="state = 'waiting'"),
        partial_index("ix_message_shunted", "received_at", where="state = 'shunted'"),
        partial_index("ix_message_talk", "conversation", "id", where="conversation IS NOT NULL"),
        partial_index("ix_message_unscanned", "id", where="files_scanned_at IS NULL AND state <> 'waiting'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    account: str
    external_id: str
    media_type: str
    received_at: datetime = Field(sa_type=UTCDateTime)
    accepted_at: datetime = Field(sa_type=UTCDateTime)
    raw_sha256: str = Field(index=True)
    raw_size: int
    mail_from: str | None = None
    rcpt_to: list[str] = json_field(list)
    peer: str | None = None
    folder: str | None = None
    uidvalidity: int | None = Field(default=None, sa_type=BigInteger)  # both are unsigned 32-bit numbers (RFC 3501)
    uid: int | None = Field(default=None, sa_type=BigInteger)
    state: MessageState = Field(default=MessageState.WAITING, sa_type=str_enum(MessageState))
    due_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    lease: str | None = None
    problem: str | None = Field(default=None, sa_column=Column(Text))
    disposition: Disposition | None = Field(default=None, sa_type=str_enum(Disposition))
    disposition_why: str | None = None
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    duplicate_of: int | None = Field(default=None, foreign_key="message.id")
    sender_address: str | None = None
    sender_name: str | None = None
    header_id: str | None = Field(default=None, index=True)
    subject: str | None = None
    new_text: str | None = Field(default=None, sa_column=Column(Text))
    repeat_key: str | None = Field(default=None, index=True)
    automatic: str | None = None
    trust: str | None = None
    attachment_names: list[str] = json_field(list)
    reading_problems: list[str] = json_field(list)
    conversation: str | None = None  # by chat: the identity whose messages in a row belong together
    act: str | None = None  # by chat: what the update is (``intake.chat.Act``)
    about: str | None = None  # by chat: the platform's id of the message that an edit, a withdrawal or a receipt is about
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    quiet_until: datetime | None = Field(default=None, sa_type=UTCDateTime)  # by chat: more words may come until then
    files_scanned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RawContent(Table, table=True):
    """The bytes of an arrival, never changed; apart from ``Message`` so that lists stay small."""

    __tablename__ = "raw_content"
    message_id: int = Field(primary_key=True, foreign_key="message.id")
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Original(Table, table=True):
    """Which arrival was first with this content: the database key that makes a second route harmless."""

    __tablename__ = "original"
    content_key: str = Field(primary_key=True)
    message_id: int = Field(foreign_key="message.id")


class Case(Table, table=True):
    """A matter that a resident brought, under one reference."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_status_received", "status", "received_at"),
        partial_index("ix_case_file_restricted", "id", where="restricted"),
        partial_index("ix_case_file_open", "id", "assigned_to", where="status <> 'closed'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    status: CaseStatus = Field(sa_type=str_enum(CaseStatus))
    category: str | None = None
    also: list[str] = json_field(list)
    reason: str | None = None
    flags: list[str] = json_field(list)
    stage: Stage | None = Field(default=None, sa_type=str_enum(Stage))
    team: str
    resident_name: str | None = None
    resident_address: str | None = None
    resident_phone: str | None = None
    home: str | None = None
    channel_kind: str
    subject: str
    received_at: datetime = Field(sa_type=UTCDateTime)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    logged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    defined_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    definition: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    definition_version: int = 0
    assigned_to: str | None = Field(default=None, index=True)
    restricted: bool = False
    looked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    looked_by: str | None = None
    related_case_id: int | None = Field(default=None, foreign_key="case_file.id")
    complexity: str | None = None
    vulnerability: str | None = None
    risk: str | None = None
    complainant_kind: str | None = None
    lived_until: date | None = None  # of former residents, and when what they complain of happened
    matter_on: date | None = None
    retention: str | None = None  # the class that says how long it is kept, where it is not the ordinary one
    events: int = 0
    head_hash: str = ""


class Party(Table, table=True):
    """Who belongs to a case: only their messages may join it (promise 8)."""

    __tablename__ = "party"
    __table_args__ = (UniqueConstraint("case_id", "address"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    address: str = Field(index=True)
    name: str | None = None
    role: str


class Verdicting(Table, table=True):
    """A judgement of a message, by the machine or by a person, never overwritten."""

    __tablename__ = "verdicting"
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    model: str | None = None
    input_sha256: str
    category: str
    also: list[str] = json_field(list)
    flags: list[str] = json_field(list)
    reason: str | None = None
    confidence: float | None = None
    scores: dict[str, float] = json_field(dict)
    route: str
    why: str = Field(sa_column=Column(Text, nullable=False))
    evidence: list[dict[str, Any]] = json_field(list)
    language: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Deadline(Table, table=True):
    """A date by which something is owed, with the rule, the calendar's version and the arithmetic it came from."""

    __tablename__ = "deadline"
    __table_args__ = (
        partial_index("ix_deadline_open", "due_at", where="met_at IS NULL AND superseded_at IS NULL"),
        partial_index("ix_deadline_met_late", "due_at", where="met_at > due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    rule: str
    provision: str
    due_on: date
    due_at: datetime = Field(sa_type=UTCDateTime)
    counted_from: date
    counted: list[str] = Field(sa_column=Column(JSON, nullable=False))
    calendar: str
    set_at: datetime = Field(sa_type=UTCDateTime)
    met_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Task(Table, table=True):
    """Something that waits for a person."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_kind_opened", "kind", "opened_at"),
        # The queue's own order, and all that is asked of a task there: a page ends after its rows, counts stay in the index.
        partial_index(
            "ix_task_open", "danger", "due_at", "id", "kind", "team", "assigned_to", "case_id", where="closed_at IS NULL"
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    team: str
    why: str = Field(sa_column=Column(Text, nullable=False))
    danger: bool = False
    assigned_to: str | None = None
    opened_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = None
    outcome: str | None = None


class OutboxEntry(Table, table=True):
    """One letter to one address, written in the transaction that decided it; unique per case, kind and message."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "message_id"),
        Index("ix_outbox_recipient", "recipient", "created_at"),
        Index("ix_outbox_created", "created_at"),
        partial_index("ix_outbox_due", "next_at", "id", where="state = 'due'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int = Field(foreign_key="message.id")
    kind: str
    template: str
    way: str
    recipient: str | None = None
    subject: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    html: str | None = Field(default=None, sa_column=Column(Text))
    header_id: str = Field(unique=True)
    in_reply_to: str | None = None
    references: list[str] = json_field(list)
    automatic: bool = True
    state: OutboxState = Field(sa_type=str_enum(OutboxState))
    rule: str | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    lease: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer: str | None = Field(default=None, sa_column=Column(Text))
    short: str | None = Field(default=None, sa_column=Column(Text))
    buttons: list[list[str]] = json_field(list)  # label and payload of each
    progress: str | None = None  # what the platform said last: sent, delivered, read or failed
    progress_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class CaseEvent(Table, table=True):
    """One change of a case: who, what, when, why; hash-chained per case (see ``store.chain``)."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        # What ended lately is asked for once a minute, among all that ever happened.
        partial_index("ix_case_event_closed", "at", "case_id", where="kind = 'closed'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    number: int
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    kind: str
    why: str = Field(sa_column=Column(Text, nullable=False))
    details: str = Field(sa_column=Column(Text, nullable=False))
    seals: str | None = Field(default=None, sa_column=Column(Text))  # of the rows written with it: see ``store.seals``
    previous_hash: str
    hash: str
