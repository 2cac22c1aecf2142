"""A partner's answer to our mail: news of the case that it names, never a message of its resident and never a complaint's clock.

Our Message-ID proves that the writer has our mail; only the partner's own addresses are believed. Whoever else has it, such as a
resident to whom it was sent on, is heard as anybody is: what they write may be a complaint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from classifiers.taxonomy import Flag
from handlers.addresses import comparable
from handlers.casework import Pages, settled
from handlers.circumstances import Situation
from handlers.follow_ups import header_claims
from handlers.handover.by_mail import BACK_TOKEN, TOKEN, status_in
from handlers.handover.news import News, take
from handlers.handover.partners import Partner
from handlers.manners import OwnAddresses
from handlers.rows import MACHINE
from handlers.tokens import read_message_id
from handlers.understanding import Understood
from store.handover_models import Handover
from store.lookups import hold_case
from store.models import Case, Disposition, Party
from store.unit import Unit


def handover_of(
    unit: Unit, message: Understood, own: OwnAddresses, *, also: Iterable[str] = ()
) -> tuple[str, Case | None, Handover | None]:
    """Return which of our mails a message names, what it told of, and the case, held; ``also`` is what names it besides its head."""
    kind, number = _named((*also, *header_claims(message)), own)
    found = unit.get(Handover, number) if number is not None else None
    # Held before the hand-over is read again: whoever ends it at this moment is waited for, and nothing ended is asked after.
    case = hold_case(unit, found.case_id) if found is not None else None
    return kind, case, unit.get(Handover, number) if case is not None else None


def _named(headers: Iterable[str], own: OwnAddresses) -> tuple[str, int | None]:
    for header in headers:
        token = read_message_id(header, own.message_id_domain, own.keys)
        if token is not None and token.kind in (TOKEN, BACK_TOKEN) and len(token.ids) == 1:
            return token.kind, int(token.ids[0])
    return "", None


def take_answer(unit: Unit, message: Understood, situation: Situation, pages: Pages, partners: Mapping[str, Partner]) -> bool:
    """Keep a partner's answer; return whether the message was one."""
    if message.reading.chat is not None or message.trust == "failed" or message.shunted is not None:
        return False
    _, case, row = handover_of(unit, message, situation.surroundings.own)
    sender = comparable(message.reading.sender.address)
    if row is None or case is None or sender not in {comparable(address) for address in row.summary.get("senders", ())}:
        return False
    if sender in {comparable(party.address) for party in unit.find(Party, case_id=row.case_id)}:
        return False
    words = message.reading.new_text
    status = status_in(words) if row.ended_at is None else "said"
    danger = message.verdict is not None and not {Flag.EMERGENCY, Flag.SAFEGUARDING}.isdisjoint(message.verdict.flags)
    news = News(status=status, words=words, told_at=message.arrival.received_at, to_read=status == "said", danger=danger)
    pages.events.append(take(unit, row, news, situation.now, MACHINE, partners, case))
    why = "a partner's answer about a case that was handed over"
    pages.messages.append(settled(message, Disposition.AUTOMATIC, situation.now, why, case_id=row.case_id))
    return True
