"""Builds the public door from the house: the landlord's facts, the webhooks, and what a resident may see."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desk.config import Settings
from desk.sign_on_settings import LOOPBACK
from handlers.resident_links import ResidentLinks
from handlers.resident_pages import ResidentPages
from handlers.tokens import TokenKey
from intake.channel import Webhook
from intake.identity import identity_of

if TYPE_CHECKING:
    from desk.wiring import House
    from intake.public.door import Door, LandlordFacts


def page_of(settings: Settings, key: TokenKey) -> Callable[[int, str], str | None]:
    """Return what gives the address of a party's own page of a case."""
    links, url = ResidentLinks(key=key), settings.public.url
    # A letter that leaves this machine must not name an address that only this machine knows.
    not_by_mail = urlsplit(url).hostname in LOOPBACK and settings.outgoing.kind != "maildir"

    def made(case_id: int, address: str) -> str | None:
        if not address or (not_by_mail and identity_of(address) is None):
            return None
        return f"{url}/case/{links.page(case_id, address)}"

    return made


def door_of(house: House) -> Door:
    """Return the public door with all that stands behind it."""
    # Imported here, for the processes without a public door need not spend its memory.
    from intake.public.door import Door  # noqa: PLC0415

    own = {channel.kind: channel.own() for channel in house.settings.channels}
    form, chat = own.get("webform"), own.get("webchat")
    return Door(
        inbox=house.reception,
        clock=house.clock,
        residents=ResidentPages(
            store=house.store,
            clock=house.clock,
            links=ResidentLinks(key=house.key, old_keys=house.old_keys),
            landlord=house.landlord,
        ),
        landlord=_facts(house),
        url=house.settings.public.url,
        # A key of its own, so that nothing that a page signs can be taken for a token of a letter.
        key=hmac.digest(house.key.secret, b"public door", "sha256"),
        webhooks={door.account: door for door in house.doors() if isinstance(door, Webhook)},
        form_account=form.account if form else None,
        chat_account=chat.account if chat else None,
        chat_quiet=timedelta(seconds=chat.quiet_seconds if chat else 0),
    )


def _facts(house: House) -> LandlordFacts:
    from intake.public.door import LandlordFacts  # noqa: PLC0415  # as above

    landlord, ombudsman = house.landlord, house.landlord.housing_ombudsman
    return LandlordFacts(
        name=landlord.name,
        service_name=landlord.service_name,
        phone=landlord.phone,
        emergency_phone=landlord.emergency_phone,
        emergency_hours=landlord.emergency_hours,
        website=landlord.website,
        privacy_url=landlord.privacy_url,
        policy_url=landlord.policy_url,
        post=landlord.post,
        email=landlord.complaints_email,
        accessible_formats=landlord.accessible_formats,
        data_protection_contact=landlord.data_protection_contact,
        ombudsman_name=ombudsman.name,
        ombudsman_phone=ombudsman.phone or "",
        ombudsman_website=ombudsman.website or "",
        brand_colour=house.settings.desk.brand_colour,
    )
