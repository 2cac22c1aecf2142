"""What the words of a reply are held against: other cases, and the addresses that may stand in it."""

from __future__ import annotations

from collections.abc import Iterable

from desk.web.desk import Desk
from handlers.reply_checks import Around, other_references
from handlers.reply_openings import opening
from store.desk_models import DraftLetter
from store.identity_rows import linked_with, open_on
from store.models import Case, Message, Party
from store.unit import Glance


def around_of(desk: Desk, glance: Glance, case: Case, message: Message, draft: DraftLetter) -> Around:
    """Return what the words of a draft are held against."""
    named = other_references(f"{draft.subject}\n{draft.body}", case.reference)
    theirs = _theirs(glance, case) if named else frozenset()
    same = {found.reference: found.resident_address in theirs for found in glance.find(Case, reference=named)}
    parties = [party.address for party in glance.find(Party, case_id=case.id)]
    return Around(
        reference=case.reference,
        opening=opening(case.resident_name, message.received_at),
        addresses=[*parties, *filter(None, [case.resident_address]), *_ours(desk)],
        references=same,
    )


def _theirs(glance: Glance, case: Case) -> frozenset[str | None]:
    """Return the addresses of the case's resident, those linked with it among them."""
    own = [case.resident_address] if case.resident_address else []
    return frozenset({*own, *linked_with(glance, own, open_on(case.id or 0))})


def _ours(desk: Desk) -> Iterable[str]:
    landlord = desk.house.landlord
    offices = [office.email for office in (*landlord.services.values(), *landlord.signposts.values())]
    emails = [*(team.email for team in landlord.teams.values()), *offices]
    return [*desk.house.own.addresses, landlord.data_protection_contact, *filter(None, emails)]
