"""What the public door asks of the house about one resident's own matters: a port, filled by ``handlers``.

Calls block and are made from threads. Nothing is answered but to whoever shows a key to it: an id that only they were given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What became of a message that was posted by a page; every field is None until it is known."""

    reference: str | None = None
    own_page: str | None = None
    """Path of the resident's own page of the case, where there is one."""
    for_a_person: bool = False
    """Whether a person reads it first, so that there may be no reference yet."""


class Residents(Protocol):
    """What one resident may know of what the house holds."""

    def posted(self, channel: str, account: str, external_id: str) -> Posted | None:
        """Say what became of a message; None where there is no such message."""
        ...
