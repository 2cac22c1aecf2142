"""Our mail to a partner that came back: people hear of it at once, not when nothing was heard for days (mail rule A14).

A report proves its mail by our Message-ID alone, which only those have to whom it went. It is never news of a partner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.casework import Pages, settled
from handlers.circumstances import Situation
from handlers.handover.answers import handover_of
from handlers.handover.by_mail import BACK_TOKEN
from handlers.handover.news import SILENT, TELL, add_task, ring_them, unreachable
from handlers.handover.partners import Partner
from handlers.rows import MACHINE, event_row
from handlers.understanding import Understood
from intake.message import Bounce
from store.handover_models import Handover
from store.models import CaseStatus, Disposition
from store.unit import Unit


def take_return(unit: Unit, message: Understood, situation: Situation, pages: Pages, partners: Mapping[str, Partner]) -> bool:
    """Keep what a mail system says of our mail to a partner, and tell people once it is given up; return whether it was one."""
    bounce = message.reading.bounce
    if message.no_case is None or bounce is None:
        return False
    kind, case, row = handover_of(unit, message, situation.surroundings.own, also=[bounce.message_id or ""])
    if case is None or row is None:
        return False
    why = f"automatic mail: {message.no_case}"
    pages.messages.append(settled(message, Disposition.AUTOMATIC, situation.now, why, case_id=row.case_id))
    told: dict[str, Any] = {"message": message.arrival.id, "rule": message.no_case, "handover": row.id, "status": bounce.status}
    pages.events.append(event_row(row.case_id, "automatic_mail", why, situation.now, **told))
    if bounce.given_up and case.status is not CaseStatus.CLOSED:
        partner = partners.get(row.partner)
        why, is_theirs = _why(bounce, partner)
        if kind == BACK_TOKEN:
            add_task(unit, case, TELL, ring_them(partner.to_ring if partner else row.partner, why), situation.now)
        elif row.ended_at is None:
            if is_theirs:
                unit.update(Handover, row.id, state="failed", next_at=None, chase_at=None, error=why[:300])
            said = unreachable(partner.name if partner else row.partner, why)
            pages.events.append(event_row(row.case_id, "handover_failed", said, situation.now, MACHINE, handover=row.id))
            add_task(unit, case, SILENT, said, situation.now)
    return True


def _why(bounce: Bounce, partner: Partner | None) -> tuple[str, bool]:
    """Return what happened, and whether the partner's own address took nothing: others, to whom they pass it on, may not either."""
    is_theirs = bounce.recipient is None or partner is None or bounce.recipient.lower() == partner.address.lower()
    passed_on = "" if is_theirs else f" from {bounce.recipient}, to whom it was passed on"
    return f"our mail to them came back{passed_on} ({bounce.status or 'no status'})", is_theirs
