"""Makes messages of what a mailbox gave: whole, in halves, or only the word that there was something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from intake.mailbox.link import Facts
from intake.mailbox.settings import Settings
from intake.message import NOTE, InboundMessage, Position


class Letters:
    """Names each message by folder, UIDVALIDITY and UID, and gives it its true receipt time, never a future one."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        """Make messages of this mailbox."""
        self._settings = settings
        self._now = now

    def whole(self, uidvalidity: int, uid: int, body: bytes, facts: Facts) -> InboundMessage:
        """Return the message with all its bytes, or with the first of them and the problem named."""
        problem = None
        if facts.size > self._settings.max_message_size:
            problem = f"only the first {len(body)} of {facts.size} bytes were taken: the message is too big"
        return self._message(uidvalidity, uid, body, facts, problem)

    def in_halves(self, uidvalidity: int, uid: int, body: bytes, facts: Facts) -> InboundMessage:
        """Return a message that the server gave only in parts, for a person to look at."""
        return self._message(uidvalidity, uid, body, facts, "the mail server could not give this message whole")

    def unfetched(self, uidvalidity: int, uid: int, head: bytes | None, facts: Facts) -> InboundMessage:
        """Return a note in the place of a message whose bytes could not be had, with its header where that came."""
        note = self._note(uidvalidity, uid)
        words = note if head is None else note.removesuffix(b"\r\n") + head
        message = self._message(uidvalidity, uid, words, facts, f"the message could not be fetched; {self._where()}")
        return replace(message, external_id=message.external_id + NOTE)

    def instead_of(self, message: InboundMessage, why: str) -> Iterator[InboundMessage]:
        """Return what to keep when the message itself cannot be: its bytes with a warning, then only a note."""
        assert message.position is not None
        yield replace(message, problem=f"{why}; the original is in {self._settings.unprocessable}")
        note = self._note(message.position.uidvalidity, message.position.uid)
        problem = f"{why}; {self._where()}"
        yield replace(message, problem=problem, raw=note, external_id=message.external_id + NOTE)

    def name(self, uidvalidity: int, uid: int) -> str:
        """Return what names the message itself, never the note in its place, for ever."""
        return f"{self._settings.folder}/{uidvalidity}/{uid}"

    def _where(self) -> str:
        return f"the original is in {self._settings.folder} or {self._settings.unprocessable}, and is tried again"

    def _note(self, uidvalidity: int, uid: int) -> bytes:
        # Its bytes name the message, so that two notes are never taken for the same mail.
        place = f"{self._settings.account} {self._settings.folder}/{uidvalidity}/{uid}"
        return f"Comments: in the place of message {place}\r\n\r\n".encode()

    def _message(self, uidvalidity: int, uid: int, body: bytes, facts: Facts, problem: str | None) -> InboundMessage:
        now = self._now()
        folder = self._settings.folder
        return InboundMessage(
            channel="imap",
            account=self._settings.account,
            external_id=self.name(uidvalidity, uid),
            received_at=min(facts.received_at or now, now),
            raw=body,
            position=Position(folder=folder, uidvalidity=uidvalidity, uid=uid),
            problem=problem,
        )
