"""Says an invitation in one line (mail rule H8): what, when as it is written, and where; no time is worked out here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake import charsets
from intake.storable import one_line

LONGEST = 300
"""Characters of one property that are told."""
MOST = 5
_READ = 200_000
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\";]{0,200}(?:\"[^\"]{0,200}\")?){0,10}):(.*)")
_ZONE = re.compile(r"(?i);TZID=\"?([^\";:]{1,80})")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_WHAT = {"REQUEST": "Invitation", "PUBLISH": "Calendar entry", "CANCEL": "Cancelled invitation", "ADD": "Invitation"}


def invitation(data: bytes) -> list[str]:
    """Return a line for each event that is asked for, changed or called off; none for an answer to one of ours."""
    method, events = _read(charsets.decode(data[:_READ], "utf-8").text)
    what = _WHAT.get(method.upper() or "PUBLISH")
    return [_line(what, event) for event in events[:MOST]] if what else []


def _read(text: str) -> tuple[str, list[dict[str, str]]]:
    """Return the method, and of every event the first value of each property that is told."""
    method, events = "", list[dict[str, str]]()
    is_inside = False
    for name, parameters, value in _lines(text):
        if name == "METHOD" and not events:
            method = value.strip()
        elif name in ("BEGIN", "END") and value.strip().upper() in ("VEVENT", "VTODO"):
            is_inside = name == "BEGIN"
            events += [{}] if is_inside else []
        elif name == "BEGIN" or (name == "END" and events):
            # What stands inside an event, such as an alarm, has a summary of its own.
            is_inside = name == "END"
        elif is_inside and name in ("SUMMARY", "DTSTART", "LOCATION"):
            zone = _ZONE.search(parameters) if name == "DTSTART" else None
            events[-1].setdefault(name, f"{_plain(value)} ({_plain(zone[1])})" if zone else _plain(value))
    return method, events


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    for line in _FOLD.sub("", text).splitlines():
        found = _LINE.match(line[: LONGEST * 10])
        if found:
            yield found[1].upper(), found[2], found[3]


def _line(what: str, event: dict[str, str]) -> str:
    told = [event.get("SUMMARY", "") or "without a title", event.get("DTSTART", ""), event.get("LOCATION", "")]
    return f"{what}: {', '.join(part for part in told if part)}"


def _plain(value: str) -> str:
    return one_line(_ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value), LONGEST)
