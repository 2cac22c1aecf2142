"""Files that platforms hold for residents are fetched at once, for they hold them only for a while (channels, rule 9)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from handlers.clock import Clock
from handlers.decision import TaskNeeded
from handlers.fetched import attachment_name
from handlers.rows import Row, event_row, task_row
from intake.channel import Channel, PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile, FileToFetch
from store.arrivals import storable
from store.chain import append_events
from store.chat_models import MediaFile
from store.engine import Store
from store.media_rows import all_here, claim_files, file_again, file_missing, keep_file
from store.models import Case, Message, Task
from store.search_upkeep import read_files_anew
from store.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
BACK_OFF = (2, 5, 15, 60, 300, 900, 1800, 3600)
"""Seconds between attempts; platforms keep a file for an hour at least."""
AT_ONCE = 8
"""Files fetched at the same time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came of one attempt."""

    file: MediaFile
    found: FetchedFile | None = None
    problem: str = ""
    again: bool = False


class Fetching:
    """Fetches what chat messages bring, by the channel that they came by."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Clock, triage_team: str) -> None:
        """``channels`` maps a way (``telegram:housing-bot``) to its channel; tasks without a case go to ``triage_team``."""
        self._store = store
        self._channels = channels
        self._clock = clock
        self._team = triage_team

    async def once(self, limit: int = AT_ONCE) -> int:
        """Fetch up to ``limit`` files that are due; return how many were taken up."""
        files = await asyncio.to_thread(self._claim, limit)
        if files:
            results = await asyncio.gather(*(self._fetch(file) for file in files))
            await asyncio.to_thread(self._write_down, results)
        return len(files)

    def _claim(self, limit: int) -> list[MediaFile]:
        now = self._clock.now()
        with self._store.unit("T4") as unit:
            files = claim_files(unit, now, now + LEASE, secrets.token_hex(8), limit)
            if files:
                unit.commit()
        return files

    async def _fetch(self, file: MediaFile) -> Fetched:
        channel = self._channels.get(file.way)
        if channel is None:
            return Fetched(file=file, problem=f"{file.way} is not set up here any more", again=True)
        wanted = FileToFetch(reference=file.reference, name=file.name, type=file.type, size=file.said_size)
        try:
            return Fetched(file=file, found=await channel.fetch(wanted))
        except PermanentFailure as failure:
            return Fetched(file=file, problem=str(failure))
        except TemporaryFailure as failure:
            return Fetched(file=file, problem=str(failure), again=True)
        except Exception as error:
            # The edge of the loop: an unforeseen fault with one file must not stop the other files.
            log.exception("a file could not be fetched", file=file.id)
            return Fetched(file=file, problem=f"{type(error).__name__} in the channel", again=True)

    def _write_down(self, results: Sequence[Fetched]) -> None:
        now = self._clock.now()
        with self._store.unit("T5") as unit:
            for result in results:
                self._settle(unit, result, now)
            all_here(unit, sorted({result.file.message_id for result in results}), now)
            unit.commit()

    def _settle(self, unit: Unit, result: Fetched, now: datetime) -> None:
        file, found = result.file, result.found
        if found is not None:
            name, kind = found.name or file.name, found.type or file.type
            if keep_file(unit, file, found.content, name=_text(name), kind=_text(kind), at=now):
                self._tell(unit, file, "file_arrived", "a file of a message was fetched", now)
        elif result.again and file.attempts < len(BACK_OFF):
            file_again(unit, file, now + timedelta(seconds=BACK_OFF[file.attempts]), storable(result.problem))
        elif file_missing(unit, file, storable(result.problem)):
            self._tell(unit, file, "file_missing", f"a file of a message could not be fetched: {result.problem}", now)
            self._ask_a_person(unit, file, result.problem, now)

    def _tell(self, unit: Unit, file: MediaFile, kind: str, why: str, now: datetime) -> None:
        """Write it on the case, where the message has come to one by now; else the case begins with it."""
        message = unit.get(Message, file.message_id)
        if message is None or message.case_id is None:
            return
        told: dict[str, Any] = {"message": file.message_id, "number": file.number}
        append_events(unit, [event_row(message.case_id, kind, storable(why), now, **told)])
        if kind == "file_arrived" and message.id is not None:
            names = [*message.attachment_names, attachment_name(file)]
            unit.update(Message, message.id, attachment_names=names)
            read_files_anew(unit, message.case_id, message.id)

    def _ask_a_person(self, unit: Unit, file: MediaFile, problem: str, now: datetime) -> None:
        message = unit.get(Message, file.message_id)
        case = unit.get(Case, message.case_id) if message is not None and message.case_id is not None else None
        why = f"file {file.number} could not be fetched ({storable(problem)}): ask the resident to send it another way"
        row: Row = task_row(
            TaskNeeded(kind="file_missing", why=why, due=None),
            case.team if case else self._team,
            now,
            case.id if case else None,
            file.message_id,
        )
        unit.add(Task, [row])


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)
