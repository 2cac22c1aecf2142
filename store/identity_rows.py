"""Which addresses are one resident: links that stand, all that hangs together by them, and the cases that have to do with it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from store.chat_models import IdentityLink
from store.models import Case, Party
from store.queue_rows import may_see
from store.rows import columns, core, whole
from store.unit import Glance

MOST = 20
"""Addresses of one resident: a chain of links that is longer is somebody's mistake, and is followed no further."""


def open_on(case_id: int) -> ColumnElement[bool]:
    """Return the condition under which a case is open to everybody who may open this one."""
    kept = columns(Case)
    return or_(kept.id == case_id, kept.restricted.is_(False))


def standing_links(glance: Glance, addresses: Collection[str], seen: ColumnElement[bool] | None = None) -> list[IdentityLink]:
    """Return the links that stand and have to do with these addresses, the oldest first.

    Where only cases under the condition ``seen`` are, a link that says more than they do is left out.
    """
    if not addresses:
        return []
    link, named = columns(IdentityLink), sorted(set(addresses))
    wanted = link.undone_at.is_(None), or_(link.first.in_(named), link.second.in_(named))
    told = () if seen is None else (_says_no_more(seen),)
    return glance.models(IdentityLink, whole(IdentityLink).where(*wanted, *told).order_by(link.id))


def _says_no_more(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for a link that was found on no case that is not seen, of addresses that none such alone has."""
    link, kept = columns(IdentityLink), columns(Case)
    found = exists(select(kept.id).where(kept.id == link.case_id, seen))
    return and_(or_(link.case_id.is_(None), found), _is_known(link.first, seen), _is_known(link.second, seen))


def _is_known(address: ColumnElement[str], seen: ColumnElement[bool]) -> ColumnElement[bool]:
    kept, party = columns(Case), columns(Party)
    theirs = select(party.id).where(party.address == address)
    told = theirs.select_from(core(Party).join(core(Case), kept.id == party.case_id)).where(seen)
    return or_(not_(exists(theirs)), exists(told))


def links_between(glance: Glance, one: str, other: str) -> list[IdentityLink]:
    """Return every link that two addresses ever had, the oldest first, those undone among them."""
    first, second = sorted((one, other))
    return glance.find(IdentityLink, first=first, second=second)


def linked_with(glance: Glance, addresses: Collection[str], seen: ColumnElement[bool] | None = None) -> list[str]:
    """Return the other addresses of whoever has these: all that hangs together by links that stand, in order of name.

    ``seen`` leaves out as in ``standing_links``.
    """
    known, fresh = set(addresses), set(addresses)
    while fresh and len(known) < MOST + len(addresses):
        found = {end for link in standing_links(glance, fresh, seen) for end in (link.first, link.second)}
        fresh = found - known
        known |= fresh
    return sorted(known - set(addresses))[:MOST]


def cases_with(glance: Glance, addresses: Collection[str]) -> list[int]:
    """Return the cases to which one of these addresses belongs, in order."""
    party = columns(Party)
    wanted = party.address.in_(sorted(set(addresses)))
    return list(glance.run(select(party.case_id).where(wanted).distinct().order_by(party.case_id)).scalars())


def cases_of_resident(
    glance: Glance, addresses: Collection[str], but: int, username: str, *, sees_restricted: bool, limit: int = 10
) -> list[Case]:
    """Return the newest other cases that are about whoever has these addresses; those closed to the person are left out."""
    kept, party = columns(Case), columns(Party)
    theirs = select(party.case_id).where(party.address.in_(sorted(set(addresses))), party.role == "resident")
    wanted = kept.id.in_(theirs), kept.id != but, may_see(username, sees_restricted=sees_restricted)
    return glance.models(Case, whole(Case).where(*wanted).order_by(kept.received_at.desc(), kept.id.desc()).limit(limit))
