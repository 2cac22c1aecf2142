"""Words that an officer should look at twice before a letter holds them (Ombudsman's findings, plain English)."""

from __future__ import annotations

UNUSUAL = {
    "alleged": "say “you told us that …”",
    "you claim": "say “you told us that …”",
    "claims that": "say “told us that …”",
    "made up": "say what is not clear yet",
    "unfortunately": "say what happens and why; if it is our fault, say sorry",
    "as previously advised": "say it again, in full",
    "as stated": "say it again, in full",
    "you failed": "say what happened, without blame",
    "your failure": "say what happened, without blame",
    "you should have": "say what can be done now",
    "your fault": "say what happened, without blame",
    "your lifestyle": "the Ombudsman has found against landlords for this: say what we do about the home",
    "opening windows": "the Ombudsman has found against landlords for this: say what we do about the home",
    "tumble dryer": "the Ombudsman has found against landlords for this: say what we do about the home",
    "any inconvenience": "say what it has meant for them, and say sorry for that",
    "regrettably": "say “we are sorry that …”",
    "pursuant": "say “under” or “because of”",
    "aforementioned": "say which",
    "hereby": "leave it out",
    "in respect of": "say “about”",
    "with regard to": "say “about”",
    "do not hesitate": "say how to reach you",
    "informal": "there is no informal complaint (Code 5.3)",
    "stage 0": "there is no stage 0 (Code 5.3)",
    "vexatious": "a restriction needs its own letter (Code 5.14, 5.15)",
    "frivolous": "a refusal needs its own letter (Code 2.3)",
}
"""Words of letters that the Ombudsman found cold, blaming or unclear, each with what to do instead."""
