"""Legacy direct messages on X: paid, partial, and only with ``accept_costs = true`` (docs/x.md). Encrypted chats are not read.

X posts each message to our webhook, signed with the app's consumer secret. An encrypted chat, where X tells of one, is kept
as a message that nobody but a person in the app can read.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from intake.channel import (
    Inbox,
    InboxUnavailable,
    PermanentFailure,
    Reply,
    Sent,
    TemporaryFailure,
    WebhookAnswer,
    WebhookRequest,
)
from intake.chat import FetchedFile, FileToFetch
from intake.message import InboundMessage, Reading
from intake.networks import files
from intake.networks.line import Line
from intake.networks.rounds import keep, sentence
from intake.networks.settings import secret
from intake.networks.told import Desk, read_told
from intake.networks.under_way import UnderWay
from intake.networks.walking import at, many, words
from intake.x_dm.events import LISTED, understand, updates_of
from intake.x_dm.letters import LONGEST, Letters
from intake.x_dm.login import Login
from intake.x_dm.settings import Settings
from intake.x_dm.signatures import HEADER, is_signed, signature

__all__ = ["Settings", "X", "build", "read"]

KIND = "x"
NAME = "X"
TELL_EVERY = 600.0
"""Seconds between two words to the desk that the channel stands."""
NOTICE = "encrypted chats on X are not read: only legacy direct messages are"
_FIELDS = [("dm_event.fields", "id,text,sender_id,created_at,attachments,event_type"), ("event_types", "MessageCreate")]
_TOKEN = re.compile(r"[\w.~+/=-]{1,256}", re.ASCII)
"""What X asks us to sign: one word, which is never the JSON that it posts."""
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> X:
    """Make the channel that these settings describe."""
    return X(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read a kept update; raises ``ValueError`` for what is none."""
    return read_told(raw, received_at, channel=KIND, kind="dm", understand=understand)


class X:
    """One account of ours."""

    channel = KIND
    window: timedelta | None = None
    longest: int | None = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Call nobody yet."""
        self.account = settings.account
        self.quiet = timedelta(seconds=settings.quiet_seconds)
        self._settings, self._inbox, self._clock = settings, inbox, clock
        self._desk = Desk(channel=KIND, account=self.account, quiet=self.quiet, understand=understand)
        self._line = Line(settings.base_url, answer_within=settings.answer_within)
        self._login = Login(settings, self._line)
        self._under_way = UnderWay()
        self._letters = Letters(settings, self._login, clock.now, self._under_way)

    async def listen(self) -> None:
        """Tell the desk that the channel stands, and now and then ask X for messages of which it did not tell us."""
        log.warning(NOTICE, extra={"account": self.account})
        every = self._settings.look_every_hours * 3600
        asked_at: float | None = None
        while True:
            error = None
            now = asyncio.get_running_loop().time()
            if every and (asked_at is None or now - asked_at >= every):
                try:
                    await self._ask_what_was_missed()
                    asked_at = now
                except Exception as fault:  # noqa: BLE001 - the edge of the loop: what X posts is kept all the same
                    error = sentence(fault)
            await self._tell(error)
            await asyncio.sleep(TELL_EVERY)

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Prove ourselves to X, or keep what it signed and only then say 200."""
        try:
            key = secret(self._settings.secret_file)
        except TemporaryFailure:
            return WebhookAnswer(status=503)
        if request.method == "GET":
            return self._challenge(request, key)
        if not (request.body.lstrip().startswith(b"{") and is_signed(key, request.body, request.header(HEADER))):
            self._inbox.refused(KIND, self.account)
            return WebhookAnswer(status=401)
        try:
            if messages := self._messages(request.body):
                self._inbox.put(messages)
        except InboxUnavailable:
            return WebhookAnswer(status=503)
        return WebhookAnswer(status=200)

    async def send(self, reply: Reply) -> Sent:
        """Send a letter as a legacy direct message."""
        return await self._letters.send(reply)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch an attached file, those that X holds for the two of us with our login."""
        settings, reference = self._settings, _reference(file)
        held = [part for part in many(reference, "held") if isinstance(part, str)]
        url = f"{settings.base_url}/2/dm_conversations/media/{'/'.join(held)}" if held else words(reference, "url")
        fetch = partial(
            files.fetch, self._line.client, url, home=settings.base_url, most=settings.max_file_size, name=file.name
        )
        return await self._login.with_login(lambda headers: fetch(headers=headers))

    async def close(self) -> None:
        """Let go of connections."""
        await self._line.close()

    def _challenge(self, request: WebhookRequest, key: str) -> WebhookAnswer:
        token = next((value for name, value in request.query if name == "crc_token"), "")
        # Anybody may ask, and the same key signs what X posts: what we sign must never be something that we would take in.
        if not _TOKEN.fullmatch(token):
            return WebhookAnswer(status=400)
        return WebhookAnswer(status=200, body=json.dumps({"response_token": signature(key, token.encode())}))

    def _messages(self, body: bytes) -> Sequence[InboundMessage]:
        try:
            updates = list(updates_of(json.loads(body)))
        except (ValueError, RecursionError):
            # Signed by X and yet no JSON: kept as it came, for a person.
            updates = [{"no_json": body.decode("utf-8", "replace")}]
        return [self._message(update) for update in updates if not self._is_ours(update)]

    def _message(self, update: Any) -> InboundMessage:
        return self._desk.message(self._desk.envelope({"id": self._settings.user_id}, update), self._clock.now())

    def _is_ours(self, update: Any) -> bool:
        created = at(update, "event", "message_create")
        if words(created, "sender_id") != self._settings.user_id:
            return False
        person, text = words(created, "target", "recipient_id"), words(created, "message_data", "text")
        return self._under_way.is_ours(words(update, "event", "id"), person, text)

    async def _ask_what_was_missed(self) -> None:
        told = (await self._login.get("/2/dm_events", [*_FIELDS, ("max_results", "100")])).told
        others = [one for one in many(told, "data") if words(one, "sender_id") != self._settings.user_id]
        updates = [{"event_type": LISTED, "event": one, "user": None} for one in reversed(others)]
        await keep(self._inbox, [self._message(update) for update in updates])

    async def _tell(self, error: str | None) -> None:
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.heard, KIND, self.account, error)


def _reference(file: FileToFetch) -> Any:
    try:
        return json.loads(file.reference)
    except ValueError as error:
        raise PermanentFailure("the file has no address") from error
