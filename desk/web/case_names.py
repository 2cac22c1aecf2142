"""Who did something, as people say it: a colleague's name, or the machine."""

from __future__ import annotations

from collections.abc import Collection

from handlers.rows import MACHINE, SWEEP
from store.desk_models import Staff
from store.unit import Glance

NOT_PEOPLE = {MACHINE: "the machine", SWEEP: "the machine, as nobody had looked"}


def names_of(glance: Glance, usernames: Collection[str]) -> dict[str, str]:
    """Return the names of these people; somebody who has no account any more is called by the user name."""
    people = {staff.username: staff.name for staff in glance.find(Staff, username=sorted(set(usernames) - set(NOT_PEOPLE)))}
    return {username: people.get(username) or NOT_PEOPLE.get(username, username) for username in usernames}
