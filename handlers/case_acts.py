"""What a person does to a case (T6): held, changed and told in one transaction, refused where it may not be.

Every act ends in an event on the case and a sentence for the person who did it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.acts import note_act
from handlers.addresses import OwnAddresses
from handlers.calendar import WorkingCalendar
from handlers.clock import Clock
from handlers.landlord import Landlord
from handlers.named import NamedPerson
from handlers.refused import Refused, Stale
from handlers.rows import event_row
from store.chain import append_events
from store.chat_rows import hold_conversations
from store.desk_models import CaseStaff
from store.engine import Store
from store.lookups import hold_case
from store.models import Case
from store.unit import Unit

__all__ = ["LONGEST_WHY", "Act", "Acts", "Refused", "Stale", "reasoned", "team_name"]

LONGEST_WHY = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """A case held by the transaction of one person's act."""

    unit: Unit
    case: Case
    now: datetime
    by: str

    @property
    def case_id(self) -> int:
        """The case's number."""
        return self.case.id or 0

    def tell(self, kind: str, why: str, case_id: int | None = None, **details: Any) -> None:
        """Write an event of this act onto the case, or onto another that it touches."""
        append_events(self.unit, [event_row(case_id or self.case_id, kind, why, self.now, self.by, **details)])

    def done(self, said: str) -> int:
        """Keep the sentence for the doer and make all of it durable; return the act's number."""
        number = note_act(self.unit, case_id=self.case_id, by=self.by, now=self.now, said=said)
        self.unit.commit()
        return number


@dataclass(frozen=True, kw_only=True, slots=True)
class Acts:
    """What acts on cases are done with."""

    store: Store
    clock: Clock
    calendar: WorkingCalendar
    landlord: Landlord
    own: OwnAddresses

    @contextmanager
    def on(self, case_id: int, by: str, also: int | None = None, talks: Collection[str] = ()) -> Iterator[Act]:
        """Hold a case (and ``also`` another) for one person's act; refuse it to whoever was named as never to have it.

        No machine and no sweep begins an act here: what they do for the resident they do by functions of their own.
        Conversations that the act changes (``talks``) are held before the cases, as triage does.
        """
        NamedPerson(username=by)
        with self.store.unit("T6") as unit:
            hold_conversations(unit, talks)
            # In the order of their numbers, so that two people who link the same cases wait for, and never block, each other.
            held = {id_: hold_case(unit, id_) for id_ in sorted({case_id, also or case_id})}
            case = held[case_id]
            if case is None or None in held.values():
                raise Refused("There is no such case.")
            if unit.find(CaseStaff, case_id=case_id, username=by, relation="barred"):
                raise Refused("You were named as somebody who must not handle this case (Code 5.8), so nothing was changed.")
            yield Act(unit=unit, case=case, now=self.clock.now(), by=by)


def reasoned(why: str, field: str = "why", ask: str = "Say why") -> str:
    """Return the reason that an act must have, or what else a person has to ``ask`` for in words; without it refuse the act."""
    if not why.strip():
        raise Refused(ask, field)
    if len(why) > LONGEST_WHY:
        raise Refused(
            f"Make the {'reason' if field == 'why' else 'words'} {LONGEST_WHY:,} characters or fewer; it has {len(why):,}",
            field,
        )
    return why.strip()


def team_name(landlord: Landlord, key: str) -> str:
    """Return a team's name; a team that was configured once is shown by its key."""
    team = landlord.teams.get(key)
    return team.name if team else key
