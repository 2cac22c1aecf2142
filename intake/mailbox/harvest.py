"""One pass over a mailbox folder: fetch, commit, and only then move.

No message is moved, marked or deleted before its bytes are committed. A crash between the commit and the move costs a
second look and no second message, as the folder, UIDVALIDITY and UID are its name in the store.
"""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from intake.channel import Inbox, InboxUnavailable
from intake.gathering import put_each
from intake.mailbox.letters import Letters
from intake.mailbox.link import LINK_ERRORS, Facts, Link
from intake.mailbox.memory import MOST_TRIES, Memory
from intake.mailbox.settings import Settings
from intake.message import InboundMessage

FACTS_AT_ONCE = 500
ANSWER_ERRORS = (imaplib.IMAP4.error, ValueError, KeyError, TypeError, IndexError)
"""What comes of an answer that is no or makes no sense; the last four are the library's own parser giving up."""


class Harvest:
    """Takes all that lies in the folder, in the order of arrival; what gave trouble before comes last and alone."""

    def __init__(self, link: Link, inbox: Inbox, settings: Settings, memory: Memory, now: Callable[[], datetime]) -> None:
        """Read by ``link``, keep in ``inbox``; ``now`` bounds the receipt times."""
        self._link = link
        self._inbox = inbox
        self._settings = settings
        self._memory = memory
        self._letters = Letters(settings, now)
        self.complaint: str | None = None
        """Why something could not be moved or kept, in one sentence for the desk."""
        self._done: set[int] = set()

    def run(self) -> None:
        """Take everything there is; raise what ended the connection, or ``InboxUnavailable``."""
        self._link.select()
        self._memory.under(self._link.uidvalidity)
        present = self._link.uids()
        self._memory.forget_gone(set(present))
        fresh = [uid for uid in present if uid not in self._memory.settled]
        troubled = [uid for uid in fresh if self._is_troubled(uid)]
        calm = [uid for uid in fresh if not self._is_troubled(uid)]
        for group in _groups(calm, FACTS_AT_ONCE):
            self._take_group(group)
        troubled += [uid for uid in calm if self._is_troubled(uid)]
        # What never failed by itself goes first: it may only have been in bad company.
        for uid in sorted(troubled, key=lambda uid: (self._memory.failed_fetches[uid], uid)):
            self._insist(uid)
        self._move_leftovers()

    def _is_troubled(self, uid: int) -> bool:
        memory = self._memory
        return uid in memory.alone or uid in memory.failed_fetches or uid in memory.failed_puts

    def _take_group(self, uids: list[int]) -> None:
        facts = self._facts(uids)
        waiting = [uid for uid in uids if not self._was_done(uid, facts[uid])]
        for batch in _batches(waiting, facts, self._settings):
            self._take(batch, facts)

    def _facts(self, uids: list[int]) -> dict[int, Facts]:
        try:
            known = self._link.facts(uids)
        except LINK_ERRORS:
            raise
        except ANSWER_ERRORS:
            # One date that is none must not hide the sizes of the others.
            known = {uid: facts for one in uids for uid, facts in self._facts([one]).items()} if len(uids) > 1 else {}
        return {uid: known.get(uid, Facts()) for uid in uids}

    def _was_done(self, uid: int, facts: Facts) -> bool:
        """Tell a message that was kept and only marked, where the server cannot move, from one deleted by others."""
        if not facts.deleted:
            return False
        position = self._inbox.position(self._settings.account, self._settings.folder)
        return position is not None and position.uidvalidity == self._link.uidvalidity and uid <= position.uid

    def _take(self, uids: list[int], facts: dict[int, Facts]) -> None:
        try:
            bodies = self._bodies(uids, facts)
        except LINK_ERRORS:
            self._blame(uids)
            raise
        except ANSWER_ERRORS as error:
            if len(uids) > 1:
                for uid in uids:
                    self._take([uid], facts)
            else:
                self._memory.failed_fetches[uids[0]] += 1
                self.complaint = f"message {uids[0]} could not be fetched: {type(error).__name__}"
            return
        for uid in uids:
            if uid not in bodies:
                self._memory.failed_fetches[uid] += 1
        self._keep([self._letters.whole(self._link.uidvalidity, uid, body, facts[uid]) for uid, body in bodies.items()])

    def _bodies(self, uids: list[int], facts: dict[int, Facts]) -> dict[int, bytes]:
        if len(uids) == 1 and facts[uids[0]].size > self._settings.max_message_size:
            body = self._link.beginning(uids[0])
            return {} if body is None else {uids[0]: body}
        return self._link.bodies(uids)

    def _blame(self, uids: list[int]) -> None:
        # Which message of a batch broke the connection shows when each is fetched by itself.
        self._memory.alone.update(uids)
        if len(uids) == 1:
            self._memory.failed_fetches[uids[0]] += 1

    def _keep(self, messages: list[InboundMessage]) -> None:
        if not messages:
            return
        outcomes = put_each(self._inbox, messages)
        kept: list[InboundMessage] = []
        refused: list[InboundMessage] = []
        for message, outcome in zip(messages, outcomes, strict=True):
            (refused if isinstance(outcome, InboxUnavailable) else kept).append(message)
        if len(refused) == len(messages) > 1:
            raise InboxUnavailable("the inbox takes nothing")
        self._settle(kept)
        for message in refused:
            self._refused(message)

    def _refused(self, message: InboundMessage) -> None:
        assert message.position is not None
        uid = message.position.uid
        self._memory.failed_puts[uid] += 1
        self.complaint = f"message {uid} was not kept"
        if self._memory.failed_puts[uid] < MOST_TRIES:
            return
        for instead in self._letters.instead_of(message, "it could not be stored"):
            if not isinstance(put_each(self._inbox, [instead])[0], InboxUnavailable):
                self._settle([instead])
                return
        raise InboxUnavailable("the inbox takes nothing")

    def _insist(self, uid: int) -> None:
        """Try a troubled message again until it is taken, put before a person, or the inbox is what fails."""
        facts = self._facts([uid])
        if self._was_done(uid, facts[uid]):
            return
        while uid not in self._done and self._memory.failed_fetches[uid] < MOST_TRIES:
            before = self._memory.failed_fetches[uid]
            self._take([uid], facts)
            if self._memory.failed_fetches[uid] == before:
                return
        if uid not in self._done and self._still_there(uid):
            self._give_up(uid, facts[uid])

    def _still_there(self, uid: int) -> bool:
        return uid in self._link.uids()

    def _give_up(self, uid: int, facts: Facts) -> None:
        letters, uidvalidity = self._letters, self._link.uidvalidity
        body = None
        if uid not in self._memory.alone:
            try:
                body = self._link.header_and_text(uid)
            except LINK_ERRORS:
                self._memory.alone.add(uid)
                raise
            except ANSWER_ERRORS:
                body = None
        if body is None:
            self._keep([letters.unfetched(uidvalidity, uid, facts)])
        else:
            self._keep([letters.in_halves(uidvalidity, uid, body, facts)])

    def _settle(self, messages: list[InboundMessage]) -> None:
        by_folder: dict[str, list[int]] = {}
        for message in messages:
            assert message.position is not None
            folder = self._settings.processed if message.problem is None else self._settings.unprocessable
            by_folder.setdefault(folder, []).append(message.position.uid)
        self._done.update(uid for uids in by_folder.values() for uid in uids)
        self._move(by_folder)

    def _move_leftovers(self) -> None:
        for uid, folder in list(self._memory.settled.items()):
            if folder is not None:
                self._move({folder: [uid]})

    def _move(self, by_folder: dict[str, list[int]]) -> None:
        settled, losses = self._memory.settled, self._memory.lost_moves
        for folder, uids in by_folder.items():
            settled.update(dict.fromkeys(uids, folder))
            try:
                gone = self._link.move(uids, folder)
            except LINK_ERRORS:
                losses.update(uids)
                # A message whose move breaks the connection again and again stays where it is: it is safe with us.
                settled.update({uid: None for uid in uids if losses[uid] >= MOST_TRIES})
                raise
            except imaplib.IMAP4.error as error:
                self.complaint = f"{len(uids)} kept messages could not be moved to {folder}: {error}"
                continue
            for uid in uids:
                if gone:
                    del settled[uid]
                else:
                    settled[uid] = None


def _groups(uids: list[int], size: int) -> Iterator[list[int]]:
    remaining = iter(uids)
    while group := list(islice(remaining, size)):
        yield group


def _batches(uids: list[int], facts: dict[int, Facts], settings: Settings) -> Iterator[list[int]]:
    """Cut into batches by count and bytes; what is too large to be taken whole goes by itself."""
    batch: list[int] = []
    room = settings.batch_bytes
    for uid in uids:
        size = facts[uid].size
        if batch and (len(batch) >= settings.batch or size > room):
            yield batch
            batch, room = [], settings.batch_bytes
        if size > settings.max_message_size:
            yield [uid]
            continue
        batch.append(uid)
        room -= size
    if batch:
        yield batch
