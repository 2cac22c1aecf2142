"""Who somebody is on a channel, as one text that stands where a mail address stands: ``telegram:housing-bot:12345``.

The account is part of it, for platforms know people by numbers that hold for one page or one bot only, and only that page
or bot can write back to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAIL = "mail"
"""The way of every letter whose address is a mail address."""
_CHANNEL, _ACCOUNT = re.compile(r"[a-z][a-z0-9_]{0,31}"), re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_USER = re.compile(r"[!-\]_-~]{1,200}")
_WRITTEN = re.compile(rf"({_CHANNEL.pattern}):({_ACCOUNT.pattern}):((?:\^[a-z]|[!-@\[-\]_-~]){{1,200}})")
_CAPITAL = re.compile(r"\^([a-z])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A person as one account of ours knows them; ``user`` is the platform's own name for them, without blanks.

    As text, a capital letter is written ``^`` and the small one: addresses are compared in small letters, users need not be.
    """

    channel: str
    account: str
    user: str

    def __post_init__(self) -> None:
        """Refuse what could not be told apart again once it is one text."""
        if not _CHANNEL.fullmatch(self.channel) or not _ACCOUNT.fullmatch(self.account):
            raise ValueError(
                "a channel is small letters, digits and underscores; an account, small letters, digits, dots and dashes"
            )
        if not _USER.fullmatch(self.user):
            raise ValueError("a user's name is one word of at most 200 letters, digits and marks of ASCII, without ^")

    def __str__(self) -> str:
        """Return the identity as it stands in the store, in small letters only."""
        user = "".join(f"^{character.lower()}" if character.isupper() else character for character in self.user)
        return f"{self.channel}:{self.account}:{user}"

    @property
    def way(self) -> str:
        """Return the way out that reaches this person: one account of one channel."""
        return f"{self.channel}:{self.account}"


def identity_of(address: str | None) -> Identity | None:
    """Return the identity that an address is; None for a mail address, and for nothing."""
    found = _WRITTEN.fullmatch(address or "")
    if found is None:
        return None
    return Identity(channel=found[1], account=found[2], user=_CAPITAL.sub(lambda capital: capital[1].upper(), found[3]))


def way_of(address: str | None) -> str:
    """Return by which way a letter to this address leaves: ``mail``, or ``<channel>:<account>``."""
    identity = identity_of(address)
    return MAIL if identity is None else identity.way
