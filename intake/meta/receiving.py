"""The receiver of Meta's webhooks, shared by its three channels: signed, kept in one transaction, and only then answered 200.

Meta repeats what was not answered with 200 for 36 hours (WhatsApp: 7 days); what comes twice has the same name and is kept
once. One app has one address for all its pages or numbers, so each entry goes to the account that it names.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from intake.channel import Inbox, InboxUnavailable, WebhookAnswer, WebhookRequest
from intake.message import InboundMessage
from intake.meta.json_values import Json, load
from intake.meta.settings import AccountSettings
from intake.meta.signatures import challenge_of, is_signed
from intake.meta.updates import ASKS_NOTHING, STRANGE, Dialect, Piece, for_a_person, kept_bytes, message_of

SIGNATURE = "x-hub-signature-256"
log = logging.getLogger(__name__)


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class Receiver:
    """Answers the requests at one webhook."""

    def __init__(self, dialect: Dialect, settings: AccountSettings, inbox: Inbox, clock: Clock) -> None:
        """Keep what comes for our own account, and for those of ``settings.also`` under their names."""
        self._dialect, self._account, self._settings = dialect, settings.account, settings
        self._inbox, self._clock = inbox, clock
        self._accounts = {**settings.also, settings.own_id: settings.account}
        self._quiet = timedelta(seconds=settings.quiet_seconds)

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Answer a verification or keep a batch; never raises."""
        try:
            return self._verified(request) if request.method == "GET" else self._received(request)
        except InboxUnavailable:
            return WebhookAnswer(status=503)
        except OSError as error:
            self._failed(f"a webhook request could not be checked, a secret's file cannot be read: {error.strerror}")
            return WebhookAnswer(status=500)
        except Exception as error:  # noqa: BLE001 - the edge of the door: whatever went wrong with us, Meta is to come again
            # No traceback: it might quote a resident.
            log.warning("webhook failed", extra={"account": self._account, "error": type(error).__name__})
            return WebhookAnswer(status=500)

    def _verified(self, request: WebhookRequest) -> WebhookAnswer:
        challenge = challenge_of(request.query, self._settings.verify_token())
        return WebhookAnswer(status=403) if challenge is None else WebhookAnswer(status=200, body=challenge)

    def _received(self, request: WebhookRequest) -> WebhookAnswer:
        if not is_signed(request.body, request.header(SIGNATURE), self._settings.app_secret()):
            self._inbox.refused(self._dialect.kind, self._account)
            return WebhookAnswer(status=401)
        if len(request.body) > self._settings.max_body:
            self._failed("a webhook request of Meta's is larger than max_body, and was refused")
            return WebhookAnswer(status=413)
        messages = list(self._messages(request.body))
        if messages:
            self._inbox.put(messages)
        return WebhookAnswer(status=200)

    def _failed(self, sentence: str) -> None:
        log.warning(sentence, extra={"account": self._account})
        self._inbox.heard(self._dialect.kind, self._account, sentence)

    def _messages(self, body: bytes) -> Iterator[InboundMessage]:
        """Yield what is to be kept of a batch: everything."""
        arrived = self._clock.now()
        try:
            pieces = list(self._dialect.unpack(self._batch(body)))
        except (ValueError, RecursionError):
            yield for_a_person(self._dialect.kind, self._account, body, arrived, "not_understood")
            return
        for piece in pieces:
            try:
                yield self._message(piece, arrived)
            except RecursionError:
                # Nested so deep that it could be read and not be written again: kept as it came, with its whole batch.
                yield for_a_person(self._dialect.kind, self._account, body, arrived, "not_understood")

    def _batch(self, body: bytes) -> Json:
        batch = load(body)
        if not isinstance(batch.get("entry"), list):
            raise ValueError("a batch without entries")  # noqa: TRY004 - what is wrong is the value
        return batch

    def _message(self, piece: Piece, arrived: datetime) -> InboundMessage:
        known = self._accounts.get(piece.owner or "")
        account = known or self._account
        marks = {STRANGE: (piece.owner or "") if known is None else None}
        raw = kept_bytes(piece, account, **marks)
        if piece.owner is None:
            return for_a_person(self._dialect.kind, account, raw, arrived, "not_understood")
        try:
            update = self._dialect.understand(piece.envelope)
            message = message_of(self._dialect.kind, account, update, raw, arrived)
        except Exception as error:  # noqa: BLE001 - one broken update must not keep 999 others out, whatever is wrong with it
            log.warning("update not understood", extra={"account": account, "error": type(error).__name__})
            return for_a_person(self._dialect.kind, account, raw, arrived, "not_understood")
        if known is None:
            return self._strange(message, piece)
        return replace(message, quiet=self._quiet) if message.act == "message" else message

    def _strange(self, message: InboundMessage, piece: Piece) -> InboundMessage:
        """Keep what came for an account that is not configured, for a person; its receipts ask nobody."""
        named = f"{piece.owner}:{message.external_id}"
        return replace(message, external_id=named, conversation=None, problem=None if message.act in ASKS_NOTHING else STRANGE)
