"""What is agreed with and about residents themselves: adjustments, restrictions, groups, and who may speak for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from store.tables import Table, json_field, partial_index
from store.types import UTCDateTime


def _words() -> Any:
    return Field(sa_column=Column(Text, nullable=False))


def _perhaps() -> Any:
    return Field(default=None, sa_column=Column(Text))


class Adjustment(Table, table=True):
    """A reasonable adjustment agreed with somebody, known by their address, and when it is looked at again (Code 5.10).

    ``disability`` is what they disclosed: special category data, shown to those who need it alone.
    """

    __tablename__ = "adjustment"
    __table_args__ = (partial_index("ix_adjustment_review", "review_on", where="ended_at IS NULL"),)
    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(index=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    kind: str
    words: str = _words()
    disability: str | None = _perhaps()
    agreed_on: date
    agreed_with: str
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    review_on: date
    reviewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reviewed_by: str | None = None
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str | None = None
    ended_why: str | None = _perhaps()


class Restriction(Table, table=True):
    """A limit on how somebody may be in touch: incidents, reasons, proportion, Equality Act, review, end (Code 5.14, 5.15)."""

    __tablename__ = "restriction"
    __table_args__ = (partial_index("ix_restriction_review", "review_on", "ends_on", where="state = 'active'"),)
    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(index=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    kind: str
    state: str  # proposed, active, sent_back, lifted, ended
    incidents: list[dict[str, Any]] = json_field(list)
    reasons: str = _words()
    proportion: str = _words()
    equality: str = _words()
    starts_on: date
    review_on: date
    ends_on: date
    proposed_by: str
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str | None = None
    ended_why: str | None = _perhaps()
    letter_id: int | None = Field(default=None, foreign_key="outbox.id")


class GroupMember(Table, table=True):
    """One of several people who complain together; members are never named to one another (policy 2.7, 6.1, 6.2)."""

    __tablename__ = "group_member"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    name: str
    address: str | None = None
    home: str | None = None
    is_lead: bool = False
    permission: str  # given, asked, refused
    added_at: datetime = Field(sa_type=UTCDateTime)
    added_by: str
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    moved_to: int | None = Field(default=None, foreign_key="case_file.id")


class Authority(Table, table=True):
    """Whether somebody may speak for the resident of a case, since when and on what evidence (Code 3.6, policy 2.8)."""

    __tablename__ = "authority"
    __table_args__ = (UniqueConstraint("case_id", "address"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    address: str
    kind: str
    state: str  # wanted, asked, held, not_needed, refused
    evidence: str | None = _perhaps()
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    by: str
    at: datetime = Field(sa_type=UTCDateTime)


class SurveyStop(Table, table=True):
    """Somebody, known by their address, who is to be invited to no survey, since when and by whose word (policy 10.2)."""

    __tablename__ = "survey_stop"
    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(index=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str | None = None
