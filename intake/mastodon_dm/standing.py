"""Our own account on its server: who we are there, how long a status may be, and whether strangers may write to us."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from intake.channel import TemporaryFailure
from intake.networks.line import Answer, Line, Query, Refused
from intake.networks.settings import secret
from intake.networks.walking import at, words

LASTS = 600.0
"""Seconds after which we ask anew."""
USUAL_LENGTH, USUAL_LINK = 500, 23


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How we stand on the server; ``complaint`` says what a person has to set there."""

    own_id: str
    own_address: str
    longest: int = USUAL_LENGTH
    link: int = USUAL_LINK
    """As so many characters every link counts."""
    complaint: str | None = None

    def told(self) -> dict[str, str]:
        """Return who we are, as it is kept with each update."""
        return {"id": self.own_id, "acct": self.own_address}


class OwnAccount:
    """Speaks to the server with our account's token."""

    def __init__(self, line: Line, token_file: Path) -> None:
        """Read the token with every call, for it may be renewed while we run."""
        self.line = line
        self._token_file = token_file
        self._standing: Standing | None = None
        self._asked_at = 0.0

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Ask the server for something."""
        try:
            return await self.line.get(path, query, headers=self._login())
        except Refused as error:
            _mended_by_whom(error)
            raise

    async def post(self, path: str, form: dict[str, str], key: str) -> Answer:
        """Give the server something; with the same key within an hour it is taken once only."""
        try:
            return await self.line.post(path, data=form, headers=self._login() | {"Idempotency-Key": key})
        except Refused as error:
            _mended_by_whom(error)
            raise

    async def standing(self) -> Standing:
        """Say how we stand, asked anew now and then."""
        if self._standing is None or time.monotonic() - self._asked_at > LASTS:
            self._standing, self._asked_at = await self._ask(), time.monotonic()
        return self._standing

    @property
    def longest(self) -> int:
        """Return how long a status can be, as far as the server was asked."""
        return self._standing.longest if self._standing else USUAL_LENGTH

    def forget(self) -> None:
        """Ask anew next time."""
        self._standing = None

    async def _ask(self) -> Standing:
        me = (await self.get("/api/v1/accounts/verify_credentials")).told
        own_id, address = words(me, "id"), words(me, "acct")
        if not own_id or not address:
            raise TemporaryFailure("the server does not say who we are: is this a Mastodon server?")
        limits = at(await self._if_known("/api/v2/instance"), "configuration", "statuses")
        longest, link = at(limits, "max_characters"), at(limits, "characters_reserved_per_url")
        return Standing(
            own_id=own_id,
            own_address=address,
            longest=longest if isinstance(longest, int) and longest > 0 else USUAL_LENGTH,
            link=link if isinstance(link, int) and link > 0 else USUAL_LINK,
            complaint=_complaint(await self._if_known("/api/v2/notifications/policy")),
        )

    async def _if_known(self, path: str) -> Any:
        """Return what the server tells at a path that older servers do not have."""
        try:
            return (await self.get(path)).told
        except Refused as error:
            if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                return None
            raise

    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {secret(self._token_file)}", "Accept": "application/json"}


def _mended_by_whom(error: Refused) -> None:
    """Raise ``TemporaryFailure`` where our own account may not: somebody mends it, and the letters wait."""
    if error.status == HTTPStatus.FORBIDDEN:
        said = error.code or error.said
        raise TemporaryFailure(f"our account may not do that, and somebody has to mend it: {said}") from error


def _complaint(policy: Any) -> str | None:
    """Say what keeps residents out: a filter hides what strangers write privately, a drop loses it."""
    rules = policy if isinstance(policy, dict) else {}
    dropped = sorted(name for name, value in rules.items() if name.startswith("for_") and value == "drop")
    private = rules.get("for_private_mentions", "accept")
    if private == "accept" and not dropped:
        return None
    named = ", ".join(
        dropped if "for_private_mentions" in dropped or private == "accept" else ["for_private_mentions", *dropped]
    )
    return f"the account's notification settings keep residents out ({named}): set each of them to accept"
