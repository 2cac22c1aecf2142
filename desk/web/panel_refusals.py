"""Refusal and the Ombudsman on the case page: what waits, what was refused, what was considered, and what an ombudsman ordered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from desk.web import words
from desk.web.case_panels import Line, Link, Panel, Seen
from desk.web.refusal_words import STATES, ground_in_words
from handlers.clock import london_day
from store.course_models import Discretion, OmbudsmanOrder, Refusal
from store.models import CaseStatus
from store.order_rows import kept_of

KEY, TITLE = "refusal", "Refusal and the Ombudsman"
OMBUDSMAN = Link(words="The Ombudsman told us something", act="ombudsman")
TOO_OLD = Link(words="Consider whether it is too old", act="discretion")
REFUSE = Link(words="Propose to refuse it", act="refuse")
AGAIN = Link(words="They ask us to look again", act="asked-again")
TAKE_ON = Link(words="Take it on after all", act="take-on")


def panel(seen: Seen) -> Panel | None:
    """Return what there is to say of refusals and orders; a case that is no complaint has none of it."""
    case = seen.case
    if case.category != "complaint" or case.logged_at is None:
        return None
    kept = kept_of(seen.glance, case.id or 0)
    refusals = seen.glance.find(Refusal, case_id=case.id) if "refusal" in kept else []
    thought = seen.glance.find(Discretion, case_id=case.id) if "discretion" in kept else []
    orders = seen.glance.find(OmbudsmanOrder, case_id=case.id) if "ombudsman_order" in kept else []
    lines = (
        *(_refusal(seen, row) for row in refusals),
        *(_considered(seen, row) for row in thought),
        *_orders(orders, london_day(seen.now)),
    )
    return Panel(key=KEY, title=TITLE, lines=lines, links=_links(seen, refusals) if seen.acts else ())


def _links(seen: Seen, refusals: list[Refusal]) -> tuple[Link, ...]:
    stands = any(row.state == "refused" for row in refusals)
    waits = any(row.state == "proposed" for row in refusals)
    if stands:
        return (AGAIN, TAKE_ON, OMBUDSMAN) if not waits else (OMBUDSMAN,)
    if seen.case.status is CaseStatus.CLOSED:
        return (AGAIN, OMBUDSMAN)
    return (*((TOO_OLD, REFUSE) if not waits else (TOO_OLD,)), OMBUDSMAN)


def _refusal(seen: Seen, row: Refusal) -> Line:
    tag, colour = STATES.get(row.state, (row.state, "grey"))
    by = f"proposed by {seen.called(row.proposed_by)} on {words.day(row.proposed_at)}"
    checked = f", checked by {seen.called(row.checked_by)} on {words.day(row.checked_at)}" if row.checked_by else ""
    links = (
        Link(words="Check it", act=f"check-refusal?of={row.id}"),
        Link(words="Withdraw it", act=f"withdraw-refusal?of={row.id}"),
    )
    said = f"{'Stage 2: ' if row.stage == '2' else ''}{ground_in_words(row.ground)}"
    return Line(words=said, quiet=f"{by}{checked}", tag=tag, colour=colour, links=links if row.state == "proposed" else ())


def _considered(seen: Seen, row: Discretion) -> Line:
    what = "looked into all the same" if row.taken_on else "not looked into for its age"
    said = f"Twelve months: from {words.day(max(row.occurred_on, row.aware_on))}, {what}"
    return Line(words=said, quiet=f"{row.reasons} ({seen.called(row.by)}, {words.day(row.at)})")


def _orders(rows: list[OmbudsmanOrder], today: date) -> Iterator[Line]:
    for row in rows:
        due = f", by {words.day(row.due_on)}" if row.due_on else ""
        tag, colour = _standing(row, today)
        links = (Link(words="It is done", act=f"order-done?of={row.id}", about=row.what),) if row.done_at is None else ()
        quiet = f"{row.kind.replace('_', ' ')} of {words.day(row.told_on)}{f'. {row.outcome}' if row.outcome else ''}"
        yield Line(words=f"{row.what}{due}", quiet=quiet, tag=tag, colour=colour, links=links)


def _standing(row: OmbudsmanOrder, today: date) -> tuple[str, str]:
    if row.done_at is not None:
        return "Done", "green"
    late = row.due_on is not None and row.due_on < today
    return ("Overdue", "red") if late else ("To do", "blue")
