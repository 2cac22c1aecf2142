"""A case's events, numbered from 1 and chained by hash: what was changed, taken out or reordered later is found.

Each hash is SHA-256 over the previous one and the event's canonical JSON; the case keeps the count and the last hash, so
that a missing last event is found too. Whoever can rewrite the whole chain and the case is not kept out by this: keep a
``verify`` report elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from store.models import Case, CaseEvent
from store.rows import Row, columns, whole
from store.unit import Glance, Unit

STEP = 5_000
"""Cases whose events are read at a time while verifying."""


def append_events(unit: Unit, rows: Sequence[Row]) -> None:
    """Write events onto their cases, in the order given.

    A row holds ``case_id``, ``at``, ``by``, ``kind``, ``why`` and ``details`` (a mapping of plain values, or None).
    """
    heads = _heads(unit, {row["case_id"] for row in rows})
    written = []
    for row in rows:
        number, previous = heads[row["case_id"]]
        event = {**row, "number": number + 1, "details": canonical(row.get("details") or {}), "previous_hash": previous}
        event["hash"] = _hash(event)
        heads[row["case_id"]] = (event["number"], event["hash"])
        written.append(event)
    unit.add(CaseEvent, written)
    unit.update_many(Case, [{"id": id_, "events": count, "head_hash": head} for id_, (count, head) in heads.items()])


def verify_chain(glance: Glance) -> list[str]:
    """Return a sentence for every case whose events are not as they were written; none when all is well."""
    faults: list[str] = []
    for cases in _in_steps(glance):
        events = {id_: list(found) for id_, found in groupby(_events(glance, cases), key=lambda row: row["case_id"])}
        for case in cases:
            faults.extend(_faults(case, events.get(case["id"], [])))
    return faults


def canonical(value: Any) -> str:
    """Return the one JSON text for a plain value: keys sorted, ASCII, no blanks, times as UTC in ISO format."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"an event cannot keep a {type(value).__name__}")


def _hash(event: Mapping[str, Any]) -> str:
    names = ("case_id", "number", "at", "by", "kind", "why", "details")
    text = event["previous_hash"] + canonical([event[name] for name in names])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _heads(unit: Unit, case_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    case = columns(Case)
    statement = select(case.id, case.events, case.head_hash).where(case.id.in_(list(case_ids)))
    # Locked in the order of ids, so that two writers of the same cases wait for, and never deadlock, each other.
    rows = unit.all(statement.order_by(case.id).with_for_update())
    return {row.id: (row.events, row.head_hash) for row in rows}


def _in_steps(glance: Glance) -> Iterator[Sequence[Row]]:
    case = columns(Case)
    last = 0
    while True:
        statement = select(case.id, case.reference, case.events, case.head_hash).where(case.id > last)
        cases = _mappings(glance, statement.order_by(case.id).limit(STEP))
        if not cases:
            return
        yield cases
        last = cases[-1]["id"]


def _events(glance: Glance, cases: Sequence[Row]) -> Sequence[Row]:
    event = columns(CaseEvent)
    wanted = event.case_id.between(cases[0]["id"], cases[-1]["id"])
    return _mappings(glance, whole(CaseEvent).where(wanted).order_by(event.case_id, event.number))


def _mappings(glance: Glance, statement: Select[Any]) -> list[Any]:
    return list(glance.run(statement).mappings())


def _faults(case: Row, events: Sequence[Row]) -> Iterator[str]:
    head = ""
    for number, event in enumerate(events, start=1):
        if event["number"] != number:
            yield f"{case['reference']}: event {number} is missing or out of order"
            return
        if event["previous_hash"] != head or _hash(event) != event["hash"]:
            yield f"{case['reference']}: event {number} was changed"
            return
        head = event["hash"]
    if case["events"] != len(events):
        yield f"{case['reference']}: {case['events']} events were written, {len(events)} are there"
    elif case["head_hash"] != head:
        yield f"{case['reference']}: the last event is not the one that was written last"
