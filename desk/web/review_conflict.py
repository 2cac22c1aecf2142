"""Two people at one item: the second is shown both versions, keeps what they typed, and decides again on top (F24)."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from desk.web import words
from desk.web.case_names import names_of
from desk.web.review import filled
from desk.web.review_card import Card, Judged, judged
from desk.web.review_choice import Chosen
from desk.web.review_here import Here
from desk.web.review_places import skipping
from store.models import Task, Verdicting

CONFLICT = 409
Told = list[tuple[str, str]]


def conflict(
    here: Here, card: Card, task: Task | None, *, chosen: Chosen | None = None, seen: Verdicting | None = None
) -> Response:
    """Say who was first, with what they saw, what stands now, and what they chose."""
    named = {name for name in (task.closed_by if task else None, seen.by if seen else None) if name}
    with here.desk.glance() as glance:
        names = names_of(glance, named)
    before = judged(seen, names) if seen else None
    changed = card.latest is not None and (seen is None or card.latest.row.id != seen.id)
    facts: dict[str, Any] = {
        "card": card,
        "task": task,
        "asked": here.asked,
        "names": names,
        "chosen": chosen,
        "first": card.latest.by if changed and card.latest else names.get(task.closed_by or "") if task else None,
        "saw": told_by(before) if before else [],
        "saw_by": before.by if before else None,
        "stands": told_by(card.latest) if card.latest else [],
        "mine": told_of(chosen) if chosen else [],
        "skip": skipping(here.asked, task) if task else f"/queue?{here.asked.string()}",
        **filled(card, chosen),
    }
    return here.desk.pages.page(here.request, "stale.html", status=CONFLICT, **facts)


def told_of(chosen: Chosen) -> Told:
    """Return what somebody chose, in words."""
    reason = str(chosen.reason) if chosen.reason else None
    flags, also = [str(flag) for flag in chosen.flags], [str(code) for code in chosen.also - {chosen.category}]
    return _told(str(chosen.category), reason, flags, also, why=chosen.why)


def told_by(one: Judged) -> Told:
    """Return what a kept judgement says, in words."""
    row = one.row
    return _told(row.category, row.reason, row.flags, row.also, why=row.why)


def _told(category: str, reason: str | None, flags: list[str], also: list[str], *, why: str) -> Told:
    where = f" ({words.said(_plain(words.REASONS), reason)})" if reason else ""
    lists = ((words.FLAGS, flags), (words.SHORT, also))
    named = [", ".join(name for code, name in names.items() if str(code) in codes) or "none" for names, codes in lists]
    return [("It is", f"{words.said(words.SHORT, category)}{where}"), ("Flags", named[0]), ("Also", named[1]), ("Why", why)]


def _plain(names: Any) -> dict[str, str]:
    return {str(code): name for code, name in names.items()}
