"""How the resident of a case is called and reached, put right by people."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from handlers.case_acts import Acts, Refused, Stale, reasoned
from handlers.parties import LONGEST, Named, checked_address, party_row
from store.models import Case, Party

FIELDS = {"name": "name", "address": "email", "phone": "phone", "home": "home"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """How the resident is called and reached, as a person wrote or saw it; empty where it is not known."""

    name: str = ""
    address: str = ""
    phone: str = ""
    home: str = ""


def reached(case: Case) -> Reached:
    """Return how the resident of a case is called and reached."""
    told = case.resident_name, case.resident_address, case.resident_phone, case.home
    return Reached(**{name: value or "" for name, value in zip(FIELDS, told, strict=True)})


def correct_resident(acts: Acts, case_id: int, by: str, wanted: Reached, *, was: Reached, why: str) -> int:
    """Put right how the resident is called and reached; a new address becomes a party, so that their mail finds the case."""
    why = reasoned(why)
    address = checked_address(acts, wanted.address) if wanted.address.strip() else ""
    after = Reached(name=wanted.name.strip(), address=address, phone=wanted.phone.strip(), home=wanted.home.strip())
    long = next((name for name, value in asdict(after).items() if len(value) > LONGEST), None)
    if long:
        raise Refused(f"Make the {FIELDS[long]} {LONGEST} characters or fewer", long)
    with acts.on(case_id, by) as act:
        before = reached(act.case)
        if before != was:
            raise Stale("Somebody else changed these details since you opened the page. Look at both before you save")
        if after == before:
            raise Refused("Nothing was changed")
        kept = {name: value or None for name, value in asdict(after).items()}
        values = {"resident_name": kept["name"], "resident_address": kept["address"], "resident_phone": kept["phone"]}
        act.unit.update(Case, case_id, **values, home=kept["home"])
        if address and not act.unit.find(Party, case_id=case_id, address=address):
            act.unit.add(Party, [party_row(case_id, Named(address=address, name=after.name, role="resident"))])
        changed = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
        act.tell("resident_corrected", why, before=asdict(before), after=asdict(after), changed=changed)
        return act.done("Details of the resident changed.")
