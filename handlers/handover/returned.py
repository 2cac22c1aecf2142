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
    if not bounce.given_up:
        return True
    partner = partners.get(row.partner)
    name, came_back = partner.name if partner else row.partner, f"our mail to them came back ({bounce.status or 'no status'})"
    if kind == BACK_TOKEN:
        add_task(unit, case, TELL, ring_them(partner.to_ring if partner else row.partner, came_back), situation.now)
    elif row.ended_at is None and case.status is not CaseStatus.CLOSED:
        said = unreachable(name, came_back)
        if _is_theirs(bounce, partner):
            unit.update(Handover, row.id, state="failed", next_at=None, chase_at=None, error=came_back)
            pages.events.append(event_row(row.case_id, "handover_failed", said, situation.now, MACHINE, handover=row.id))
        else:
            said = f"{name} passed our mail on to {bounce.recipient}, and from there it came back: ask them who has it"
        add_task(unit, case, SILENT, said, situation.now)
    return True


def _is_theirs(bounce: Bounce, partner: Partner | None) -> bool:
    """Say whether the partner's own address took nothing, and not somebody's to whom they pass it on."""
    return bounce.recipient is None or partner is None or bounce.recipient.lower() == partner.address.lower()
