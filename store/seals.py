"""Rows under seal: what a letter said, a deadline was, a judgement held and a decision gave as its reasons cannot be changed unseen.

The hash of each such row stands in an event of its case, and events are chained: ``store.seal_check`` finds a byte that was
changed, an older state that was put back, a row taken out, doubled, moved to another case or put in past the program. Where
the program itself changes a row, an event of the same transaction takes the old seal away and sets the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from store.canonical import canonical
from store.course_models import (
    Action,
    Answer,
    Breach,
    Contributor,
    Discretion,
    Extension,
    OmbudsmanOrder,
    ProgressUpdate,
    Refusal,
    Remedy,
    StageRecord,
)
from store.desk_models import Note
from store.hazard_models import Hazard
from store.models import Deadline, Message, OutboxEntry, Table, Verdicting
from store.people_models import Adjustment, Authority, GroupMember, Restriction, SurveyStop
from store.rows import blank

SET, TAKEN = "+", "-"
HEX = 32
"""Hexadecimal digits of a seal: 128 bits of SHA-256."""

OF_MESSAGE = ("channel", "account", "external_id", "raw_sha256", "received_at")
_WHOLE: dict[type[Table], str] = {
    Action: "action",
    Adjustment: "adjustment",
    Answer: "answer",
    Authority: "authority",
    Breach: "breach",
    Contributor: "contribution",
    Discretion: "discretion",
    Extension: "extension",
    GroupMember: "group_member",
    Hazard: "hazard",
    OmbudsmanOrder: "order",
    ProgressUpdate: "update",
    Refusal: "refusal",
    Remedy: "remedy",
    Restriction: "restriction",
    StageRecord: "stage",
    SurveyStop: "survey_stop",
}
"""Rows that are sealed whole, each time that they change."""
_LEFT_OUT: dict[type[Table], tuple[str, ...]] = {Verdicting: ("case_id", "undone_at"), ProgressUpdate: ("ended_at",)}
"""Columns that are set on many rows at once: their events alone tell of them."""
SEALED: dict[type[Table], tuple[str, tuple[str, ...]]] = {
    Message: ("message", OF_MESSAGE),
    OutboxEntry: ("letter", ("kind", "template", "subject", "text", "html", "short", "created_at")),
    Deadline: (
        "deadline",
        ("rule", "provision", "due_on", "due_at", "counted_from", "counted", "calendar", "set_at"),
    ),
    Note: ("note", ("at", "by", "text")),
}
SEALED |= {
    table: (name, tuple(field for field in table.model_fields if field not in ("id", *_LEFT_OUT.get(table, ()))))
    for table, name in ({Verdicting: "judgement"} | _WHOLE).items()
}
"""What a seal is called, and the columns it covers."""


def seal_of(table: type[Table], row: Mapping[Any, Any], *, gone: bool = False) -> str:
    """Return the seal of a row, whole or about to be added: that it is set or taken away, what it is of, and the hash."""
    return f"{TAKEN if gone else SET}{SEALED[table][0]}:{digest_of(table, row)}"


def digest_of(table: type[Table], row: Mapping[Any, Any]) -> str:
    """Return the hash of what a seal covers of a row.

    What has its column's default is left out: so a column that is added later leaves the seals of older rows as they are.
    """
    name, covered = SEALED[table]
    usual = blank(table)
    values = {column: row[column] for column in covered if column in row and not _is_usual(usual, column, row[column])}
    return hashlib.sha256(canonical([name, values]).encode("ascii")).hexdigest()[:HEX]


def _is_usual(usual: Mapping[str, Any], column: str, value: Any) -> bool:
    return column in usual and usual[column] == (list(value) if isinstance(value, tuple) else value)
