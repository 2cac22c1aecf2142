"""Calls somebody by a webhook: one small JSON to an address of the landlord's own choice, with a token from a file.

A 2xx answer is a yes; anything else, and no answer in time, is not. Nothing is followed and nothing of the answer is kept but its
status.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import httpx2

CONNECT_WITHIN = 5.0
ANSWER_WITHIN = 20.0


class HookFailed(Exception):
    """The webhook did not take the call; the sentence says why."""


class DutyHook:
    """A webhook behind one address."""

    def __init__(self, token_file: Path | None) -> None:
        """Open nothing yet; the token is read at each call, so that a new one needs no restart."""
        self._token_file = token_file

    async def post(self, url: str, key: str, told: dict[str, str]) -> str:
        """Say it; return the status, or raise ``HookFailed``. ``key`` is the same for what is said again (Idempotency-Key)."""
        headers = {"Idempotency-Key": key} | self._authorisation()
        timeout = httpx2.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN)
        try:
            # No proxy of the environment, and no redirect: what is said goes to the address in the settings alone.
            async with httpx2.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
                answer = await client.post(url, json=told, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise HookFailed(f"the webhook cannot be reached ({type(error).__name__})") from error
        if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise HookFailed(f"the webhook answered {answer.status_code}")
        return f"the webhook answered {answer.status_code}"

    def _authorisation(self) -> dict[str, str]:
        if self._token_file is None:
            return {}
        try:
            token = self._token_file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise HookFailed(f"the token's file cannot be read ({type(error).__name__})") from error
        if not token or not token.isprintable():
            raise HookFailed("the token's file does not hold one line with a token")
        return {"Authorization": f"Bearer {token}"}
