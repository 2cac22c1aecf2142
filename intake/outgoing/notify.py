"""Hands letters to GOV.UK Notify, asks by their reference before it ever sends one again, and hears what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from datetime import datetime
from typing import Protocol

from intake.channel import (
    DeliveryFailure,
    Inbox,
    InboxUnavailable,
    Reply,
    Sent,
    TemporaryFailure,
    UncertainOutcome,
    WebhookAnswer,
    WebhookRequest,
)
from intake.notify.line import Line
from intake.notify.outcomes import NeedsMending
from intake.notify.receipts import KIND, read, receipt_of
from intake.notify.settings import Settings

__all__ = ["Notify", "Settings", "build", "read"]

SENDING, UPKEEP = "sending", "upkeep"
"""The matters in which something may have to be mended: what goes out, and what is looked at now and then."""
LOOK_AGAIN = 300.0
"""Seconds after which trouble is looked at again, so that what was mended is soon told as such."""
BEARER = "Bearer "
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Notify:
    """Make the way out that these settings describe; what becomes of letters is put into ``inbox``."""
    return Notify(settings, inbox, clock)


class Notify:
    """One service at GOV.UK Notify."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Call nobody yet."""
        self.account = settings.account
        self._settings, self._inbox, self._clock = settings, inbox, clock
        self._line = Line(settings)
        self._told: dict[str, str | None] = {}

    async def send(self, reply: Reply) -> Sent:
        """Return Notify's yes; raise a ``DeliveryFailure``, ``UncertainOutcome`` where nobody knows whether it went."""
        try:
            sent = await self._send(reply)
        except NeedsMending as failure:
            await self._tell(SENDING, str(failure))
            raise
        await self._tell(SENDING, None)
        return sent

    async def _send(self, reply: Reply) -> Sent:
        if reply.again and (known := await self._known(reply)) is not None:
            return known
        try:
            return await self._line.hand_over(reply)
        except UncertainOutcome as failure:
            return await self._reconciled(reply, failure)

    async def _known(self, reply: Reply) -> Sent | None:
        try:
            return await self._line.found(reply)
        except NeedsMending:
            raise
        except DeliveryFailure as failure:
            # Their reference is no guard against a second letter: who cannot ask must not send.
            raise TemporaryFailure(f"whether it went before could not be asked: {failure}") from failure

    async def _reconciled(self, reply: Reply, lost: UncertainOutcome) -> Sent:
        """Ask for the letter until it is found or time is up: then it is uncertain, or, where nobody answered, asked for later."""
        loop = asyncio.get_running_loop()
        until, was_asked = loop.time() + self._settings.reconcile_within, False
        while True:
            try:
                known = await self._line.found(reply)
            except DeliveryFailure as failure:
                log.warning("a letter could not be asked for", extra={"account": self.account, "error": str(failure)})
            else:
                was_asked = True
                if known is not None:
                    return known
            if loop.time() >= until:
                break
            await asyncio.sleep(self._settings.reconcile_every)
        if was_asked:
            raise UncertainOutcome(f"{lost}; asked by its reference, Notify does not know the letter") from lost
        raise TemporaryFailure(f"{lost}; and nobody could be asked for it: it is asked for before it goes again") from lost

    async def ask(self, provider_id: str) -> None:
        """Ask what became of a letter, and keep the answer where it is decided."""
        told = await self._line.state_of(provider_id)
        try:
            receipt = None if told is None else receipt_of(told, self.account, self._clock.now())
        except ValueError as error:
            raise TemporaryFailure("GOV.UK Notify's answer made no sense") from error
        if receipt is not None:
            await asyncio.to_thread(self._inbox.put, [receipt])

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Keep what Notify calls back with, and only then say yes; it comes again after 5xx, and after no other answer."""
        try:
            return self._received(request)
        except InboxUnavailable:
            return WebhookAnswer(status=503)
        except (OSError, UnicodeDecodeError):
            self._inbox.heard(KIND, self.account, "callback_token_file cannot be read: no callback was believed")
            return WebhookAnswer(status=500)

    def _received(self, request: WebhookRequest) -> WebhookAnswer:
        shown = request.header("authorization") or ""
        right = shown.startswith(BEARER) and self._settings.is_callback_token(shown.removeprefix(BEARER))
        if not right or request.method != "POST":
            self._inbox.refused(KIND, self.account)
            return WebhookAnswer(status=401)
        try:
            receipt = receipt_of(json.loads(request.body), self.account, self._clock.now())
        except (ValueError, RecursionError):
            # Nothing is lost: what is undecided here is asked for within the hour.
            log.warning("a callback of Notify's could not be read", extra={"account": self.account})
            return WebhookAnswer(status=400)
        if receipt is not None:
            self._inbox.put([receipt])
        return WebhookAnswer(status=200)

    async def listen(self) -> None:
        """Notify comes to us: until cancelled, look now and then whether key and template still serve."""
        usual = self._settings.check_seconds
        while True:
            trouble, silent = None, None
            try:
                trouble = await self._line.trouble()
            except DeliveryFailure as failure:
                silent = str(failure)
            else:
                await self._tell(UPKEEP, trouble)
            with contextlib.suppress(Exception):
                await asyncio.to_thread(self._inbox.heard, KIND, self.account, silent)
            await asyncio.sleep(usual if trouble is None and silent is None else min(usual, LOOK_AGAIN))

    async def close(self) -> None:
        """Begin nothing more."""
        self._line.close()

    async def _tell(self, matter: str, trouble: str | None) -> None:
        """Let the desk know what must be mended, or that it is; that it cannot be told must stop no letter."""
        if matter in self._told and self._told[matter] == trouble:
            return
        if trouble is not None:
            log.warning(trouble, extra={"account": self.account})
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.stands, KIND, self.account, matter, trouble)
            self._told[matter] = trouble
