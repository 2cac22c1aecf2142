"""Who a person is to adjustments and restrictions: their address, all that is linked with it, or what else they are known by."""

from __future__ import annotations

from collections.abc import Collection

from handlers.addresses import usable
from handlers.people.wishes import NOTHING_AGREED, Wishes
from intake.identity import identity_of
from store.identity_rows import linked_with, open_on, standing_links
from store.models import Case
from store.people_models import Adjustment, Restriction
from store.unit import Glance


def key_of(case: Case) -> str:
    """Return what a case's resident is known by: the address, else the telephone number, else this case alone."""
    return keys_of(case)[0]


def keys_of(case: Case) -> list[str]:
    """Return all that a case's resident may be known by, the surest first."""
    known = [(case.resident_address or "").lower(), telephone_key(case.resident_phone), f"case:{case.id}"]
    return [key for key in known if key]


def telephone_key(phone: str | None) -> str:
    """Return what somebody is known by of whom there is but a telephone number; empty where there is none."""
    digits = "".join(filter(str.isdigit, phone or ""))
    return f"tel:{digits}" if digits else ""


def person_of(glance: Glance, case: Case, *, as_seen: bool = False) -> list[str]:
    """Return all keys of a case's resident, those linked with the address among them.

    ``as_seen`` leaves out links that only a case closed to this one's readers tells of.
    """
    keys = keys_of(case)
    return [*keys, *linked_with(glance, keys, open_on(case.id or 0) if as_seen else None)]


def adjustments_of(glance: Glance, keys: Collection[str]) -> list[Adjustment]:
    """Return the adjustments that stand for somebody, in the order in which they were agreed."""
    return glance.find(Adjustment, address=sorted(set(keys)), ended_at=None)


def restrictions_of(glance: Glance, keys: Collection[str]) -> list[Restriction]:
    """Return the restrictions of somebody that stand or are proposed."""
    return glance.find(Restriction, address=sorted(set(keys)), state=["proposed", "active"])


def wishes_of_case(glance: Glance, case: Case) -> Wishes:
    """Return what was agreed with the resident of a case."""
    keys = person_of(glance, case)
    return _wishes(keys, adjustments_of(glance, keys))


def wishes_by_address(glance: Glance, addresses: Collection[str]) -> dict[str, Wishes]:
    """Return what was agreed with whoever has each of these addresses, in two questions where nothing was linked."""
    named = sorted({address.lower() for address in addresses})
    linked = {end for link in standing_links(glance, named) for end in (link.first, link.second)}
    people = {one: [one, *(linked_with(glance, [one]) if one in linked else ())] for one in named}
    rows = adjustments_of(glance, {key for keys in people.values() for key in keys})
    found = {one: [row for row in rows if row.address in keys] for one, keys in people.items()} if rows else {}
    return {one: _wishes(people[one], theirs) for one, theirs in found.items() if theirs}


def _wishes(keys: Collection[str], rows: Collection[Adjustment]) -> Wishes:
    if not rows:
        return NOTHING_AGREED
    agreed = [row.address for row in rows if row.kind == "mail_only"]
    mails = [key for key in (*agreed, *keys) if "@" in key and identity_of(key) is None and usable(key)]
    return Wishes(kinds=frozenset(row.kind for row in rows), mail=next(iter(mails), None))
