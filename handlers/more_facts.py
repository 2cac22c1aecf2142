"""What a letter says beyond the facts that all letters share, and what a kind of letter needs to be one of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.landlord import Landlord


@dataclass(frozen=True, kw_only=True, slots=True)
class More:
    """The facts of one kind of letter; each kind has its own, and its templates use their names."""

    def must_say(self) -> tuple[str, ...]:
        """Return words that text and page must hold, whatever the landlord's own wording: a letter without them is not written."""
        return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class KindOfLetter:
    """A kind of letter with facts of its own: made-up ones to try and to look at it with, by name, the ordinary one first.

    ``may_say`` are words that other letters never hold, for this one tells what a person decided. ``automatic`` says that no person
    writes it, ``either`` that a person or the sweep does.
    """

    name: str
    samples: Callable[[Landlord], Mapping[str, More]]
    may_say: frozenset[str] = frozenset()
    automatic: bool = False
    either: bool = False
