"""Finds words that are meant for a machine and not for the landlord: they are cut out before scoring, and a person looks."""

from __future__ import annotations

import re
from typing import Final

REACH_BACK: Final = 60
REACH_ON: Final = 120
"""How many characters of its sentence go with a find, so that a message without full stops does not go with it."""

# Only what a resident would not write to a landlord: "please treat this as a formal complaint" must never be cut.
_MEANT_FOR_A_MACHINE = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|my\s+|of\s+|these\s+|those\s+){0,4}
        (?:previous|prior|above|earlier|preceding|original|system)\s+(?:instruction|rule|prompt|direction|command|guideline)s?
  | \b(?:system|hidden|initial|secret)\s+prompts?\b
  | \bsystem\s+override\b
  | \byou\s+are\s+(?:now\s+)?(?:in\s+)?(?:an?\s+)?(?:developer|maintenance|debug|admin|jailbreak|dan)\s+mode\b
  | \byou\s+are\s+(?:now\s+)?an?\s+(?:ai|a\.i\.|language\s+model|chatbot|helpful\s+assistant|automated\s+assistant)\b
  | \b(?:note|message|instructions?|attention|memo)\s*(?:to|for|:)\s+(?:the\s+|any\s+|all\s+)?
        (?:ai|a\.i\.|bot|llm|language\s+model|classifier|automated\s+(?:assistant|system|reader))\b
  | \b(?:ai|assistant|llm|model|bot|system)\s+instructions?\b\s*[:=-]
  | \baddressed\s+to\s+the\s+(?:ai|bot|automated\s+\w+|classifier)\b
  | \b(?:classify|categorise|categorize|label|tag|mark|route|file)\s+(?:\w+\s+){0,6}(?:as|to)\s+["'“‘]?
        (?:[a-z]+_[a-z_]+|spam|junk)\b
  | \bset\s+(?:the\s+)?(?:category|route|confidence|priority|flags?|safeguarding|emergency|vulnerable)\s+(?:to|=)\s
  | <\|[a-z_]+\|> | \[/?inst\] | ^\#{2,}\s*(?:system|assistant|instruction)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
# One of these stands in every find; looking for them first costs a tenth of what the pattern does.
_HINTS: Final = (
    *("ignore", "disregard", "forget", "overrid", "prompt", " mode", " ai", "(ai", "ai ", "a.i.", "bot", "llm", "model"),
    *("classifi", "automated", "assistant", "instruction", "spam", "junk", "_", "set ", "<|", "inst]", "##"),
)
_SENTENCE_END = re.compile(r"[.!?\n]")


def machine_words(text: str) -> list[tuple[int, int]]:
    """Return the half-open character ranges to leave out, each at most a sentence."""
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return []
    return [_sentence(text, found) for found in _MEANT_FOR_A_MACHINE.finditer(text)]


def _sentence(text: str, found: re.Match[str]) -> tuple[int, int]:
    before = text[max(0, found.start() - REACH_BACK) : found.start()]
    ends = list(_SENTENCE_END.finditer(before))
    start = found.start() - len(before) + (ends[-1].end() if ends else 0)
    after = _SENTENCE_END.search(text, found.end(), found.end() + REACH_ON)
    return start, after.end() if after else min(len(text), found.end() + REACH_ON)
