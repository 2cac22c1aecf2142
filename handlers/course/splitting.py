"""One case becomes several: each keeps the day on which the matter was received, and its clock (policy 6.2, Code 6.8).

What is taken out is kept like a contact that a colleague logged, so that its case has words, a sender and a letter of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from classifiers.taxonomy import Category, Flag
from handlers.authenticity import Trust
from handlers.case_acts import Act, Refused, reasoned
from handlers.casework import Casework, NewCase, Pages
from handlers.complaint import decide as complaint
from handlers.course.acting import Course
from handlers.course.answered import is_answered
from handlers.course.matters_letters import Apart
from handlers.course.stages import stage_of
from handlers.decision import Decision
from handlers.defining import require, write
from handlers.definition import Definition, for_letter
from handlers.reception import row_of
from handlers.remembering import decided
from handlers.rows import definition_of, due_of, event_row
from handlers.understanding import Arrival, Understood
from intake.contact import inbound
from intake.contact_facts import PART, LoggedContact
from intake.contact_reading import read_contact
from intake.identity import identity_of
from store.arrivals import receive
from store.casefile import first_message
from store.chain import append_events
from store.desk_models import CaseLink, CaseStaff
from store.marks import meet_deadlines
from store.models import Case, Deadline, Party
from store.people_models import Authority
from store.staff_rows import staff_by_username

CLOCK = ("acknowledge_1", "respond_1")
KEPT_FLAGS = (Flag.VULNERABLE,)
"""Flags that are about the people, and so go along; of the others the case that stays keeps the tasks."""
LINK = "one was taken out of the other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """Whose complaint it is that is taken out."""

    name: str | None = None
    address: str | None = None
    phone: str | None = None
    home: str | None = None


def split(course: Course, casework: Casework, case_id: int, by: str, *, version: int, points: Collection[int], why: str) -> int:
    """Take points (numbered from 1) out of a complaint: they become one of its own, with its reference and a letter."""
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        require(act, version)
        whole = _whole(act)
        inside = [point for number, point in enumerate(whole.points, 1) if number in set(points)]
        rest = [point for number, point in enumerate(whole.points, 1) if number not in set(points)]
        if not inside or not rest:
            raise Refused("Choose at least one point to take out, and leave at least one", "points")
        case = act.case
        whose = Whose(name=case.resident_name, address=case.resident_address, phone=case.resident_phone, home=case.home)
        own = opened_apart(act, course, casework, whose, replace(whole, points=tuple(inside)), why)
        _people_along(act, own)
        write(act, replace(whole, points=tuple(rest)), f"a part goes on as {own.reference}")
        said = _told(act, course, own, replace(whole, points=tuple(inside)))
        return act.done(f"{own.reference} is a complaint of its own now, received on the same day. {said}")


def opened_apart(  # noqa: PLR0917
    act: Act, course: Course, casework: Casework, whose: Whose, definition: Definition, why: str
) -> Case:
    """Open a complaint for what is taken out of the case that is held, and link the two; an event on both tells of it."""
    unit, message = act.unit, _kept(act, whose, definition)
    number = message.arrival.id
    circumstances = course.surroundings.look(unit, [message], act.now).circumstances_of(message, person=act.by)
    circumstances = replace(circumstances, received_at=act.case.received_at)
    verdict = message.verdict
    if verdict is None:
        raise ValueError("a person has said what it is")
    decision = _with_clock(act, complaint(message.reading, verdict, circumstances), definition)
    pages = Pages(now=act.now, by=act.by)
    note = f"taken out of {act.case.reference}: {why}"
    new = NewCase(
        understood=message, decision=decision, manners=circumstances.manners, related_case_id=act.case_id, notes=(note,)
    )
    (own_id,) = casework.open_cases(unit, [new], pages)
    pages.write(unit)
    _as_before(act, own_id, whose)
    unit.add(CaseLink, [{"case_id": act.case_id, "other_id": own_id, "at": act.now, "by": act.by, "why": LINK}])
    own = unit.get(Case, own_id)
    if own is None:
        raise Refused("The case could not be opened")
    act.tell("taken_out", why, to=own.reference, points=len(definition.points))
    append_events(unit, [event_row(own_id, "came_from", why, act.now, act.by, came_from=act.case.reference, message=number)])
    return own


def require_splittable(act: Act) -> None:
    """Refuse what has been answered, and what nobody has acknowledged or has extended: its parts could not keep its clock."""
    stage_of(act.case)
    if is_answered(act.unit, act.case):
        raise Refused(
            "Its answer has been issued: what is not settled goes to stage 2, and what is new is a complaint of its own"
        )
    if act.case.acknowledged_at is None:
        raise Refused("Its acknowledgement has not gone yet: send that first, so that each part keeps the same dates")
    if act.unit.find(Deadline, case_id=act.case_id, rule="extend_1", superseded_at=None):
        raise Refused("Its date was extended for all of it, and told to the resident: answer it as one")


def _whole(act: Act) -> Definition:
    require_splittable(act)
    found = definition_of(act.case.definition)
    if found is None:
        raise Refused("This complaint has no definition yet")
    return found


def _kept(act: Act, whose: Whose, definition: Definition) -> Understood:
    """Keep what is taken out as a document of its own, with the day of receipt of the whole; nothing of others is in it."""
    staff = staff_by_username(act.unit, act.by)
    address = whose.address if whose.address and identity_of(whose.address) is None else None
    contact = LoggedContact(
        id=secrets.token_hex(16),
        way=PART,
        words="\n\n".join(point.words for point in definition.points),
        logged_by=act.by,
        logged_by_name=staff.name if staff is not None else act.by,
        logged_at=act.now,
        received_at=act.case.received_at,
        name=whose.name,
        email=address,
        phone=whose.phone,
        home=whose.home,
        category=str(Category.COMPLAINT),
    )
    document = inbound(contact)
    ((number, _fresh),) = receive(act.unit, [row_of(document, act.now)])
    flags = [flag for flag in KEPT_FLAGS if flag in act.case.flags]
    arrival = Arrival(
        id=number,
        channel=document.channel,
        account=document.account,
        received_at=document.received_at,
        media_type=document.media_type,
        envelope=None,
        problem=None,
        lease="",
        body=b"",
    )
    return Understood(
        arrival=arrival,
        reading=read_contact(document.raw),
        verdict=decided(None, Category.COMPLAINT, f"{act.by} took it out of {act.case.reference}", by=act.by, flags=flags),
        automatic=None,
        no_case=None,
        trust=_trust(act, whose),
        repeat_key=None,
        input_sha256="",
    )


def _trust(act: Act, whose: Whose) -> Trust:
    """Return how far the sender is known: as of the first message, where it is the same resident's."""
    first = first_message(act.unit, act.case_id)
    same = first is not None and (first.sender_address or "").lower() == (whose.address or "").lower()
    return "failed" if same and first is not None and first.trust == "failed" else "unknown"


def _with_clock(act: Act, decision: Decision, definition: Definition) -> Decision:
    """Give what is taken out the dates of the whole, counted as they were; its definition is a person's already."""
    rows = act.unit.find(Deadline, case_id=act.case_id, rule=list(CLOCK), superseded_at=None)
    dues = tuple(due_of(row) for row in rows)
    return replace(decision, deadlines=dues, definition=definition, team=act.case.team, tasks=())


def _as_before(act: Act, own_id: int, whose: Whose) -> None:
    """Let the new case stand as the whole stood: acknowledged, kept from the same people, and closed to the same."""
    unit = act.unit
    for row in unit.find(Deadline, case_id=act.case_id, rule=list(CLOCK), superseded_at=None):
        if row.met_at is not None:
            meet_deadlines(unit, [own_id], row.rule, row.met_at)
    unit.update(
        Case,
        own_id,
        acknowledged_at=act.case.acknowledged_at,
        defined_at=act.now,
        resident_address=whose.address,
        restricted=act.case.restricted,
        looked_at=act.now,
        looked_by=act.by,
    )
    staff = unit.find(CaseStaff, case_id=act.case_id)
    unit.add(CaseStaff, [row.model_dump(exclude={"id", "case_id"}) | {"case_id": own_id} for row in staff])


def _people_along(act: Act, own: Case) -> None:
    """Let everybody of the case belong to the part too, with the same authority to speak."""
    unit, own_id = act.unit, own.id or 0
    for table, key in ((Party, ("case_id", "address")), (Authority, ("case_id", "address"))):
        kept = [
            row.model_dump(exclude={"id", "case_id"}) | {"case_id": own_id} for row in unit.find(table, case_id=act.case_id)
        ]
        for row in kept:
            unit.add_new(table, [row], list(key))


def _told(act: Act, course: Course, own: Case, inside: Definition) -> str:
    shown: Sequence[str] = [point.words for point in for_letter(inside).points]
    owed = act.unit.find(Deadline, case_id=own.id, rule="respond_1", superseded_at=None)
    due_on = owed[0].due_on if owed else None
    more = Apart(apart_points=tuple(shown), own_reference=own.reference, own_respond_by=due_on)
    return course.posting.put(act, "part_apart", more, of=own.id).said
