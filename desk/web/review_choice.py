"""What a person chose on the review card, read from its form: a category by its button, flags, further categories, why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from classifiers.taxonomy import Category, Flag, Reason
from desk.web.case_forms import Typed
from desk.web.words import REASONS
from handlers.case_acts import Refused
from store.models import Verdicting

ACCEPT = "accept"
LONGEST_WHY = 500
BY_A_PERSON = "read and judged by a person"
AGREED = "a person agrees with the machine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticked:
    """What stands in the form beside its buttons."""

    flags: frozenset[Flag]
    also: frozenset[Category]
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen(Ticked):
    """A category with its reason, and the judgement that was seen (0: none)."""

    category: Category
    reason: Reason | None
    seen: int
    accepted: bool

    def for_deciding(self) -> dict[str, Any]:
        """Return the choice as ``Deciding.decide`` takes it."""
        why = self.why or (AGREED if self.accepted else BY_A_PERSON)
        return {
            "category": self.category,
            "why": why,
            "reason": self.reason,
            "flags": self.flags,
            "also": self.also - {self.category},
            "seen": self.seen,
        }

    def same_as(self, kept: Verdicting) -> bool:
        """Return whether a kept judgement says just this."""
        also = {str(other) for other in self.also - {self.category}}
        told = str(self.category), {str(flag) for flag in self.flags}, also
        return told == (kept.category, set(kept.flags), set(kept.also))


def ticked(typed: Typed) -> Ticked:
    """Return what was ticked and typed, whatever else is wrong with the form."""
    return Ticked(
        flags=frozenset(_members(Flag, typed.column("flag"))),
        also=frozenset(_members(Category, typed.column("also"))),
        why=typed.text("why").strip(),
    )


def chosen(typed: Typed, seen: Verdicting | None) -> Chosen:
    """Return what the form says; ``seen`` is the judgement that the accepting button stands for."""
    code, _, reason = typed.line("as").partition(":")
    accepted = code == ACCEPT
    if accepted:
        if seen is None:
            raise Refused("Choose what it is: there is no judgement to accept", "as")
        code, reason = seen.category, seen.reason or ""
    form = ticked(typed)
    if len(form.why) > LONGEST_WHY:
        raise Refused(f"Make the reason {LONGEST_WHY} characters or fewer; it has {len(form.why)}", "why")
    if code not in set(Category):
        raise Refused("Choose what it is", "as")
    return Chosen(
        category=Category(code),
        reason=_reason(Category(code), reason),
        flags=form.flags,
        also=form.also,
        why=form.why,
        seen=max(typed.number("seen"), 0),
        accepted=accepted,
    )


def _reason(category: Category, code: str) -> Reason | None:
    if category is not Category.OUT_OF_SCOPE:
        return None
    if code not in REASONS:
        raise Refused("Choose where it belongs", "reasons")
    return Reason(code)


def _members(kind: Any, codes: Collection[str]) -> list[Any]:
    return [member for member in kind if str(member) in codes]
