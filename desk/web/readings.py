"""What messages say, read from their bytes and kept for a while: a page, its frame and its pictures ask for the same one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from handlers.fetched import attachment_of
from intake.chat import channel_of
from intake.contained import ContainedReader, ReaderUnavailable
from intake.html_text import HtmlText
from intake.message import Attachment, Inside, Reading
from store.media_rows import file_of, files_of_messages, numbers_of
from store.models import Message
from store.overview import raw_of
from store.unit import Glance

LARGEST: Final = 60_000_000
"""Bytes of a message that is read for a page."""
MOST_KEPT: Final = 64_000_000
"""Bytes of readings that are kept; the newest stays whatever its size."""
AT_LEAST: Final = 10_000
"""What a reading counts for beside its words and files."""


HEAD: Final = 200_000
"""Bytes of a fetched file that are read to know what it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What a message says, with the numbers of those of its files that were fetched from a platform by then."""

    reading: Reading
    fetched: tuple[int, ...] = ()


class Readings:
    """Reads messages again, and keeps the last ones: bytes once committed never change, so that a reading holds for long."""

    def __init__(self, reader: ContainedReader, most_kept: int = MOST_KEPT) -> None:
        """Start with none; ``reader`` reads whatever mail it is, and no page dies of one."""
        self._reader = reader
        self._kept: OrderedDict[int, Read] = OrderedDict()
        self._size = 0
        self._room = most_kept
        self._lock = Lock()

    def of(self, glance: Glance, message: Message) -> Reading:
        """Return what a message says; one too large says only that.

        Of a large file that was fetched from a platform it has only the beginning and the end: ``file`` returns it whole.
        """
        return self._read(glance, message).reading

    def files(self, glance: Glance, message: Message) -> dict[int, Attachment]:
        """Return a message's files under numbers that stay, whichever of them are still to be fetched; large ones in part."""
        found = self._read(glance, message)
        own = len(found.reading.attachments) - len(found.fetched)
        numbers = [*range(1, own + 1), *(own + number for number in found.fetched)]
        return dict(zip(numbers, found.reading.attachments, strict=True))

    def page(self, html: str) -> HtmlText | None:
        """Return what a mail's own page shows and hides; None where it takes more than a page is worth."""
        return self._reader.page(html)

    def inside(self, attachment: Attachment) -> Inside:
        """Return what a file holds that came by another way than mail."""
        return self._reader.inside_of(attachment)

    def file(self, glance: Glance, message: Message, number: int) -> Attachment | None:
        """Return one file of a message with all its bytes."""
        found = self.files(glance, message).get(number)
        if found is None or len(found.content) == found.size:
            return found
        kept = self._read(glance, message)
        whole = file_of(glance, message.id or 0, number - len(kept.reading.attachments) + len(kept.fetched))
        return attachment_of(whole) if whole is not None else None

    def _read(self, glance: Glance, message: Message) -> Read:
        number = message.id or 0
        fetched = numbers_of(glance, number) if channel_of(message.media_type) else ()
        with self._lock:
            # A file that came since makes it another reading.
            if number in self._kept and self._kept[number].fetched == fetched:
                self._kept.move_to_end(number)
                return self._kept[number]
        if message.raw_size > LARGEST:
            return Read(reading=Reading(unreadable=True, problems=("too_large",)))
        files = files_of_messages(glance, [number], HEAD).get(number, []) if fetched else []
        raw = raw_of(glance, number) or b""
        try:
            reading = self._reader.read(raw, message.media_type, message.received_at, tuple(map(attachment_of, files)))
        except ReaderUnavailable:
            # Not kept: the next look tries again, and what was kept of its words is shown meanwhile.
            return Read(reading=Reading(unreadable=True, problems=("reader_unavailable",)))
        found = Read(reading=reading, fetched=tuple(file.number for file in files))
        self._keep(number, found)
        return found

    def _keep(self, number: int, found: Read) -> None:
        with self._lock:
            if number in self._kept:
                self._size -= _size(self._kept.pop(number).reading)
            self._kept[number] = found
            self._size += _size(found.reading)
            while self._size > self._room and len(self._kept) > 1:
                self._size -= _size(self._kept.popitem(last=False)[1].reading)


def _size(reading: Reading) -> int:
    words = 4 * (len(reading.text) + len(reading.new_text) + len(reading.quoted) + len(reading.html or ""))
    return AT_LEAST + words + sum(len(file.content) for file in reading.attachments)
