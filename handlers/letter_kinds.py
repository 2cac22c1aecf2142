"""The kinds of letter that have facts of their own; a new one is a folder of ``letters/`` and a row here."""

from __future__ import annotations

from handlers.more_facts import KindOfLetter

OURS: tuple[KindOfLetter, ...] = ()
KINDS: dict[str, KindOfLetter] = {kind.name: kind for kind in OURS}
"""By the name of the folder."""
