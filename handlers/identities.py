"""Addresses that are one resident: linked by staff for a reason, or by the resident's own proof, and undone without loss.

A link lets no message join a case, for only parties' messages do (design section 2, 8): it offers more ways out, and shows
colleagues the other cases of the same resident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from handlers.allocation import BARRED
from handlers.case_acts import Act, Acts, Refused, Stale, reasoned
from handlers.named import NamedPerson
from handlers.parties import checked_address
from handlers.rows import Row, event_row
from store.act_rows import people_of_case
from store.chain import append_events
from store.chat_models import IdentityLink
from store.identity_rows import cases_with, links_between
from store.lookups import hold_case
from store.models import Case, Party
from store.unit import Unit

STAFF, PROOF = "staff", "proof"
"""How it was shown that two addresses are one resident: a colleague found so, or the resident opened our signed link."""
ELSEWHERE = "this concerns a case that is not open to everybody: what was found stands there"
"""What is told of a link where it would tell more than whoever reads it may know."""
MOST_CASES = 200
"""Cases of one resident; an address with more is an office's or a helper's, and nobody's alone."""


def link(acts: Acts, case_id: int, by: str, one: str, other: str, *, why: str) -> int:
    """Link an address of the case with another one as the same resident's; it is an event on the cases of both."""
    why, other = reasoned(why), checked_address(acts, other, "other")
    if one == other:
        raise Refused("This is the same address", "other")
    with _on_all(acts, case_id, by, (one, other)) as (act, ids):
        if one not in addresses_of(act.unit, act.case):
            raise Refused("Choose an address of this case", "one")
        if standing(links_between(act.unit, one, other)) is not None:
            raise Stale("The two are linked already", "other")
        act.unit.insert(IdentityLink, [link_row(one, other, act, how=STAFF, why=why)])
        told = {"address": one, "other": other, "how": STAFF}
        append_events(act.unit, events(act.unit, ids, "identity_linked", why, told, at=act.now, by=by, found_on=(case_id,)))
        return act.done("Linked as the same resident.")


def unlink(acts: Acts, case_id: int, by: str, link_id: int, why: str) -> int:
    """Say that two addresses are not one resident after all; the link stays as history, with who undid it and why."""
    why = reasoned(why)
    with acts.store.glance() as glance:
        found = glance.get(IdentityLink, link_id)
    if found is None or found.undone_at is not None:
        raise Stale("The two are not linked any more")
    with _on_all(acts, case_id, by, (found.first, found.second)) as (act, ids):
        if standing(links_between(act.unit, found.first, found.second)) is None:
            raise Stale("The two are not linked any more")
        act.unit.update(IdentityLink, link_id, undone_at=act.now, undone_by=by, undone_why=why)
        told, found_on = {"address": found.first, "other": found.second}, (case_id, found.case_id)
        append_events(act.unit, events(act.unit, ids, "identity_unlinked", why, told, at=act.now, by=by, found_on=found_on))
        return act.done("No longer linked.")


def addresses_of(unit: Unit, case: Case) -> list[str]:
    """Return the addresses of a case by which its people are known, the resident's first."""
    own = [case.resident_address] if case.resident_address else []
    return list(dict.fromkeys([*own, *(party.address for party in unit.find(Party, case_id=case.id))]))


def standing(links: Sequence[IdentityLink]) -> IdentityLink | None:
    """Return the one of these links that was not undone."""
    return next((link for link in links if link.undone_at is None), None)


def link_row(one: str, other: str, act: Act, *, how: str, why: str) -> Row:
    """Return a link as it is kept: the two in order of name, so that a pair is found from either side."""
    first, second = sorted((one, other))
    told = {"how": how, "why": why, "case_id": act.case_id}
    return {"first": first, "second": second, "linked_at": act.now, "by": act.by} | told


@contextmanager
def _on_all(acts: Acts, case_id: int, by: str, addresses: Sequence[str]) -> Iterator[tuple[Act, list[int]]]:
    """Hold a case, and all to which these addresses belong, for one person's act; refuse it to whoever is barred from it."""
    NamedPerson(username=by)
    with acts.store.unit("T6") as unit:
        ids = hold_all(unit, {case_id, *cases_with(unit, addresses)})
        case = unit.get(Case, case_id)
        if case is None:
            raise Refused("There is no such case.")
        if by in people_of_case(unit, case_id, "barred"):
            raise Refused(BARRED)
        if len(ids) > MOST_CASES:
            raise Refused(f"An address that belongs to more than {MOST_CASES} cases is not one resident's alone", "other")
        yield Act(unit=unit, case=case, now=acts.clock.now(), by=by), ids


def hold_all(unit: Unit, case_ids: set[int]) -> list[int]:
    """Hold these cases in the order of their numbers, so that two people wait for, and never block, each other."""
    return [id_ for id_ in sorted(case_ids) if hold_case(unit, id_) is not None]


def events(
    unit: Unit,
    ids: Sequence[int],
    kind: str,
    why: str,
    told: Mapping[str, str],
    *,
    at: datetime,
    by: str,
    found_on: Sequence[int | None] = (),
) -> list[Row]:
    """Return what happened to a link of ``address`` and ``other`` as an event on each of these cases.

    A restricted case lends no other one its addresses, nor what was found on it.
    """
    free = _may_be_told(unit, ids, {told["address"], told["other"]}, [id_ for id_ in found_on if id_])
    return [
        event_row(id_, kind, why, at, by, **told) if id_ in free else event_row(id_, kind, ELSEWHERE, at, by) for id_ in ids
    ]


def _may_be_told(unit: Unit, ids: Sequence[int], addresses: set[str], found_on: Sequence[int]) -> set[int]:
    known: dict[int, set[str]] = {id_: set() for id_ in ids}
    for party in unit.find(Party, case_id=list(ids), address=sorted(addresses)):
        known[party.case_id].add(party.address)
    closed = {case.id for case in unit.find(Case, id=sorted({*ids, *found_on}), restricted=True)}
    in_the_open = set[str]().union(*(known[id_] for id_ in ids if id_ not in closed))
    secret = set[str]().union(*known.values()) - in_the_open
    return {id_ for id_ in ids if secret <= known[id_] and all(place == id_ for place in closed.intersection(found_on))}
