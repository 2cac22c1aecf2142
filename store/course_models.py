"""What happens to a complaint between its acknowledgement and its end: stages, answers, actions, remedies, refusals, orders.

These tables only keep; every change of them is told by an event of the case. Dates are Europe/London, times aware UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.states import Stage
from store.tables import Table, json_field, json_perhaps, partial_index
from store.types import UTCDateTime, str_enum


def _words() -> Any:
    return Field(sa_column=Column(Text, nullable=False))


def _perhaps() -> Any:
    return Field(default=None, sa_column=Column(Text))


class StageRecord(Table, table=True):
    """A stage of a complaint: since when it runs, who asked for it, for which points (none: for all), how it went."""

    __tablename__ = "stage_record"
    __table_args__ = (UniqueConstraint("case_id", "stage"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    stage: Stage = Field(sa_type=str_enum(Stage))
    received_at: datetime = Field(sa_type=UTCDateTime)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    points: list[int] = json_field(list)
    disagreement: str | None = _perhaps()
    begun_at: datetime = Field(sa_type=UTCDateTime)
    begun_by: str
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)  # the request; the clock may run from later
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    defined_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_by: str | None = None


class StageWork(Table, table=True):
    """Who decided, wrote or had a complaint at a stage: never the same person at both (Code 6.13)."""

    __tablename__ = "stage_work"
    __table_args__ = (UniqueConstraint("case_id", "stage", "username"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    stage: Stage = Field(sa_type=str_enum(Stage))
    username: str = Field(index=True)
    what: str
    at: datetime = Field(sa_type=UTCDateTime)


class Contributor(Table, table=True):
    """A colleague who was asked for a part of a stage's answer, and when they said that it is right (Code 6.20)."""

    __tablename__ = "contributor"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    username: str
    part: str = _words()
    asked_by: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    due_on: date
    task_id: int | None = Field(default=None, foreign_key="task.id")
    signed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    signed_words: str | None = _perhaps()


class Answer(Table, table=True):
    """The answer of one stage, being written or sent; ``points`` hold finding, reasons and reference of each (Code 6.7)."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("case_id", "stage"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    stage: Stage = Field(sa_type=str_enum(Stage))
    version: int = 1
    points: list[dict[str, Any]] = json_field(list)
    decision: str = _words()
    declared: str | None = _perhaps()  # what the writer declared of interests of their own (Code 5.8)
    evidence: list[str] = json_field(list)
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    signed_by: str | None = None
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")
    issued_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    account: str | None = _perhaps()  # when and how the resident could give their side (Code 5.8)


class Action(Table, table=True):
    """Something that was promised, who does it and by when; it lives on after the answer (Code 6.6)."""

    __tablename__ = "action"
    __table_args__ = (partial_index("ix_action_open", "due_on", "case_id", where="done_at IS NULL AND dropped_at IS NULL"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    what: str = _words()
    owner: str
    due_on: date
    set_at: datetime = Field(sa_type=UTCDateTime)
    set_by: str
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by: str | None = None
    outcome: str | None = _perhaps()
    dropped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    dropped_by: str | None = None
    dropped_why: str | None = _perhaps()
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    raised_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    agreed: bool | None = None
    agreed_how: str | None = _perhaps()  # when and how it was agreed with the resident, or why it was not


class Remedy(Table, table=True):
    """What puts things right, of one of eight kinds, with the impact that it answers (Code 7.1 to 7.3)."""

    __tablename__ = "remedy"
    __table_args__ = (partial_index("ix_remedy_open", "due_on", "case_id", where="done_at IS NULL AND withdrawn_at IS NULL"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    kind: str
    impact: str = _words()
    what: str = _words()
    pence: int | None = Field(default=None, sa_type=BigInteger)
    due_on: date | None = None
    offered_at: datetime = Field(sa_type=UTCDateTime)
    by: str
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_why: str | None = _perhaps()
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    raised_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    points: list[dict[str, Any]] | None = json_perhaps()  # number and words of the points that it puts right; none: all


class Extension(Table, table=True):
    """A later date for an answer: why, who decided, how often the resident hears from us meanwhile (Code 6.4, 5.9).

    One beyond the limit is ``proposed`` until a second person lets it stand; ``told_at`` is when its letter left.
    """

    __tablename__ = "extension"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    deadline_id: int = Field(foreign_key="deadline.id")
    state: str  # proposed, stands, sent_back, lapsed
    old_due_on: date
    new_due_on: date
    reason: str = _words()
    second_reason: str | None = _perhaps()
    can_say: str | None = _perhaps()  # what can be answered already
    by: str
    approved_by: str | None = None
    at: datetime = Field(sa_type=UTCDateTime)
    every_days: int
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    findings: list[dict[str, Any]] | None = json_perhaps()  # points that are answered in its letter already


class ProgressUpdate(Table, table=True):
    """An update that the resident was promised while a complaint is outside its time, and when it went (Code 5.9)."""

    __tablename__ = "progress_update"
    __table_args__ = (
        partial_index("ix_progress_update_owed", "due_on", "case_id", where="sent_at IS NULL AND ended_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    due_on: date
    every_days: int
    set_at: datetime = Field(sa_type=UTCDateTime)
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_by: str | None = None
    missed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Refusal(Table, table=True):
    """A complaint, or its second stage, that people did not take on: the ground, the reasons, the evidence, two people (Code 2)."""

    __tablename__ = "refusal"
    __table_args__ = (Index("ix_refusal_reasons_key", "reasons_key"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    stage: Stage = Field(sa_type=str_enum(Stage))
    ground: str
    reasons: str = _words()
    reasons_key: str
    evidence: str = _words()
    facts: dict[str, Any] = json_field(dict)  # what the ground itself asks for: a court's reference, a date
    state: str  # proposed, refused, sent_back, withdrawn, reopened
    proposed_by: str
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    checked_by: str | None = None
    checked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    checked_why: str | None = _perhaps()
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")


class Discretion(Table, table=True):
    """What was decided about a complaint of something over twelve months old, either way, and why (Code 2.3)."""

    __tablename__ = "discretion"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    occurred_on: date
    aware_on: date
    taken_on: bool
    reasons: str = _words()
    by: str
    at: datetime = Field(sa_type=UTCDateTime)


class OmbudsmanOrder(Table, table=True):
    """What an ombudsman told the landlord about a case: to take it on, or what to do by when."""

    __tablename__ = "ombudsman_order"
    __table_args__ = (Index("ix_ombudsman_order_due_on", "due_on"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    office: str
    kind: str
    told_on: date
    what: str = _words()
    due_on: date | None = None
    task_id: int | None = Field(default=None, foreign_key="task.id")
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by: str | None = None
    outcome: str | None = _perhaps()


class Breach(Table, table=True):
    """A deadline that passed unmet: noticed once, with the cause that a person gives it (policy 4.3.4)."""

    __tablename__ = "breach"
    __table_args__ = (UniqueConstraint("deadline_id"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    deadline_id: int = Field(foreign_key="deadline.id")
    rule: str
    due_on: date
    noticed_at: datetime = Field(sa_type=UTCDateTime)
    task_id: int | None = Field(default=None, foreign_key="task.id")
    cause_kind: str | None = None
    cause: str | None = _perhaps()
    cause_by: str | None = None
    cause_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Warned(Table, table=True):
    """A warning that a deadline nears, given once for each step and reader, so that none is silent and none is repeated.

    It ends, and its task with it, when the deadline is met or replaced.
    """

    __tablename__ = "warned"
    __table_args__ = (
        UniqueConstraint("deadline_id", "step"),
        partial_index("ix_warned_open", "deadline_id", where="ended_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    deadline_id: int = Field(foreign_key="deadline.id")
    step: str
    whom: str
    at: datetime = Field(sa_type=UTCDateTime)
    task_id: int | None = Field(default=None, foreign_key="task.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
