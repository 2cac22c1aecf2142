"""Files that platforms hold for residents are fetched at once, for they hold them only for a while (channels, rule 9)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from handlers.clock import Clock
from handlers.decision import TaskNeeded
from handlers.late_files import MISSING
from handlers.rows import MACHINE, event_row, task_row
from intake.channel import Channel, PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile, FileToFetch
from intake.contact import attachment
from store.act_rows import close_tasks_by_ids
from store.arrivals import storable
from store.chain import append_events
from store.chat_models import MediaFile
from store.engine import Store
from store.errors import StoreUnavailable
from store.media_rows import all_here, claim_files, file_again, file_missing, hold_message, keep_file, rest
from store.models import Case, Message, Task
from store.search_upkeep import read_files_anew
from store.unit import Unit

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
FETCH_WITHIN = 300.0
"""Seconds after which a platform that hangs is left: well within the lease."""
BACK_OFF = (2, 5, 15, 60, 300, 900, 1800, 3600)
"""Seconds between the first attempts; platforms keep a file for an hour at least."""
LATER = timedelta(hours=6)
"""Between the attempts after those, when a person knows already: many platforms keep files for long, and an outage ends."""
MOST_ATTEMPTS = len(BACK_OFF) + 28
"""Seven days."""
LONGEST_REST = timedelta(hours=1)
WRITE_AGAIN_AFTER = (0.1, 0.4, 1, 2, 5, 10, 20)
"""Seconds between attempts to write down what was fetched while the store is away: well within the lease."""
AT_ONCE = 8
"""Files fetched at the same time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What came of one attempt."""

    file: MediaFile
    found: FetchedFile | None = None
    problem: str = ""
    again: bool = False
    pause: float | None = None
    """For how many seconds the platform asks to be left alone."""


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
        # Each is written down as soon as it is here: one that hangs keeps no other waiting.
        ended = await asyncio.gather(*(self._one(file) for file in files), return_exceptions=True)
        for fault in ended:
            if fault is not None:
                raise fault
        return len(files)

    async def _one(self, file: MediaFile) -> None:
        result = await self._fetch(file)
        for pause in WRITE_AGAIN_AFTER:
            try:
                return await asyncio.to_thread(self._write_down, result)
            except StoreUnavailable as error:
                log.warning("what was fetched waits to be written down", error=str(error))
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._write_down, result)

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
        if file.attempts > MOST_ATTEMPTS:
            return Fetched(file=file, problem="it was taken up too often, and what came of it was never written down")
        wanted = FileToFetch(reference=file.reference, name=file.name, type=file.type, size=file.said_size)
        try:
            async with asyncio.timeout(FETCH_WITHIN):
                return Fetched(file=file, found=await channel.fetch(wanted))
        except PermanentFailure as failure:
            return Fetched(file=file, problem=str(failure))
        except TemporaryFailure as failure:
            return Fetched(file=file, problem=str(failure), again=True, pause=failure.retry_after)
        except Exception as error:
            # The edge of the loop: an unforeseen fault with one file must not stop the other files.
            log.exception("a file could not be fetched", file=file.id)
            return Fetched(file=file, problem=f"{type(error).__name__} in the channel", again=True)

    def _write_down(self, result: Fetched) -> None:
        now, message_id = self._clock.now(), result.file.message_id
        with self._store.unit("T5") as unit:
            # Held before it is read: its case, or another file of it, may just be written down by somebody else.
            message = hold_message(unit, message_id)
            if message is not None:
                self._settle(unit, message, result, now)
            unit.commit()
        with self._store.unit("T5") as unit:
            all_here(unit, [message_id], now)
            unit.commit()

    def _settle(self, unit: Unit, message: Message, result: Fetched, now: datetime) -> None:
        file, found = result.file, result.found
        problem = storable(result.problem)
        if found is not None:
            name, kind = _text(found.name or file.name), _text(found.type or file.type)
            if keep_file(unit, file, found.content, name=name, kind=kind, at=now):
                self._arrived(unit, message, file, attachment(name or "", kind or "", b"", file.number).name, now)
        elif result.again and file.attempts < MOST_ATTEMPTS:
            self._again(unit, message, result, now)
        elif file_missing(unit, file, problem):
            self._ask_a_person(unit, message, file, problem, now)

    def _again(self, unit: Unit, message: Message, result: Fetched, now: datetime) -> None:
        file, problem = result.file, storable(result.problem)
        rest_for = timedelta(seconds=result.pause or 0)
        if timedelta(0) < rest_for <= LONGEST_REST:
            # To be asked for a pause is no failure of this file, and the others of this way obey it too.
            file_again(unit, file, now + rest_for, problem, file.attempts - 1)
            rest(unit, file.way, now + rest_for)
            return
        is_early = file.attempts <= len(BACK_OFF)
        wait = timedelta(seconds=BACK_OFF[file.attempts - 1]) if is_early else LATER
        if file_again(unit, file, now + max(wait, rest_for), problem, file.attempts) and not is_early:
            self._ask_a_person(unit, message, file, problem, now)

    def _arrived(self, unit: Unit, message: Message, file: MediaFile, name: str, now: datetime) -> None:
        """Write it on the case, where the message has come to one by now; else the case begins with it."""
        done = [task.id or 0 for task in _tasks(unit, file) if task.closed_at is None]
        close_tasks_by_ids(unit, done, at=now, by=MACHINE, outcome="the file came after all")
        if message.case_id is None or message.id is None:
            return
        told: dict[str, Any] = {"message": message.id, "number": file.number}
        append_events(unit, [event_row(message.case_id, "file_arrived", "a file of a message was fetched", now, **told)])
        unit.update(Message, message.id, attachment_names=[*message.attachment_names, name])
        read_files_anew(unit, message.case_id, message.id)

    def _ask_a_person(self, unit: Unit, message: Message, file: MediaFile, problem: str, now: datetime) -> None:
        if _tasks(unit, file):
            return
        case = unit.get(Case, message.case_id) if message.case_id is not None else None
        why = f"{_called(file)} could not be fetched ({problem}): ask the resident to send it another way"
        needed = TaskNeeded(kind=MISSING, why=why, due=None)
        unit.add(Task, [task_row(needed, case.team if case else self._team, now, case.id if case else None, message.id)])
        if case is not None and case.id is not None:
            append_events(unit, [event_row(case.id, MISSING, why, now, message=message.id, number=file.number)])


def _called(file: MediaFile) -> str:
    return f"file {file.number}"


def _tasks(unit: Unit, file: MediaFile) -> list[Task]:
    """Return the tasks that were opened because this file did not come."""
    found = unit.find(Task, kind=MISSING, message_id=file.message_id)
    return [task for task in found if task.why.startswith(f"{_called(file)} ")]


def _text(value: str | None) -> str | None:
    return None if value is None else storable(value)
