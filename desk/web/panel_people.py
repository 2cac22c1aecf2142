"""The panel "Adjustments and restrictions": what was agreed with the resident, and what limits them, on every case of theirs."""

from __future__ import annotations

from desk.web.agreed import may_read_disability
from desk.web.case_panels import Line, Link, Panel, Seen
from handlers.clock import london_day
from handlers.letter_words import day
from handlers.people.known import adjustments_of, person_of, restrictions_of
from handlers.people.restriction_words import KINDS
from handlers.people.wishes import ADJUSTMENTS
from store.people_models import Adjustment, Restriction


def panel(seen: Seen) -> Panel | None:
    """Return what stands for the resident of the case, the adjustments first, and what can be done."""
    keys = person_of(seen.glance, seen.case, as_seen=True)
    lines = [_adjustment(seen, row) for row in adjustments_of(seen.glance, keys)]
    lines += [_restriction(seen, row) for row in restrictions_of(seen.glance, keys)]
    if not lines and not seen.acts:
        return None
    links = (
        Link(words="Agree an adjustment", act="adjust"),
        Link(words="Propose a restriction", act="limit"),
        Link(words="Invite to surveys, or not", act="surveys"),
    )
    return Panel(key="people", title="Adjustments and restrictions", lines=tuple(lines), links=links)


def _adjustment(seen: Seen, row: Adjustment) -> Line:
    name, today = ADJUSTMENTS.get(row.kind, row.kind), london_day(seen.now)
    quiet = f"Agreed with {row.agreed_with} on {day(row.agreed_on)}. Look at it again by {day(row.review_on)}."
    if row.disability and may_read_disability(seen.glance, seen.case, row, seen.person):
        quiet = f"{quiet} They told us: {row.disability}"
    late = row.review_on < today
    link = Link(words="Look at it again", act=f"adjust-review?of={row.id}", about=name)
    return Line(words=f"{name}: {row.words}", quiet=quiet, tag="review late" if late else "", colour="red", links=(link,))


def _restriction(seen: Seen, row: Restriction) -> Line:
    name, today = KINDS.get(row.kind, row.kind), london_day(seen.now)
    if row.state == "proposed":
        link = Link(words="Check it", act=f"limit-check?of={row.id}", about=name)
        return Line(
            words=name, quiet=f"Proposed by {seen.called(row.proposed_by)}. It binds nobody yet.", tag="proposed", links=(link,)
        )
    quiet = f"From {day(row.starts_on)} to {day(row.ends_on)}. Review by {day(row.review_on)}."
    link = Link(words="Review it", act=f"limit-review?of={row.id}", about=name)
    begun = row.starts_on <= today
    tag = "review late" if row.review_on < today else "restriction" if begun else "restriction, later"
    colour = "red" if row.review_on < today else "purple"
    return Line(
        words=name, quiet=f"{quiet} All that they send is read and logged as ever.", tag=tag, colour=colour, links=(link,)
    )
