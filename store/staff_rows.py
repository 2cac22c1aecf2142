"""Staff, their sessions, and what they have open: the questions and changes of the desk's door."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, or_, select, text, update

from store.desk_models import Looking, SavedView, Staff, StaffSession
from store.models import Case, Task
from store.rows import columns, core, whole
from store.unit import Glance, Unit, upsert


def staff_by_username(glance: Glance, username: str) -> Staff | None:
    """Return the person of this user name, in small letters."""
    found = glance.find(Staff, username=username)
    return found[0] if found else None


def called(glance: Glance, username: str | None) -> str:
    """Return somebody's name, for a sentence to a colleague; whoever has no account is called by the user name."""
    staff = staff_by_username(glance, username) if username else None
    return staff.name if staff is not None else username or "nobody"


def staff_by_subject(glance: Glance, issuer: str, subject: str) -> Staff | None:
    """Return the person whom single sign-on names so."""
    found = glance.find(Staff, issuer=issuer, subject=subject)
    return found[0] if found else None


def all_staff(glance: Glance) -> list[Staff]:
    """Return everybody who ever had an account, by name."""
    staff = columns(Staff)
    return glance.models(Staff, whole(Staff).order_by(staff.name, staff.username))


def any_staff(glance: Glance) -> bool:
    """Return whether anybody ever had an account."""
    return bool(glance.all(select(columns(Staff).id).limit(1)))


def staff_to_change(unit: Unit, staff_id: int) -> Staff | None:
    """Return a person whom nobody else changes until this unit ends: what it read is what it builds on."""
    found = unit.models(Staff, whole(Staff).where(columns(Staff).id == staff_id).with_for_update())
    return found[0] if found else None


def take_totp_step(unit: Unit, staff_id: int, step: int) -> bool:
    """Note that a person's code of this time step was used; return False where it, or a later one, was used before."""
    staff = columns(Staff)
    unused = or_(staff.totp_step.is_(None), staff.totp_step < step)
    return unit.run(update(core(Staff)).where(staff.id == staff_id, unused).values(totp_step=step)).rowcount > 0


def session_and_staff(glance: Glance, token_sha256: str) -> tuple[StaffSession, Staff] | None:
    """Return the session of this token and whose it is; ended ones too: the caller looks."""
    sessions = glance.find(StaffSession, token_sha256=token_sha256)
    staff = glance.get(Staff, sessions[0].staff_id) if sessions else None
    return (sessions[0], staff) if staff is not None else None


def open_sessions(glance: Glance, staff_id: int) -> list[StaffSession]:
    """Return a person's sessions that were not ended, the latest used first; some may have run out since."""
    session = columns(StaffSession)
    wanted = whole(StaffSession).where(session.staff_id == staff_id, session.ended_at.is_(None))
    return glance.models(StaffSession, wanted.order_by(session.seen_at.desc(), session.id.desc()))


def end_session(unit: Unit, session_id: int, staff_id: int, at: datetime, why: str) -> bool:
    """End one session of a person; return whether it was theirs and still open."""
    session = columns(StaffSession)
    wanted = session.id == session_id, session.staff_id == staff_id, session.ended_at.is_(None)
    return unit.run(update(core(StaffSession)).where(*wanted).values(ended_at=at, ended_why=why)).rowcount > 0


def end_sessions(unit: Unit, staff_id: int, at: datetime, why: str, but: int | None = None) -> int:
    """End all of a person's sessions, or all but one; return how many were still open."""
    session = columns(StaffSession)
    wanted = [session.staff_id == staff_id, session.ended_at.is_(None)]
    if but is not None:
        wanted.append(session.id != but)
    return unit.run(update(core(StaffSession)).where(*wanted).values(ended_at=at, ended_why=why)).rowcount


def open_items_by_team(glance: Glance) -> dict[str, int]:
    """Return how many open tasks each team has."""
    task = columns(Task)
    counted = select(task.team, func.count()).where(task.closed_at.is_(None)).group_by(task.team)
    return dict(map(tuple, glance.all(counted)))


def open_items_by_person(glance: Glance) -> dict[str, int]:
    """Return how many open tasks each person has: their own, and those of their open cases that nobody else was given."""
    return {person: number for person, number in glance.all(_loads()) if person is not None}


@cache
def _loads() -> Select[Any]:
    task, case = columns(Task), columns(Case)
    # In the very words of its index, and apart: to look up each task's case takes ten times as long.
    open_cases = select(case.id, case.assigned_to).where(text("status <> 'closed'")).cte("kept").prefix_with("MATERIALIZED")
    person = func.coalesce(task.assigned_to, open_cases.c.assigned_to)
    joined = core(Task).outerjoin(open_cases, open_cases.c.id == task.case_id)
    return select(person, func.count()).select_from(joined).where(task.closed_at.is_(None)).group_by(person)


def look_at(unit: Unit, case_id: int, staff_id: int, at: datetime) -> None:
    """Note that somebody has a case open."""
    statement = upsert(Looking, embedded=unit.embedded).values(case_id=case_id, staff_id=staff_id, seen_at=at)
    keys = [columns(Looking).case_id, columns(Looking).staff_id]
    unit.run(statement.on_conflict_do_update(index_elements=keys, set_={"seen_at": at}))


def lookers(glance: Glance, case_id: int, since: datetime, but: int) -> list[Staff]:
    """Return who else asked for a case since then."""
    return glance.models(Staff, _lookers(), {"case_id": case_id, "since": since, "but": but})


@cache
def _lookers() -> Select[Any]:
    staff, looking = columns(Staff), columns(Looking)
    since = looking.seen_at >= bindparam("since", type_=looking.seen_at.type)
    wanted = looking.case_id == bindparam("case_id"), looking.staff_id != bindparam("but"), since
    return select(core(Staff)).join(core(Looking), looking.staff_id == staff.id).where(*wanted).order_by(staff.name)


def keep_view(unit: Unit, staff_id: int, name: str, query: str, at: datetime) -> None:
    """Keep a way to look at the queue under a name; the same name again replaces it."""
    values = {"staff_id": staff_id, "name": name, "query": query, "created_at": at}
    statement = upsert(SavedView, embedded=unit.embedded).values(values)
    keys = [columns(SavedView).staff_id, columns(SavedView).name]
    unit.run(statement.on_conflict_do_update(index_elements=keys, set_={"query": query, "created_at": at}))


def forget_view(unit: Unit, staff_id: int, view_id: int) -> None:
    """Take away a view of this person."""
    view = columns(SavedView)
    unit.run(delete(core(SavedView)).where(view.id == view_id, view.staff_id == staff_id))
