"""The tables of chat: conversations, files fetched from platforms, questions put to residents, who is whom.

They only keep, like those of ``store.models``. A conversation is known by the identity of whoever writes in it
(``telegram:housing-bot:12345``), which also stands wherever a mail address can stand.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary, Text
from sqlmodel import Field

from store.tables import Table, partial_index
from store.types import UTCDateTime


class Conversation(Table, table=True):
    """One person's chat with one account of ours: when they last wrote there, and whether we may write back."""

    __tablename__ = "conversation"
    identity: str = Field(primary_key=True)
    heard_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_why: str | None = None
    case_id: int | None = Field(default=None, foreign_key="case_file.id")
    spoke_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MediaFile(Table, table=True):
    """A file of a chat message, which its platform holds for us for a while; its bytes are in ``MediaContent``."""

    __tablename__ = "media_file"
    __table_args__ = (partial_index("ix_media_file_due", "next_at", "id", where="state = 'waiting'"),)
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    number: int
    way: str
    reference: str = Field(sa_column=Column(Text, nullable=False))
    name: str | None = None
    type: str | None = None
    said_size: int | None = Field(default=None, sa_type=BigInteger)  # platforms tell of files of 4 GB
    state: str = "waiting"  # waiting, kept, or missing
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    problem: str | None = Field(default=None, sa_column=Column(Text))
    attempts: int = 0
    next_at: datetime = Field(sa_type=UTCDateTime)
    lease: str | None = None
    kept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MediaContent(Table, table=True):
    """The bytes of a fetched file, never changed."""

    __tablename__ = "media_content"
    media_id: int = Field(primary_key=True, foreign_key="media_file.id")
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LetterPart(Table, table=True):
    """One of the messages that a letter went in, by the id that its receipts name; ``progress`` is what was said of it last."""

    __tablename__ = "letter_part"
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="outbox.id", index=True)
    way: str
    provider_id: str = Field(index=True)
    is_last: bool = True
    progress: str | None = None


class Question(Table, table=True):
    """A question that was put to a resident, once: ``kind`` is ``category`` or ``details``."""

    __tablename__ = "question"
    id: int | None = Field(default=None, primary_key=True)
    conversation: str = Field(index=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    message_id: int = Field(foreign_key="message.id")
    kind: str
    asked_at: datetime = Field(sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer: str | None = None
    answered_by: int | None = Field(default=None, foreign_key="message.id")


class IdentityLink(Table, table=True):
    """Two addresses or identities that are one resident, who said so and how it was shown; undone, it stands as history."""

    __tablename__ = "identity_link"
    id: int | None = Field(default=None, primary_key=True)
    first: str = Field(index=True)
    second: str = Field(index=True)
    linked_at: datetime = Field(sa_type=UTCDateTime)
    by: str
    how: str  # staff, or proof: the resident opened a signed link that we sent to the other address
    why: str = Field(sa_column=Column(Text, nullable=False))
    case_id: int | None = Field(
        default=None, foreign_key="case_file.id"
    )  # where a colleague found it: it may be closed to others
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_by: str | None = None
    undone_why: str | None = Field(default=None, sa_column=Column(Text))
