"""An emergency calls the duty officer: the call is written with the task that asks for its assessment, in one transaction.

It says the reference, what danger was heard of in words of our own, and the street or building: nothing else of anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.dangers import ASSESS
from store.casefile import latest_verdicting
from store.hazard_models import Page
from store.models import Case, Message, Verdicting
from store.unit import Unit

OLDEST = timedelta(hours=48)
"""Older emergencies are no longer called about."""
LONGEST_PLACE = 60
LONGEST_MEANING = 60
STREETS = (
    "road|rd|street|st|avenue|ave|close|court|lane|way|gardens|grove|hill|rise|place|square|terrace|crescent|drive|walk|park"
    "|row|mews|house|tower|point|heights|lodge|mansions|buildings|estate|block|green"
)
_NAMED = re.compile(rf"\b((?:[A-Z][A-Za-z'’-]+ ){{1,3}}(?i:{STREETS}))\b")
_OUTWARD = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\d+[A-Za-z]?,? |\b(?i:at|in|on|of|from|near|outside|to|block),? (?:the )?)$")
"""What stands before a place that is told of; without it two names may be somebody's ("Mary Hill")."""
_EDGE = re.compile(r"^(?:The|My|Our|In|At|On|From|Flat|Near|And|Of|Is|This|Floor|Your) ")


def is_call(row: Mapping[str, Any]) -> bool:
    """Return whether a task is an emergency's: to be assessed, a danger, and due as it is opened; another may be late as it comes."""
    return row["kind"] == ASSESS and bool(row["danger"]) and row["due_at"] == row["opened_at"]


def make_calls(unit: Unit, tasks: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Write a call for each of these tasks that is an emergency's, one for a message; return how many were wanted."""
    wanted = [task for task in tasks if is_call(task) and task["case_id"] is not None]
    if not wanted:
        return 0
    cases = {case.id: case for case in unit.find(Case, id=[task["case_id"] for task in wanted])}
    rows = [
        {
            "case_id": task["case_id"],
            "message_id": task["message_id"],
            "words": _words(unit, cases[task["case_id"]], task["message_id"]),
            "made_at": now,
            "due_at": now,
        }
        for task in wanted
        if task["case_id"] in cases and _is_news(unit, task["message_id"], now)
    ]
    unit.add_new(Page, rows, ("case_id", "message_id"))
    return len(wanted)


def _is_news(unit: Unit, message_id: int | None, now: datetime) -> bool:
    """Return whether a message is of these days: an import of last year's calls nobody out of bed."""
    message = unit.get(Message, message_id) if message_id is not None else None
    return message is None or now - message.received_at < OLDEST


def _words(unit: Unit, case: Case, message_id: int | None) -> str:
    message = unit.get(Message, message_id) if message_id is not None else None
    verdict = latest_verdicting(unit, message_id) if message_id is not None else None
    place = place_of(case.home or "", is_home=True) or place_of(message.new_text or "" if message else "")
    parts = ("EMERGENCY", case.reference, meant(verdict), f"near {place}" if place else "place not known yet")
    return ". ".join(part for part in parts if part)


def meant(verdict: Verdicting | None) -> str:
    """Return what was heard of a danger, in words of our own lists; nothing where they say none."""
    found = [span for span in (verdict.evidence if verdict else []) if span.get("for") == "emergency" and span.get("meaning")]
    return str(found[0]["meaning"])[:LONGEST_MEANING] if found else ""


def place_of(text: str, *, is_home: bool = False) -> str:
    """Return the street or building that words name, without numbers, and the first half of a postcode: where to go, not to whom."""
    named = (found for found in _NAMED.finditer(text) if is_home or _BEFORE.search(text[: found.start()]))
    names = [name for found in named if " " in (name := _trimmed(found[1]))]
    outward = _OUTWARD.search(text)
    return " ".join([*names[:1], *([outward[1].upper()] if outward else [])])[:LONGEST_PLACE]


def _trimmed(name: str) -> str:
    while (shorter := _EDGE.sub("", name)) != name:
        name = shorter
    return name
