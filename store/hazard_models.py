"""Hazards in homes and how each was dealt with in the time the law gives (SI 2025/1042, Awaab's Law); unsafe buildings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from store.tables import Table, json_field, partial_index
from store.types import UTCDateTime


class Hazard(Table, table=True):
    """A hazard that a message told of: a person's assessment, and when each duty was done; a change of it replaces the row.

    ``clocks`` are its own deadlines by rule, for a case may have several hazards; ``letter_id`` is its latest summary.
    """

    __tablename__ = "hazard"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    kind: str
    level: str  # emergency, significant, none, outside
    tenure: str  # tenant, not_tenant, unknown
    reasons: str = Field(sa_column=Column(Text, nullable=False))
    aware_at: datetime = Field(sa_type=UTCDateTime)
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    clocks: dict[str, int] = json_field(dict)
    investigated_on: date | None = None
    found: str | None = Field(default=None, sa_column=Column(Text))
    summary_sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    safe_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    begun_on: date | None = None
    moved_out_on: date | None = None
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    replaced_by: int | None = Field(default=None, foreign_key="hazard.id")


class Page(Table, table=True):
    """A call to the duty officer about somebody in danger: sent, and whether anybody said that they have it."""

    __tablename__ = "duty_page"
    __table_args__ = (
        UniqueConstraint("case_id", "message_id"),
        partial_index("ix_duty_page_due", "due_at", "id", where="taken_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    words: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    lease: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer: str | None = None
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    taken_by: str | None = None


class BuildingConcern(Table, table=True):
    """That a case is about the safety of a building, which one and in which way: so that what comes again is seen (s.93)."""

    __tablename__ = "building_concern"
    __table_args__ = (UniqueConstraint("case_id", "building", "limb"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    building: str = Field(index=True)  # the register's own name; empty where it is not in the register
    limb: str  # fire, structure, person; empty where nobody said yet
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
