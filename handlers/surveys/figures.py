"""How many complaints ended in a period, how many residents were invited to the survey, and why others were not (policy 10.2)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.clock import LONDON
from handlers.surveys.inviting import INVITED, JUDGED
from store.survey_rows import ended_between, events_of
from store.unit import Glance


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyFigures:
    """Complaints closed in the period and still closed: ``invited`` by stage, ``not_invited`` by reason, others not looked at."""

    ended: int
    invited: dict[str, int]
    not_invited: dict[str, int]
    not_looked_at: int


def survey_figures(glance: Glance, first: date, last: date) -> SurveyFigures:
    """Count what came of the complaints that ended on these days of London, both among them."""
    ended = ended_between(glance, _midnight(first), _midnight(last + timedelta(days=1)))
    latest = {event.case_id: event for event in events_of(glance, ended, JUDGED)}
    invited: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for event in latest.values():
        told = json.loads(event.details)
        if event.kind == INVITED:
            invited[told["stage"]] += 1
        else:
            left[told["reason"]] += 1
    return SurveyFigures(
        ended=len(ended), invited=dict(invited), not_invited=dict(left), not_looked_at=len(ended) - len(latest)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
