"""Rows under seal: what a letter said, a deadline was, a judgement held and a decision gave as its reasons cannot be changed unseen.

The hash of each such row stands in an event of its case, and events are chained: ``store.seal_check`` finds a byte that was
changed, a row that was taken out, and one that was put in past the program. A row that the program itself changes is
sealed again in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from store.canonical import canonical
from store.course_models import Answer, Discretion, Extension, OmbudsmanOrder, Refusal, Remedy
from store.desk_models import Note
from store.models import Deadline, Message, OutboxEntry, Table, Verdicting
from store.people_models import Adjustment, Restriction
from store.rows import blank

FIRST, AGAIN = "+", "~"
HEX = 32
"""Hexadecimal digits of a seal: 128 bits of SHA-256."""

OF_MESSAGE = ("channel", "account", "external_id", "raw_sha256", "received_at")
_COURSE: dict[type[Table], str] = {
    Answer: "answer",
    Discretion: "discretion",
    Extension: "extension",
    OmbudsmanOrder: "order",
    Refusal: "refusal",
    Remedy: "remedy",
    Adjustment: "adjustment",
    Restriction: "restriction",
}
"""Rows that are sealed whole, each time that they change."""
SEALED: dict[type[Table], tuple[str, tuple[str, ...]]] = {
    Message: ("message", OF_MESSAGE),
    OutboxEntry: ("letter", ("kind", "template", "subject", "text", "html", "short", "created_at")),
    Deadline: (
        "deadline",
        ("rule", "provision", "due_on", "due_at", "counted_from", "counted", "calendar", "set_at"),
    ),
    Verdicting: (
        "judgement",
        tuple(name for name in Verdicting.model_fields if name not in ("id", "case_id", "undone_at")),
    ),
    Note: ("note", ("at", "by", "text")),
}
SEALED |= {table: (name, tuple(field for field in table.model_fields if field != "id")) for table, name in _COURSE.items()}
"""What a seal is called, and the columns it covers."""


def seal_of(table: type[Table], row: Mapping[Any, Any], *, again: bool = False) -> str:
    """Return the seal of a row, whole or about to be added: what it is of, whether it replaces an older one, and the hash."""
    name, covered = SEALED[table]
    values = {**blank(table), **row}
    digest = hashlib.sha256(canonical([name, *(values.get(column) for column in covered)]).encode("ascii")).hexdigest()
    return f"{name}{AGAIN if again else FIRST}{digest[:HEX]}"
