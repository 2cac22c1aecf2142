"""Carries requests to the Bot API and says, where one fails, whether it can have arrived.

The library's transport is used without its client: the client writes every address into the log, and the token is part of
the address. There are no redirects, no cookies, and no proxies from the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

KEPT_OPEN = 5.0
"""Seconds. A connection kept longer may be closed by the other side just as a letter goes out, and nobody knows its fate."""
LONGEST_ANSWER = 32 * 1024 * 1024


class NotReached(Exception):
    """No connection came about: nothing was handed over."""


class Broken(Exception):
    """The connection broke, or was silent too long, after the request had begun to go out."""


class TooLong(Exception):
    """The answer is longer than was allowed, and was not read further."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes = field(repr=False)


class Wire:
    """A few kept connections, made with the first request; each use belongs to one event loop until ``close``."""

    def __init__(self, *, timeout: float, connect_timeout: float, connections: int = 10) -> None:
        """Give up a connection attempt, and a silent connection, after these seconds."""
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._connections = connections
        self._transport: httpx2.AsyncHTTPTransport | None = None

    async def post(self, url: str, fields: Mapping[str, str], *, longer: float = 0.0) -> Answer:
        """Post a form; ``longer`` is what the other side may take beyond the timeout before it begins to answer."""
        return await self._ask("POST", url, fields, longer, LONGEST_ANSWER)

    async def get(self, url: str, longest: int) -> Answer:
        """Fetch at most so many bytes, or raise ``TooLong``."""
        return await self._ask("GET", url, None, 0.0, longest)

    async def close(self) -> None:
        """Let go of the connections."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def _ask(self, method: str, url: str, fields: Mapping[str, str] | None, longer: float, longest: int) -> Answer:
        request = httpx2.Request(method, url, data=fields, extensions={"timeout": self._times(longer).as_dict()})
        try:
            response = await self._open().handle_async_request(request)
            try:
                return Answer(status=response.status_code, body=await _read(response, longest))
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol) as error:
            raise NotReached("Telegram cannot be reached") from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise Broken("the connection to Telegram broke") from error

    def _open(self) -> httpx2.AsyncHTTPTransport:
        if self._transport is None:
            limits = httpx2.Limits(max_connections=self._connections, keepalive_expiry=KEPT_OPEN)
            self._transport = httpx2.AsyncHTTPTransport(trust_env=False, limits=limits)
        return self._transport

    def _times(self, longer: float) -> httpx2.Timeout:
        return httpx2.Timeout(self._timeout, connect=self._connect_timeout, read=self._timeout + longer)


async def _read(response: httpx2.Response, longest: int) -> bytes:
    parts: list[bytes] = []
    room = longest
    async for part in response.aiter_bytes():
        room -= len(part)
        if room < 0:
            raise TooLong("the answer is longer than was allowed")
        parts.append(part)
    return b"".join(parts)
