"""Calls to the Bot API and its answers, errors included, as https://core.telegram.org/bots/api#making-requests says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from intake.telegram_bot.settings import Settings
from intake.telegram_bot.wire import Answer, Wire

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of updates that we ask for."""
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
CONFLICT = 409


class NoToken(Exception):
    """The token cannot be had from its file, or is none."""


class NoSecret(Exception):
    """The webhook's secret cannot be had from its file, or is none."""


class CallRefused(Exception):
    """The Bot API said no: ``status`` is its error code, ``said`` its own description, which is for matching only."""

    def __init__(
        self, method: str, status: int, said: str = "", retry_after: float | None = None, moved_to: int | None = None
    ) -> None:
        """Say which call was refused, without the words of either side; a group may have ``moved_to`` another number."""
        super().__init__(f"Telegram answered {method} with {status}")
        self.status = status
        self.said = said
        self.retry_after = retry_after
        self.moved_to = moved_to


class Nonsense(Exception):
    """The Bot API did what was asked, but what it says of it cannot be read."""


class Calls:
    """Asks the Bot API on behalf of one bot; the token is read anew for each call, so that a mended file counts at once."""

    def __init__(self, settings: Settings, wire: Wire) -> None:
        """Call over this wire."""
        self._settings = settings
        self._wire = wire

    def token(self) -> str:
        """Return the bot's token."""
        try:
            token = self._settings.token_file.read_text().strip()
        except (OSError, ValueError) as error:
            raise NoToken("token_file cannot be read") from error
        if not _TOKEN.fullmatch(token):
            raise NoToken("token_file holds no token of the form that BotFather gives")
        return token

    async def ask(self, method: str, fields: Mapping[str, Any], *, longer: float = 0.0) -> Any:
        """Return the result of a call; raise ``CallRefused``, ``NoToken``, or what the wire raises."""
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
        url = f"{self._settings.base_url}/bot{self.token()}/{method}"
        return result_of(method, await self._wire.post(url, form, longer=longer))

    async def news(self, offset: int | None) -> list[Any]:
        """Return updates from this number on, which confirms all before it; wait a while where there are none."""
        wait = self._settings.poll_seconds
        fields = {"timeout": wait, "limit": self._settings.batch, "allowed_updates": WANTED}
        asked = fields if offset is None else fields | {"offset": offset}
        found = await self.ask("getUpdates", asked, longer=wait)
        if not isinstance(found, list):
            raise CallRefused("getUpdates", 200)
        return found

    async def download(self, path: str, longest: int) -> bytes:
        """Return a file by the path that ``getFile`` gave."""
        url = f"{self._settings.base_url}/file/bot{self.token()}/{quote(path)}"
        answer = await self._wire.get(url, longest)
        if answer.status != 200:  # noqa: PLR2004 - the one good answer
            raise CallRefused("the download", answer.status)
        return answer.body


def result_of(method: str, answer: Answer) -> Any:
    """Return the result in an answer, or raise ``CallRefused``: with status 200 where a yes makes no sense."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and told.get("ok") is True and "result" in told:
        return told["result"]
    raise _refusal(method, answer.status, told if isinstance(told, dict) else {})


def _refusal(method: str, status: int, told: dict[str, Any]) -> CallRefused:
    code, said, parameters = told.get("error_code"), told.get("description"), told.get("parameters")
    more = parameters if isinstance(parameters, dict) else {}
    delay, moved_to = more.get("retry_after"), more.get("migrate_to_chat_id")
    return CallRefused(
        method,
        code if isinstance(code, int) else status,
        said if isinstance(said, str) else "",
        float(delay) if isinstance(delay, int) and delay >= 0 else None,
        moved_to if isinstance(moved_to, int) else None,
    )
