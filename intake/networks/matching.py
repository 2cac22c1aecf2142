"""Finds out how much of a letter an earlier attempt has left at a network that knows no key of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from intake.channel import PermanentFailure
from intake.identity import identity_of

FRESH = timedelta(minutes=1)
"""After this a letter may have been tried by a process that is no more."""
CLOCKS = timedelta(seconds=5)
"""So far a network's clock may be behind ours."""


def person_of(recipient: str, way: str) -> str:
    """Return the network's own name of whoever a letter is for; raises ``PermanentFailure`` for anybody of another way."""
    identity = identity_of(recipient)
    if identity is None or identity.way != way:
        raise PermanentFailure("the letter is for nobody whom this account knows")
    return identity.user


def already_there(parts: Sequence[str], sent: Sequence[tuple[str, str]], same: Callable[[str, str], bool]) -> list[str]:
    """Return the ids of the letter's first parts among what we ``sent`` (id and text, the oldest first), as far as they go."""
    found: list[str] = []
    rest = iter(sent)
    for part in parts:
        id_ = next((id_ for id_, text in rest if same(part, text)), None)
        if id_ is None:
            break
        found.append(id_)
    return found


def same_words(one: str, other: str) -> bool:
    """Say whether two texts differ in blanks at most."""
    return one.split() == other.split()
