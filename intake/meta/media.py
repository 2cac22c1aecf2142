"""Fetches residents' files from Meta: only by https, only from hosts of Meta's, only up to a size, without redirects."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from intake.channel import PermanentFailure, TemporaryFailure
from intake.chat import FetchedFile, FileToFetch
from intake.meta.graph import Graph, text_of
from intake.meta.json_values import load, size
from intake.meta.settings import LOOPBACK, AccountSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    url: str
    known: bool
    """Whether the host is to see our token: WhatsApp's wants it, the others' addresses are proof enough."""
    type: str | None


class Media:
    """Fetches files for one account."""

    def __init__(self, graph: Graph, settings: AccountSettings) -> None:
        """Use the account's own way to the API."""
        self._graph, self._settings = graph, settings

    async def fetch(self, file: FileToFetch, **query: str) -> FetchedFile:
        """Return a file; raise ``PermanentFailure`` where it is gone, elsewhere or too large; ``query`` goes with its id."""
        self._check_size(file.size)
        place = await self._place(file, query)
        self._check_host(place.url)
        async with self._graph.stream(place.url, known=place.known) as response:
            _check_status(response.status_code)
            content = await self._content(response)
            said = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        # What a server calls an octet stream, the platform may have known better.
        better = place.type or file.type
        return FetchedFile(content=content, name=file.name, type=better if said in ("", "application/octet-stream") else said)

    async def _place(self, file: FileToFetch, query: dict[str, str]) -> _Place:
        reference = load(file.reference.encode())
        if (url := text_of(reference, "url")) is not None:
            return _Place(url=url, known=False, type=file.type)
        told = await self._graph.get(text_of(reference, "id") or "", **query)
        self._check_size(size(told, "file_size"))
        url = text_of(told, "url")
        if url is None:
            raise PermanentFailure("Meta knows the file, and not where it is")
        return _Place(url=url, known=True, type=text_of(told, "mime_type"))

    def _check_host(self, url: str) -> None:
        """Refuse any address that is not Meta's: the update names it, and it must not lead into our own network."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise PermanentFailure("the file's address is none") from error
        if self._settings.is_local and host in LOOPBACK:
            return
        named = any(host.endswith(ending) or host == ending.lstrip(".") for ending in self._settings.media_hosts)
        if parts.scheme != "https" or port not in (None, 443) or parts.username is not None or not named:
            raise PermanentFailure("the file is not on a host of Meta's")

    def _check_size(self, said: int | None) -> None:
        if said is not None and said > self._settings.max_file_size:
            raise PermanentFailure(f"the file is larger than the {self._settings.max_file_size} bytes that are taken")

    async def _content(self, response: httpx2.Response) -> bytes:
        declared = response.headers.get("content-length", "")
        self._check_size(int(declared) if declared.isascii() and declared.isdigit() else None)
        taken = bytearray()
        async for chunk in response.aiter_raw():
            taken += chunk
            self._check_size(len(taken))
        return bytes(taken)


def _check_status(status: int) -> None:
    if status in (408, 429) or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        raise TemporaryFailure(f"the file's server answered {status}")
    if status != httpx2.codes.OK:
        raise PermanentFailure(f"the file is gone or refused: its server answered {status}")
