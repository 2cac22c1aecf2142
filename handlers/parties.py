"""Who belongs to a case: only their messages may join it (design section 2, 8), so each change has a reason and an event."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from handlers.addresses import usable
from handlers.case_acts import Act, Acts, Refused, Stale, reasoned
from store.case_rows import take_out
from store.models import Party
from store.unit import Glance

ROLES = {
    "resident": "Resident",
    "representative": "Representative",
    "household": "Household member",
    "councillor": "Councillor or MP",
    "copied": "Copied in",
}
LONGEST = 320
"""Characters of a name or an address (RFC 5321 section 4.5.3.1 for the latter)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A party as a person wrote or saw it."""

    address: str
    name: str
    role: str


def checked_address(acts: Acts, address: str, field: str = "address") -> str:
    """Return an address as it is kept, or refuse one that no letter could reach, and one of our own."""
    kept = address.strip().lower()
    if not usable(kept) or len(kept) > LONGEST:
        raise Refused("Enter an email address in the correct format, like name@example.com", field)
    if acts.own.hold(kept):
        raise Refused("This is one of our own addresses: nobody of a case has it", field)
    return kept


def add_party(acts: Acts, case_id: int, by: str, wanted: Named, why: str) -> int:
    """Let somebody's messages join the case from now on."""
    party, why = _checked(acts, wanted), reasoned(why)
    with acts.on(case_id, by) as act:
        if act.unit.find(Party, case_id=case_id, address=party.address):
            raise Refused("This address belongs to the case already", "address")
        act.unit.add(Party, [party_row(case_id, party)])
        act.tell("party_added", why, **asdict(party))
        return act.done(f"{party.name or party.address} belongs to the case now.")


def change_party(acts: Acts, case_id: int, by: str, party_id: int, wanted: Named, *, was: Named, why: str) -> int:
    """Put right who somebody is; refused where a colleague changed it since the person saw it."""
    party, why = _checked(acts, wanted), reasoned(why)
    with acts.on(case_id, by) as act:
        before = _held(act, party_id, was)
        taken = act.unit.find(Party, case_id=case_id, address=party.address)
        if taken and taken[0].id != party_id:
            raise Refused("This address belongs to the case already", "address")
        act.unit.update(Party, party_id, **party_row(case_id, party))
        act.tell("party_changed", why, before=asdict(before), after=asdict(party))
        return act.done(f"Details of {party.name or party.address} changed.")


def remove_party(acts: Acts, case_id: int, by: str, party_id: int, *, was: Named, why: str) -> int:
    """Take somebody out of the case: their next message will wait for a person instead of joining it."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        before = _held(act, party_id, was)
        if before.address == act.case.resident_address:
            raise Refused("The case is about this resident. Change the resident's own details first")
        take_out(act.unit, Party, party_id)
        act.tell("party_removed", why, **asdict(before))
        return act.done(f"{before.name or before.address} does not belong to the case any more.")


def party_now(glance: Glance, case_id: int, party_id: int) -> Named | None:
    """Return a party of the case as it stands."""
    found = glance.find(Party, id=party_id, case_id=case_id)
    return _named(found[0]) if found else None


def _named(party: Party) -> Named:
    return Named(address=party.address, name=party.name or "", role=party.role)


def _held(act: Act, party_id: int, was: Named) -> Named:
    now = party_now(act.unit, act.case_id, party_id)
    if now is None:
        raise Stale("Somebody else has taken this person out of the case by now")
    if now != was:
        role = ROLES.get(now.role, now.role)
        raise Stale(f"Somebody else changed this since you opened the page. It says now: {now.name} {now.address}, {role}")
    return now


def _checked(acts: Acts, wanted: Named) -> Named:
    if wanted.role not in ROLES:
        raise Refused("Choose what the person is to the case", "role")
    if len(wanted.name) > LONGEST:
        raise Refused(f"Make the name {LONGEST} characters or fewer", "name")
    return Named(address=checked_address(acts, wanted.address), name=wanted.name.strip(), role=wanted.role)


def party_row(case_id: int, party: Named) -> dict[str, object]:
    """Return a party as it is kept."""
    return {"case_id": case_id, "address": party.address, "name": party.name or None, "role": party.role}
