"""Staff, their sessions, and what they have open: the questions and changes of the desk's door."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update

from store.desk_models import Looking, SavedView, Staff, StaffSession
from store.rows import columns, core, whole
from store.unit import Glance, Unit, upsert


def staff_by_username(glance: Glance, username: str) -> Staff | None:
    """Return the person of this user name, in small letters."""
    found = glance.find(Staff, username=username)
    return found[0] if found else None


def staff_by_subject(glance: Glance, issuer: str, subject: str) -> Staff | None:
    """Return the person whom single sign-on names so."""
    found = glance.find(Staff, issuer=issuer, subject=subject)
    return found[0] if found else None


def all_staff(glance: Glance) -> list[Staff]:
    """Return everybody who ever had an account, by name."""
    staff = columns(Staff)
    return glance.models(Staff, whole(Staff).order_by(staff.name, staff.username))


def session_and_staff(glance: Glance, token_sha256: str) -> tuple[StaffSession, Staff] | None:
    """Return the session of this token and whose it is; ended ones too: the caller looks."""
    sessions = glance.find(StaffSession, token_sha256=token_sha256)
    staff = glance.get(Staff, sessions[0].staff_id) if sessions else None
    return (sessions[0], staff) if staff is not None else None


def end_sessions(unit: Unit, staff_id: int, at: datetime, why: str) -> int:
    """End all of a person's sessions; return how many were still open."""
    session = columns(StaffSession)
    wanted = session.staff_id == staff_id, session.ended_at.is_(None)
    return unit.run(update(core(StaffSession)).where(*wanted).values(ended_at=at, ended_why=why)).rowcount


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
