"""Builds what tells partners of hand-overs, where the settings name anybody, and lets it look for them again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.rounds import rounds
from handlers.handover.by_csv import ByCsv
from handlers.handover.by_mail import ByMail
from handlers.handover.by_open311 import ByOpen311
from handlers.handover.partners import Partner
from handlers.handover.sending import Sending, Way
from handlers.tokens import message_id_for
from intake.open311 import Open311

if TYPE_CHECKING:
    from desk.wiring import House
    from intake.channel import Outgoing

EVERY = 5.0
"""Seconds between two looks for what is due."""


def sending_of(house: House, outgoing: Outgoing) -> Sending:
    """Return what tells the partners of a house."""
    mail = house.settings.mail
    by_mail = ByMail(
        outgoing=outgoing,
        address=mail.from_address,
        name=mail.from_name,
        id_of=lambda kind, number: message_id_for(house.key, kind, number, domain=mail.domain),
        loop_mark=house.loop_mark,
    )
    ways: dict[str, Way] = {"mail": by_mail, "csv": ByCsv(), "open311": ByOpen311(client_of=_client_of)}
    return Sending(house.store, house.course.partners, ways, house.clock)


def _client_of(partner: Partner) -> Open311:
    return Open311(partner.url, jurisdiction_id=partner.jurisdiction_id, api_key_file=partner.api_key_file, form=partner.format)


async def hand_over(house: House, outgoing: Outgoing) -> None:
    """Tell partners as long as the house stands; return at once where there are none."""
    if not house.settings.partners:
        return
    await rounds(sending_of(house, outgoing).once, EVERY, "hand-overs")
