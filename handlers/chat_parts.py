"""How long one message may be on each platform, and a letter cut into as many as it takes there."""

from __future__ import annotations

from collections.abc import Mapping

from intake.identity import identity_of
from intake.splitting import split

LONGEST: Mapping[str, int] = {
    "telegram": 4_096,
    "messenger": 2_000,
    "instagram": 1_000,
    "whatsapp": 4_096,
    "mastodon": 500,
    "bluesky": 1_000,
    "x": 10_000,
    "signed_json": 1_600,
}
"""Characters of one message by the channel's kind (channels, sections 2 to 5); our own pages have no limit."""
MANY = 3
"""Messages in a row beyond which people stop reading."""


def parts_of(recipient: str | None, words: str, longest: Mapping[str, int] = LONGEST) -> tuple[str, ...]:
    """Return the messages as which a letter reaches this identity, in order; nothing but blanks at the cuts is left out."""
    identity = identity_of(recipient)
    most = longest.get(identity.channel) if identity else None
    return tuple(split(words, most)) if most is not None else (words.strip(),)
