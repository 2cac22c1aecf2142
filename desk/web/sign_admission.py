"""Lets in whom single sign-on names: finds or makes their row, and brings name, email and roles up to date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.sign_on_settings import SignOnSettings
from desk.web.rights import Role
from desk.web.sign_accounts import LONGEST_NAME, RESERVED, USERNAME, changes_of, note
from handlers.clock import Clock
from store.desk_models import Staff
from store.engine import Store
from store.staff_rows import end_sessions, staff_by_subject, staff_by_username, staff_to_change
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who the council's own sign-in says somebody is; ``issuer`` and ``subject`` alone say whether it is the same person."""

    issuer: str
    subject: str
    called: str
    name: str
    email: str | None
    roles: tuple[Role, ...]


class NotAdmitted(Exception):
    """The person is known to the council but may not use the desk; ``closed`` where their account here was closed."""

    def __init__(self, identity: Identity, *, closed: bool = False) -> None:
        """Hold who it was."""
        super().__init__("account closed" if closed else "no role")
        self.identity = identity
        self.closed = closed


def identity_of(claims: Mapping[str, Any], settings: SignOnSettings) -> Identity | None:
    """Return who the claims of a checked token name, or None where the claim that tells people apart is missing."""
    subject = claims.get(settings.subject_claim)
    if not isinstance(subject, str) or not subject:
        return None
    given = claims.get(settings.roles_claim)
    values = set(map(str, given)) if isinstance(given, list) else {str(given)}
    email, called = _text(claims, "email"), _text(claims, "preferred_username")
    return Identity(
        issuer=str(claims["iss"]),
        subject=subject,
        called=called or email or _text(claims, "name") or "user",
        name=_text(claims, "name") or called or email or "(no name)",
        email=email or None,
        roles=tuple(role for role in Role if settings.roles.get(role.value) in values),
    )


def admit(store: Store, clock: Clock, identity: Identity) -> Staff:
    """Return the person's row, made or brought up to date; raise ``NotAdmitted`` where they have no role or are closed out."""
    with store.unit("desk") as unit:
        staff = staff_by_subject(unit, identity.issuer, identity.subject)
        if staff is None:
            if not identity.roles:
                raise NotAdmitted(identity)
            found = _added(unit, clock, identity)
        else:
            found = _refreshed(unit, clock, staff_to_change(unit, staff.id or 0) or staff, identity)
        unit.commit()
    if found.disabled_at is not None or not found.roles:
        raise NotAdmitted(identity, closed=found.disabled_at is not None)
    return found


def _added(unit: Unit, clock: Clock, identity: Identity) -> Staff:
    now = clock.now()
    row: dict[str, Any] = {
        "username": _free(unit, identity.called),
        "name": identity.name,
        "email": identity.email,
        "roles": [str(role) for role in identity.roles],
        "issuer": identity.issuer,
        "subject": identity.subject,
        "created_at": now,
        "preferences": {"changes": [note(now, "single sign-on", "account added")]},
    }
    [number] = unit.insert(Staff, [row])
    return Staff(id=number, **row)


def _refreshed(unit: Unit, clock: Clock, staff: Staff, identity: Identity) -> Staff:
    """Bring a row up to date; whoever has lost their last role is signed out wherever they still were in."""
    now, roles = clock.now(), [str(role) for role in identity.roles]
    values: dict[str, Any] = {"name": identity.name, "email": identity.email, "roles": roles}
    if roles != staff.roles:
        said = f"roles: {', '.join(staff.roles) or 'none'} to {', '.join(roles) or 'none'}"
        changes = [*changes_of(staff), note(now, "single sign-on", said)]
        values["preferences"] = staff.preferences | {"changes": changes}
    unit.update(Staff, staff.id, **values)
    if not roles:
        end_sessions(unit, staff.id or 0, now, "no role left")
    for key, value in values.items():
        setattr(staff, key, value)
    return staff


def _free(unit: Unit, called: str) -> str:
    """Return a user name like this one that nobody has or had: never a way into an account of the same name."""
    wanted = re.sub(r"[^a-z0-9._@+'-]", "", re.sub(r"\s+", ".", called.strip().lower())).lstrip("._@+'-")[:90]
    if not USERNAME.fullmatch(wanted) or wanted in RESERVED:
        wanted = f"user.{wanted}".rstrip(".")
    name, number = wanted, 1
    while staff_by_username(unit, name) is not None:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _text(claims: Mapping[str, Any], key: str) -> str:
    value = claims.get(key)
    told = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(character for character in told if character.isprintable())[:LONGEST_NAME]
