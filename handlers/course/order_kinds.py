"""What an ombudsman may tell the landlord about a case, and which ombudsmen there are, by the names in the landlord's settings."""

from __future__ import annotations

from handlers.landlord import Landlord, Office

TAKE_ON = "take_on"
KINDS = {
    "order": "An order: something to do by a date",
    "recommendation": "A recommendation",
    "determination": "A determination, without anything left to do",
    "information": "A request for information or the file",
    TAKE_ON: "An instruction to take the complaint on",
}
"""What an ombudsman may tell us; only the last one opens the complaint again."""


def offices(landlord: Landlord) -> dict[str, Office]:
    """Return both ombudsmen by key, with the names that the landlord's settings give them."""
    return {"housing_ombudsman": landlord.housing_ombudsman, "council_ombudsman": landlord.council_ombudsman}
