"""What people just did, kept beside the case's events: so that the desk can say it, and undo it for a few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from store.desk_models import StaffAct
from store.unit import Unit

SAID_FOR = timedelta(minutes=2)
"""How long after an act its notice is shown on the page that follows."""


def note_act(
    unit: Unit,
    *,
    case_id: int,
    by: str,
    now: datetime,
    said: str,
    message_id: int | None = None,
    before: dict[str, Any] | None = None,
    undo_until: datetime | None = None,
) -> int:
    """Keep what was done, in the transaction that did it; return the act's number, for ``?done=`` in the next address.

    ``said`` is one sentence for the person who did it. With ``undo_until`` the act can be undone from ``before``.
    """
    row = {
        "case_id": case_id,
        "message_id": message_id,
        "by": by,
        "at": now,
        "said": said,
        "before": before or {},
        "undo_until": undo_until or now,
    }
    return unit.insert(StaffAct, [row])[0]
