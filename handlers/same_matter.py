"""The same matter by a second way within days: found by links, by name and home, or by words, and offered to a person.

Nothing joins by itself: a task says that two cases may be one, and what a person makes of it is in ``same_case``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.calendar import WorkingCalendar
from handlers.deadlines import by_rule
from handlers.rows import Row, event_row
from store.chain import append_events
from store.identity_rows import linked_with, standing_links
from store.models import CaseEvent, CaseStatus, Task
from store.same_rows import Beside, anybody_chats, of_addresses, of_kinds, opened, with_homes
from store.search_query import COMMON
from store.search_words import fold, stem
from store.unit import Glance, Unit

KIND, OFFERED = "same_matter", "same_matter_offered"
WITHIN = timedelta(days=7)
LINKED = "an open case of an address that is linked as the same resident's"
SAME_HOME = "an open case of somebody of the same name at the same home"
SAME_WORDS = "an open case that came another way says nearly the same"
BY_MAIL = ("smtp", "imap", "folder", "import")
"""Channels that are one way for whoever writes."""
FEWEST_WORDS = 5
"""Different words below which two messages say the same by chance."""
ALIKE = 0.6
"""Shared words of all words of both."""
HELD = 0.85
"""Shared words of the shorter one's: by chat people leave out greeting and address."""
ENOUGH_TO_HOLD = 10
_WORD = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two cases that may be one matter: the one received first, the other, and what speaks for it."""

    earlier: Beside
    later: Beside
    why: str

    @property
    def asked(self) -> Beside:
        """The case on which it is asked: the later, but where only the earlier is restricted that one, for it is told nowhere else."""
        return self.earlier if self.earlier.restricted and not self.later.restricted else self.later

    @property
    def beside(self) -> Beside:
        """The other of the two."""
        return self.later if self.asked is self.earlier else self.earlier


def offer(unit: Unit, case_ids: Collection[int], now: datetime, calendar: WorkingCalendar) -> int:
    """Look for the same matter beside each of these cases, and leave a task where there is one; return how many.

    The earlier receipt's dates stand, so the task is on the later of the two. A pair is offered once. Whoever may not open a
    restricted case is not told that there is one: then the task is there, though it be the earlier.
    """
    found = {pair.later.case_id: pair for pair in _pairs(unit, case_ids, now)}
    fresh = [pair for pair in found.values() if _is_fresh(unit, pair)]
    unit.add(Task, [_task(pair, now, calendar) for pair in fresh])
    append_events(unit, [_event(pair, now) for pair in fresh])
    return len(fresh)


def offered_case(glance: Glance, case_id: int) -> int | None:
    """Return the case that was offered last as the same matter as this one; the one received first goes on, if they are joined."""
    events = glance.find(CaseEvent, case_id=case_id, kind=OFFERED)
    return int(json.loads(events[-1].details)["case"]) if events else None


def _pairs(unit: Unit, case_ids: Collection[int], now: datetime) -> Iterator[Pair]:
    """Yield pairs of cases, the weakest reason first: of several for one case the last counts."""
    new = opened(unit, case_ids) if case_ids else []
    since = now - WITHIN
    for one, others, why in (*_by_words(unit, new, since), *_by_home(unit, new, since), *_by_link(unit, new, since)):
        for other in others:
            earlier, later = sorted((one, other), key=lambda each: (each.received_at, each.case_id))
            pair = Pair(earlier=earlier, later=later, why=why)
            if one.case_id != other.case_id and _fits(pair):
                yield pair


def _fits(pair: Pair) -> bool:
    """Return whether the later could go on in the earlier: a complaint never ends in what is none (Code 6.8)."""
    earlier, later = pair.earlier, pair.later
    if later.status is CaseStatus.CLOSED or earlier.status is CaseStatus.CLOSED:
        return False
    if earlier.status is CaseStatus.TRIAGE or earlier.category == later.category:
        return True
    return later.category != "complaint" and (later.category is None or pair.why == SAME_WORDS)


def _by_link(unit: Unit, new: Sequence[Beside], since: datetime) -> Iterator[tuple[Beside, list[Beside], str]]:
    # Asked once for all of them: hardly anybody is linked, and mail comes in hundreds.
    linked = {
        end for link in standing_links(unit, {one.address for one in new if one.address}) for end in (link.first, link.second)
    }
    for one in new:
        if one.address in linked:
            yield one, of_addresses(unit, linked_with(unit, [one.address]), since), LINKED


def _by_home(unit: Unit, new: Sequence[Beside], since: datetime) -> Iterator[tuple[Beside, list[Beside], str]]:
    told = [one for one in new if one.name and one.home]
    others = with_homes(unit, since) if told else []
    for one in told:
        yield one, [other for other in others if _who(other) == _who(one) and other.address != one.address], SAME_HOME


def _who(one: Beside) -> tuple[str, str]:
    return " ".join((one.name or "").casefold().split()), re.sub(r"[\W_]+", "", (one.home or "").casefold())


def _by_words(unit: Unit, new: Sequence[Beside], since: datetime) -> Iterator[tuple[Beside, list[Beside], str]]:
    """Compare words over the border of channels: who writes twice the same way is known by their address."""
    if not new or not anybody_chats(unit):
        return
    kinds = {"dm", "chat"} if all(one.channel in BY_MAIL for one in new) else {"email", "dm", "chat"}
    others = [(other, words_of(other.words)) for other in of_kinds(unit, kinds, since)]
    for one in new:
        own = words_of(one.words)
        alike = [(likeness(own, words), other) for other, words in others if _another_way(one, other)]
        best = max((pair for pair in alike if pair[0]), key=lambda pair: (pair[0], pair[1].case_id), default=None)
        if best is not None:
            yield one, [best[1]], SAME_WORDS


def _another_way(one: Beside, other: Beside) -> bool:
    ways = ["mail" if each.channel in BY_MAIL else each.channel for each in (one, other)]
    return ways[0] != ways[1] and one.address != other.address


def words_of(text: str | None) -> frozenset[str]:
    """Return the stems of a message's words, without those of which most messages hold many."""
    return frozenset(stem(fold(word)) for word in set(_WORD.findall(text or ""))) - COMMON


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of two messages is the same, from 0 to 1; 0 where it is not nearly all."""
    shared, shorter = len(one & other), min(len(one), len(other))
    if shorter < FEWEST_WORDS:
        return 0.0
    together = shared / len(one | other)
    held = shared / shorter if shorter >= ENOUGH_TO_HOLD else 0.0
    return max(together, held) if together >= ALIKE or held >= HELD else 0.0


def _is_fresh(unit: Unit, pair: Pair) -> bool:
    """Return whether this pair was never offered, and nothing else waits for an answer there."""
    case_id = pair.asked.case_id
    before = unit.find(CaseEvent, case_id=case_id, kind=OFFERED)
    waits = unit.find(Task, case_id=case_id, kind=KIND, closed_at=None)
    return not waits and all(json.loads(event.details)["case"] != pair.beside.case_id for event in before)


def _task(pair: Pair, now: datetime, calendar: WorkingCalendar) -> Row:
    on = pair.asked
    due = by_rule("triage", pair.later.received_at, calendar)
    told = {"kind": KIND, "case_id": on.case_id, "message_id": on.message_id, "team": on.team, "why": pair.why}
    return told | {"opened_at": now, "due_at": due.due_at}


def _event(pair: Pair, now: datetime) -> Row:
    # The other case is not named in words: it may be closed to whoever reads them.
    return event_row(pair.asked.case_id, OFFERED, pair.why, now, case=pair.beside.case_id)
