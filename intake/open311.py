"""Open311 GeoReport v2 as a client, in XML or in JSON: requests are posted, tokens and requests are asked after, errors are told apart.

No redirect is followed and no proxy of the environment is used: what is said goes to the address in the settings alone.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import httpx2

from intake.open311_xml import rows_of

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 30.0
MOST_BYTES = 2_000_000
MOST_SAID = 200


class Open311Error(Exception):
    """The other side did not do it: ``again`` says whether it may later, ``unsure`` that nobody knows whether it did."""

    def __init__(self, sentence: str, *, again: bool = True, unsure: bool = False) -> None:
        """Say why."""
        super().__init__(sentence)
        self.again, self.unsure = again, unsure


class Open311:
    """One endpoint; the key is read from its file at each call, so that a new one needs no restart."""

    def __init__(
        self, url: str, *, jurisdiction_id: str = "", api_key_file: Path | None = None, form: Literal["json", "xml"] = "json"
    ) -> None:
        """Open nothing yet; ``form`` is what the endpoint speaks: XML is required of it, JSON its own choice."""
        self._form = form
        self._url = url.rstrip("/")
        self._jurisdiction = {"jurisdiction_id": jurisdiction_id} if jurisdiction_id else {}
        self._key_file = api_key_file

    async def post(self, fields: dict[str, str]) -> dict[str, str]:
        """Post a request; return its ``service_request_id`` or the ``token`` to ask for it with."""
        told = self._jurisdiction | self._key() | fields
        made = next(iter(await self._asked("POST", "requests", told)), {})
        if not made.get("service_request_id") and not made.get("token"):
            raise Open311Error("they answered without a number", unsure=True)
        return made

    async def number_of(self, token: str) -> str | None:
        """Return the number that a token has come to, if it has one yet."""
        found = await self._asked("GET", f"tokens/{quote(token, safe='')}", self._jurisdiction)
        return next((one["service_request_id"] for one in found if one.get("service_request_id")), None)

    async def request(self, number: str) -> dict[str, str] | None:
        """Return a request as it stands there."""
        found = await self._asked("GET", f"requests/{quote(number, safe='')}", self._jurisdiction)
        return next(iter(found), None)

    async def requests(self, service_code: str, since: str) -> list[dict[str, str]]:
        """Return the requests of a service since a time (W3C), to see whether one of ours is among them."""
        return await self._asked("GET", "requests", self._jurisdiction | {"service_code": service_code, "start_date": since})

    def _key(self) -> dict[str, str]:
        if self._key_file is None:
            return {}
        try:
            key = self._key_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise Open311Error(f"the api key's file cannot be read ({type(error).__name__})") from error
        return {"api_key": key}

    async def _asked(self, method: str, path: str, told: dict[str, str]) -> list[dict[str, str]]:
        posts, url = method == "POST", f"{self._url}/{path}.{self._form}"
        timeout = httpx2.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN)
        try:
            async with httpx2.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
                status, body = await _answered(client, method, url, {"data" if posts else "params": told})
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL) as error:
            raise Open311Error(f"their system cannot be reached ({type(error).__name__})") from error
        except httpx2.HTTPError as error:
            raise Open311Error(f"the link broke before they answered ({type(error).__name__})", unsure=posts) from error
        rows = (rows_of(body) if self._form == "xml" else _rows(body)) if body is not None else None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise _refused(status, rows, posts=posts)
        if rows is None:
            raise Open311Error("their answer cannot be read", unsure=posts)
        return rows


async def _answered(client: httpx2.AsyncClient, method: str, url: str, told: dict[str, Any]) -> tuple[int, bytes | None]:
    """Return an answer's status and body; None for a body that is longer than any of theirs, which is not read to its end."""
    body = bytearray()
    async with client.stream(method, url, **told) as answer:
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                return answer.status_code, None
    return answer.status_code, bytes(body)


def _rows(body: bytes) -> list[dict[str, str]] | None:
    """Return the answer's rows as plain strings; None where it is none of the specification's."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        return None
    return [{str(name): str(value) for name, value in row.items() if value is not None} for row in found]


def _refused(status: int, rows: list[dict[str, str]] | None, *, posts: bool) -> Open311Error:
    said = "; ".join(f"{row.get('code', '')} {row.get('description', '')}".strip() for row in rows or ())[:MOST_SAID]
    sentence = f"their system answered {status}{f': {said}' if said else ''}"
    # A key is mended by people, and a server that is busy says so; what is wrong with the request itself stays wrong.
    lasts = status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}
    return Open311Error(sentence, again=not (posts and lasts))
