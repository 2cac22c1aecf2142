"""Calls to the Graph API: one connection each, no redirects, no proxies, the token in a header and never in an address."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2

from intake.channel import PermanentFailure, TemporaryFailure, UncertainOutcome
from intake.meta.failures import error_of, failure_of
from intake.meta.json_values import Json, load
from intake.meta.settings import AccountSettings
from intake.meta.signatures import proof_of


class Graph:
    """Talks to one version of the API for one account."""

    def __init__(self, settings: AccountSettings, base_url: str) -> None:
        """Connect with the first call."""
        self._settings = settings
        self._base = f"{base_url.rstrip('/')}/{settings.api_version}"
        self._trust: ssl.SSLContext | None = None

    async def post(self, path: str, body: Json) -> Json:
        """Send JSON once; raise ``UncertainOutcome`` when it may have arrived although nothing was answered."""
        with _sending():
            return await self._call("POST", path, content=json.dumps(body).encode())

    async def get(self, path: str, **query: str) -> Json:
        """Ask for something; asking again does no harm."""
        with _asking():
            return await self._call("GET", path, query=query)

    @asynccontextmanager
    async def stream(self, url: str, *, known: bool) -> AsyncIterator[httpx2.Response]:
        """Open a file's address; ``known`` is whether it may be shown our token."""
        # Plain, as a small packed answer could unpack to anything.
        headers = {"Accept-Encoding": "identity"}
        with _asking():
            if known:
                headers["Authorization"] = f"Bearer {self._settings.access_token()}"
            async with self._client() as client, client.stream("GET", url, headers=headers) as response:
                yield response

    async def _call(self, method: str, path: str, *, content: bytes | None = None, query: dict[str, str] | None = None) -> Json:
        token = self._settings.access_token()
        proof = {"appsecret_proof": proof_of(token, self._settings.app_secret())} if self._settings.proof else {}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        async with self._client() as client:
            url = f"{self._base}/{path}"
            response = await client.request(method, url, content=content, params={**(query or {}), **proof}, headers=headers)
        answer = _json(response)
        if response.status_code == httpx2.codes.OK and "error" not in answer:
            return answer
        error = error_of(response.status_code, answer)
        if method == "POST" and error.leaves_open:
            raise UncertainOutcome(error.sentence)
        if error.passes:
            await asyncio.sleep(min(_delay(response), self._settings.longest_wait))
        raise failure_of(error)

    def _client(self) -> httpx2.AsyncClient:
        # A connection of its own for each call: one that was kept may be dead, and whether a letter on it arrived, unknown.
        if self._trust is None:
            self._trust = httpx2.create_ssl_context(trust_env=False)
        settings = self._settings
        timeout = httpx2.Timeout(settings.timeout, connect=settings.connect_timeout)
        return httpx2.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False, verify=self._trust)


def _json(response: httpx2.Response) -> Json:
    try:
        return load(response.content)
    except ValueError:
        return {}


def _delay(response: httpx2.Response) -> float:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() else 0.0


@contextmanager
def _sending() -> Iterator[None]:
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise TemporaryFailure(f"Meta cannot be reached: {type(error).__name__}") from error
    except httpx2.TransportError as error:
        raise UncertainOutcome(f"the link to Meta broke before the answer: {type(error).__name__}") from error
    except httpx2.HTTPError as error:
        raise UncertainOutcome(f"Meta's answer made no sense: {type(error).__name__}") from error
    except OSError as error:
        raise TemporaryFailure(f"a secret's file cannot be read: {error.strerror}") from error


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except httpx2.TransportError as error:
        raise TemporaryFailure(f"Meta did not answer: {type(error).__name__}") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise PermanentFailure(f"Meta's answer made no sense: {type(error).__name__}") from error
    except OSError as error:
        raise TemporaryFailure(f"a secret's file cannot be read: {error.strerror}") from error


def text_of(answer: Json, key: str) -> str | None:
    """Return a text out of an answer, or None."""
    value: Any = answer.get(key)
    return value if isinstance(value, str) else None
