"""Whether somebody who answers an acknowledgement says that it understood them wrongly; doubt stays an ordinary reply."""

from __future__ import annotations

import re

_CORRECTS = re.compile(
    r"\bmis(?:understood|understanding|read)\b|\bmisunderst[ao]"
    r"|\b(?:that|this|it|which|point \w+) (?:is|was|are|were)(?: not|n't) (?:quite |really )?(?:right|correct|true|what i (?:said|meant|wrote|complained))\b"
    r"|\bnot what i (?:said|meant|wrote|complained|am complaining)\b|\bi (?:never|did not|didn't) (?:say|said|write|wrote|mean)\b"
    r"|\byou(?: have|'ve)? (?:got|missed|left|forgot|forgotten|put) .{0,60}?\b(?:wrong|out|that|point|part|to say|down)\b"
    r"|\b(?:got|have|had) (?:it|this|that|point \w+|my \w+) wrong\b|\bi meant\b|\bshould (?:say|read)\b"
    r"|\bcorrect(?:ion|ions)\b|\bplease (?:correct|change|add)\b|\bmissed (?:out )?(?:the|my|a) (?:point|part)\b"
    r"|\bit (?:is|was) [^.!?\n]{1,60}?,? not (?:the|on|in|at|my|a|an)\b",
    re.IGNORECASE,
)


def corrects(text: str) -> bool:
    """Tell whether the words put right what we understood."""
    return _CORRECTS.search(text) is not None
