"""One pass over a mailbox folder: fetch, commit, and only then move.

No message is moved, marked or deleted before its bytes are committed. A crash between the commit and the move costs a
second look and no second message, as the folder, UIDVALIDITY and UID are its name in the store.
"""

from __future__ import annotations

import contextlib
import imaplib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from intake.channel import Inbox, InboxUnavailable
from intake.gathering import put_each
from intake.mailbox.letters import Letters
from intake.mailbox.link import LINK_ERRORS, Facts, Link
from intake.mailbox.memory import Memory
from intake.mailbox.moving import Mover
from intake.mailbox.settings import Settings
from intake.mailbox.trouble import Busy
from intake.message import InboundMessage

FACTS_AT_ONCE = 500
GIVES_NOTHING = "the mail server gives no message at all"
MOST_SHOWN = 10
"""So many UIDs are named in a complaint."""
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
        self._now = now
        self._letters = Letters(settings, now)
        self._mover = Mover(link, settings, memory)
        self._complaint: str | None = None
        self.gap: str | None = None
        """Which messages have lain in the folder for long and are not with us, in one sentence."""
        self._is_alone = False
        self._fetched: set[int] = set()
        self._failed: set[int] = set()

    @property
    def complaint(self) -> str | None:
        """Why something could not be fetched, kept or moved, in one sentence for the desk."""
        return self._complaint or self._mover.complaint

    @property
    def moved(self) -> int:
        """How many messages left the folder: upstream, that is our word that they are safe."""
        return self._mover.moved

    def run(self) -> None:
        """Take everything there is; raise what ended the connection, ``Busy``, or ``InboxUnavailable``."""
        self._link.select()
        memory = self._memory
        memory.under(self._link.uidvalidity)
        present = self._link.uids()
        memory.forget_gone(set(present))
        try:
            self._take_all([uid for uid in present if uid not in memory.settled])
            self._mover.put_aside(self._now())
            self._mover.leftovers()
        finally:
            self._say_what_is_outside(set(present))

    def _take_all(self, fresh: list[int]) -> None:
        memory = self._memory
        self._is_alone = len(fresh) == 1
        calm = [uid for uid in fresh if not memory.is_troubled(uid)]
        troubled = [uid for uid in fresh if memory.is_troubled(uid)]
        for group in _groups(calm, FACTS_AT_ONCE):
            self._take_group(group)
        # What never failed by itself goes first: it may only have been in bad company.
        for uid in sorted(troubled, key=lambda uid: (memory.failed_fetches[uid], memory.tries[uid], uid)):
            if not memory.rests(uid, self._now()):
                self._take_one(uid)
        if len(self._failed) > 1 and not self._fetched:
            raise Busy(GIVES_NOTHING)

    def _take_group(self, uids: list[int]) -> None:
        facts = self._facts(uids)
        done = self._done_before(uids, facts)
        self._memory.settled.update(dict.fromkeys(done))
        waiting = [uid for uid in uids if uid not in done]
        for batch in _batches(waiting, facts, self._settings):
            self._take(batch, facts)

    def _take_one(self, uid: int) -> None:
        if uid in self._memory.alone:
            # Its fetch may end this connection again: what is to be said of it is said before.
            self._tell_of(uid, Facts())
        if not self._memory.rests(uid, self._now()):
            self._take_group([uid])

    def _facts(self, uids: list[int]) -> dict[int, Facts]:
        try:
            known = self._link.facts(uids)
        except LINK_ERRORS:
            raise
        except ANSWER_ERRORS:
            # One date that is none must not hide the sizes of the others.
            known = {uid: facts for one in uids for uid, facts in self._facts([one]).items()} if len(uids) > 1 else {}
        return {uid: known.get(uid, Facts()) for uid in uids}

    def _done_before(self, uids: list[int], facts: dict[int, Facts]) -> set[int]:
        """Tell messages that were kept and only marked, where the server cannot move, from those deleted by others."""
        named = {self._letters.name(self._link.uidvalidity, uid): uid for uid in uids if facts[uid].deleted}
        if not named:
            return set()
        return {named[name] for name in self._inbox.already_kept("imap", self._settings.account, list(named))}

    def _take(self, uids: list[int], facts: dict[int, Facts]) -> None:
        if len(uids) == 1:
            self._memory.tries[uids[0]] += 1
        try:
            bodies = self._bodies(uids, facts)
        except LINK_ERRORS:
            self._blame(uids)
            raise
        except Busy:
            self._suspect(uids)
            if len(uids) == 1:
                self._tell_of(uids[0], facts[uids[0]])
            raise
        except ANSWER_ERRORS as error:
            self._failed_to_fetch(uids, facts, f"could not be fetched: {type(error).__name__}")
            return
        if bodies:
            self._fetched.update(bodies)
            self._memory.fetched_at = self._now()
        self._keep([self._letters.whole(self._link.uidvalidity, uid, body, facts[uid]) for uid, body in bodies.items()])
        self._missed([uid for uid in uids if uid not in bodies], facts)

    def _bodies(self, uids: list[int], facts: dict[int, Facts]) -> dict[int, bytes]:
        if len(uids) == 1 and facts[uids[0]].size > self._settings.max_message_size:
            body = self._link.beginning(uids[0])
            return {} if body is None else {uids[0]: body}
        return self._link.bodies(uids)

    def _failed_to_fetch(self, uids: list[int], facts: dict[int, Facts], how: str) -> None:
        if len(uids) > 1:
            for uid in uids:
                self._take([uid], facts)
            if not self._fetched:
                raise Busy(GIVES_NOTHING)
            return
        self._failed.update(uids)
        self._memory.failed(uids[0], self._memory.failed_fetches, self._now())
        self._complaint = f"message {uids[0]} {how}"
        self._tell_of(uids[0], facts[uids[0]])

    def _missed(self, uids: list[int], facts: dict[int, Facts]) -> None:
        # Whoever is not in the answer was taken away meanwhile, as a rule.
        there = set(self._link.uids()) if uids else set()
        for uid in uids:
            if uid in there:
                self._failed_to_fetch([uid], facts, "was left out by the server")

    def _blame(self, uids: list[int]) -> None:
        # Which message of a batch broke the connection shows when each is fetched by itself.
        self._memory.alone.update(uids)
        if len(uids) == 1:
            self._memory.failed(uids[0], self._memory.failed_fetches, self._now())

    def _suspect(self, uids: list[int]) -> None:
        """Note who was asked for when the server said that it is busy: only where others came can it be the message."""
        self._memory.alone.update(uids)
        if len(uids) == 1 and (self._fetched or self._memory.proves(uids[0])):
            self._memory.failed(uids[0], self._memory.failed_fetches, self._now())

    def _tell_of(self, uid: int, facts: Facts) -> None:
        """Put a message before a person when it failed long enough, while others did not."""
        memory = self._memory
        if uid in memory.told_at or not self._hopeless(uid, memory.failed_fetches, proved=self._proved(uid)):
            return
        head, text = (None, None) if uid in memory.alone else self._halves(uid)
        uidvalidity = self._link.uidvalidity
        if head is None or text is None:
            self._keep([self._letters.unfetched(uidvalidity, uid, head, facts)])
        else:
            self._keep([self._letters.in_halves(uidvalidity, uid, head + text, facts)])

    def _proved(self, uid: int) -> bool:
        """Return whether the server gives others; where this one lies alone, one of those that were moved is asked for."""
        memory = self._memory
        if self._is_alone and not memory.proves(uid) and self._hopeless(uid, memory.failed_fetches, proved=True):
            with contextlib.suppress(Busy):
                if self._link.gives_from(self._settings.processed):
                    memory.fetched_at = self._now()
        return memory.proves(uid)

    def _halves(self, uid: int) -> tuple[bytes | None, bytes | None]:
        try:
            return self._link.header_and_text(uid)
        except LINK_ERRORS:
            self._memory.alone.add(uid)
            raise
        except (*ANSWER_ERRORS, Busy):
            return None, None

    def _hopeless(self, uid: int, failures: Counter[int], *, proved: bool) -> bool:
        least = timedelta(seconds=self._settings.give_up_after)
        return self._memory.hopeless(uid, failures, self._now(), least, proved=proved)

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
        self._mover.settle(kept, self._now())
        for message in refused:
            self._refused(message)

    def _refused(self, message: InboundMessage) -> None:
        assert message.position is not None
        uid, memory = message.position.uid, self._memory
        self._complaint = f"message {uid} was not kept"
        self._inbox_must_live(self._complaint)
        memory.failed(uid, memory.failed_puts, self._now())
        if uid in memory.told_at or not self._hopeless(uid, memory.failed_puts, proved=True):
            return
        for instead in self._letters.instead_of(message, "it could not be stored"):
            if not isinstance(put_each(self._inbox, [instead])[0], InboxUnavailable):
                self._mover.settle([instead], self._now())
                return
        raise InboxUnavailable("the inbox takes nothing")

    def _inbox_must_live(self, complaint: str) -> None:
        """Raise where the inbox takes not even a word: then no message is to blame."""
        try:
            self._inbox.heard("imap", self._settings.account, complaint)
        except Exception as error:
            raise InboxUnavailable("the inbox takes nothing") from error

    def _say_what_is_outside(self, present: set[int]) -> None:
        """Complain of messages that have lain in the folder for long and are not with us, whatever the reason."""
        now, least = self._now(), timedelta(seconds=self._settings.give_up_after)
        outside = self._memory.outside(present - self._mover.done, now)
        late = sorted(uid for uid, since in outside.items() if now - since > least)
        if late:
            shown = ", ".join(map(str, late[:MOST_SHOWN]))
            folder = self._settings.folder
            self.gap = f"{len(late)} messages lie in {folder} and are not with us: UIDs {shown}"


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
