"""Facebook Messenger: residents write to the council's page; signed webhooks bring it, the Send API answers (Graph API)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from intake.channel import Inbox, Reply, Sent
from intake.message import Reading
from intake.meta import page_updates, updates
from intake.meta.account import MetaAccount
from intake.meta.graph import text_of
from intake.meta.page_letters import bodies, sent_as
from intake.meta.portions import utf16
from intake.meta.receiving import Clock
from intake.meta.sending import WINDOW, recipient_of
from intake.meta.settings import Account, AccountSettings
from intake.meta.updates import Dialect

NAME = "Messenger"
LONGEST = 2000
"""Characters of one message (Messenger Platform, Send API)."""
DIALECT = Dialect(kind="messenger", unpack=page_updates.unpack, understand=page_updates.understand)


class Settings(AccountSettings):
    """One Facebook page."""

    kind: Literal["messenger"] = "messenger"
    account: Account = "messenger"
    page_id: str = Field(min_length=1)
    human_agent: bool = False
    """Whether Meta has given the Human Agent permission: what staff write may then go for seven days, not one."""

    @property
    def own_id(self) -> str:
        """Return Meta's id of the account, by which webhooks name it."""
        return self.page_id


def build(settings: Settings, inbox: Inbox, clock: Clock) -> Messenger:
    """Make the channel that these settings describe."""
    return Messenger(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read one kept update; raise ``ValueError`` for what is none."""
    return updates.read(DIALECT, raw, received_at)


class Messenger(MetaAccount):
    """One page's messages, both ways."""

    field = "messages"
    window = WINDOW
    longest = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what comes to ``inbox``."""
        super().__init__(DIALECT, settings, inbox, clock, "me/messages")
        self.subscribed = settings.page_id
        self._human_agent = settings.human_agent

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in parts, or raise a ``DeliveryFailure``: ``RouteClosed`` when the window has closed."""
        user = recipient_of(reply, self.channel, self.account)
        kind = sent_as(reply, user, self.clock.now(), human_agent=self._human_agent)
        requests = bodies(reply, user, LONGEST, utf16, kind, marked=True)
        return await self._parts.send(reply.message_id, user, requests, lambda answer: text_of(answer, "message_id"))
