"""Our account's login on X: tokens that last two hours, each renewed with a token that is good for one time."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from intake.channel import TemporaryFailure, UncertainOutcome
from intake.networks.line import Answer, Line, LoginRefused, Query, Refused
from intake.networks.settings import secret
from intake.networks.walking import words
from intake.x_dm.settings import Settings

T = TypeVar("T")
RENEW = "/2/oauth2/token"


class Login:
    """Calls X as our account, and renews the login when X no longer takes it."""

    def __init__(self, settings: Settings, line: Line) -> None:
        """Read the tokens with the first call."""
        self._settings, self._line = settings, line
        self._lock = asyncio.Lock()

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Ask X for something."""
        return await self.with_login(lambda headers: self._line.get(path, query, headers=headers))

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Tell X something; ``UncertainOutcome`` where no answer came."""
        return await self.with_login(lambda headers: self._line.post(path, json=body, headers=headers))

    async def with_login(self, call: Callable[[dict[str, str]], Awaitable[T]]) -> T:
        """Call with our login as a header, and once more where it had to be renewed."""
        token = words(self._kept(), "access_token")
        try:
            return await call(_bearer(token))
        except LoginRefused:
            return await call(_bearer(await self._renewed(token)))

    async def _renewed(self, refused: str) -> str:
        async with self._lock:
            kept = self._kept()
            # Another call, or another process, may have renewed it meanwhile; a renewal is good for one time.
            if words(kept, "access_token") != refused:
                return words(kept, "access_token")
            if not words(kept, "refresh_token"):
                raise LoginRefused("X no longer takes our login: log in anew (docs/x.md)")
            self._must_be_writable()
            return await self._renew(kept)

    async def _renew(self, kept: Any) -> str:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": words(kept, "refresh_token"),
            "client_id": self._settings.client_id,
        }
        try:
            told = (await self._line.post(RENEW, data=form, headers=self._as_app())).told
        except (Refused, LoginRefused) as error:
            raise LoginRefused("X does not renew our login: log in anew (docs/x.md)") from error
        except UncertainOutcome as error:
            raise TemporaryFailure(str(error)) from error
        if not words(told, "access_token"):
            raise TemporaryFailure("X's answer to a renewal of our login made no sense")
        renewed = {name: words(told, name) or words(kept, name) for name in ("access_token", "refresh_token")}
        await asyncio.to_thread(_write, self._settings.token_file, json.dumps(renewed))
        return renewed["access_token"]

    def _as_app(self) -> dict[str, str]:
        file = self._settings.client_secret_file
        if file is None:
            return {}
        pair = f"{self._settings.client_id}:{secret(file)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"}

    def _kept(self) -> Any:
        try:
            return json.loads(secret(self._settings.token_file))
        except ValueError:
            raise TemporaryFailure(f"{self._settings.token_file.name} is no JSON with an access_token") from None

    def _must_be_writable(self) -> None:
        """Renew nothing that cannot be kept: the old token is worthless the moment X gives a new one."""
        if not os.access(self._settings.token_file.parent, os.W_OK):
            raise TemporaryFailure(f"{self._settings.token_file.name} cannot be written anew in its folder")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, for us alone to read."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
