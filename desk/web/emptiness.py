"""Why the queue shows nothing: nothing ever came, all is done, or it lies outside what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.first_minute import first_complaint
from desk.sign_on_settings import LOOPBACK
from desk.web import words
from desk.web.desk import Desk
from desk.web.rights import Person
from store.figures import last_arrival_at
from store.queue_rows import Wanted, queue_counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Emptiness:
    """What an empty list says of itself; ``elsewhere`` is how much waits outside of what was asked for.

    ``doors`` are the ways in that are open, and ``line`` sends a first complaint where one of them is on this machine.
    """

    last_at: datetime | None
    elsewhere: int
    doors: tuple[str, ...] = ()
    line: str | None = None


def emptiness(desk: Desk, person: Person) -> Emptiness:
    """Look why nothing is shown to this person."""
    settings = desk.house.settings
    with desk.glance() as glance:
        last_at = last_arrival_at(glance)
        waiting = queue_counts(glance, Wanted(username=person.username, sees_restricted=person.sees_restricted), ())
    if last_at is not None:
        return Emptiness(last_at=last_at, elsewhere=waiting.total)
    doors = tuple(f"{words.said(words.CHANNELS, channel.kind)} ({channel.own().account})" for channel in settings.channels)
    # The line is for whoever sits at the machine itself; elsewhere it would lead nowhere.
    line = first_complaint(settings) if settings.desk.host in LOOPBACK else None
    return Emptiness(last_at=None, elsewhere=waiting.total, doors=doors, line=line)
