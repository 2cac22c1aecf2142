"""Where doors put messages: the bytes are committed (T1) before anything upstream is told yes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.clock import Clock
from handlers.refusals import Refusals
from intake.channel import InboxUnavailable
from intake.chat import FileToFetch
from intake.message import InboundMessage, Position, Receipt
from store.arrivals import Cursor, kept_names, mailbox_position, receive, storable
from store.chat_rows import Heard, hear, hold
from store.engine import Store
from store.errors import StoreError
from store.marks import record_contact, record_trouble
from store.models import MessageState
from store.tallies import add_tallies

WROTE = frozenset({"message", "edit", "press", "public"})
"""Acts by which a person speaks to us, so that platforms let us answer for a while."""
LONGEST_WAIT = timedelta(seconds=30)
"""However many short messages follow each other, the first is read after about so long."""
FOR_FILES = timedelta(seconds=20)
"""How long words wait for their files, which come sooner as a rule; what comes later is added to the case."""


class Reception:
    """The ``Inbox`` of the house: durable first, understood later by triage."""

    def __init__(self, store: Store, clock: Clock, woken: Callable[[], None] = lambda: None) -> None:
        """Keep the store; ``woken`` is told after each commit that there is work."""
        self._store = store
        self._clock = clock
        self._woken = woken
        self.refusals = Refusals(store)

    def put(self, messages: Sequence[InboundMessage]) -> Sequence[Receipt]:
        """Commit all of them in one transaction, or keep none and raise ``InboxUnavailable``."""
        rows = [row_of(message, self._clock.now()) for message in messages]
        try:
            with self._store.unit("T1") as unit:
                kept = receive(unit, rows, _furthest(messages))
                fresh = [message for message, (_, is_new) in zip(messages, kept, strict=True) if is_new]
                hear(unit, [self._heard(one, one.conversation) for one in fresh if one.act in WROTE and one.conversation])
                for channel, account in {(message.channel, message.account) for message in messages}:
                    record_contact(unit, channel, account, self._clock.now())
                unit.commit()
        except StoreError as error:
            raise InboxUnavailable(str(error)) from error
        self._woken()
        return [Receipt(message_id=message_id, fresh=is_new) for message_id, is_new in kept]

    def position(self, account: str, folder: str) -> Position | None:
        """Say how far this mailbox folder was read."""
        with self._store.glance() as glance:
            row = mailbox_position(glance, account, folder)
        return None if row is None else Position(folder=folder, uidvalidity=row.uidvalidity, uid=row.uid)

    def already_kept(self, channel: str, account: str, external_ids: Sequence[str]) -> set[str]:
        """Say which messages of these names are durable here."""
        with self._store.glance() as glance:
            return kept_names(glance, channel, account, external_ids)

    def heard(self, channel: str, account: str, error: str | None = None) -> None:
        """Note a good contact with the channel, or why there was none."""
        with self._store.unit("contact") as unit:
            record_contact(unit, channel, account, self._clock.now(), error)
            unit.commit()

    def refused(self, channel: str, account: str) -> None:
        """Count a request that the account's webhook refused."""
        self.refusals.add(channel, account)

    def tallied(self, channel: str, account: str, outcomes: Mapping[str, int]) -> None:
        """Add to how often this door gave each answer."""
        with self._store.unit("contact") as unit:
            add_tallies(unit, channel, account, outcomes)
            unit.commit()

    def stands(self, channel: str, account: str, matter: str, trouble: str | None) -> None:
        """Note what somebody must mend in one matter of the channel, or that nothing is wrong there any more."""
        with self._store.unit("contact") as unit:
            record_trouble(unit, channel, account, matter, at=self._clock.now(), sentence=trouble)
            unit.commit()

    def hold(self, account: str, holder: str, seconds: float) -> bool:
        """Give the sole right to poll an account to this holder, or keep it with whoever has it."""
        now = self._clock.now()
        with self._store.unit("contact") as unit:
            theirs = hold(unit, account, holder, now, now + timedelta(seconds=seconds))
            unit.commit()
        return theirs

    def _heard(self, message: InboundMessage, identity: str) -> Heard:
        now = self._clock.now()
        wait = now + message.quiet if message.act == "message" and message.quiet else None
        return Heard(
            identity=identity,
            at=min(message.received_at, now),
            wait_until=wait,
            begun_after=now - LONGEST_WAIT,
        )


def row_of(message: InboundMessage, now: datetime) -> dict[str, Any]:
    """Return an arrival as it is kept before anybody has read it."""
    envelope, position = message.envelope, message.position
    return {
        "channel": message.channel,
        "account": message.account,
        "external_id": message.external_id,
        "media_type": message.media_type,
        # A clock that runs ahead elsewhere must not give a receipt in our future.
        "received_at": min(message.received_at, now),
        "accepted_at": now,
        "raw_sha256": hashlib.sha256(message.raw).hexdigest(),
        "raw_size": len(message.raw),
        "mail_from": envelope.mail_from if envelope else None,
        "rcpt_to": list(envelope.rcpt_to) if envelope else [],
        "peer": envelope.peer if envelope else None,
        "folder": position.folder if position else None,
        "uidvalidity": position.uidvalidity if position else None,
        "uid": position.uid if position else None,
        "state": MessageState.WAITING,
        # Files are fetched meanwhile: what shows the trouble is read with the words that tell of it.
        "due_at": now + message.quiet + (FOR_FILES if message.files else timedelta(0)),
        "quiet_until": now + message.quiet if message.conversation else None,
        "problem": message.problem,
        "conversation": message.conversation,
        "act": message.act,
        "body": message.raw,
        "files": [_file(message, file, now) for file in message.files],
    }


def _file(message: InboundMessage, file: FileToFetch, now: datetime) -> dict[str, Any]:
    told = {name: storable(value) if (value := getattr(file, name)) else None for name in ("name", "type")}
    way = f"{message.channel}:{message.account}"
    return {"way": way, "reference": storable(file.reference), **told, "said_size": file.size, "next_at": now}


def _furthest(messages: Sequence[InboundMessage]) -> list[Cursor]:
    """Return the highest position of each (account, folder) among the messages."""
    furthest: dict[tuple[str, str, int], Cursor] = {}
    for message in messages:
        if (at := message.position) is not None:
            key = (message.account, at.folder, at.uidvalidity)
            if key not in furthest or furthest[key].uid < at.uid:
                furthest[key] = Cursor(account=message.account, folder=at.folder, uidvalidity=at.uidvalidity, uid=at.uid)
    return list(furthest.values())
