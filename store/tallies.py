"""How often each door gave which answer: counted beside the messages, so that the two can be held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from store.door_models import Tally
from store.models import Message
from store.rows import columns
from store.unit import Glance, Unit, upsert

KEPT = "kept"
AGAIN = "again"
ERASED = "erased"
YES = "said_yes"
"""Answers upstream that a mail is safe with us: a 250, a move out of the folder. There are never more than kept and again."""
OWN = (KEPT, AGAIN, ERASED, YES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One door's sum: what it said, what was counted when it was kept, and what is there now."""

    channel: str
    account: str
    rows: int
    tallies: Mapping[str, int]

    @property
    def holes(self) -> list[str]:
        """Return what does not add up, as sentences."""
        name, told = f"{self.channel} {self.account}", self.tallies
        kept, again, yes = told.get(KEPT, 0), told.get(AGAIN, 0), told.get(YES, 0)
        there = self.rows + told.get(ERASED, 0)
        found = []
        if kept != there:
            found.append(f"{name}: {kept} messages were kept and {there} are there")
        if yes > kept + again:
            found.append(f"{name}: {yes} messages were answered for upstream, and only {kept + again} were kept")
        return found

    @property
    def refused(self) -> dict[str, int]:
        """Return how often the door gave each other answer."""
        return {outcome: number for outcome, number in sorted(self.tallies.items()) if outcome not in OWN}


def add_tallies(unit: Unit, channel: str, account: str, outcomes: Mapping[str, int]) -> None:
    """Add to how often the door of this account came to each outcome."""
    for outcome, number in sorted(outcomes.items()):
        told = {"channel": channel, "account": account, "outcome": outcome, "number": number}
        if number:
            unit.run(_added(embedded=unit.embedded), told)


def accounts(glance: Glance) -> list[Account]:
    """Return the sum of every account that anything came by, or that refused anything."""
    message = columns(Message)
    counted = select(message.channel, message.account, func.count().label("number")).group_by(message.channel, message.account)
    there = {(row.channel, row.account): row.number for row in glance.all(counted)}
    told: dict[tuple[str, str], dict[str, int]] = {}
    for tally in glance.find(Tally):
        told.setdefault((tally.channel, tally.account), {})[tally.outcome] = tally.number
    return [
        Account(
            channel=channel, account=account, rows=there.get((channel, account), 0), tallies=told.get((channel, account), {})
        )
        for channel, account in sorted(there.keys() | told.keys())
    ]


@cache
def _added(*, embedded: bool) -> Any:
    kept = columns(Tally)
    names = ("channel", "account", "outcome", "number")
    statement = upsert(Tally, embedded=embedded).values({name: bindparam(name) for name in names})
    key = [kept.channel, kept.account, kept.outcome]
    return statement.on_conflict_do_update(index_elements=key, set_={"number": kept.number + statement.excluded.number})
