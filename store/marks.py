"""Small changes that several acts share: deadlines met or superseded, tasks closed, contact noted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, update

from store.door_models import RefusedRequests, StandingTrouble
from store.lookups import open_deadline
from store.models import Contact, Deadline, Task
from store.rows import columns, core
from store.unit import Unit, upsert


def meet_deadlines(unit: Unit, case_ids: Collection[int], rule: str, at: datetime) -> int:
    """Mark the open deadlines of this rule on these cases as met; return how many."""
    deadline = columns(Deadline)
    wanted = deadline.case_id.in_(list(case_ids)), deadline.rule == rule, *open_deadline()
    return unit.run(update(core(Deadline)).where(*wanted).values(met_at=at)).rowcount


def supersede_deadlines(unit: Unit, case_id: int, rules: Collection[str], at: datetime) -> int:
    """Mark the open deadlines of these rules on a case as replaced by an audited act; return how many."""
    deadline = columns(Deadline)
    wanted = deadline.case_id == case_id, deadline.rule.in_(list(rules)), *open_deadline()
    return unit.run(update(core(Deadline)).where(*wanted).values(superseded_at=at)).rowcount


def close_tasks(unit: Unit, case_id: int, kinds: Collection[str] | None, *, at: datetime, by: str, outcome: str) -> int:
    """Close the open tasks of these kinds (None: of every kind) on a case; return how many."""
    task = columns(Task)
    statement = update(core(Task)).where(task.case_id == case_id, task.closed_at.is_(None))
    if kinds is not None:
        statement = statement.where(task.kind.in_(list(kinds)))
    return unit.run(statement.values(closed_at=at, closed_by=by, outcome=outcome)).rowcount


def record_contact(unit: Unit, channel: str, account: str, at: datetime, error: str | None = None) -> None:
    """Note when a channel was last heard, or, with an error, when and why it was not."""
    told = {"good_at": at} if error is None else {"error_at": at, "error": error}
    unit.run(_heard(tuple(told), embedded=unit.embedded), {"channel": channel, "account": account, **told})


@cache
def _heard(names: tuple[str, ...], *, embedded: bool) -> Any:
    kept = columns(Contact)
    statement = upsert(Contact, embedded=embedded).values({name: bindparam(name) for name in ("channel", "account", *names)})
    told = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=[kept.channel, kept.account], set_=told)


def count_refused(unit: Unit, channel: str, account: str, number: int) -> None:
    """Add to how many requests the webhook of this account has refused."""
    kept = columns(RefusedRequests)
    statement = upsert(RefusedRequests, embedded=unit.embedded).values(channel=channel, account=account, number=number)
    more = {"number": kept.number + statement.excluded.number}
    unit.run(statement.on_conflict_do_update(index_elements=[kept.channel, kept.account], set_=more))


def record_trouble(unit: Unit, channel: str, account: str, matter: str, *, at: datetime, sentence: str | None) -> None:
    """Note what is wrong in one matter of a channel, or, without a sentence, that nothing is."""
    kept, row = columns(StandingTrouble), {"channel": channel, "account": account, "matter": matter}
    if sentence is None:
        wanted = (kept[name] == value for name, value in row.items())
        unit.run(delete(core(StandingTrouble)).where(*wanted))
        return
    statement = upsert(StandingTrouble, embedded=unit.embedded).values(**row, since=at, sentence=sentence)
    key = [kept[name] for name in row]
    unit.run(statement.on_conflict_do_update(index_elements=key, set_={"sentence": statement.excluded.sentence}))
