"""Work that somebody still has stays on the case as what it is, whatever else the case becomes (Code 1.5)."""

from __future__ import annotations

from collections.abc import Sequence

from store.handover_models import Handover
from store.unit import Glance


def with_work_out(glance: Glance, case_id: int, category: str | None, also: Sequence[str]) -> list[str]:
    """Return the further categories of a case, those among them under which a partner has it still.

    Without them nobody would see on its page who has the work, nor could take it back.
    """
    out = [str(row.summary["category"]) for row in glance.find(Handover, case_id=case_id, ended_at=None)]
    return list(dict.fromkeys([*also, *(kind for kind in out if kind != category)]))
