"""Calls to a network over the web, and what each failure means for whoever called.

A call that never got through is a ``TemporaryFailure``. One that went out and was not answered is an ``UncertainOutcome``:
whether that may be tried again is known to the channel alone. Answers of 5xx, 401 and 429 are temporary, as they are no
fault of the letter; what any other refusal means the channel decides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx2

from intake.channel import DeliveryFailure, PermanentFailure, TemporaryFailure, UncertainOutcome
from intake.networks.pauses import asked_pause
from intake.networks.walking import words
from intake.storable import one_line

CONNECT, ANSWER = 10.0, 30.0
"""Seconds."""
PATIENCE = 2.0
"""So long a call waits when the network asked for a pause; before a longer one it fails at once."""
SILENCES = 2
"""After so many calls in a row without an answer a server is left alone for as long as they took, or all letters wait for it."""
LONGEST_SAID = 120
_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)

Query = Sequence[tuple[str, str]]


class Refused(PermanentFailure):
    """The network said no: ``status``, its own ``code`` and ``said`` tell why."""

    def __init__(self, status: int, code: str, said: str) -> None:
        """Say it in one sentence, with the network's own short words."""
        super().__init__(f"the network said {status} {code or said}".rstrip())
        self.status, self.code, self.said = status, code, said


class LoginRefused(TemporaryFailure):
    """The network no longer takes our credentials: nothing is lost, and somebody has to mend them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A yes of the network, and what came with it."""

    status: int
    headers: Mapping[str, str]
    told: Any = field(repr=False)


class Line:
    """Calls one server; obeys the pauses that it asks for."""

    def __init__(self, base_url: str, *, answer_within: float = ANSWER) -> None:
        """Open nothing yet."""
        self._base_url = base_url
        timeout = httpx2.Timeout(answer_within, connect=CONNECT)
        # A kept connection may be closed just as a letter goes out, and then nobody knows whether it arrived.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.AsyncClient(timeout=timeout, limits=limits, trust_env=False, follow_redirects=False)
        self._free_at = 0.0
        self._silences, self._leaves_alone = 0, SILENCES * answer_within

    @property
    def client(self) -> httpx2.AsyncClient:
        """Return the client, for files."""
        return self._client

    async def get(self, path: str, query: Query = (), *, headers: Mapping[str, str]) -> Answer:
        """Ask for something; asking twice does no harm, so an unanswered question is a ``TemporaryFailure``."""
        try:
            return await self._call("GET", path, headers=headers, params=list(query))
        except UncertainOutcome as error:
            raise TemporaryFailure(str(error)) from error

    async def post(
        self, path: str, *, headers: Mapping[str, str], json: Any = None, data: Mapping[str, str] | None = None
    ) -> Answer:
        """Say something; ``UncertainOutcome`` where it went out and no answer came."""
        return await self._call("POST", path, headers=headers, json=json, data=data)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def _call(self, method: str, path: str, **told: Any) -> Answer:
        await self._wait_if_asked()
        try:
            response = await self._client.request(method, f"{self._base_url}{path}", **told)
        except _NOT_SENT as error:
            self._unanswered()
            raise TemporaryFailure(f"the network cannot be reached: {type(error).__name__}") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            self._unanswered()
            raise UncertainOutcome(f"the network did not answer: {type(error).__name__}") from error
        except httpx2.InvalidURL as error:
            raise PermanentFailure("the network has no such address") from error
        self._silences = 0
        return self._judged(response)

    def _unanswered(self) -> None:
        self._silences += 1
        if self._silences >= SILENCES:
            self._free_at = max(self._free_at, time.monotonic() + self._leaves_alone)

    def _judged(self, response: httpx2.Response) -> Answer:
        try:
            told = response.json() if response.content else None
        except (ValueError, RecursionError):
            told = None
        if response.is_success:
            return Answer(status=response.status_code, headers=response.headers, told=told)
        raise self._failure(response, told)

    def _failure(self, response: httpx2.Response, told: Any) -> DeliveryFailure:
        status = response.status_code
        code = one_line(words(told, "error") or words(told, "title"), LONGEST_SAID)
        said = one_line(words(told, "message") or words(told, "detail") or words(told, "error_description"), LONGEST_SAID)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            pause = asked_pause(response.headers)
            self._free_at = time.monotonic() + pause.total_seconds()
            return TemporaryFailure(f"the network asked for a pause of {pause.total_seconds():.0f} seconds")
        if status == HTTPStatus.UNAUTHORIZED:
            return LoginRefused(f"the network refused our login: {code or status}")
        if not response.is_client_error or status == HTTPStatus.REQUEST_TIMEOUT:
            return TemporaryFailure(f"the network said {status}")
        return Refused(status, code, said)

    async def _wait_if_asked(self) -> None:
        wait = self._free_at - time.monotonic()
        if wait > PATIENCE or (wait > 0 and self._silences >= SILENCES):
            raise TemporaryFailure(f"the network is left alone for another {timedelta(seconds=int(wait))}")
        if wait > 0:
            await asyncio.sleep(wait)
