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

TOKEN, BACK_TOKEN = "handover", "handover-back"  # the kinds of token that name a hand-over, and that it was taken back
TAKEN_BACK = (
    "We have taken this back: please do nothing more about it. "
    "If somebody is on the way already, or the work is done, please answer this mail and say so."
)
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
    id_of: Callable[[str, int], str]
    loop_mark: str = ""

    async def step(self, row: Handover, partner: Partner) -> Told:
        """Hand the mail to the relay: the same words under the same Message-ID at every attempt."""
        back = row.state == "telling_back"
        subject = f"{row.summary['reference']}: {'taken back' if back else row.summary['kind'] + ' for you'}"
        reply = Reply(
            message_id=self.id_of(BACK_TOKEN if back else TOKEN, row.id or 0),
            sender=self.address,
            sender_name=self.name,
            recipient=partner.address,
            subject=subject,
            text=back_text(row) if back else mail_text(row),
            written_at=(row.ended_at if back else None) or row.made_at,
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
        return Told(state="taken_back" if back else "with_partner")


def back_text(row: Handover) -> str:
    """Return what the mail says that takes it back: never why, which is nobody's but ours and the resident's (Code 5.1)."""
    told = row.summary
    return f"Reference: {told['reference']}\n\nWhat it was: {told['what']}\n\n{TAKEN_BACK}\n\nhand-over: {row.key}\n"


def mail_text(row: Handover) -> str:
    """Return what the mail says."""
    return f"{as_text(row.summary)}\n\n{ASKS}\n\nhand-over: {row.key}\n"


def status_in(words: str) -> str:
    """Return the status that an answer's own words give in a line by itself; ``said`` where they give none."""
    found = _STATUS.search(words)
    value = re.sub(r"[ _-]+", " ", found[1]).strip().lower() if found else ""
    return next((status for status, names in SAID.items() if value in names), "said")
