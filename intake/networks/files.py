"""Fetches a file that a network holds, without being led anywhere else and without taking more than is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import httpx2

from intake.channel import PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile
from intake.networks.line import LoginRefused
from intake.networks.settings import is_loopback

MOST_STEPS = 3


async def fetch(
    client: httpx2.AsyncClient, url: str, *, home: str, most: int, name: str | None, headers: Mapping[str, str] | None = None
) -> FetchedFile:
    """Fetch a file from the network's ``home`` or another public server; ``headers`` (a login) are for ``home`` alone."""
    for _ in range(MOST_STEPS):
        _check(url, home)
        own = headers if headers and _origin(url) == _origin(home) else {}
        try:
            async with client.stream("GET", url, headers=own) as response:
                if response.is_redirect:
                    url = urljoin(url, response.headers.get("location", ""))
                    continue
                _judge(response, most)
                content = await _content(response, most)
                return FetchedFile(content=content, name=name, type=_type(response))
        except httpx2.HTTPError as error:
            raise TemporaryFailure(f"the file could not be fetched now: {type(error).__name__}") from error
        except httpx2.InvalidURL as error:
            raise PermanentFailure("the file has no address that can be used") from error
    raise PermanentFailure("the file's address leads from one to the next")


def _judge(response: httpx2.Response, most: int) -> None:
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        raise LoginRefused("the file could not be fetched with our present login")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TemporaryFailure(f"the file could not be fetched now: {status}")
    if not response.is_success:
        raise PermanentFailure(f"the file is not there: {status}")
    said = response.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise PermanentFailure(_too_large(most))


async def _content(response: httpx2.Response, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > most:
            raise PermanentFailure(_too_large(most))
        pieces.append(piece)
    return b"".join(pieces)


def _check(url: str, home: str) -> None:
    """Refuse addresses by which somebody could make us call machines that only we can reach."""
    if _origin(url) == _origin(home):
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.port not in (None, 443) or not _is_public(host):
        raise PermanentFailure("the file is not at a public https address")


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not is_loopback(host) and not host.endswith((".local", ".internal", ".localhost", ".home.arpa"))


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _type(response: httpx2.Response) -> str | None:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower() or None


def _too_large(most: int) -> str:
    return f"the file is larger than the {most} bytes that are allowed"
