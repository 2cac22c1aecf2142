"""Builds what settles waiting messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.facts import border_hosts, bounce_addresses, senders
from handlers.answering import Answering
from handlers.chat_acts import ChatActs
from handlers.joining import Joining
from handlers.redeciding import Redeciding
from handlers.rereading import Rereading
from handlers.settling import Settling
from handlers.triage import Triage
from handlers.understanding import Understanding

if TYPE_CHECKING:
    from desk.wiring import House


def triage_of(house: House) -> Triage:
    """Return the triage of a house."""
    settings, relogging, surroundings = house.settings, house.relogging, house.surroundings
    understanding = Understanding(
        classifier=house.classifier,
        reader=house.reader,
        own=house.own,
        trusted_authservs=settings.mail.trusted_authservs,
        border_hosts=border_hosts(settings),
        reply_addresses=house.reply_addresses,
        senders=senders(settings),
    )
    settling = Settling(
        house.store,
        house.casework,
        surroundings,
        Joining(relogging, bounce_addresses(settings, house.key, *house.old_keys)),
        house.clock,
        rereading=Rereading(relogging),
        chat_acts=ChatActs(Answering(relogging, Redeciding(surroundings, relogging)), house.confirmation),
        buildings=house.buildings,
        partners=house.course.partners,
    )
    return Triage(house.store, understanding, settling, house.clock, house.triage_lease)
