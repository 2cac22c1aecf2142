"""python-telegram-bot's ``Bot`` over our own wire, and without its log, in which token and letters would stand.

Loaded with the first letter only: the library takes half a second, and a house without Telegram never needs it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from intake.chat import Button
from intake.telegram_bot.calls import CallRefused, Nonsense, result_of
from intake.telegram_bot.wire import Broken, NotReached, TooLong, Wire


class Pen(Bot):
    """Writes for one bot; made anew for each letter, which costs little and lets a mended token count at once."""

    # The library foresees this name to be replaced by its heirs; a logger outside the tree has nobody who listens.
    _LOGGER = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001 - in the tree a handler would hear it

    def __init__(self, token: str, base_url: str, wire: Wire) -> None:
        """Write by this wire."""
        road = _Road(wire)
        super().__init__(token, base_url=f"{base_url}/bot", request=road, get_updates_request=road)


async def write(pen: Pen, chat: int, text: str, *, buttons: Sequence[Button], answers: int | None) -> int:
    """Send one message and return its number; raise what the wire and the Bot API raise, or ``Nonsense``."""
    rows = [[InlineKeyboardButton(button.label, callback_data=button.payload)] for button in buttons]
    try:
        letter = await pen.send_message(
            chat,
            text,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=InlineKeyboardMarkup(rows) if rows else None,
            # Whoever deleted what they wrote gets the answer all the same.
            reply_parameters=ReplyParameters(answers, allow_sending_without_reply=True) if answers else None,
        )
    except _NotWritten as error:
        why = error.why
    except (TelegramError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise Nonsense("Telegram's answer to the letter makes no sense") from error
    else:
        return letter.message_id
    raise why


class _NotWritten(TelegramError):
    """Carries what the wire or the Bot API said through the library, which tells fewer things apart."""

    def __init__(self, why: CallRefused | NotReached | Broken | TooLong) -> None:
        super().__init__("the letter was not surely taken")
        self.why = why


class _Road(BaseRequest):
    """What the library asks of a way to the Bot API."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Have nothing to prepare: the wire connects by itself."""

    async def shutdown(self) -> None:
        """Leave the wire to whom it belongs."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the library's signature; it only ever posts
        request_data: RequestData | None = None,
        *_times: Any,
        **_more_times: Any,
    ) -> tuple[int, bytes]:
        """Post the fields; the wire's own timeouts hold."""
        try:
            answer = await self._wire.post(url, request_data.json_parameters if request_data else {})
            result_of(url.rpartition("/")[2], answer)
        except (CallRefused, NotReached, Broken, TooLong) as error:
            raise _NotWritten(error) from None
        return answer.status, answer.body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer that was found good."""
        told: dict[str, Any] = json.loads(payload)
        return told
