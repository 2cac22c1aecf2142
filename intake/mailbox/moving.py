"""Moves what is kept out of the folder; what cannot be moved stays in mind, and is safe with us in any case."""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from intake.mailbox.link import LINK_ERRORS, Link
from intake.mailbox.memory import MOST_TRIES, Memory
from intake.mailbox.settings import Settings
from intake.mailbox.trouble import Busy
from intake.message import NOTE, InboundMessage

A_DAY = timedelta(days=1)
"""So long the original of a note stays in the folder and is tried again; then it is put out of the way, unread."""


class Mover:
    """Knows which folder a kept message belongs to."""

    def __init__(self, link: Link, settings: Settings, memory: Memory) -> None:
        """Move over ``link``, and note in ``memory`` what is settled."""
        self._link = link
        self._settings = settings
        self._memory = memory
        self.complaint: str | None = None
        self.moved = 0
        self.done: set[int] = set()
        """Messages that are safe with us, as far as this pass knows."""

    def settle(self, messages: Sequence[InboundMessage], now: datetime) -> None:
        """Move messages that are durable; the original of a mere note is left where it is, to be tried again."""
        by_folder: dict[str, list[int]] = {}
        for message in messages:
            assert message.position is not None
            uid = message.position.uid
            if message.external_id.endswith(NOTE):
                self._memory.told_at.setdefault(uid, now)
                continue
            folder = self._settings.processed if message.problem is None else self._settings.unprocessable
            by_folder.setdefault(folder, []).append(uid)
        self._move(by_folder)

    def put_aside(self, now: datetime) -> None:
        """Move originals that could not be had for a whole day out of the way: their notes are with people."""
        old = [uid for uid, at in self._memory.told_at.items() if now - at >= A_DAY and uid not in self._memory.settled]
        if old:
            self._move({self._settings.unprocessable: old})

    def leftovers(self) -> None:
        """Try again what could not be moved before."""
        for uid, folder in list(self._memory.settled.items()):
            if folder is not None and not self._move({folder: [uid]}):
                return

    def _move(self, by_folder: dict[str, list[int]]) -> bool:
        """Move these; return false where the server wants to be left alone."""
        settled, losses = self._memory.settled, self._memory.lost_moves
        for folder, uids in by_folder.items():
            settled.update(dict.fromkeys(uids, folder))
            self.done.update(uids)
            try:
                gone = self._link.move(uids, folder)
            except LINK_ERRORS:
                losses.update(uids)
                # A message whose move breaks the connection again and again stays where it is: it is safe with us.
                settled.update({uid: None for uid in uids if losses[uid] >= MOST_TRIES})
                raise
            except (imaplib.IMAP4.error, Busy) as error:
                self.complaint = f"{len(uids)} kept messages could not be moved to {folder}: {error}"
                if isinstance(error, Busy):
                    return False
                continue
            for uid in uids:
                if gone:
                    del settled[uid]
                    self.moved += 1
                else:
                    settled[uid] = None
        return True
