"""What the scanner said of residents' files: kept by what is in them, so that the same bytes are never scanned twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field

from store.states import FileState
from store.tables import Table
from store.types import UTCDateTime, str_enum


class FileScan(Table, table=True):
    """The scanner's word about bytes, by their SHA-256; bytes without a row were not scanned."""

    __tablename__ = "file_scan"
    sha256: str = Field(primary_key=True)
    state: FileState = Field(sa_type=str_enum(FileState))
    told: str = Field(sa_column=Column(Text, nullable=False))  # the signature's name, or why it could not be scanned
    engine: str
    at: datetime = Field(sa_type=UTCDateTime)
