"""How hard words are to read, as a school grade: shown to who writes a letter, and held to for all of ours (design section 4)."""

from __future__ import annotations

import re

AGE_AT_GRADE_0 = 5
"""Children begin the first grade at six."""
EASY = 6
"""The grade that our own letters stay below: a reading age of eleven."""
ENDS = (".", "?", "!")
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|\b[\w.]+\.org\.uk\b|[A-Z]{3}-\d\d-\S+|\b0[\d ]{6,}\d\b")


def syllables(word: str) -> int:
    """Count a word's syllables as its groups of vowels, a silent e left out: near enough for a grade."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of the sentences of a letter; addresses and names of offices are no sentences.

    A text without any sentence has grade 0.
    """
    lines = [line.lstrip("- ") for line in text.splitlines() if line.rstrip().endswith(ENDS)]
    prose = _NO_WORDS.sub("it", " ".join(lines))
    said = [sentence for sentence in re.split(r"[.!?]+(?:\s|$)", prose) if re.search(r"[A-Za-z]", sentence)]
    words = [word for sentence in said for word in re.findall(r"[A-Za-z'’]+", sentence)]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def reading_age(words: str) -> int | None:
    """Return from which age on somebody's own words can be read, each line being a sentence at least; None without any."""
    lines = [line.strip() for line in words.splitlines() if re.search(r"[A-Za-z]", line)]
    if not lines:
        return None
    whole = "\n".join(line if line.endswith(ENDS) else f"{line}." for line in lines)
    return max(AGE_AT_GRADE_0, AGE_AT_GRADE_0 + round(grade(whole)))


def advice(words: str) -> str:
    """Say in one sentence how hard somebody's words are to read, or nothing where there are none."""
    age = reading_age(words)
    if age is None:
        return ""
    if age <= AGE_AT_GRADE_0 + EASY:
        return f"Reading age of your words: about {age}. Most people can read this."
    return f"Reading age of your words: about {age}. Letters should be readable at 11: use shorter sentences and plainer words."
