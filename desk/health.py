"""What ``intake status`` knows: whether all that came is accounted for, and what needs a person now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.config import ChannelSettings, Settings
from desk.site_model import trouble_with_model
from desk.watch_table import rows
from desk.wiring import House
from handlers.calendar import WorkingCalendar
from handlers.clock import london_day
from handlers.own_trouble import STORE
from handlers.scanner_state import SCANNER
from handlers.second_reader_state import SECOND_READER
from handlers.watching import SIDES, Watch, watch
from store.decided_rows import latest_model
from store.door_models import StandingTrouble
from store.figures import Counts, counts
from store.models import Contact, OutboxState
from store.scan_rows import scan_figures
from store.search_upkeep import Behind, behind
from store.spot_figures import spot_check_figures
from store.tallies import AGAIN, ERASED, KEPT, YES, Account, accounts

STALE = timedelta(minutes=10)
"""After which an untouched message, an unsent letter or a silent mailbox is a trouble (mail rule F9)."""
SPEAKING = frozenset({"smtp", "imap", "folder", "telegram", "mastodon", "bluesky", "webform", "webchat"})
"""Kinds of door that say every minute or so that they stand; the others are told of messages, and may be still for days."""
STOPPED = "is `intake serve` running?"
CHECKS_FROM = timedelta(days=90)
"""How far back spot checks are counted."""
CALENDAR_AHEAD = timedelta(days=180)
"""How far ahead bank holidays should be known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """The state of the house at one moment; ``troubles`` are sentences, none when nobody is needed; for ``notes`` nobody is."""

    at: datetime
    channels: list[dict[str, Any]]
    figures: dict[str, Any]
    equation: str
    balanced: bool
    troubles: list[str]
    watched: Watch
    notes: list[str] = field(default_factory=list)

    def as_object(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = ("at", "channels", "equation", "balanced", "troubles", "notes")
        return {name: getattr(self, name) for name in names} | self.figures | self.watched.as_object()

    @property
    def shares(self) -> list[tuple[str, ...]]:
        """What the machine says of messages, lately and before, as rows under ``desk.watch_table.HEADS``."""
        return rows(self.watched.drift)


def look(house: House) -> Health:
    """Look at the store, the calendar and the model."""
    now = house.clock.now()
    with house.store.glance() as glance:
        found, unindexed = counts(glance, now), behind(glance)
        checks, watched = spot_check_figures(glance, now - CHECKS_FROM), watch(glance, now)
        judged_by, sums, scanned = latest_model(glance, SIDES), accounts(glance), scan_figures(glance)
    gaps = [sentence for account in sums for sentence in account.holes]
    return Health(
        at=now,
        channels=[_channel(contact) for contact in found.contacts],
        figures=_figures(found, unindexed, house, now)
        | {"spot_checks": asdict(checks), "reconciliation": _reconciled(sums)}
        | ({"scanned_files": dict(scanned)} if house.settings.scanning is not None else {}),
        equation=_equation(found),
        balanced=found.balanced and not gaps,
        troubles=[
            *gaps,
            *_troubles(found, house.model_name, now),
            *filter(None, [trouble_with_model(house.settings)]),
            *_silent(found.contacts, house.settings.channels, now),
            *_standing(found.standing, house.settings),
            *_calendar(house.calendar, now),
        ],
        watched=watched,
        notes=_other_model(house.model_name, judged_by),
    )


def _other_model(installed: str, judged_by: str | None) -> list[str]:
    if judged_by is None or judged_by == installed or installed.startswith("none"):
        return []
    why = "a running house keeps the old one until its restart, and each machine has its own unless model_dir is shared"
    return [f"the model installed here is {installed}, and the latest verdict is by {judged_by}: {why}"]


def _channel(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in ("channel", "account", "good_at", "error_at", "error")}


def _figures(found: Counts, unindexed: Behind, house: House, now: datetime) -> dict[str, Any]:
    first, last = house.calendar.reach()
    return {
        "messages": found.arrivals,
        "waiting": found.waiting,
        "oldest_waiting_seconds": _age(found.oldest_waiting_at, now),
        "quarantined": found.shunted,
        "dispositions": {str(name): number for name, number in found.dispositions.items()},
        "cases": found.cases,
        "letters": {str(state): number for state, number in found.letters.items()},
        "oldest_letter_seconds": _age(found.oldest_letter_at, now),
        "open_tasks": found.open_tasks,
        "overdue_tasks": found.overdue_tasks,
        "refused_requests": {f"{one.channel} {one.account}": one.number for one in found.refused},
        "calendar": {"from": first.isoformat(), "to": last.isoformat(), "version": house.calendar.version},
        "model": house.model_name,
        "search_is_behind": {"cases": unindexed.cases, "cases_with_files": unindexed.with_files},
    }


def _reconciled(sums: Sequence[Account]) -> list[dict[str, Any]]:
    """Return each door's sum: what was kept when it came, what is there now, and what else was answered."""
    names = {"kept": KEPT, "again": AGAIN, "answered_for": YES, "erased": ERASED}
    return [
        {"channel": one.channel, "account": one.account, "there": one.rows}
        | {name: one.tallies.get(outcome, 0) for name, outcome in names.items()}
        | {"refused": one.refused, "gap": "; ".join(one.holes) or None}
        for one in sums
    ]


def _age(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else int((now - at).total_seconds())


def _equation(found: Counts) -> str:
    parts = [f"{found.waiting} waiting", f"{found.shunted} quarantined"]
    parts += [f"{number} {str(name).replace('_', '-')}" for name, number in sorted(found.dispositions.items())]
    return f"{found.arrivals} arrivals {'=' if found.balanced else 'ARE NOT'} {' + '.join(parts)}"


def _troubles(found: Counts, model: str, now: datetime) -> list[str]:
    checks = (
        (model.startswith("none"), f"no classifier, so everything waits for a person: {model}"),
        (not found.balanced, "arrivals do not add up: run intake verify"),
        (found.shunted, f"{found.shunted} messages in quarantine: intake queue shows them"),
        (found.overdue_tasks, f"{found.overdue_tasks} tasks are overdue: intake queue shows them"),
        (found.letters.get(OutboxState.FAILED), "letters could not be delivered: intake queue shows them"),
        (found.letters.get(OutboxState.UNCERTAIN), "letters may not have arrived: intake queue shows them"),
        (_stale(found.oldest_waiting_at, now), "messages wait too long to be understood: is `intake serve` running?"),
        (_stale(found.oldest_letter_at, now), "letters wait too long to be sent: is the relay up?"),
    )
    return [sentence for holds, sentence in checks if holds]


def _stale(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at > STALE


def _silent(contacts: list[Contact], channels: Sequence[ChannelSettings], now: datetime) -> list[str]:
    """Return a sentence for each door that says why it hears nothing, and for each that should speak and does not."""
    found = {
        (one.channel, one.account): f"has not been heard for over {STALE.seconds // 60} minutes: {one.error}"
        for one in contacts
        if one.error is not None and one.error_at is not None
        if one.good_at is None or (one.error_at > one.good_at and now - one.good_at > STALE)
    }
    heard = {(one.channel, one.account): one.good_at for one in contacts}
    speaking = {(channel.kind, own.account): own for channel in channels if channel.kind in SPEAKING and (own := channel.own())}
    for name, own in speaking.items():
        if name in found:
            continue
        allowed = STALE + timedelta(seconds=2 * max(getattr(own, setting, 0) for setting in ("poll", "check_seconds")))
        if (at := heard.get(name)) is not None and now - at > allowed:
            found[name] = f"has not been heard for over {int(allowed.total_seconds()) // 60} minutes: {STOPPED}"
        # Where no door was ever heard, nothing has run here yet but perhaps an import.
        elif name not in heard and not heard.keys().isdisjoint(speaking):
            found[name] = f"was never heard: {STOPPED}"
    return [f"{channel} {account} {sentence}" for (channel, account), sentence in found.items()]


def _standing(troubles: list[StandingTrouble], settings: Settings) -> list[str]:
    """Return what must be mended at the platforms; what was taken out of the settings troubles nobody any more."""
    ours = {(channel.kind, channel.own().account) for channel in settings.channels}
    ours.add((settings.outgoing.kind, getattr(settings.outgoing.own(), "account", "")))
    ours |= {SECOND_READER} if settings.second_reader is not None else set()
    ours |= {SCANNER} if settings.scanning is not None else set()
    ours.add(STORE)
    return [f"{one.channel} {one.account}: {one.sentence}" for one in troubles if (one.channel, one.account) in ours]


def _calendar(calendar: WorkingCalendar, now: datetime) -> list[str]:
    _first, last = calendar.reach()
    if last - london_day(now) < CALENDAR_AHEAD:
        return [f"bank holidays are known only to {last.isoformat()}: install a newer release"]
    return []
