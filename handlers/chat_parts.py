"""A letter by chat, cut into as many messages as it takes where it goes."""

from __future__ import annotations

from collections.abc import Mapping

from intake.identity import way_of
from intake.splitting import split

MANY = 3
"""Messages in a row beyond which people stop reading."""


def parts_of(recipient: str | None, words: str, longest: Mapping[str, int]) -> tuple[str, ...]:
    """Return the messages as which a letter reaches this identity, in order; nothing but blanks at the cuts is left out.

    ``longest`` is how many characters one message holds, by way (``telegram:housing-bot``); another way takes it as one.
    """
    most = longest.get(way_of(recipient)) if recipient else None
    return tuple(split(words, most)) if most is not None else (words.strip(),)
