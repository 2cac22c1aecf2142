"""Instagram direct messages to the council's professional account: signed webhooks bring them, the Send API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from intake.channel import Inbox, Reply, Sent
from intake.message import Reading
from intake.meta import page_updates, updates
from intake.meta.account import MetaAccount
from intake.meta.graph import text_of
from intake.meta.page_letters import bodies, sent_as
from intake.meta.portions import utf8
from intake.meta.receiving import Clock
from intake.meta.sending import WINDOW, recipient_of
from intake.meta.settings import Account, AccountSettings
from intake.meta.updates import Dialect

NAME = "Instagram"
LONGEST = 1000
"""Of one message; Instagram counts bytes, not characters (Instagram messaging, Send API)."""
INSTAGRAM_LOGIN = "https://graph.instagram.com"
DIALECT = Dialect(kind="instagram", unpack=page_updates.unpack, understand=page_updates.understand)


class Settings(AccountSettings):
    """One Instagram professional account, reached by its own login or by that of the Facebook page it hangs on."""

    kind: Literal["instagram"] = "instagram"
    account: Account = "instagram"
    instagram_id: str = Field(min_length=1)
    """The id that stands in the webhooks' entries."""
    login: Literal["facebook", "instagram"] = "facebook"
    page_id: str | None = None
    """The page that it hangs on, whose subscription is then looked after; not wanted with ``login = "instagram"``."""
    human_agent: bool = False
    """Whether Meta has given the Human Agent permission: what staff write may then go for seven days, not one."""

    @model_validator(mode="before")
    @classmethod
    def _host_of_login(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("login") == "instagram":
            return {"base_url": INSTAGRAM_LOGIN, **given}
        return given

    @property
    def own_id(self) -> str:
        """Return Meta's id of the account, by which webhooks name it."""
        return self.instagram_id


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Instagram:
    """Make the channel that these settings describe."""
    return Instagram(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read one kept update; raise ``ValueError`` for what is none."""
    return updates.read(DIALECT, raw, received_at)


class Instagram(MetaAccount):
    """One account's direct messages, both ways."""

    window = WINDOW
    longest = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what comes to ``inbox``."""
        super().__init__(DIALECT, settings, inbox, clock, "me/messages")
        self.subscribed = settings.instagram_id if settings.login == "instagram" else settings.page_id
        self._human_agent = settings.human_agent

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in parts, or raise a ``DeliveryFailure``: ``RouteClosed`` when the window has closed."""
        user = recipient_of(reply, self.channel, self.account)
        kind = sent_as(reply, user, self.clock.now(), human_agent=self._human_agent)
        requests = bodies(reply, user, LONGEST, utf8, kind, marked=False)
        return await self._parts.send(reply.message_id, user, requests, lambda answer: text_of(answer, "message_id"))
