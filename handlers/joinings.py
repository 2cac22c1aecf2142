"""Which cases were joined as one matter, as their events keep it: what goes on where, and how it had stood before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from store.models import Case, CaseEvent
from store.unit import Glance

JOINED, PARTED = "same_matter_joined", "same_matter_parted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """How the later case stood before it was joined to ``case``, as plain values: all that taking apart needs."""

    case: int
    status: str
    looked_by: str | None
    looked_at: str | None
    messages: dict[str, list[str | None]] = field(default_factory=dict)
    """What each message had come to, and why, by its number."""
    moved: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    """Tasks that went along, that were closed, and that were opened on the earlier case."""
    deadlines: list[int] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    """Flags that the earlier case had not had."""
    party: str | None = None
    linked: bool = False
    talks: list[str] = field(default_factory=list)
    """Conversations that are about the earlier case since then."""


def joined_before(glance: Glance, case_id: int) -> tuple[CaseEvent, Before] | None:
    """Return the joining of a later case that stands, and how the case stood before it."""
    events = glance.find(CaseEvent, case_id=case_id, kind=[JOINED, PARTED])
    # Of a case that others were joined to, only what happened to it itself counts.
    own = [event for event in events if not {"before", "parted_from"}.isdisjoint(json.loads(event.details))]
    if not own or own[-1].kind == PARTED:
        return None
    return own[-1], Before(**json.loads(own[-1].details)["before"])


def joined_to(glance: Glance, case_id: int) -> list[Case]:
    """Return the later cases that go on in this one."""
    events = glance.find(CaseEvent, case_id=case_id, kind=JOINED)
    names = [name for event in events if (name := json.loads(event.details).get("came_from"))]
    cases = glance.find(Case, reference=sorted(set(names)))
    standing = [(case, joined_before(glance, case.id or 0)) for case in cases]
    return [case for case, found in standing if found is not None and found[1].case == case_id]
