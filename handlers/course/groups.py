"""Several people who complain together: a lead, members with homes and permission, one taken out again (policy 2.7, 6.1, 6.2).

Letters go to the lead alone, and no member is named to another (``speaking``). Events name nobody, for none is ever erased.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from handlers.case_acts import Act, Acts, Refused, Stale, reasoned
from handlers.casework import Casework
from handlers.course.acting import Course
from handlers.course.speaking import lead_of, members_of, others_named
from handlers.course.splitting import Whose, opened_apart, require_splittable
from handlers.defining import checked
from handlers.definition import Definition, Point
from handlers.parties import LONGEST, Named, checked_address, party_row
from handlers.responsibility import whose as whose_is
from handlers.rows import Row, definition_of
from store.case_rows import take_out
from store.marks import close_tasks
from store.models import Case, Party
from store.people_models import GroupMember
from store.unit import Glance, Unit

PERMISSIONS = {"given": "Wants to be part of it", "asked": "Was asked, and has not said yet", "refused": "Does not want it"}
TASK = "group"
"""The task that asks who leads, and who belongs to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody of a group as a person wrote them down."""

    name: str
    address: str = ""
    home: str = ""
    permission: str = "given"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How much a group weighs in figures: once as a case, and by the households that are behind it."""

    cases: int
    households: int


def members_from(text: str, permission: str = "given") -> list[Member]:
    """Read members from lines: a name, and after semicolons an email address and a home, each of which may be missing."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, *more = (part.strip() for part in line.split(";"))
        address = next((part for part in more if "@" in part), "")
        home = next((part for part in more if part and part != address), "")
        found.append(Member(name=name, address=address, home=home, permission=permission))
    return found


def make_group(acts: Acts, case_id: int, by: str, lead: Member, members: Sequence[Member], *, why: str = "") -> int:
    """Make the case one of a group: its lead becomes who letters go to, and whose case it is."""
    with acts.on(case_id, by) as act:
        if members_of(act.unit, case_id):
            raise Refused("It is a group already: add members to it")
        leading = _checked(acts, replace(lead, permission="given"), "lead")
        if not members:
            raise Refused("Write at least one member besides the lead", "members")
        _put_in(act, leading, is_lead=True)
        for member in members:
            _put_in(act, _checked(acts, member, "members"))
        _leads(act, leading)
        act.unit.update(Case, case_id, flags=sorted({*act.case.flags, "group"}))
        close_tasks(act.unit, case_id, (TASK,), at=act.now, by=by, outcome="made a group")
        act.tell("group_made", why.strip() or "several people complain together (policy 6.1)", members=len(members) + 1)
        return act.done(f"It is a group of {len(members) + 1} now. Letters go to its lead alone.")


def add_members(acts: Acts, case_id: int, by: str, members: Sequence[Member]) -> int:
    """Add members to a group."""
    if not members:
        raise Refused("Write at least one member", "members")
    with acts.on(case_id, by) as act:
        if lead_of(act.unit, case_id) is None:
            raise Refused("Make it a group first, and say who leads it")
        for member in members:
            _put_in(act, _checked(acts, member, "members"))
        act.tell("group_changed", "added to the group", added=len(members))
        return act.done(f"Added: {len(members)}.")


def remove_member(acts: Acts, case_id: int, by: str, member_id: int, why: str) -> int:
    """Take somebody out of a group who no longer wants to be part of it; the lead goes only after another leads."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        member = _member(act, member_id)
        if member.is_lead:
            raise Refused("Letters go to this person: let somebody else lead first")
        act.unit.update(GroupMember, member.id, left_at=act.now)
        act.tell("group_changed", why, left=member_id)
        return act.done("Taken out of the group.")


def change_lead(acts: Acts, case_id: int, by: str, member_id: int, why: str) -> int:
    """Let another member lead: letters go to them from now on."""
    why = reasoned(why)
    with acts.on(case_id, by) as act:
        member, before = _member(act, member_id), lead_of(act.unit, case_id)
        if member.is_lead:
            raise Refused("This person leads already")
        if member.permission != "given":
            raise Refused("This person has not said that they want to be part of it: ask them first")
        if before is not None:
            act.unit.update(GroupMember, before.id, is_lead=False)
            _no_party(act, before.address)
        act.unit.update(GroupMember, member.id, is_lead=True)
        _leads(act, Member(name=member.name, address=member.address or "", home=member.home or ""))
        act.tell("group_changed", why, lead=member_id)
        return act.done("Letters go to them from now on.")


def split_off(
    course: Course, casework: Casework, case_id: int, by: str, *, member_id: int, points: Sequence[str], why: str
) -> int:
    """Give one member a complaint of their own, received on the same day; it names nobody else of the group."""
    why = reasoned(why)
    with course.acts.on(case_id, by) as act:
        member = _member(act, member_id)
        if member.is_lead:
            raise Refused("The group's own case is the lead's: let somebody else lead first")
        require_splittable(act)
        definition = _theirs(act, course, points)
        words = "\n".join((*(point.words for point in definition.points), *definition.outcomes))
        named = others_named(act.unit, case_id, words, but=member.address or "\0")
        named = [name for name in named if name != member.name]
        if named:
            raise Refused(f"The words name {named[0]}, who is somebody else of the group: take that out", "points")
        whose = Whose(name=member.name, address=member.address, home=member.home)
        own = opened_apart(act, course, casework, whose, definition, why)
        act.unit.update(GroupMember, member.id, left_at=act.now, moved_to=own.id)
        return act.done(f"{own.reference} is their own complaint now, received on the same day as the group's.")


def counted(glance: Glance, case_ids: Collection[int]) -> Counted:
    """Return how many cases these are, and how many households stand behind them: a group counts once, and by its homes."""
    rows = glance.find(GroupMember, case_id=sorted(set(case_ids)), left_at=None) if case_ids else []
    homes: dict[int, set[str]] = {}
    for row in rows:
        homes.setdefault(row.case_id, set()).add(_home(row))
    households = sum(len(homes.get(case_id, {""})) for case_id in set(case_ids))
    return Counted(cases=len(set(case_ids)), households=households)


def _home(row: GroupMember) -> str:
    """Return a home as it is compared; whoever gave none is a household of their own."""
    told = "".join(char for char in (row.home or "").casefold() if char.isalnum())
    return told or f"member {row.id}"


def _theirs(act: Act, course: Course, points: Sequence[str]) -> Definition:
    words = [" ".join(line.split()) for line in points if line.strip()]
    made = []
    for one in words:
        responsibility, who = whose_is(one, course.acts.landlord)
        made.append(Point(words=one, responsibility=responsibility, who=who))
    whole = definition_of(act.case.definition)
    return checked(made, whole.outcomes if whole else (), (whole.question or "") if whole and not whole.outcomes else "")


def _checked(acts: Acts, member: Member, field: str) -> Member:
    if not member.name.strip():
        raise Refused("Write the name of everybody", field)
    if max(map(len, (member.name, member.address, member.home))) > LONGEST:
        raise Refused(f"Make names, addresses and homes {LONGEST} characters or fewer", field)
    if member.permission not in PERMISSIONS:
        raise Refused("Choose whether they want to be part of it", "permission")
    address = checked_address(acts, member.address, field) if member.address.strip() else ""
    return replace(member, name=member.name.strip(), address=address, home=member.home.strip())


def _put_in(act: Act, member: Member, *, is_lead: bool = False) -> None:
    for one in members_of(act.unit, act.case_id):
        if one.name.casefold() == member.name.casefold() and (one.home or "") == member.home:
            raise Refused(f"{member.name} belongs to the group already", "members")
    row: Row = {"case_id": act.case_id, "name": member.name, "address": member.address or None, "home": member.home or None}
    times = {"added_at": act.now, "added_by": act.by, "is_lead": is_lead, "permission": member.permission}
    act.unit.add(GroupMember, [row | times])
    lead = lead_of(act.unit, act.case_id)
    if lead is None or member.address != lead.address:  # the lead's own way into the case stays, whoever shares it
        _no_party(act, member.address)


def _leads(act: Act, lead: Member) -> None:
    """Make the lead the resident of the case; the one before keeps no way into it."""
    unit, before = act.unit, act.case.resident_address
    values = {"resident_name": lead.name, "resident_address": lead.address or None, "home": lead.home or act.case.home}
    # Nobody is to be rung as the lead by the number of somebody else.
    values |= {} if _is_same(act.case, lead) else {"resident_phone": None}
    unit.update(Case, act.case_id, **values)
    if before and before != lead.address and before in _addresses(unit, act.case_id):
        _no_party(act, before)
    if lead.address and not unit.find(Party, case_id=act.case_id, address=lead.address):
        unit.add(Party, [party_row(act.case_id, Named(address=lead.address, name=lead.name, role="resident"))])


def _is_same(case: Case, lead: Member) -> bool:
    """Say whether the lead is whom the case was about before, by the address or by the name."""
    by_address = bool(lead.address) and (case.resident_address or "").lower() == lead.address
    return by_address or (case.resident_name or "").strip().casefold() == lead.name.casefold()


def _addresses(unit: Unit, case_id: int) -> set[str]:
    return {row.address for row in members_of(unit, case_id) if row.address and not row.is_lead}


def _no_party(act: Act, address: str | None) -> None:
    """Take a member out of those whose messages join by themselves: they would read what is the lead's."""
    for party in act.unit.find(Party, case_id=act.case_id, address=address) if address else ():
        take_out(act.unit, Party, party.id or 0)
        act.tell("party_removed", "a member of the group: letters go to its lead alone", role=party.role)


def _member(act: Act, member_id: int) -> GroupMember:
    found = act.unit.find(GroupMember, id=member_id, case_id=act.case_id)
    if not found or found[0].left_at is not None:
        raise Stale("This person does not belong to the group any more")
    return found[0]
