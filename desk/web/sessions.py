"""Sign-ins as rows of the store: made, found again by their cookie, and ended; a stolen cookie is worth nothing after."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from desk.places import DeskSettings
from desk.web.rights import Person, Role
from handlers.clock import Clock
from store.desk_models import Staff, StaffSession
from store.engine import Store
from store.staff_rows import end_session, end_sessions, open_sessions, session_and_staff

NOTED_AGAIN_AFTER = timedelta(minutes=1)
"""How stale the note of a session's last use may grow: not every page writes to the store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sessions:
    """Begins, finds and ends sign-ins."""

    store: Store
    clock: Clock
    settings: DeskSettings

    @property
    def cookie(self) -> str:
        """Return the cookie's name: with the prefix that browsers enforce (RFC 6265bis) wherever the address is https."""
        return self.named("intake-desk")

    def named(self, name: str) -> str:
        """Return what one of our cookies is called here."""
        return f"__Host-{name}" if self.secure else name

    @property
    def secure(self) -> bool:
        """Return whether browsers reach the desk by https; else it is served to this machine alone."""
        return self.settings.url.startswith("https://")

    def begin(self, staff: Staff, request: Request, response: Response) -> None:
        """Begin a sign-in and put its cookie on the response; the sign-in that the browser had before is ended."""
        token, now, old = secrets.token_urlsafe(32), self.clock.now(), request.cookies.get(self.cookie)
        with self.store.unit("desk") as unit:
            before = session_and_staff(unit, _digest(old)) if old else None
            if before is not None:
                end_session(unit, before[0].id or 0, before[1].id or 0, now, "signed in anew")
            row = {"token_sha256": _digest(token), "staff_id": staff.id, "started_at": now, "seen_at": now}
            unit.insert(StaffSession, [row])
            unit.update(Staff, staff.id, signed_in_at=now)
            unit.commit()
        response.set_cookie(self.cookie, token, httponly=True, secure=self.secure, samesite="lax", path="/")

    def person(self, request: Request) -> Person | None:
        """Return who is signed in by the request's cookie, and note that they are there."""
        token = request.cookies.get(self.cookie)
        if not token:
            return None
        with self.store.glance() as glance:
            found = session_and_staff(glance, _digest(token))
        now = self.clock.now()
        if found is None or not self._stands(*found, now):
            return None
        session, staff = found
        if now - session.seen_at >= NOTED_AGAIN_AFTER:
            with self.store.unit("desk") as unit:
                unit.update(StaffSession, session.id, seen_at=now)
                unit.commit()
        return person_of(staff, session.id or 0)

    def end(self, person: Person, response: Response, why: str = "signed out") -> None:
        """End the sign-in and take its cookie away."""
        with self.store.unit("desk") as unit:
            end_session(unit, person.session_id, person.staff_id, self.clock.now(), why)
            unit.commit()
        self.forget(response)

    def end_all(self, person: Person, response: Response) -> None:
        """End every sign-in of the person, wherever it is, and take this one's cookie away."""
        with self.store.unit("desk") as unit:
            end_sessions(unit, person.staff_id, self.clock.now(), "signed out everywhere")
            unit.commit()
        self.forget(response)

    def standing(self, person: Person) -> list[StaffSession]:
        """Return the person's sign-ins that a cookie would still open, the latest used first."""
        with self.store.glance() as glance:
            staff, found = glance.get(Staff, person.staff_id), open_sessions(glance, person.staff_id)
        now = self.clock.now()
        return [session for session in found if staff is not None and self._stands(session, staff, now)]

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Let the browser keep something between two steps of a sign-in."""
        response.set_cookie(
            self.named(name), value, max_age=seconds, httponly=True, secure=self.secure, samesite="lax", path="/"
        )

    def drop(self, response: Response, name: str) -> None:
        """Take away what ``keep`` left."""
        response.delete_cookie(self.named(name), path="/", secure=self.secure, httponly=True, samesite="lax")

    def forget(self, response: Response) -> None:
        """Take the sign-in's cookie away."""
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="lax")

    def _stands(self, session: StaffSession, staff: Staff, now: datetime) -> bool:
        idle = now - session.seen_at > timedelta(minutes=self.settings.idle_minutes)
        old = now - session.started_at > timedelta(hours=self.settings.absolute_hours)
        # Somebody whose last role was taken may do nothing here, not even look: as good as closed.
        return session.ended_at is None and staff.disabled_at is None and bool(staff.roles) and not idle and not old


def person_of(staff: Staff, session_id: int) -> Person:
    """Return the signed-in person that a staff row names."""
    return Person(
        staff_id=staff.id or 0,
        session_id=session_id,
        username=staff.username,
        name=staff.name,
        roles=frozenset(Role(role) for role in staff.roles if role in set(Role)),
        teams=tuple(staff.teams),
        keys=bool(staff.preferences.get("keys", True)),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
