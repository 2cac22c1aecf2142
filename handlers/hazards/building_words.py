"""Words that tell of a building's safety: fire that may spread, a structure that may fail, or whoever must see to them (s.93).

A machine takes a message for building safety where it speaks so and names a building of the register that is higher-risk; the
classifier's own flag stands beside it. Tuned for recall: a person takes the flag off with one act.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from classifiers.taxonomy import Flag
from handlers.hazards.buildings import Buildings
from handlers.understanding import Understood

Limb = Literal["fire", "structure", "person"]
LIMBS: dict[str, str] = {
    "fire": "Fire may spread (doors, cladding, ways out, alarms, sprinklers)",
    "structure": "The structure may fail (cracks, movement, falling parts)",
    "person": "How the accountable person does their duties (tests, papers, answers)",
}
_SPOKEN: dict[Limb, re.Pattern[str]] = {
    "fire": re.compile(
        r"\bfire (?:door|exit|escape|alarm|stopping|break|risk|safety|brigade|spread|panel)\w*|\bcladding\b|\bsprinkler\w*|\bdry riser\w*"
        r"|\b(?:smoke|fire) (?:vents?|detectors?|curtains?)|\bcompartment\w*|\bevacuat\w*|\bescape (?:route|stair)\w*|\bstay put\b"
        r"|\bcombustible\w*|\b(?:block\w*|lock\w*|chain\w*|obstruct\w*)\b.{0,30}\b(?:exit|stair\w*|escape|landing|corridor)s?\b"
        r"|\bbatter(?:y|ies)\b.{0,40}\b(?:charg\w+|landing|corridor|stair\w*|hallway)\b|\binsulation\b.{0,30}\b(?:fire|burn\w*)\b"
    ),
    "structure": re.compile(
        r"\b(?:crack\w*|mov(?:ed|ing)|lean\w*|bulg\w*|sagg\w*|crumbl\w*|corrod\w*|rust\w*|spall\w*)\b.{0,60}"
        r"\b(?:wall|column|pillar|beam|balcon\w+|slab|concrete|structure|facade|building|stair\w*|joint|panel)s?\b"
        r"|\b(?:balcon\w+|concrete|masonry|bricks?|panels?|render|window\w*)\b.{0,40}\b(?:fall\w*|fell|loose|coming (?:off|away)|collaps\w*)\b"
        r"|\bstructur\w+ (?:fail\w*|crack\w*|damage\w*|engineer\w*|safety|survey|unsafe)|\bcollaps(?:e|ed|ing)\b|\braac\b|\blarge panel system\b"
    ),
    "person": re.compile(
        r"\baccountable person\b|\bbuilding safety (?:manager|case|act|regulator|complaint)|\bfire risk assessments?\b|\bsafety case\b"
        r"|\bresident engagement strategy\b|\bfire (?:drills?|plan|instructions|tests?)\b"
    ),
}


def limbs_of(text: str) -> tuple[Limb, ...]:
    """Return in which ways words tell of a building's safety."""
    words = " ".join(text[:20_000].lower().split())
    return tuple(limb for limb, pattern in _SPOKEN.items() if pattern.search(words))


def flagged(found: Understood, buildings: Buildings) -> Understood:
    """Return a judged message with the flag where it speaks of a higher-risk building's safety; any other as it was."""
    verdict = found.verdict
    if verdict is None or Flag.BUILDING_SAFETY in verdict.flags or not buildings.rows:
        return found
    words = f"{found.reading.subject}\n{found.reading.new_text}"
    home = found.reading.contact.home if found.reading.contact is not None else None
    if not any(building.higher_risk for building in buildings.named(words, home)) or not limbs_of(words):
        return found
    flags = {*verdict.flags, Flag.BUILDING_SAFETY}
    return replace(found, verdict=replace(verdict, flags=tuple(flag for flag in Flag if flag in flags)))
