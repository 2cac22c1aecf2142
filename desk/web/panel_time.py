"""The panel "Time": dates that were moved, when the resident hears from us next, and dates that were missed, with why."""

from __future__ import annotations

from desk.web.case_panels import Line, Link, Panel, Seen
from handlers.clock import london_day
from handlers.closing import what_of
from handlers.deadlines import end_of
from handlers.letter_words import day
from store.models import CaseStatus
from store.time_rows import Told, time_of

EXTENSIONS = {"sent_back": "sent back", "lapsed": "not agreed in time"}


def panel(seen: Seen) -> Panel | None:
    """Return what stands of a complaint's time beside its clocks, and what can be done; nothing for what is no complaint."""
    if seen.case.category != "complaint" or seen.case.logged_at is None:
        return None
    lines = tuple(_line(seen, told) for told in time_of(seen.glance, seen.case.id or 0))
    links = (Link(words="Take more time", act="more-time"),) if seen.case.status is not CaseStatus.CLOSED else ()
    return Panel(key="time", title="Time", lines=lines, links=links) if lines or (links and seen.acts) else None


def _line(seen: Seen, told: Told) -> Line:
    return {"extension": _extension, "update": _update, "breach": _breach}[told.kind](seen, told)


def _extension(seen: Seen, told: Told) -> Line:
    words = f"Answer moved from {day(told.on)} to {day(told.new_on or told.on)}"
    if told.state == "proposed":
        link = Link(words="Agree or send it back", act=f"more-time-answer?of={told.id}", about=words)
        words = f"{seen.called(told.by)} asks to move the answer from {day(told.on)} to {day(told.new_on or told.on)}"
        return Line(words=words, quiet=told.words or "", tag="waits for a manager", colour="yellow", links=(link,))
    if told.state != "stands":
        return Line(words=words, quiet=told.words or "", tag=EXTENSIONS.get(told.state, told.state))
    in_time = told.at is not None and told.at <= end_of(told.on)
    tag = (
        "told in time"
        if in_time
        else "told too late"
        if told.at is not None or told.on < london_day(seen.now)
        else "not told yet"
    )
    return Line(words=words, quiet=told.words or "", tag=tag, colour="green" if in_time else "red")


def _update(seen: Seen, told: Told) -> Line:
    words = f"Next update to the resident by {day(told.on)}"
    link = Link(words="Write it", act="progress", about=words)
    late = told.at is not None or told.on < london_day(seen.now)
    if late:
        words = f"An update was owed by {day(told.on)}"
    return Line(words=words, tag="missed" if late else "", colour="red", links=(link,))


def _breach(seen: Seen, told: Told) -> Line:
    what = what_of(told.state)
    words = f"Missed: to {what}, by {day(told.on)}"
    if told.words is None:
        link = Link(words="Say why", act=f"missed-date?missed={told.id}", about=words)
        return Line(words=words, tag="no cause yet", colour="red", links=(link,))
    return Line(words=words, quiet=f"{told.words} ({seen.called(told.by)})", tag="missed", colour="red")
