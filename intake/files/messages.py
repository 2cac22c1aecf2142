"""Makes messages of files, one at a time, so that memory stays flat however much there is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from intake.files import mbox, times
from intake.files.walk import Kind
from intake.message import JSON_LINE, MAIL, InboundMessage


def of_file(path: Path, kind: Kind, now: datetime) -> Iterator[InboundMessage]:
    """Yield the messages of one file; raise ``OSError`` when it cannot be read."""
    file_time = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as file:
        if kind == "mbox":
            for raw, told in mbox.mails(file):
                yield _mail(raw, told, file_time, now)
        elif kind == "jsonl":
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _json_line(line.strip(), f"line {number} of {path.name}", file_time, now)
        else:
            yield _mail(file.read(), None, file_time, now)


def _mail(raw: bytes, told: datetime | None, file_time: datetime, now: datetime) -> InboundMessage:
    return _message(raw, MAIL, times.received_at(raw, told=told, file_time=file_time, now=now), _no_words(raw))


def _no_words(raw: bytes) -> str | None:
    return None if raw.strip() else "the file is empty"


def _json_line(line: bytes, place: str, file_time: datetime, now: datetime) -> InboundMessage:
    told, problem = None, None
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
            problem = f"{place} is no message: an object with a text is needed"
        elif "received_at" in fields:
            told = _iso_time(fields["received_at"])
            problem = None if told else f"{place}: received_at is no ISO time with a zone"
    except (ValueError, RecursionError):
        problem = f"{place} is not JSON"
    return _message(line, JSON_LINE, times.best([told, file_time], now), problem)


def _iso_time(value: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(value))
        return time.astimezone(UTC) if time.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _message(raw: bytes, media_type: str, received_at: datetime, problem: str | None) -> InboundMessage:
    return InboundMessage(
        channel="folder",
        account="import",
        # The bytes alone: the same mail imported twice, from wherever, is the same arrival.
        external_id=hashlib.sha256(raw).hexdigest(),
        received_at=received_at,
        raw=raw,
        media_type=media_type,
        problem=problem,
    )
