"""A reference as one reads it out on the telephone: in groups, each spelled on a bad line."""

from __future__ import annotations

LETTERS = (
    *("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike"),
    *(
        "November",
        "Oscar",
        "Papa",
        "Quebec",
        "Romeo",
        "Sierra",
        "Tango",
        "Uniform",
        "Victor",
        "Whiskey",
        "X-ray",
        "Yankee",
        "Zulu",
    ),
)
SPELLING = {word[0]: word for word in LETTERS} | dict(
    zip("0123456789", ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), strict=True)
)
"""Each character of a reference as one says it on a bad line (the ICAO alphabet)."""
GROUP = 3


def groups(reference: str) -> list[str]:
    """Return a reference in groups that can be said in one breath: LBL, 26, 4F7, K2P, 9D."""
    return [part[start : start + GROUP] for part in reference.split("-") for start in range(0, len(part), GROUP)]


def spoken(reference: str) -> list[str]:
    """Return each group as one spells it on the telephone: "Lima Bravo Lima"."""
    return [" ".join(SPELLING.get(character, character) for character in group) for group in groups(reference)]
