"""The machine at work as a table, for the terminal and for the desk's health page."""

from __future__ import annotations

from handlers.drifting import NAMES, Drift
from handlers.machine_reasons import code_name
from handlers.shares import Moved

HEADS = ("share of the messages", "last 7 days", "last 28 days", "90 days before", "moved")
"""The columns of ``rows``."""
NONE = "-"


def rows(drift: Drift) -> list[tuple[str, ...]]:
    """Return the shares in words: each category, what needed no person (by channel too), and why the rest did."""
    week, month = drift.windows
    categories = [
        (NAMES[name], _percent(week.categories[name].share), *_row(one, also=week.categories[name].moved))
        for name, one in month.categories.items()
    ]
    alone = [("needed no person", NONE, *_row(drift.automatic))]
    channels = [(f"needed no person, by {name}", NONE, *_row(one)) for name, one in drift.channels.items()]
    # Of the reasons, those by which next to nobody waits would only hide the others: they are in the JSON.
    told = {code: one for code, one in drift.codes.items() if max(one.share or 0, one.share_before or 0) >= 0.01}  # noqa: PLR2004 - one in a hundred
    return [
        *categories,
        *alone,
        *channels,
        *((f"of those that did: {code_name(code)}", NONE, *_row(one)) for code, one in told.items()),
    ]


def _row(one: Moved, *, also: bool = False) -> tuple[str, str, str]:
    return _percent(one.share), _percent(one.share_before), "yes" if one.moved or also else "no"


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.1f} %"
