"""Our session: log in with an app password, renew it, and call the chat through the account's own server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from intake.bluesky_chat.settings import Settings
from intake.channel import TemporaryFailure, UncertainOutcome
from intake.networks.line import Answer, Line, LoginRefused, Query, Refused
from intake.networks.settings import WebAddress, secret
from intake.networks.walking import many, words

CREATE, REFRESH = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession"
RECORD = "/xrpc/com.atproto.repo.getRecord"
DECLARATION = "chat.bsky.actor.declaration"
NO_RECORD = "RecordNotFound"
_OVER = frozenset({"ExpiredToken", "InvalidToken"})
_ADDRESS: TypeAdapter[str] = TypeAdapter(WebAddress)


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """What a login gave us."""

    did: str
    handle: str
    access: str = field(repr=False)
    renewal: str = field(repr=False)


class Session:
    """Calls with a login that is renewed when it has run out; one login at a time, as the network counts them."""

    def __init__(self, settings: Settings) -> None:
        """Log in with the first call."""
        self._settings = settings
        self._door = Line(settings.base_url, answer_within=settings.answer_within)
        self._home = self._door
        self._keys: Keys | None = None
        self._lock = asyncio.Lock()

    async def keys(self) -> Keys:
        """Return the present login."""
        async with self._lock:
            if self._keys is None:
                self._keys = await self._log_in()
            return self._keys

    async def ask(self, method: str, query: Query = ()) -> Any:
        """Ask the chat something."""
        return (await self._with_login(lambda keys: self._home.get(_path(method), query, headers=self._chat(keys)))).told

    async def say(self, method: str, body: dict[str, Any]) -> Any:
        """Tell the chat something; ``UncertainOutcome`` where no answer came."""
        return (await self._with_login(lambda keys: self._home.post(_path(method), json=body, headers=self._chat(keys)))).told

    async def complaint(self) -> str | None:
        """Say what keeps residents from writing to us: the account's declaration, which lets in nobody but friends by default."""
        did = (await self.keys()).did
        query = [("repo", did), ("collection", DECLARATION), ("rkey", "self")]
        try:
            record = (await self._with_login(lambda keys: self._home.get(RECORD, query, headers=_bearer(keys.access)))).told
        except Refused as error:
            if error.code != NO_RECORD:
                raise
            record = None
        allowed = words(record, "value", "allowIncoming") or "following"
        if allowed == "all":
            return None
        return f"residents are kept out (messages are allowed from: {allowed}): set the account's chat to take messages from everyone"

    async def close(self) -> None:
        """Let go of connections."""
        await self._door.close()
        if self._home is not self._door:
            await self._home.close()

    async def _with_login(self, call: Any) -> Answer:
        keys = await self.keys()
        try:
            return await self._called(call, keys)
        except _OverError:
            async with self._lock:
                if self._keys is keys:
                    self._keys = await self._renewed(keys)
                keys = self._keys or keys
        try:
            return await self._called(call, keys)
        except _OverError as error:
            self._keys = None
            raise LoginRefused("the chat refused our login: is the app password allowed direct messages?") from error

    async def _called(self, call: Any, keys: Keys) -> Answer:
        try:
            answer: Answer = await call(keys)
        except LoginRefused as error:
            raise _OverError from error
        except Refused as error:
            # A token that ran out is a 400 here, by the network's own rules.
            if error.code in _OVER:
                raise _OverError from error
            raise
        return answer

    async def _renewed(self, keys: Keys) -> Keys:
        try:
            told = (await self._home.post(REFRESH, headers=_bearer(keys.renewal))).told
            return self._keys_of(told)
        except (LoginRefused, Refused, UncertainOutcome):
            return await self._log_in()

    async def _log_in(self) -> Keys:
        asked = {"identifier": self._settings.identifier, "password": secret(self._settings.password_file)}
        try:
            told = (await self._door.post(CREATE, json=asked, headers={})).told
        except Refused as error:
            raise LoginRefused(f"the network refused our login: {error.code or error.status}") from error
        except UncertainOutcome as error:
            # A login may be asked for twice: nothing of a letter was said yet.
            raise TemporaryFailure(str(error)) from error
        await self._move_to(_home_of(told))
        return self._keys_of(told)

    async def _move_to(self, address: str | None) -> None:
        """Call the account's own server from now on."""
        if address is None or self._home is not self._door or address == self._settings.base_url:
            return
        self._home = Line(address, answer_within=self._settings.answer_within)

    def _keys_of(self, told: Any) -> Keys:
        keys = Keys(
            did=words(told, "did"),
            handle=words(told, "handle"),
            access=words(told, "accessJwt"),
            renewal=words(told, "refreshJwt"),
        )
        if not keys.did or not keys.access:
            raise TemporaryFailure("the login's answer made no sense: is this a server of the AT Protocol?")
        return keys

    def _chat(self, keys: Keys) -> dict[str, str]:
        return _bearer(keys.access) | {"atproto-proxy": self._settings.chat_service}


class _OverError(Exception):
    """The access token is not taken any more."""


def _path(method: str) -> str:
    return f"/xrpc/chat.bsky.{method}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def _home_of(told: Any) -> str | None:
    for service in many(told, "didDoc", "service"):
        if words(service, "id").endswith("#atproto_pds"):
            try:
                return _ADDRESS.validate_python(words(service, "serviceEndpoint"))
            except ValidationError:
                return None
    return None
