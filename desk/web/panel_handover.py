"""The panel "Hand-over": who has the case, what they were told and said, and what a person may do about it."""

from __future__ import annotations

from datetime import date

from desk.web.case_panels import Line, Link, Panel, Seen
from desk.web.words import when
from handlers.handover.news import STATUSES
from handlers.handover.summary import as_text
from handlers.letter_words import day
from store.handover_models import Handover, HandoverNews
from store.models import CaseStatus

WORK = frozenset({"service_request", "asb_report", "out_of_scope"})
STATES = {
    "due": ("being told", "blue"),
    "waits_for_id": ("told, no number yet", "blue"),
    "with_partner": ("with them", "green"),
    "done": ("over", "grey"),
    "failed": ("could not be told", "red"),
    "telling_back": ("taken back, being told", "blue"),
    "taken_back": ("taken back", "grey"),
}


def panel(seen: Seen) -> Panel | None:
    """Return the panel of a case with work to hand over; nothing of any other, which costs the store no question."""
    if WORK.isdisjoint({seen.case.category, *seen.case.also}):
        return None
    rows = seen.glance.find(Handover, case_id=seen.case.id)
    is_open = seen.case.status in (CaseStatus.OPEN, CaseStatus.SIGNPOSTED)
    if not rows and (not seen.acts or not is_open):
        return None
    news = seen.glance.find(HandoverNews, handover_id=[row.id for row in rows]) if rows else []
    lines = [line for row in rows for line in (_given(seen, row), *(_said(one) for one in news if one.handover_id == row.id))]
    links = (Link(words="Hand it over", act="hand-over"),) if is_open else ()
    return Panel(key="handover", title="Hand-over", lines=tuple(lines), links=links)


def _given(seen: Seen, row: Handover) -> Line:
    tag, colour = STATES.get(row.state, (row.state, "grey"))
    number = f", their number {row.external_id}" if row.external_id else ""
    error = f" Not told: {row.error}." if row.error else ""
    links = (
        Link(words="Note what they said", act=f"handover-news?of={row.id}"),
        Link(words="Say what you found", act=f"handover-checked?of={row.id}"),
        Link(words="Take it back", act=f"handover-back?of={row.id}"),
    )
    told = as_text(row.summary).replace("\n\n", "; ")
    if consent := row.summary.get("consent"):
        told += f"; agreed on {day(date.fromisoformat(row.summary['consented_on']))}: {consent}"
    return Line(
        words=f"{row.partner.capitalize()}: given by {seen.called(row.by)} on {when(row.made_at)}{number}",
        quiet=f"{told}.{error}",
        tag=tag,
        colour=colour,
        links=links if row.ended_at is None else (),
    )


def _said(news: HandoverNews) -> Line:
    return Line(words=f"{when(news.at)}: {STATUSES.get(news.status, news.status)}", quiet=news.words or "")
