"""Nobody else's system learns from us that a resident complained, so that nobody treats them differently for it (Code 5.1)."""

from __future__ import annotations

import re

from handlers.case_acts import Refused
from store.models import Case

_MARK = re.compile(
    r"\b(?:complain\w*|ombuds\w*|grievances?|dissatisf\w*|escalat\w*|compensation|stage\s?(?:1|2|one|two))\b", re.IGNORECASE
)


def has_complained(case: Case) -> bool:
    """Say whether a case is a complaint, or has been one."""
    return "complaint" in (case.category, *case.also) or case.stage is not None or case.logged_at is not None


def refuse_marks(case: Case, name: str, words: str) -> None:
    """Refuse words for a partner that tell of a complaint, where there is one beside the work."""
    found = _MARK.search(words) if has_complained(case) else None
    if found is not None:
        raise Refused(f"Leave out “{found.group()}”: they do not learn that somebody complained (Code 5.1)", name)


def has_marks(words: str) -> bool:
    """Say whether words speak of a complaint, so that a person reads them before a partner does (Code 5.1)."""
    return _MARK.search(words) is not None
