"""A case's events, numbered from 1 and chained by hash: what was changed, taken out or reordered later is found.

Each hash is SHA-256 over the previous one and the event's canonical JSON; the case keeps the count and the last hash, so
that a missing last event is found too. Whoever can rewrite the whole chain and the case is not kept out by this: keep a
``verify`` report elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from store.canonical import canonical
from store.models import Case, CaseEvent
from store.rows import Row, any_of, columns, whole
from store.unit import Glance, Unit

STEP = 5_000
"""Cases whose events are read at a time while verifying."""


def append_events(unit: Unit, rows: Sequence[Row]) -> None:
    """Write events onto their cases, in the order given.

    A row holds ``case_id``, ``at``, ``by``, ``kind``, ``why`` and ``details`` (a mapping of plain values, or None).
    The last of a case's rows bears the seals of what the unit wrote on that case until now (``store.seals``).
    """
    if not rows:
        return
    last = {row["case_id"]: number for number, row in enumerate(rows)}
    sealed = [{**row, "seals": unit.seals(row["case_id"])} if last[row["case_id"]] == n else row for n, row in enumerate(rows)]
    heads = _heads(unit, last)
    unit.add(CaseEvent, _chained(sealed, heads))
    unit.update_many(Case, [{"id": id_, "events": count, "head_hash": head} for id_, (count, head) in heads.items()])


def opening_events(case_id: int, rows: Sequence[Row], seals: Sequence[str] = ()) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Chain the first events of a case that is still to be added: rows as for ``append_events``, the first with these seals.

    Return the rows of ``CaseEvent``, to be added after the case, and the columns of ``Case`` that hold its chain's end.
    """
    heads = {case_id: (0, "")}
    sealed = [{**row, "seals": seals} if number == 0 else row for number, row in enumerate(rows)]
    events = _chained(sealed, heads)
    count, head = heads[case_id]
    return events, {"events": count, "head_hash": head}


def _chained(rows: Sequence[Row], heads: dict[int, tuple[int, str]]) -> list[dict[str, Any]]:
    """Return the rows with number and hashes; ``heads``, by case, are the ends of the chains, and move on."""
    written = []
    for row in rows:
        number, previous = heads[row["case_id"]]
        event = {**row, "number": number + 1, "details": canonical(row.get("details") or {}), "previous_hash": previous}
        event["seals"] = canonical(list(row["seals"])) if row.get("seals") else None
        event["hash"] = _hash(event)
        heads[row["case_id"]] = (event["number"], event["hash"])
        written.append(event)
    return written


def verify_chain(glance: Glance) -> list[str]:
    """Return a sentence for every case whose events are not as they were written; none when all is well."""
    faults: list[str] = []
    for cases in in_steps(glance):
        events = {id_: list(found) for id_, found in groupby(_events(glance, cases), key=lambda row: row["case_id"])}
        for case in cases:
            faults.extend(_faults(case, events.get(case["id"], [])))
    return faults


def verify_case(glance: Glance, case_id: int) -> list[str]:
    """Return what is wrong with one case's events; none when they are as they were written."""
    case, event = columns(Case), columns(CaseEvent)
    found = _mappings(glance, select(case.id, case.reference, case.events, case.head_hash).where(case.id == case_id))
    events = _mappings(glance, whole(CaseEvent).where(event.case_id == case_id).order_by(event.number))
    return [fault for row in found for fault in _faults(row, events)]


def _hash(event: Mapping[str, Any]) -> str:
    names = ("case_id", "number", "at", "by", "kind", "why", "details")
    told = [event[name] for name in names]
    text = event["previous_hash"] + canonical([*told, event["seals"]] if event["seals"] else told)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _heads(unit: Unit, case_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    return {id_: (count, head) for id_, count, head in unit.all(_ends(), {"case_ids": list(case_ids)})}


@cache
def _ends() -> Select[Any]:
    case = columns(Case)
    statement = select(case.id, case.events, case.head_hash).where(case.id.in_(any_of("case_ids")))
    # Locked in the order of ids, so that two writers of the same cases wait for, and never deadlock, each other. FOR NO KEY UPDATE:
    # rows that name these cases may be written by then, here and elsewhere, and a stronger lock would wait for each of them.
    return statement.order_by(case.id).with_for_update(key_share=True)


def in_steps(glance: Glance) -> Iterator[Sequence[Row]]:
    """Yield all cases, so many at a time that their rows fit into memory: id, reference and the end of the chain of each."""
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
