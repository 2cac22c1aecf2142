"""The ways by which somebody is called: a mail, a short text by a mail-to-text gateway, or a webhook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.clock import Clock
from handlers.hazards.duty import Call, DutyOfficer, NotCalled
from intake.channel import DeliveryFailure, Outgoing, Reply
from intake.duty_hook import DutyHook, HookFailed

LONGEST_TEXT = 160
"""Characters of one text message."""
WHAT_TO_DO = "Open the page and press “I have it”. Until somebody does, the next on the list is called."


@dataclass(frozen=True, kw_only=True, slots=True)
class ByMail:
    """Calls by the house's own way out for mail; ``short`` for a gateway that makes a text of it."""

    outgoing: Outgoing
    clock: Clock
    address: str
    name: str
    id_of: Callable[[str], str]
    """Returns a Message-ID for what is called a second time by the same name."""
    loop_mark: str = ""
    short: bool = False

    async def call(self, officer: DutyOfficer, said: Call) -> str:
        """Hand the call to the relay; raise ``NotCalled`` where it does not take it."""
        text = _text(said) if self.short else f"{said.words}\n\n{WHAT_TO_DO}\n{said.page}\n"
        reply = Reply(
            message_id=self.id_of(said.id),
            sender=self.address,
            sender_name=self.name,
            recipient=officer.to,
            subject=f"EMERGENCY {said.reference}",
            text=text,
            written_at=self.clock.now(),
            loop_mark=self.loop_mark,
        )
        try:
            return (await self.outgoing.send(reply)).answer
        except DeliveryFailure as error:
            raise NotCalled(f"the relay did not take it ({type(error).__name__})") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class ByWebhook:
    """Calls by a webhook, such as an on-call service's."""

    hook: DutyHook

    async def call(self, officer: DutyOfficer, said: Call) -> str:
        """Post the call; raise ``NotCalled`` where it is not taken."""
        told = {"reference": said.reference, "words": said.words, "page": said.page, "officer": officer.name}
        try:
            return await self.hook.post(officer.to, said.id, told)
        except HookFailed as error:
            raise NotCalled(str(error)) from error


def _text(said: Call) -> str:
    """Return what fits one text message: the page first, for it must not be cut."""
    room = LONGEST_TEXT - len(said.page) - 1
    words = said.words if len(said.words) <= room else f"{said.words[: room - 1]}…"
    return f"{words} {said.page}" if room > len(said.reference) else said.words[:LONGEST_TEXT]
