"""What is known of one language beside English, in the shape of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from classifiers.taxonomy import Category, Flag

Glossed = Mapping[str, str]
"""Phrases, each with what it means in English."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """One language's danger words and small words; ``code`` is that of ISO 639-1."""

    code: str
    phrases: Mapping[Flag | Category, Glossed]
    without: Glossed = field(default_factory=dict)
    """No heating, no power: an emergency where a text also holds one of ``frail``."""
    frail: Glossed = field(default_factory=dict)
    """Somebody, or some weather, that makes cold or darkness dangerous."""
    small_words: str = ""
    """Frequent words that no English text holds, parted by blanks; a script of its own needs none."""
    tones: bool = False
    """Whether marks tell words apart: a word that is typed with marks must bear those of the phrase."""
    clitics: bool = False
    """Whether small words are written onto the next one, so that a word is looked for with and without them."""
