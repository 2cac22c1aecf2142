"""Builds the doors and the way out for mail, and keeps asking what became of letters where the way out can be asked."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.config import OutgoingSettings, Settings
from desk.facts import bounce_addresses
from desk.rounds import rounds
from handlers.clock import Clock
from handlers.outbox import Letterhead
from handlers.reply_ways import HUMAN_WINDOW
from handlers.undecided import Undecided
from intake.channel import Correspondent, Inbox, Listener, Outgoing
from intake.loading import load

if TYPE_CHECKING:
    from desk.wiring import House

ASK_EVERY = 60.0
"""Seconds between two portions of letters that are asked for."""


def hears(chosen: OutgoingSettings) -> bool:
    """Say whether this way out hears later what became of letters: then it is built like a channel."""
    return "inbox" in inspect.signature(load(chosen.package, chosen.kind).build).parameters


def way_out(chosen: OutgoingSettings, inbox: Inbox, clock: Clock) -> Outgoing:
    """Return the way out that the settings describe."""
    build = load(chosen.package, chosen.kind).build
    way: Outgoing = build(chosen.own(), inbox, clock) if hears(chosen) else build(chosen.own())
    return way


def doors_of(settings: Settings, inbox: Inbox, clock: Clock) -> list[Listener]:
    """Return the channels' listeners, and the way out's where it hears what became of letters."""
    doors: list[Listener] = [load(one.package, one.kind).build(one.own(), inbox, clock) for one in settings.channels]
    told = way_out(settings.outgoing, inbox, clock) if hears(settings.outgoing) else None
    return [*doors, told] if isinstance(told, Correspondent) else doors


def windows_of(settings: Settings) -> dict[str, timedelta]:
    """Return how long after a resident's last words an officer's letter is taken, by its way, where that is longer than others'."""
    allowed = [one for one in settings.channels if getattr(one.own(), "human_agent", False)]
    return {f"{one.kind}:{one.own().account}": HUMAN_WINDOW for one in allowed}


def letterhead_of(house: House) -> Letterhead:
    """Return who our letters come from, where they are answered and where they come back to."""
    mail, answered_at = house.settings.mail, house.reply_addresses
    return Letterhead(
        address=mail.from_address,
        name=mail.from_name,
        loop_mark=house.loop_mark,
        reply_to=answered_at.address_for if answered_at else lambda _case_id, _recipient: None,
        paths=bounce_addresses(house.settings, house.key, *house.old_keys),
    )


def mistakes_in(chosen: OutgoingSettings) -> list[str]:
    """Return a sentence for each thing in the way out's files that somebody must mend, or should know."""
    look = getattr(chosen.own(), "mistakes", None)
    return [] if look is None else [f"outgoing: {sentence}" for sentence in look()]


async def ask_undecided(house: House, outgoing: Outgoing) -> None:
    """Ask what became of letters as long as the house stands; return at once where nobody can be asked."""
    if not isinstance(outgoing, Correspondent):
        return
    await rounds(Undecided(house.store, outgoing, house.clock).once, ASK_EVERY, "asking what became of letters")
