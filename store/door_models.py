"""The tables of doors: how far mailboxes were read, when each channel was heard, what is wrong there, who alone polls an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field

from store.tables import Table
from store.types import UTCDateTime


class MailboxPosition(Table, table=True):
    """How far a mailbox folder was read, committed together with the message."""

    __tablename__ = "mailbox_position"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)


class Contact(Table, table=True):
    """When a channel was last heard, and its last error: a silent door is the worst fault there is."""

    __tablename__ = "contact"
    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    good_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str | None = Field(default=None, sa_column=Column(Text))


class RefusedRequests(Table, table=True):
    """How many requests at an account's webhook were not signed as they must be: a figure for the eye, and never an alarm."""

    __tablename__ = "refused_requests"
    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class Tally(Table, table=True):
    """How often a door came to an outcome: kept, again, answered for, refused and why. Counted apart from the messages."""

    __tablename__ = "tally"
    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)


class StandingTrouble(Table, table=True):
    """What somebody has to mend for a channel, such as a token that has run out; hearing from residents does not mend it."""

    __tablename__ = "standing_trouble"
    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    matter: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UTCDateTime)
    sentence: str = Field(sa_column=Column(Text, nullable=False))


class Hold(Table, table=True):
    """Who alone may poll an account, and until when unless they ask again."""

    __tablename__ = "hold"
    account: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_type=UTCDateTime)
