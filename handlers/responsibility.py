"""Who answers for a matter, and which ombudsman may look at it: per point, never one fixed footer (Code 5.7).

A council was found at fault for sending a homeless resident to the wrong ombudsman (LGSCO decision 24 022 480).
"""

from __future__ import annotations

import re
from typing import Literal

from handlers.landlord import Landlord, Office

Responsibility = Literal["ours", "not_ours", "being_clarified"]

_WORDS = re.compile(r"[\w'’&]+")
_OUR_HOMES = re.compile(
    r" (?:repairs?|leak\w*|damp|mould|boilers?|heating|hot water|rent|tenan\w+|leasehold\w*|landlord|estates?|blocks?|stairs?|stairwells?|communal"
    r"|caretakers?|lifts?|roofs?|ceilings?|windows?|kitchen|bathroom|toilets?|contractors?|plumbers?|housing officers?|service charges?"
    r"|intercoms?|chutes?|my (?:flat|home|house)|our (?:flat|home|house)) "
)
_OTHER_OWNERS = re.compile(
    r" (?:private landlord|housing association|letting agents?|management company|freeholder|water company|(?:energy|gas|electricity) (?:company|supplier)) "
)
_COUNCIL_DUTIES = re.compile(
    r" (?:homeless\w*|temporary accommodation|emergency accommodation|housing register|housing options|waiting list|allocations?|band(?:ing)?|bidding|bids?"
    r"|main (?:housing )?duty|hostels?|bed and breakfast) "
)


def spaced(words: str) -> str:
    """Return the words in small letters, one blank before and after each, so that whole phrases can be sought."""
    return f" {' '.join(_WORDS.findall(words.lower().replace('’', chr(39))))} "


def speaks_of(text: str, office: Office) -> bool:
    """Say whether a text made by ``spaced`` holds one of the office's words, in the singular or with an s."""
    return any(f" {word} " in text or f" {word}s " in text for word in office.words)


def whose(words: str, landlord: Landlord) -> tuple[Responsibility, str | None]:
    """Judge one point: ours unless it plainly speaks of another service; in doubt it is being clarified (Code 5.7)."""
    text = spaced(words)
    other = next((office for office in landlord.services.values() if speaks_of(text, office)), None)
    if other is None:
        return ("being_clarified" if _OTHER_OWNERS.search(text) else "ours"), None
    return ("being_clarified" if _OUR_HOMES.search(text) else "not_ours"), other.name


def speaks_of_duties(words: str, landlord: Landlord) -> bool:
    """Say whether words are about homelessness or allocations: the council's duties beside those of a landlord."""
    text = spaced(words)
    return bool(_COUNCIL_DUTIES.search(text)) or speaks_of(text, landlord.council_ombudsman)


def ombudsmen_for(words: str, responsibility: Responsibility, landlord: Landlord, *, duties_near: bool) -> tuple[bool, bool]:
    """Say whether a point is for the Housing Ombudsman, and whether for the council's; in doubt for both.

    Homelessness, allocations and other council services are the council's ombudsman's; a home of ours is the Housing
    Ombudsman's; a home given under the homelessness duty may be either's (their joint operating procedure, 2025).
    ``duties_near`` says that another point of the same message is about such duties.
    """
    if responsibility == "not_ours":
        return False, True
    home = bool(_OUR_HOMES.search(spaced(words)))
    if speaks_of_duties(words, landlord):
        return home, True
    clarified = responsibility == "being_clarified" and whose(words, landlord)[1] is not None
    return True, clarified or (duties_near and not home)
