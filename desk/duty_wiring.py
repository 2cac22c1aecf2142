"""Builds what calls the duty officer, where the settings name anybody, and lets it look for calls again and again."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from desk.rounds import rounds
from handlers.hazards.callers import ByMail, ByWebhook
from handlers.hazards.duty import Caller, Duty, DutyOfficer, Way
from handlers.hazards.paging import Paging
from handlers.tokens import message_id_for
from intake.duty_hook import DutyHook

if TYPE_CHECKING:
    from desk.wiring import House
    from intake.channel import Outgoing


def paging_of(house: House, outgoing: Outgoing) -> Paging | None:
    """Return what places calls; nothing where nobody is to be called."""
    chosen = house.settings.duty
    if chosen is None:
        return None
    officers = tuple(DutyOfficer(name=one.name, way=one.way, to=one.to) for one in chosen.officers)
    duty = Duty(officers=officers, wait=timedelta(minutes=chosen.wait_minutes), desk_url=house.settings.desk.url)
    mail = partial(
        ByMail,
        outgoing=outgoing,
        clock=house.clock,
        address=house.settings.mail.from_address,
        name=house.settings.mail.from_name,
        id_of=lambda said: message_id_for(house.key, f"duty-{said}", 0, 0, domain=house.settings.mail.domain),
        loop_mark=house.loop_mark,
    )
    callers: dict[Way, Caller] = {
        "mail": mail(short=False),
        "text": mail(short=True),
        "webhook": ByWebhook(hook=DutyHook(chosen.token_file)),
    }
    return Paging(house.store, duty, callers, house.clock)


async def call_duty(house: House, outgoing: Outgoing) -> None:
    """Place calls as long as the house stands; return at once where nobody is to be called."""
    paging, chosen = paging_of(house, outgoing), house.settings.duty
    if paging is None or chosen is None:
        return
    await rounds(paging.once, chosen.every_seconds, "calls to the duty officer")
