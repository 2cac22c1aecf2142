"""Takes updates that Telegram posts to our public door, and looks after the webhook that makes it do so."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from intake.channel import Inbox, InboxUnavailable, WebhookAnswer, WebhookRequest
from intake.gathering import put_each
from intake.telegram_bot.arrivals import in_envelope, unreadable
from intake.telegram_bot.calls import WANTED, Calls, NoSecret
from intake.telegram_bot.contact import Clock, Contact
from intake.telegram_bot.keeping import Keeping
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.updates import CHANNEL
from intake.telegram_bot.wire import Wire

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
_SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{16,256}")
MOST_WAITING = 100
"""More updates than this wait at Telegram only where they do not reach us."""
RECENT = timedelta(minutes=10)


class Hooking:
    """The webhook of one bot: ``answer`` is called from threads, ``run`` belongs to the event loop."""

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Put what comes into ``inbox``."""
        self._settings = settings
        self._inbox = inbox
        self._clock = clock
        self._keeping = Keeping(settings, inbox)
        self._contact = Contact(settings, inbox)
        self._set: str | None = None

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Return 200 once the update is durable; 401 to whoever does not know the secret."""
        try:
            secret = self._secret()
        except NoSecret:
            return WebhookAnswer(status=503)
        given = request.header(SECRET) or ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
            self._inbox.refused(CHANNEL, self._settings.account)
            return WebhookAnswer(status=401)
        if request.method != "POST":
            return WebhookAnswer(status=405)
        return self._keep(request.body)

    async def run(self) -> None:
        """Set the webhook, then look now and then whether Telegram reaches us; until cancelled."""
        wire = Wire(timeout=self._settings.timeout, connect_timeout=self._settings.connect_timeout)
        calls = Calls(self._settings, wire)
        self._set = None
        try:
            while True:
                try:
                    await self._round(calls)
                    await asyncio.sleep(self._settings.check_seconds)
                except Exception as error:  # noqa: BLE001 - the edge of the loop: the next round is tried
                    await self._contact.recover(error)
        finally:
            await wire.close()

    def _keep(self, body: bytes) -> WebhookAnswer:
        try:
            told = json.loads(body)
            in_envelope(told, self._settings.account)
        except (ValueError, RecursionError):
            message = unreadable(body, self._settings.account, self._clock.now())
            is_kept = not isinstance(put_each(self._inbox, [message])[0], InboxUnavailable)
            return WebhookAnswer(status=200 if is_kept else 503)
        kept = self._keeping.keep([told], self._clock.now())
        if kept.refused:
            return WebhookAnswer(status=503)
        return _seen(kept.presses[0]) if kept.presses else WebhookAnswer(status=200)

    def _secret(self) -> str:
        path = self._settings.webhook_secret_file
        try:
            secret = path.read_text().strip() if path is not None else ""
        except (OSError, ValueError) as error:
            raise NoSecret("webhook_secret_file cannot be read") from error
        if not _SECRET_FORM.fullmatch(secret):
            raise NoSecret("webhook_secret_file holds no secret of 16 to 256 letters, digits, dashes and underscores")
        return secret

    async def _round(self, calls: Calls) -> None:
        found = await calls.ask("getWebhookInfo", {})
        info: dict[str, Any] = found if isinstance(found, dict) else {}
        is_ours = info.get("url") == self._settings.webhook_url and sorted(info.get("allowed_updates") or ()) == sorted(WANTED)
        secret = self._secret()
        # Telegram never tells which secret it was given: only what this process gave it is known.
        if not is_ours or secret != self._set:
            await calls.ask(
                "setWebhook", {"url": self._settings.webhook_url, "secret_token": secret, "allowed_updates": WANTED}
            )
            self._set = secret
            await self._contact.good()
            return
        late = _lateness(info, self._clock.now())
        await (self._contact.tell(late) if late else self._contact.good())


def _seen(callback: str) -> WebhookAnswer:
    """Return a yes that also tells Telegram that a pressed button was seen, so that it stops blinking."""
    told = {"method": "answerCallbackQuery", "callback_query_id": callback}
    return WebhookAnswer(status=200, body=json.dumps(told), media_type="application/json")


def _lateness(info: dict[str, Any], now: datetime) -> str | None:
    """Say in one sentence that Telegram does not reach us, where that is so; it forgets updates after 24 hours."""
    waiting, failed_at = info.get("pending_update_count"), info.get("last_error_date")
    number = waiting if isinstance(waiting, int) else 0
    is_failing = isinstance(failed_at, int) and number > 0 and now - datetime.fromtimestamp(failed_at, UTC) < RECENT
    if is_failing or number > MOST_WAITING:
        return f"Telegram cannot deliver: {number} updates wait there, and are lost after 24 hours"
    return None
