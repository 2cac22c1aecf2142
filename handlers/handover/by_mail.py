"""A hand-over by mail: for people to read, with lines that their answers keep, under a Message-ID that only we can have made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers.handover.partners import Partner
from handlers.handover.sending import NotTaken, Told
from handlers.handover.summary import as_text
from intake.channel import DeliveryFailure, Outgoing, PermanentFailure, Reply, UncertainOutcome
from store.handover_models import Handover

TOKEN = "handover"  # noqa: S105  # the kind of token that names a hand-over
ASKS = (
    "Please answer this mail when you have taken it on, and when it is done, with one of these lines at the top:\n"
    "status: taken on\nstatus: done\nstatus: not ours"
)
_STATUS = re.compile(r"^[ \t>*]{0,6}status[ \t]*:[ \t]*([a-z][a-z _-]{1,30}?)[ \t.]*$", re.IGNORECASE | re.MULTILINE)
SAID = {
    "taken_on": ("taken on", "taken", "accepted", "open", "in progress", "scheduled", "booked"),
    "done": ("done", "closed", "completed", "complete", "fixed", "resolved"),
    "not_theirs": ("not ours", "not us", "rejected", "refused", "declined"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ByMail:
    """Hands over by the house's own way out for mail."""

    outgoing: Outgoing
    address: str
    name: str
    id_of: Callable[[int], str]
    loop_mark: str = ""

    async def step(self, row: Handover, partner: Partner) -> Told:
        """Hand the mail to the relay: the same words under the same Message-ID at every attempt."""
        reply = Reply(
            message_id=self.id_of(row.id or 0),
            sender=self.address,
            sender_name=self.name,
            recipient=partner.address,
            subject=f"{row.summary['reference']}: {row.summary['kind']} for you",
            text=mail_text(row),
            written_at=row.made_at,
            automatic=False,
            loop_mark=self.loop_mark,
            again=row.unsure > 0,
        )
        try:
            await self.outgoing.send(reply)
        except UncertainOutcome as error:
            raise NotTaken("the link broke before the mail server answered", unsure=True) from error
        except PermanentFailure as error:
            raise NotTaken(f"the mail server will not take it: {error}", again=False) from error
        except DeliveryFailure as error:
            raise NotTaken(f"the mail server cannot take it now: {error}") from error
        return Told(state="with_partner")


def mail_text(row: Handover) -> str:
    """Return what the mail says."""
    return f"{as_text(row.summary)}\n\n{ASKS}\n\nhand-over: {row.key}\n"


def status_in(words: str) -> str:
    """Return the status that an answer's own words give in a line by itself; ``said`` where they give none."""
    found = _STATUS.search(words)
    value = re.sub(r"[ _-]+", " ", found[1]).strip().lower() if found else ""
    return next((status for status, names in SAID.items() if value in names), "said")
