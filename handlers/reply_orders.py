"""What an officer asks for when a reply is to go, and why it may be refused.

Errors, by what to do next::

    ReplyRefused
    ├── Stale      somebody saved the draft meanwhile: show both versions
    ├── Barred     the officer is named as one who never works on this case
    ├── AtStage1   the officer worked on the complaint at stage 1, and it is at stage 2
    ├── NotTheirs  it would go to somebody who may not be told of the case, or name a member of a group to another
    ├── Finished   the draft went, or was thrown away: what was typed may begin a new one
    └── Changed    the letter would not be the one that was previewed: show it again
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from handlers.letters import Draft
from store.desk_models import DraftLetter


class ReplyRefused(Exception):
    """The reply did not go, and nothing was changed."""


class Stale(ReplyRefused):
    """Somebody saved another version of the draft meanwhile."""


class Barred(ReplyRefused):
    """The officer may not act on this case."""


class AtStage1(ReplyRefused):
    """The officer worked on the complaint at stage 1: somebody else answers at stage 2 (Code 6.13)."""


class NotTheirs(ReplyRefused):
    """It would tell of the case to somebody without authority, or name one of a group to another (Code 3.6, policy 6.2)."""


class Finished(ReplyRefused):
    """The draft went already, or was thrown away."""


class Changed(ReplyRefused):
    """The letter as it would go now is not the one that was looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What an officer asks for: this version of this draft, as it was previewed, and tasks to close with it.

    ``by`` is the officer's user name and ``officer`` the name that signs; ``seal`` is that of the previewed letter.
    """

    case_id: int
    draft_id: int
    version: int
    seal: str
    by: str
    officer: str
    close: tuple[int, ...] = ()


def sealed(draft: DraftLetter, letter: Draft) -> str:
    """Return a digest of all that leaves: a letter that differs in one character from the previewed one does not go."""
    parts = [draft.way, draft.recipient or "", letter.subject, letter.text, letter.html]
    parts += [letter.short] if draft.way == "chat" else []
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
