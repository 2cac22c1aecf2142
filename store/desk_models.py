"""The tables of the people at the landlord: who they are, what they have open, and what they have just done.

They only keep, like those of ``store.models``. A person is named everywhere by ``username``, which is never given twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from store.tables import Table, json_field
from store.types import UTCDateTime


class Staff(Table, table=True):
    """A person who may sign in at the desk; ``issuer`` and ``subject`` name them to single sign-on (OpenID Connect Core 2)."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    name: str
    email: str | None = None
    roles: list[str] = json_field(list)
    teams: list[str] = json_field(list)
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_step: int | None = None  # the last time step used: a code is good once (RFC 6238 section 5.2)
    issuer: str | None = None
    subject: str | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    signed_in_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    away_from: date | None = None
    away_until: date | None = None
    preferences: dict[str, Any] = json_field(dict)


class StaffSession(Table, table=True):
    """One sign-in, known by the SHA-256 of its cookie's value; ended, it is worth nothing."""

    __tablename__ = "staff_session"
    id: int | None = Field(default=None, primary_key=True)
    token_sha256: str = Field(unique=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_why: str | None = None


class SavedView(Table, table=True):
    """A way to look at the queue that somebody gave a name; ``query`` is the address's query string."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    name: str
    query: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=UTCDateTime)


class Looking(Table, table=True):
    """Who has a case open, and since when it was last asked for; advice for colleagues, no lock."""

    __tablename__ = "looking"
    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    seen_at: datetime = Field(sa_type=UTCDateTime)


class CaseStaff(Table, table=True):
    """What a person is to a case beyond their role: let in to a restricted one, or never to be given it."""

    __tablename__ = "case_staff"
    __table_args__ = (UniqueConstraint("case_id", "username", "relation"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    username: str = Field(index=True)
    relation: str
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    why: str = Field(sa_column=Column(Text, nullable=False))


class CaseLink(Table, table=True):
    """Two cases that have to do with each other; kept once, read from both sides."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    other_id: int = Field(foreign_key="case_file.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    why: str = Field(sa_column=Column(Text, nullable=False))


class Note(Table, table=True):
    """What a colleague should know about a case; no resident is sent it, but a subject access request reaches it."""

    __tablename__ = "note"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    text: str = Field(sa_column=Column(Text, nullable=False))


class DraftLetter(Table, table=True):
    """A reply being written; ``version`` counts its saves, ``finished_at`` says when it went or was thrown away."""

    __tablename__ = "draft_letter"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int = Field(foreign_key="message.id")
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    version: int = 1
    way: str
    recipient: str | None = None
    subject: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str | None = None


class StaffAct(Table, table=True):
    """What a person just did to a case, and how it was before, so that it can be undone for a few seconds."""

    __tablename__ = "staff_act"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    by: str
    at: datetime = Field(sa_type=UTCDateTime)
    said: str = Field(sa_column=Column(Text, nullable=False))
    before: dict[str, Any] = json_field(dict)
    undo_until: datetime = Field(sa_type=UTCDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
