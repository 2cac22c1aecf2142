"""When versions of the Graph API end (Meta, Graph API changelog, as of 29 July 2026), and the warning before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

ENDS = {
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
}
NEWEST = "v26.0"
NOTICE = timedelta(days=90)


def warning_of(version: str, now: datetime) -> str | None:
    """Return a sentence for staff when a version has ended or soon will, or None; of newer ones no end is known."""
    end = ENDS.get(version)
    if end is None:
        return None if _number(version) >= _number(NEWEST) else f"Graph API {version} has ended: set api_version"
    if end - now.date() > NOTICE:
        return None
    verb = "ends" if end >= now.date() else "ended"
    return f"Graph API {version} {verb} on {end.day} {end:%B %Y}: set api_version to {NEWEST} or later"


def _number(version: str) -> float:
    return float(version.removeprefix("v"))
