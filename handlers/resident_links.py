"""Signed links that residents hold: to their own page of a case, and to their web chat.

A link says what it is for, so that one kind never opens another. It holds no address, only a keyed mark of it, which
whoever finds the link cannot turn back. Nothing of it is kept: it is proved by the key, and by what the store says now.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass

from handlers.tokens import Token, TokenKey, party_mark, seal, unseal

PAGE, TALK, BACK = "page", "talk", "back"
"""What a link is for: a party's page of a case, the chat of this browser (its cookie), and the way back into a chat."""
USER_BYTES = 20
LONGEST = 200
"""Characters of any link of ours; what is longer is not even looked at."""
_CASE = re.compile(r"[1-9][0-9]{0,17}")
_USER = re.compile(r"[a-z2-7]{32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLink:
    """What a proven link to a page says: the case, and the mark of the party that it was made for."""

    case_id: int
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResidentLinks:
    """Makes links with the house's key, and believes those that it made, or that ``old_keys`` made before it."""

    key: TokenKey
    old_keys: tuple[TokenKey, ...] = ()

    @property
    def keys(self) -> tuple[TokenKey, ...]:
        """Every key whose links are believed, the one that makes new ones first."""
        return (self.key, *self.old_keys)

    def page(self, case_id: int, address: str) -> str:
        """Return the link to the page that this party has of this case; it is the same whenever it is asked for."""
        return seal(self.key, PAGE, case_id, party_mark(self.key, case_id, address))

    def page_link(self, link: str) -> PageLink | None:
        """Return what a link to a page says, if it is one of ours."""
        token = self._proven(link, PAGE, 2)
        if token is None or not _CASE.fullmatch(token.ids[0]):
            return None
        return PageLink(case_id=int(token.ids[0]), mark=token.ids[1])

    def is_for(self, link: PageLink, address: str) -> bool:
        """Return whether a proven link was made for this party of its case; compares in constant time."""
        return any(hmac.compare_digest(party_mark(key, link.case_id, address), link.mark) for key in self.keys)

    def talk(self, user: str) -> str:
        """Return what the browser of a web chat holds: proof that the chat of this user is its own."""
        return seal(self.key, TALK, user)

    def talk_user(self, link: str) -> str | None:
        """Return whose chat a browser holds, if it holds one of ours."""
        return self._user(link, TALK)

    def back(self, user: str) -> str:
        """Return the link by which a resident comes back into their chat from elsewhere."""
        return seal(self.key, BACK, user)

    def back_user(self, link: str) -> str | None:
        """Return whose chat a link leads back to, if it is one of ours."""
        return self._user(link, BACK)

    def _user(self, link: str, purpose: str) -> str | None:
        token = self._proven(link, purpose, 1)
        return token.ids[0] if token is not None and _USER.fullmatch(token.ids[0]) else None

    def _proven(self, link: str, purpose: str, ids: int) -> Token | None:
        token = unseal(link, self.keys) if len(link) <= LONGEST and link.isascii() else None
        return token if token is not None and token.kind == purpose and len(token.ids) == ids else None


def new_user() -> str:
    """Return a new name for somebody who begins a web chat: 160 random bits, in small base 32."""
    return base64.b32encode(secrets.token_bytes(USER_BYTES)).decode("ascii").lower()
