"""A hand-over by Open311 GeoReport v2: posted once, its number fetched by token, and asked after until it is over.

The specification knows no key that makes a repeat harmless: ours stands in the description, and after an attempt of which nobody
knows what came of it their list is searched for it first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from handlers.handover.news import News
from handlers.handover.partners import Partner
from handlers.handover.sending import NotTaken, Told
from handlers.handover.summary import as_text
from intake.open311 import Open311, Open311Error
from store.handover_models import Handover

FOR_A_NUMBER = timedelta(minutes=1)
WHILE_OPEN, WHEN_CLOSED = timedelta(hours=1), timedelta(days=1)
LONGEST = 4_000
EARLIER = timedelta(minutes=10)
"""Their clock may be behind ours by so much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ByOpen311:
    """Hands over to each partner's own endpoint."""

    client_of: Callable[[Partner], Open311]

    async def step(self, row: Handover, partner: Partner) -> Told:
        """Post it, fetch its number, or ask how it stands."""
        client = self.client_of(partner)
        try:
            if row.external_id is not None:
                return await _asked_after(client, row.external_id)
            if row.token is not None:
                return _numbered(await client.number_of(row.token))
            return await _posted(client, row, partner)
        except Open311Error as error:
            raise NotTaken(str(error), again=error.again, unsure=error.unsure) from error


async def _posted(client: Open311, row: Handover, partner: Partner) -> Told:
    code = partner.services.get(row.summary["category"])
    if code is None:
        raise NotTaken("the settings name no service code for it", again=False)
    if row.unsure:
        since = (row.made_at.astimezone(UTC) - EARLIER).isoformat().replace("+00:00", "Z")
        for one in await client.requests(code, since):
            if f"[{row.key}]" in one.get("description", "") and (number := one.get("service_request_id")):
                return _numbered(number)
    description = f"[{row.key}] {as_text(row.summary)}"[:LONGEST]
    made = await client.post({"service_code": code, "address_string": row.summary["where"], "description": description})
    if number := made.get("service_request_id"):
        return _numbered(number)
    return Told(state="waits_for_id", token=made["token"], again_in=FOR_A_NUMBER)


def _numbered(number: str | None) -> Told:
    if number is None:
        return Told(state="waits_for_id", again_in=FOR_A_NUMBER)
    return Told(state="with_partner", external_id=number, again_in=FOR_A_NUMBER)


async def _asked_after(client: Open311, number: str) -> Told:
    found = await client.request(number)
    status = (found or {}).get("status", "").lower()
    if found is None or status not in {"open", "closed"}:
        return Told(state="with_partner", again_in=WHILE_OPEN)
    is_closed = status == "closed"
    news = News(status="done" if is_closed else "taken_on", words=found.get("status_notes", ""))
    return Told(state="with_partner", again_in=WHEN_CLOSED if is_closed else WHILE_OPEN, news=(news,))
