"""Whether rows under seal are as they were written: asked by ``intake verify``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from store.models import CaseEvent, Message, Table
from store.rows import columns, core
from store.seals import AGAIN, FIRST, SEALED, seal_of
from store.unit import Glance

AT_ONCE = 2_000
"""Rows that are read at once."""


def broken_seals(glance: Glance) -> Iterator[str]:
    """Yield a sentence for each row under seal that is not as it was written, and for kinds of which rows are missing.

    Cases whose events bear no seals are older than seals and are left out.
    """
    seals, cases = _kept(glance)
    for table, (name, _covered) in SEALED.items():
        there = 0
        for row in _rows(glance, table):
            if row["case_id"] not in cases:
                continue
            digest = seal_of(table, row).removeprefix(name + FIRST)
            there += 1
            if (name, digest) not in seals:
                yield f"{name} {row['id']} of case {row['case_id']} is not as it was written"
        missing = sum(1 for seal, times in seals.items() if seal[0] == name for _ in range(times)) - there
        if missing > 0:
            yield f"{missing} rows of the kind {name} were written and are not there"


def _kept(glance: Glance) -> tuple[Counter[tuple[str, str]], set[int]]:
    """Return how often each seal was set for a new row (a replaced one counts for none), and the cases that have any."""
    event = columns(CaseEvent)
    seals: Counter[tuple[str, str]] = Counter()
    cases: set[int] = set()
    statement = select(event.id, event.case_id, event.number, event.seals).where(event.seals.is_not(None))
    for row in _paged(glance, statement, event.id):
        if row["number"] == 1:
            cases.add(row["case_id"])
        for seal in json.loads(row["seals"]):
            mark = FIRST if FIRST in seal else AGAIN
            name, _, digest = seal.partition(mark)
            seals[name, digest] += 1 if mark == FIRST else 0
    return seals, cases


def _rows(glance: Glance, table: type[Table]) -> Iterator[Any]:
    _name, covered = SEALED[table]
    wanted = columns(table)
    statement = select(wanted.id, wanted.case_id, *(wanted[name] for name in covered if name != "case_id"))
    if table is Message:
        statement = statement.where(wanted.case_id.is_not(None))
    yield from _paged(glance, statement.select_from(core(table)), wanted.id)


def _paged(glance: Glance, statement: Any, key: ColumnElement[Any]) -> Iterator[Any]:
    last = 0
    page = statement.where(key > bindparam("last")).order_by(key).limit(AT_ONCE)
    while rows := list(glance.run(page, {"last": last}).mappings()):
        last = rows[-1]["id"]
        yield from rows
