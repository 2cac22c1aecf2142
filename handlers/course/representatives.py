"""Who speaks for a resident, and on what authority: asked for, held, not needed, or refused by a person (Code 3.6, policy 2.8).

The clock runs from receipt, whatever is found. Until authority is held the answer goes to the resident (``speaking``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.case_acts import Act, Refused, reasoned
from handlers.clock import london_day
from handlers.course.acting import Course
from handlers.course.matters_letters import Wanted
from handlers.course.speaking import ASKED_TASK, SPEAKERS
from handlers.deadlines import by_rule
from handlers.parties import LONGEST, Named, checked_address, party_row
from store.marks import close_tasks
from store.models import Case, Message, Party, Task
from store.people_models import Authority

WAITS = "authority"
"""The task that waits for what shows the authority."""
CHOICES = {
    "asked": "Ask them for it: a letter goes to them, and tells them nothing of the case",
    "held": "They have it: say what shows it",
    "not_needed": "It is not needed: say why",
    "self": "They speak for themselves: the matter is their own",
    "refused": "They may not speak for the resident: say why",
}
KINDS = {"representative": "Friend, relative, adviser or attorney", "councillor": "Councillor or MP"}
MEMBERS_ONLY = (
    "Only of a councillor or MP with the matter of a constituent is it said that authority is not needed, "
    "and the landlord's settings must say so: ask for it, or say what shows it"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a person found of somebody who speaks: what they are, whether they may, what shows it, and who the resident is."""

    address: str
    kind: str
    state: str
    evidence: str = ""
    resident_name: str = ""
    resident_address: str = ""


def settle(course: Course, case_id: int, by: str, found: Finding) -> int:
    """Keep what was found; asking writes the letter, everything else ends what waits for it."""
    address = found.address.strip().lower()
    evidence = _checked(course, found)
    resident = checked_address(course.acts, found.resident_address, "resident_address") if found.resident_address else ""
    with course.acts.on(case_id, by) as act:
        party = _party(act, address)
        if found.state == "self":
            _speaks_for_themselves(act, party, evidence)
            return act.done("They speak for themselves. Letters go to them.")
        act.unit.update(Party, party.id, role=found.kind)
        act.unit.update(Case, case_id, flags=sorted({*act.case.flags, "representative"}))
        _resident(act, address, found, resident)
        said = _authority(act, course, address, found, evidence)
        kind = "authority_asked" if found.state == "asked" else "authority_settled"
        # Neither name nor address stands in the event, which is never erased.
        act.tell(kind, evidence or CHOICES["asked"], state=found.state, role=found.kind)
        return act.done(said)


def _checked(course: Course, found: Finding) -> str:
    if found.state not in CHOICES:
        raise Refused("Choose what is to be done about their authority", "state")
    if found.state != "self" and found.kind not in KINDS:
        raise Refused("Choose what they are to the resident", "kind")
    if found.state == "not_needed" and (found.kind != "councillor" or course.acts.landlord.members_need_authority):
        raise Refused(MEMBERS_ONLY, "state")
    if max(len(found.resident_name), len(found.resident_address)) > LONGEST:
        raise Refused(f"Make the name {LONGEST} characters or fewer", "resident_name")
    return reasoned(found.evidence, "evidence") if found.state != "asked" else found.evidence.strip()


def _party(act: Act, address: str) -> Party:
    found = act.unit.find(Party, case_id=act.case_id, address=address)
    if not found:
        raise Refused("Choose somebody who belongs to this case: add them to it first", "address")
    return found[0]


def _resident(act: Act, address: str, found: Finding, resident: str) -> None:
    """Keep whose case it is: whoever speaks for them is not the resident, though their message opened it."""
    taken = act.case.resident_address == address
    name = found.resident_name.strip() or (None if taken else act.case.resident_name)
    kept = resident or (None if taken else act.case.resident_address)
    phone = None if taken else act.case.resident_phone  # of whoever speaks: nobody is to be rung by it as the resident
    if (name, kept, phone) == (act.case.resident_name, act.case.resident_address, act.case.resident_phone):
        return
    act.unit.update(Case, act.case_id, resident_name=name, resident_address=kept, resident_phone=phone)
    if resident and not act.unit.find(Party, case_id=act.case_id, address=resident):
        row = party_row(act.case_id, Named(address=resident, name=name or "", role="resident"))
        act.unit.add(Party, [row])
    act.tell("resident_corrected", "somebody speaks for them", changed=["name", "address", "phone"])


def _authority(act: Act, course: Course, address: str, found: Finding, evidence: str) -> str:
    asked = found.state == "asked"
    kept = {"kind": found.kind, "state": found.state, "evidence": evidence or None, "by": act.by, "at": act.now}
    times: dict[str, Any] = {"asked_at": act.now} if asked else {"settled_at": act.now}
    before = act.unit.find(Authority, case_id=act.case_id, address=address)
    if before:
        act.unit.update(Authority, before[0].id, **kept, **times)
    else:
        act.unit.add(Authority, [{"case_id": act.case_id, "address": address} | kept | times])
    number = len(act.unit.find(Task, case_id=act.case_id, kind=WAITS)) + 1
    outcome = CHOICES[found.state].split(":")[0]
    close_tasks(act.unit, act.case_id, (ASKED_TASK, WAITS), at=act.now, by=act.by, outcome=outcome)
    if not asked:
        return "Kept. What was found stands on the case."
    _wait(act, course, address)
    posted = course.posting.put(
        act, "authority_wanted", Wanted(heard_on=_heard_on(act, address)), of=number, to=address, asks_only=True
    )
    return f"Asked for their authority. The clock runs on. {posted.said.replace('the resident', 'them')}"


def _wait(act: Act, course: Course, address: str) -> None:
    due = by_rule("undelivered", act.now, course.acts.calendar)
    message = _last_of(act, address)
    why = "somebody was asked for their authority to speak: settle it when they answer; until then answers go to the resident"
    row = {"kind": WAITS, "case_id": act.case_id, "message_id": message.id if message else None, "team": act.case.team}
    act.unit.add(Task, [row | {"why": why, "opened_at": act.now, "due_at": due.due_at, "assigned_to": act.case.assigned_to}])


def _heard_on(act: Act, address: str) -> Any:
    message = _last_of(act, address)
    return london_day(message.received_at if message else act.now)


def _last_of(act: Act, address: str) -> Message | None:
    found = act.unit.find(Message, case_id=act.case_id, sender_address=address)
    return max(found, key=lambda one: (one.received_at, one.id or 0), default=None)


def _speaks_for_themselves(act: Act, party: Party, evidence: str) -> None:
    if party.role in SPEAKERS:
        act.unit.update(Party, party.id, role="resident" if party.address == act.case.resident_address else "household")
    for row in act.unit.find(Authority, case_id=act.case_id, address=party.address):
        act.unit.update(Authority, row.id, state="not_needed", evidence=evidence, settled_at=act.now, by=act.by, at=act.now)
    close_tasks(act.unit, act.case_id, (ASKED_TASK, WAITS), at=act.now, by=act.by, outcome=CHOICES["self"].split(":")[0])
    act.tell("authority_settled", evidence, state="self")
