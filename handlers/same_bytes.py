"""What is equal for the same mail by two routes (mail rules D1 and F1)."""

from __future__ import annotations

import hashlib

from handlers.understanding import Understood


def content_of(message: Understood) -> str:
    """Return what is equal for the same mail by two routes; of what was not read whole only the bytes themselves can say it.

    A mail server that numbers its messages anew shows each again, and those in quarantine too (mail rules D1 and F1).
    """
    if _comparable(message):
        return message.reading.content_key
    return f"bytes {message.arrival.channel} {hashlib.sha256(message.arrival.body).hexdigest()}"


def _comparable(message: Understood) -> bool:
    """Say whether equal content means the same mail: of what was not read whole nobody knows, but an empty mail is equal to itself."""
    reading = message.reading
    return message.shunted is None or bool(reading.unreadable and reading.message_id and message.arrival.problem is None)
