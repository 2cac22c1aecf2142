"""Has residents' files scanned, behind everybody's back: it stops no message, takes nothing away and delays no letter.

A file is known by what is in it: the same bytes are scanned once, whoever sends them. The original of a mail that holds
files, or that could not be read, is scanned as well, as number 0: it is what a person opens then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from handlers.clock import Clock
from handlers.infected_files import tell_infected
from handlers.rows import Row
from handlers.scanner_state import ScannerState
from intake.clamd import ClamdAway, Finding, NoVerdict
from intake.contained import ContainedReader
from intake.message import MAIL, Reading
from store.engine import Store
from store.errors import StoreUnavailable
from store.media_rows import file_of, hold_message, numbers_of
from store.models import Message, MessageState
from store.scan_models import FileScan
from store.scan_rows import files_scanned, keep_scans, messages_to_scan, scans_of
from store.search_upkeep import content_of, many_wait
from store.states import FileState
from store.unit import Unit

log = structlog.get_logger(__name__)

LOOKED_THROUGH = 200
"""Messages looked through at a time: most have no files, and are done with by one statement."""
BATCH = 5
"""Messages of which the files are scanned before the rest is looked at again: new ones come first."""
MANY = 40
"""While more messages than that wait to be settled, no file is scanned: residents come first."""
TRIES = 3
"""A file on which the scanner broke off so often is taken for unscannable: it may be the file that ends the scanner."""
NEXT_TRY = (timedelta(minutes=1), timedelta(minutes=10))


class Scanner(Protocol):
    """What says whether bytes are malware."""

    def version(self) -> str:
        """Return the engine's version, or raise ``ClamdAway``."""

    def scan(self, content: bytes) -> Finding:
        """Return what is said of these bytes, or raise ``ClamdError``."""


@dataclass(kw_only=True, slots=True)
class _Found:
    """What came of the files of one message: ``sha256s`` by number, what is known of them, and which of that is new."""

    sha256s: dict[int, str] = field(default_factory=dict)
    known: dict[str, FileScan] = field(default_factory=dict)
    new: list[Row] = field(default_factory=list)
    fetched: tuple[int, ...] = ()
    ended: bool = False
    """Whether all files were come to."""
    failed: bool = False
    """Whether one of them is to be asked about another time."""


class Scanning:
    """Scans the files of messages, the newest first, and writes down what was found."""

    def __init__(self, store: Store, scanner: Scanner, clock: Clock, reader: ContainedReader, triage_team: str) -> None:
        """Mail is read by ``reader``, whatever it does to it; tasks without a case go to ``triage_team``."""
        self._store = store
        self._scanner = scanner
        self._clock = clock
        self._reader = reader
        self._team = triage_team
        self._state = ScannerState(store, clock)
        self._tries: dict[str, int] = {}
        self._later: dict[int, datetime] = {}

    def once(self) -> bool:
        """Scan the files of a few messages; return whether there may be more to do at once."""
        now = self._clock.now()
        self._later = {number: at for number, at in self._later.items() if at > now}
        with self._store.glance() as glance:
            if many_wait(glance, MANY):
                return False
            found = messages_to_scan(glance, LOOKED_THROUGH + len(self._later))
            fetched = {message.id or 0: numbers_of(glance, message.id or 0) for message in found if message.conversation}
        waiting = [message for message in found if message.id not in self._later]
        holding = [message for message in waiting if _may_hold(message, fetched)]
        self._have_none(sorted({message.id or 0 for message in waiting} - {message.id or 0 for message in holding}), now)
        return self._scan(holding[:BATCH]) and (len(holding) > BATCH or len(waiting) >= LOOKED_THROUGH)

    def _have_none(self, ids: Sequence[int], now: datetime) -> None:
        if ids:
            with self._store.unit("T5") as unit:
                files_scanned(unit, ids, now)
                unit.commit()

    def _scan(self, messages: Sequence[Message]) -> bool:
        if not messages:
            return True
        try:
            engine = self._scanner.version()
            for message in messages:
                self._one(message, engine)
        except ClamdAway as away:
            self._state.away(str(away))
            return False
        self._state.answered()
        return True

    def _one(self, message: Message, engine: str) -> None:
        try:
            self._message(message, engine)
        except (ClamdAway, StoreUnavailable):
            raise
        except Exception:
            # The edge of the loop: whatever a message does to it, those behind it are scanned.
            log.exception("a message's files could not be scanned", message=message.id)
            self._later[message.id or 0] = self._clock.now() + NEXT_TRY[-1]

    def _message(self, message: Message, engine: str) -> None:
        found = _Found()
        try:
            for number, sha256, content in self._files(message, found):
                found.sha256s[number] = sha256
                self._file(found, sha256, content, engine)
            found.ended = True
        finally:
            # What was said before the scanner went away is kept: nobody need ask it again.
            self._write_down(message.id or 0, found)
        if found.failed:
            times = max(self._tries.get(sha256, 0) for sha256 in found.sha256s.values())
            self._later[message.id or 0] = self._clock.now() + NEXT_TRY[min(times, len(NEXT_TRY)) - 1]

    def _files(self, message: Message, found: _Found) -> Iterator[tuple[int, str, bytes]]:
        """Yield number, SHA-256 and bytes of each file of a message, those that a platform held one at a time."""
        with self._store.glance() as glance:
            content = content_of(glance, message.id or 0)
            found.fetched = numbers_of(glance, message.id or 0)
        reading = self._reader.read(*content, message.received_at) if content else Reading()
        own, unread = reading.attachments, reading.unreadable or message.state is MessageState.SHUNTED
        if content and message.media_type == MAIL and (own or unread):
            yield 0, message.raw_sha256, content[0]
        for number, attached in enumerate(own, start=1):
            yield number, attached.sha256, attached.content
        for number in found.fetched:
            with self._store.glance() as glance:
                file = file_of(glance, message.id or 0, number)
            if file is not None:
                yield len(own) + number, file.sha256, file.body

    def _file(self, found: _Found, sha256: str, content: bytes, engine: str) -> None:
        """Find out about one file, from what is known of its bytes or by asking."""
        if sha256 in found.known:
            return
        with self._store.glance() as glance:
            found.known |= scans_of(glance, [sha256])
        if sha256 in found.known:
            return
        finding = self._ask(sha256, content)
        if finding is None:
            found.failed = True
            return
        row = {"sha256": sha256, "state": FileState(finding.state), "told": finding.told, "engine": engine}
        found.new.append(row | {"at": self._clock.now()})
        found.known[sha256] = FileScan(**found.new[-1])

    def _ask(self, sha256: str, content: bytes) -> Finding | None:
        """Return what the scanner says; nothing where it is to be asked another time."""
        try:
            finding = self._scanner.scan(content)
        except NoVerdict as none:
            self._tries[sha256] = self._tries.get(sha256, 0) + 1
            log.warning("the scanner gave no verdict", reason=str(none), times=self._tries[sha256])
            if self._tries[sha256] < TRIES:
                return None
            finding = Finding(state="unscannable", told=f"{none}, {TRIES} times")
        self._tries.pop(sha256, None)
        return finding

    def _write_down(self, message_id: int, found: _Found) -> None:
        now = self._clock.now()
        with self._store.unit("T5") as unit:
            # Held before it is looked at: another file of it may just be coming, or somebody else be writing down the same.
            message = hold_message(unit, message_id)
            keep_scans(unit, found.new)
            if message is not None:
                self._settle(unit, message, found, now)
            unit.commit()

    def _settle(self, unit: Unit, message: Message, found: _Found, now: datetime) -> None:
        known = {number: found.known[sha256] for number, sha256 in found.sha256s.items() if sha256 in found.known}
        infected = {number: scan for number, scan in known.items() if scan.state is FileState.INFECTED}
        tell_infected(unit, message, infected, self._team, now)
        if found.ended and not found.failed and numbers_of(unit, message.id or 0) == found.fetched:
            files_scanned(unit, [message.id or 0], now)


def _may_hold(message: Message, fetched: Mapping[int, Sequence[int]]) -> bool:
    """Return whether a message may have files: what could not be read has its own bytes, and counts as one."""
    return bool(message.attachment_names or fetched.get(message.id or 0)) or message.state is MessageState.SHUNTED
