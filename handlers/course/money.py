"""Amounts of money, as people type them and as letters write them; kept in pence."""

from __future__ import annotations

import re

from handlers.case_acts import Refused

PENCE = 100
"""In a pound."""
AMOUNT = re.compile(r"([0-9]{1,7})(?:\.([0-9]{2}))?", re.ASCII)


def pence_of(text: str) -> int | None:
    """Read an amount as people type it; None where nothing was typed, refused where it is no amount."""
    plain = text.strip().removeprefix("£").replace(",", "").strip()
    if not plain:
        return None
    found = AMOUNT.fullmatch(plain)
    if found is None:
        raise Refused("Enter an amount in pounds, such as 150 or 150.50", "amount")
    return int(found[1]) * PENCE + int(found[2] or 0)


def pounds(pence: int) -> str:
    """Write an amount as a letter does: £150, £1,250.50."""
    whole, part = divmod(pence, PENCE)
    return f"£{whole:,}.{part:02d}" if part else f"£{whole:,}"
