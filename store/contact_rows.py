"""What logging a contact asks of the store: whether it is kept already, and whether the person has an open case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from store.models import Case, CaseStatus, Message, Party
from store.queue_rows import may_see
from store.rows import columns, core, whole
from store.unit import Glance

MOST = 5
"""Cases offered to the colleague who logs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who got in touch, as far as it is known; a name tells two people apart only together with a home."""

    email: str | None = None
    phone: str | None = None
    name: str | None = None
    home: str | None = None


def logged_contact(glance: Glance, ways: Sequence[str], account: str, id_: str) -> Message | None:
    """Return the message of the contact with this one-time name, however it was said to have come."""
    found = glance.find(Message, channel=list(ways), account=account, external_id=id_)
    return found[0] if found else None


def cases_of_caller(glance: Glance, caller: Caller, username: str, *, sees_restricted: bool) -> list[Case]:
    """Return open cases of the same person that this colleague may see, the latest first."""
    case, party = columns(Case), columns(Party)
    alike = []
    if caller.email:
        email = caller.email.lower()
        alike += [case.resident_address == email, case.id.in_(select(party.case_id).where(party.address == email))]
    if caller.phone:
        alike.append(case.resident_phone == caller.phone)
    if caller.name and caller.home:
        name, home = caller.name.lower(), caller.home.lower()
        alike.append((func.lower(case.resident_name) == name) & (func.lower(case.home) == home))
    if not alike:
        return []
    running = case.status.in_([CaseStatus.TRIAGE, CaseStatus.OPEN, CaseStatus.SIGNPOSTED])
    wanted = running, may_see(username, sees_restricted=sees_restricted), or_(*alike)
    statement = whole(Case).select_from(core(Case)).where(*wanted)
    return glance.models(Case, statement.order_by(case.received_at.desc(), case.id.desc()).limit(MOST))
