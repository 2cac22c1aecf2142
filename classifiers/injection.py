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
# Few messages name a machine or have a word of each of two such groups; one of those stands in every find, and to look
# for them first costs a tenth of what the pattern does.
_MACHINES: Final = ("a.i.", "llm", "model", "classifier", "automated", "assistant", "<|", "inst]", "##")
_SHORT_MACHINES: Final = (re.compile(r"ai\b"), re.compile(r"bot\b"))
_PAIRS: Final = (
    (("ignore", "disregard", "forget", "override"), ("instruction", "rule", "prompt", "direction", "command", "guideline")),
    (("prompt", "override", "instruction"), ("system", "hidden", "initial", "secret")),
    (("mode",), ("developer", "maintenance", "debug", "admin", "jailbreak", "dan")),
    (("_", "spam", "junk"), ("classify", "categori", "label", "tag", "mark", "route", "file")),
    (("category", "route", "confidence", "priority", "flag", "safeguarding", "emergency", "vulnerable"), ("set",)),
)
_SENTENCE_END = re.compile(r"[.!?\n]")


def machine_words(text: str) -> list[tuple[int, int]]:
    """Return the half-open character ranges to leave out, each at most a sentence."""
    if not _hinted(text):
        return []
    return [_sentence(text, found) for found in _MEANT_FOR_A_MACHINE.finditer(text)]


def _hinted(text: str) -> bool:
    lower = text.lower()
    if not text.isascii():
        # Letters that the pattern takes for "i" and "s", as it looks at neither case.
        lower = lower.replace("\u0307", "").replace("ı", "i").replace("ſ", "s")
    if _one_of(_MACHINES, lower) or any(word.search(lower) for word in _SHORT_MACHINES):
        return True
    return any(_one_of(first, lower) and _one_of(second, lower) for first, second in _PAIRS)


def _one_of(words: tuple[str, ...], text: str) -> bool:
    for word in words:  # noqa: SIM110 - `any` over a generator takes three times as long
        if word in text:
            return True
    return False


def _sentence(text: str, found: re.Match[str]) -> tuple[int, int]:
    before = text[max(0, found.start() - REACH_BACK) : found.start()]
    ends = list(_SENTENCE_END.finditer(before))
    start = found.start() - len(before) + (ends[-1].end() if ends else 0)
    after = _SENTENCE_END.search(text, found.end(), found.end() + REACH_ON)
    return start, after.end() if after else min(len(text), found.end() + REACH_ON)
