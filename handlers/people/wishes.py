"""What the adjustments agreed with somebody mean for a letter or a call to them (Code 5.10, policy 12); pure.

Whoever agreed on letters that people must carry gets nothing of ours by mail or chat: the letter is kept for printing.
"""

from __future__ import annotations

from dataclasses import dataclass

ADJUSTMENTS: dict[str, str] = {
    "large_print": "Large print",
    "easy_read": "Easy read",
    "braille": "Braille",
    "audio": "Audio",
    "language": "Another language, or an interpreter",
    "no_telephone": "No telephone calls",
    "telephone_only": "Telephone only",
    "post_only": "Letters by post",
    "mail_only": "By email only",
    "more_time": "More time",
    "named_contact": "One named person to deal with",
    "other": "Something else",
}
"""Every kind of adjustment by its code, as people call it."""
FORMATS: dict[str, str] = {
    "braille": "in braille, by post",
    "audio": "as audio, by post",
    "easy_read": "in easy read, by post",
    "post_only": "by post",
    "telephone_only": "read out by telephone",
}
"""Kinds for which a person carries every letter, and how."""
APART: tuple[frozenset[str], ...] = (
    frozenset({"telephone_only", "no_telephone"}),
    *(frozenset({"telephone_only", kind}) for kind in ("mail_only", "post_only", "braille", "easy_read")),
    *(frozenset({"mail_only", kind}) for kind in ("post_only", "braille", "audio", "easy_read")),
)
"""Kinds that cannot both be kept to."""
ADJUSTED = "adjustment"
"""The rule that holds back a letter which must go in the way that was agreed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What was agreed with one person: the kinds that stand, and the mail address where letters by email are to go."""

    kinds: frozenset[str] = frozenset()
    mail: str | None = None

    @property
    def large_print(self) -> bool:
        """Say whether letters are in large print."""
        return "large_print" in self.kinds

    @property
    def mail_only(self) -> bool:
        """Say whether everything goes by email, however they wrote."""
        return "mail_only" in self.kinds

    @property
    def carried(self) -> str | None:
        """Return how people carry every letter, in words that follow "letters"; None where a sender may take them."""
        found = [words for kind, words in FORMATS.items() if kind in self.kinds]
        made = [words for words in found if words != FORMATS["post_only"]] or found
        print_large = ["in large print"] if made and self.large_print else []
        return " and ".join([*print_large, *made]) or None

    @property
    def calls(self) -> bool:
        """Say whether they may be rung."""
        return self.kinds.isdisjoint({"no_telephone", "mail_only"})

    @property
    def first(self) -> str | None:
        """Return the way that stands first where they are written to."""
        if self.carried:
            return "telephone" if "telephone_only" in self.kinds else "post"
        return "mail" if self.mail_only else None

    def allow(self, way: str) -> bool:
        """Say whether a way is offered; post and a visit always are, so that nobody is ever out of reach."""
        if way == "telephone":
            return self.calls
        if way == "chat":
            return not self.carried and not self.mail_only
        return way != "mail" or not self.carried


NOTHING_AGREED = Wishes()


def at_odds(kind: str, standing: frozenset[str]) -> str | None:
    """Return a kind that stands and cannot be kept to together with another."""
    return next((other for other in sorted(standing) if frozenset({kind, other}) in APART), None)
