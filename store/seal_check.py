"""Whether rows under seal are as they were written: asked by ``intake verify``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from store.chain import in_steps
from store.models import CaseEvent, Table
from store.rows import Row, columns, core
from store.seals import SEALED, SET, TAKEN, digest_of
from store.unit import Glance

Live = Counter[tuple[int, str, str]]
"""How many rows there must be, by their case, their kind and their hash."""


def broken_seals(glance: Glance) -> Iterator[str]:
    """Yield a sentence for each row under seal that is not as it was written, and for kinds of which rows are missing.

    Cases whose first event bears no seals are older than seals and are left out.
    """
    for cases in in_steps(glance):
        yield from _among(glance, cases)


def _among(glance: Glance, cases: Sequence[Row]) -> Iterator[str]:
    first, last = cases[0]["id"], cases[-1]["id"]
    live, sealed = _live(glance, first, last)
    references = {case["id"]: case["reference"] for case in cases if case["id"] in sealed}
    for table, (name, _covered) in SEALED.items():
        strangers: Counter[int] = Counter()
        for row in _rows(glance, table, first, last):
            case_id = row["case_id"]
            key = case_id, name, digest_of(table, row)
            live[key] -= 1
            if case_id in references and live[key] < 0:
                strangers[case_id] += 1
                yield f"{references[case_id]}: {name} {row['id']} is not as it was written"
        yield from _missing(live, name, references, strangers)


def _missing(live: Live, name: str, references: Mapping[int, str], strangers: Counter[int]) -> Iterator[str]:
    """Yield of how many rows more than those that are not as they were written nothing is there."""
    left: Counter[int] = Counter()
    for (case_id, kind, _digest), number in live.items():
        if kind == name and number > 0:
            left[case_id] += number
    for case_id in sorted(left.keys() & references.keys()):
        if (number := left[case_id] - strangers[case_id]) > 0:
            yield f"{references[case_id]}: {number} of the kind {name} {'was' if number == 1 else 'were'} written and not there"


def _live(glance: Glance, first: int, last: int) -> tuple[Live, set[int]]:
    """Return what must be there of these cases, and which of them are under seal."""
    event = columns(CaseEvent)
    live: Live = Counter()
    sealed: set[int] = set()
    wanted = event.case_id.between(first, last), event.seals.is_not(None)
    for row in glance.run(select(event.case_id, event.number, event.seals).where(*wanted)).mappings():
        seals = [seal for seal in json.loads(row["seals"]) if seal[:1] in (SET, TAKEN)]
        if row["number"] == 1 and seals:
            sealed.add(row["case_id"])
        for seal in seals:
            name, _, digest = seal[1:].partition(":")
            live[row["case_id"], name, digest] += 1 if seal[0] == SET else -1
    return live, sealed


def _rows(glance: Glance, table: type[Table], first: int, last: int) -> Iterator[Any]:
    _name, covered = SEALED[table]
    wanted = columns(table)
    statement = select(wanted.id, wanted.case_id, *(wanted[name] for name in covered if name != "case_id"))
    of_cases = statement.select_from(core(table)).where(wanted.case_id.between(first, last))
    yield from glance.run(of_cases.order_by(wanted.id)).mappings()
