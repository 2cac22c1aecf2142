"""WhatsApp Cloud API: residents write to the council's number; signed webhooks bring it, the Graph API answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field

from intake.channel import Inbox, PermanentFailure, Reply, RouteClosed, Sent
from intake.chat import FetchedFile, FileToFetch
from intake.message import Reading
from intake.meta import updates, whatsapp_updates
from intake.meta.account import MetaAccount
from intake.meta.graph import text_of
from intake.meta.json_values import Json, items
from intake.meta.receiving import Clock
from intake.meta.sending import WINDOW, age_of, closed, recipient_of, too_late
from intake.meta.settings import Account, AccountSettings
from intake.meta.updates import Dialect
from intake.meta.whatsapp_letters import LONGEST, Template, bodies, template_body

NAME = "WhatsApp"
DIALECT = Dialect(kind="whatsapp", unpack=whatsapp_updates.unpack, understand=whatsapp_updates.understand)


class Settings(AccountSettings):
    """One telephone number of a WhatsApp Business account."""

    kind: Literal["whatsapp"] = "whatsapp"
    account: Account = "whatsapp"
    phone_number_id: str = Field(min_length=1)
    """Meta's id of the number, which is not the number."""
    business_account_id: str | None = None
    """Id of the WhatsApp Business account, whose subscription is then looked after."""
    template: Template | None = None
    """What may be sent when the window has closed; without one such letters go another way."""

    @property
    def own_id(self) -> str:
        """Return Meta's id of the account, by which webhooks name it."""
        return self.phone_number_id


def build(settings: Settings, inbox: Inbox, clock: Clock) -> WhatsApp:
    """Make the channel that these settings describe."""
    return WhatsApp(settings, inbox, clock)


def read(raw: bytes, received_at: datetime | None) -> Reading:
    """Read one kept update; raise ``ValueError`` for what is none."""
    return updates.read(DIALECT, raw, received_at)


class WhatsApp(MetaAccount):
    """One number's messages, both ways."""

    window = WINDOW
    longest = LONGEST

    def __init__(self, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        """Hand what comes to ``inbox``."""
        number = settings.phone_number_id
        super().__init__(DIALECT, settings, inbox, clock, f"{number}/messages")
        self.subscribed = settings.business_account_id
        self._number, self._template = number, settings.template

    async def send(self, reply: Reply) -> Sent:
        """Send a letter in parts; outside the window send the template that says there is news, or raise ``RouteClosed``."""
        user = recipient_of(reply, self.channel, self.account)
        if too_late(age_of(reply, self.clock.now())):
            return await self._announce(reply, user)
        try:
            return await self._parts.send(reply.message_id, user, bodies(reply, user), _id_of)
        except RouteClosed as failure:
            # Meta's clock rules: what it calls too late, the template may still announce.
            if failure.code != "window" or self._template is None:
                raise
            return await self._announce(reply, user)

    async def _announce(self, reply: Reply, user: str) -> Sent:
        if self._template is None:
            raise closed()
        try:
            return await self._announced(reply, user, self._template)
        except RouteClosed:
            raise
        except PermanentFailure as failure:
            # Where the template is refused (paused, renamed) the window is still closed: the letter goes another way.
            raise RouteClosed(f"the window has closed, and the template was refused: {failure}", "window") from failure

    async def _announced(self, reply: Reply, user: str, template: Template) -> Sent:
        requests = [template_body(reply, user, template)]
        sent = await self._parts.send(f"{reply.message_id} announced", user, requests, _id_of)
        said = f"only announced by the template {template.name}, as the window had closed: {sent.answer}"
        return replace(sent, answer=said, whole=False)

    async def fetch(self, file: FileToFetch) -> FetchedFile:
        """Fetch a resident's file by its id, which Meta gives only to the number that it was sent to."""
        return await self._media.fetch(file, phone_number_id=self._number)


def _id_of(answer: Json) -> str | None:
    first = next(iter(items(answer, "messages")), None)
    return text_of(first, "id") if isinstance(first, dict) else None
