"""Sends letters to people on Telegram: in parts that fit, buttons under the last, no faster than allowed."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import re

from intake.channel import (
    DeliveryFailure,
    Inbox,
    PermanentFailure,
    Reply,
    RouteClosed,
    Sent,
    TemporaryFailure,
    UncertainOutcome,
)
from intake.identity import identity_of
from intake.telegram_bot.calls import CallRefused, Calls, Nonsense, NoToken
from intake.telegram_bot.pace import Pace
from intake.telegram_bot.parts import parts_of
from intake.telegram_bot.settings import Settings
from intake.telegram_bot.updates import CHANNEL, answered, letter_id
from intake.telegram_bot.wire import Broken, NotReached, TooLong, Wire

MOST_BEGUN = 1000
UNCLEAR = frozenset({200, 408, 500, 502, 504})
"""A yes that makes no sense, and the answers of those who stand before the Bot API and have waited too long for it."""
_CHAT = re.compile(r"-?[0-9]{1,19}")
GONE = re.compile(r"chat not found|peer_id_invalid|user not found|deactivated|chat was deleted", re.IGNORECASE)
"""Descriptions of people and groups that are there no longer; all others whom we may not write to have said so."""


class Sending:
    """Writes to people; whoever asks is told what became of the letter."""

    def __init__(self, settings: Settings, inbox: Inbox, wire: Wire) -> None:
        """Write by this wire; tell the inbox where the token is wrong."""
        self._settings = settings
        self._inbox = inbox
        self._wire = wire
        self._calls = Calls(settings, wire)
        self._pace = Pace(settings)
        self._begun: dict[tuple[str, int], list[str]] = {}

    async def send(self, reply: Reply) -> Sent:
        """Hand over all parts of a letter; where a later one must wait, the next try goes on from there."""
        chat = self._chat(reply.recipient)
        parts = parts_of(reply.short or reply.text)
        if not parts:
            raise PermanentFailure("the letter has no words")
        # A letter that was sent on to another chat begins there anew.
        key = (reply.message_id, chat)
        arrived = self._begun.pop(key, [])[: len(parts) - 1]
        try:
            for number in range(len(arrived), len(parts)):
                arrived.append(await self._part(chat, parts[number], reply, is_last=number == len(parts) - 1))
        except TemporaryFailure:
            self._remember(key, arrived)
            raise
        return Sent(answer=f"Telegram took it in {len(parts)} message(s)", provider_id=arrived[-1])

    def _chat(self, recipient: str) -> int:
        identity = identity_of(recipient)
        ours = identity is not None and (identity.channel, identity.account) == (CHANNEL, self._settings.account)
        if identity is None or not ours or not _CHAT.fullmatch(identity.user):
            raise PermanentFailure("the letter is for nobody whom this bot knows")
        return int(identity.user)

    def _remember(self, letter: tuple[str, int], arrived: list[str]) -> None:
        if arrived:
            self._begun[letter] = arrived
        if len(self._begun) > MOST_BEGUN:
            del self._begun[next(iter(self._begun))]

    async def _part(self, chat: int, text: str, reply: Reply, *, is_last: bool) -> str:
        await self._pace.turn(chat)
        try:
            return await self._write(chat, text, reply, is_last=is_last)
        except CallRefused as refused:
            if refused.moved_to is None:
                raise await self._failure(chat, refused) from refused
            moved_to = refused.moved_to
        try:
            return await self._write(moved_to, text, reply, is_last=is_last)
        except CallRefused as refused:
            raise await self._failure(moved_to, refused) from refused

    async def _write(self, chat: int, text: str, reply: Reply, *, is_last: bool) -> str:
        # In a thread, as it takes a while: others wait for this loop.
        await asyncio.to_thread(importlib.import_module, "intake.telegram_bot.pen")
        from intake.telegram_bot.pen import Pen, write  # noqa: PLC0415 - loaded with the first letter, as it says itself

        buttons = reply.buttons if is_last else ()
        try:
            pen = Pen(self._calls.token(), self._settings.base_url, self._wire)
            number = await write(pen, chat, text, buttons=buttons, answers=answered(chat, reply.in_reply_to))
        except NoToken as error:
            await self._complain(str(error))
            raise TemporaryFailure("the bot has no token") from error
        except NotReached as error:
            raise TemporaryFailure("Telegram cannot be reached") from error
        except (Broken, TooLong, Nonsense) as error:
            raise UncertainOutcome("the letter went out, and no answer came that makes sense") from error
        return letter_id(chat, number)

    async def _failure(self, chat: int, refused: CallRefused) -> DeliveryFailure:
        """Return what a refusal means for the letter."""
        status = refused.status
        if status == 429:  # noqa: PLR2004 - too many requests
            self._pace.pause(chat, refused.retry_after or 1.0)
            return TemporaryFailure("Telegram asks for a pause")
        if status in {401, 404}:
            await self._complain("Telegram does not know the token in token_file")
            return TemporaryFailure("Telegram does not know the bot's token")
        if status == 403 or (status == 400 and GONE.search(refused.said)):  # noqa: PLR2004 - forbidden, bad request
            is_gone = GONE.search(refused.said) is not None
            return RouteClosed(
                "this person or group is gone from Telegram" if is_gone else "this person does not let the bot write",
                "gone" if is_gone else "blocked",
            )
        if status in UNCLEAR:
            return UncertainOutcome(f"the letter went out, and what was answered ({status}) does not say whether it was taken")
        if 400 <= status < 500:  # noqa: PLR2004 - our fault, says HTTP
            return PermanentFailure(f"Telegram refuses the letter ({status})")
        return TemporaryFailure(f"Telegram is out of order ({status})")

    async def _complain(self, sentence: str) -> None:
        # What the desk is told of the bot's health must not decide what becomes of the letter.
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._inbox.heard, CHANNEL, self._settings.account, sentence)
