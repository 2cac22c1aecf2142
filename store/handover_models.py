"""Requests and reports handed to the teams that do the work, and what they said of them since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text
from sqlmodel import Field

from store.tables import Table, json_field, partial_index
from store.types import UTCDateTime


class Handover(Table, table=True):
    """A case on its way to a partner or with it; ``token`` and ``external_id`` are what its system calls it (Open311 GeoReport v2)."""

    __tablename__ = "handover"
    __table_args__ = (
        partial_index("ix_handover_due", "next_at", "id", where="next_at IS NOT NULL"),
        partial_index("ix_handover_chase", "chase_at", "id", where="chase_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    partner: str
    way: str  # mail, csv, open311
    state: str  # due, waits_for_id, with_partner, done, failed, taken_back
    key: str = Field(unique=True)  # ours, so that one case is never handed over twice to one partner for one message
    summary: dict[str, Any] = json_field(dict)
    made_at: datetime = Field(sa_type=UTCDateTime)
    by: str
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    chase_at: datetime | None = Field(default=None, sa_type=UTCDateTime)  # when to ask after it, where nothing is heard
    attempts: int = 0
    unsure: int = 0  # how often it was taken up and nothing of what came of it was written down
    lease: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    token: str | None = None
    external_id: str | None = Field(default=None, index=True)
    heard_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    status: str | None = None
    error: str | None = Field(default=None, sa_column=Column(Text))
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HandoverNews(Table, table=True):
    """What a partner said about a case that it has: a status and perhaps words, each once."""

    __tablename__ = "handover_news"
    id: int | None = Field(default=None, primary_key=True)
    handover_id: int = Field(foreign_key="handover.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    status: str
    words: str | None = Field(default=None, sa_column=Column(Text))
