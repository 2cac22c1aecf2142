"""What messages say, read from their bytes and kept for a while: a page, its frame and its pictures ask for the same one."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from handlers.fetched import attachment_of
from intake.chat import channel_of
from intake.message import Reading
from intake.reading import read
from store.media_rows import files_of, missing_files
from store.models import Message
from store.overview import raw_of
from store.unit import Glance

LARGEST: Final = 60_000_000
"""Bytes of a message that is read for a page."""
MOST_KEPT: Final = 64_000_000
"""Bytes of readings that are kept; the newest stays whatever its size."""
AT_LEAST: Final = 10_000
"""What a reading counts for beside its words and files."""


class Readings:
    """Reads messages again, and keeps the last ones: bytes once committed never change, so that a reading holds for ever."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        """Start with none."""
        self._kept: OrderedDict[int, tuple[Reading, int]] = OrderedDict()
        self._size = 0
        self._room = most_kept
        self._lock = Lock()

    def of(self, glance: Glance, message: Message) -> Reading:
        """Return what a message says; one too large says only that."""
        number = message.id or 0
        with self._lock:
            if number in self._kept:
                self._kept.move_to_end(number)
                return self._kept[number][0]
        if message.raw_size > LARGEST:
            return Reading(unreadable=True, problems=("too_large",))
        files = tuple(attachment_of(file) for file in files_of(glance, number)) if channel_of(message.media_type) else ()
        reading = read(raw_of(glance, number) or b"", message.media_type, message.received_at, files)
        if not any(file.state == "waiting" for file in missing_files(glance, [number])):
            self._keep(number, reading)  # a file that is still being fetched would never be seen
        return reading

    def _keep(self, number: int, reading: Reading) -> None:
        with self._lock:
            self._size -= self._kept.pop(number, (reading, 0))[1]
            self._kept[number] = reading, _size(reading)
            self._size += self._kept[number][1]
            while self._size > self._room and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1][1]


def _size(reading: Reading) -> int:
    words = 4 * (len(reading.text) + len(reading.new_text) + len(reading.quoted) + len(reading.html or ""))
    return AT_LEAST + words + sum(file.size for file in reading.attachments)
