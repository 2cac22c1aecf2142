"""What only somebody who writes to a machine writes, and what may stand beside it; all in the small letters of a folded text.

A resident writes "please treat this as a formal complaint", "ignore my last message" or "is this a bot": none of it is here.
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.taxonomy import Category, Flag, Reason

LABELS: Final = "|".join(sorted(one for kind in (Category, Reason, Flag) for one in kind if "_" in one))
"""The taxonomy's own names as no resident spells them, but in the name of a photograph."""
_LABEL: Final = (
    rf"(?:{LABELS})\b(?![-\ (]{{0,2}}\d{{0,4}}\)?\.(?:jpe?g|jfif|png|gif|webp|bmp|heic|tiff?|pdf|docx?|txt|mp4|mov|mp3|m4a)\b)"
)
_MACHINE: Final = r"""(?:ai|a\.i\.|llms?|gpt(?:-?\w+)?|chatgpt|copilot|chatbot|classifier|machine\ learning\ \w+|algorithm
    |(?:large\ )?language\ models?|(?:ai|virtual|automated|automatic|digital|triage)\ (?:model|system|assistant|reader|tool|agent|classifier|triage|bot|process\w*)
    |(?:triage|routing|text|message)\ (?:ai|bot|model|classifier|classification\ \w+))"""
_RULES: Final = (
    r"(?:instruction|rule|prompt|direction|command|guideline|directive|order|guidance|constraint|programming|restriction)s?"
)
_LABELLING: Final = r"(?:classify|categori[sz]e|label|tag|mark|route|file|assign|treat|log|record|set|score)"
_ORDER: Final = rf"""(?:(?:please|you\ must|you\ should|you\ are\ to|kindly|now|just|only|always|never|do\ not|don'?t)\ ){{0,2}}
    (?:{_LABELLING}|flag|raise|escalate|ignore|disregard|forget|return|output|respond|reply|answer|choose|select|say|close|approve)\b"""
"""What an order begins with."""

MEANT_FOR_A_MACHINE: Final = re.compile(
    rf"""
    \b(?:ignore|disregard|forget|override|bypass|discard|overwrite|abandon)\s+(?:(?:all|any|the|your|of|these|those|every|each|and)\s+){{0,4}}
        (?:previous|prior|above|earlier|preceding|original|system|initial|foregoing|existing)\s+(?:(?:\w+|and)\s+){{0,2}}?{_RULES}\b(?![^\S\n]+(?:i|we)\b)
  | \b(?:ignore|disregard|forget|override|bypass)\s+(?:all|any|your|every)\s+(?:of\s+)?(?:your\s+|the\s+)?
        (?:instructions?|prompts?|programming|directives?|training|system\ rules|safety\ \w+)\b(?![^\S\n]+(?:i|we|on|in|from|for|of|at|given)\b)
  | \b(?:ignore|disregard|forget)\s+(?:everything|anything|all\ (?:that|text|content))\s+(?:you\s+(?:were|have\ been|know|'ve\ been)|above\b|written\ above|before\ this\ line)
  | \bstop\s+(?:following|obeying)\s+(?:your|the|all|any)\s+(?:\w+\s+)?(?:instructions?|prompts?|guidelines|programming)\b
  | \bforget\s+(?:that\s+)?you\s+are\b[^.\n]{{0,30}}\b(?:bot|ai|assistant|model|classifier)\b
  | \b(?:system|hidden|initial|secret|original)\s+prompts?\b(?!\s+(?:me|us|you|for|to|says|asks|repairs?|attention|response|reply|action|service)\b) | \bprompt\s+injection\b | \bjailbreak(?:ed|ing)?\b | \bdan\s+(?:can|will|may)\s+do\ anything\ now\b
  | \b(?:system|admin|administrator|developer|root|supervisor|classifier|ai)\s+override\b | \boverride\s+(?:code|mode|protocol)\b
  | \byou\s+are\s+(?:now\s+)?(?:in\s+)?(?:an?\s+|the\s+)?(?:developer|maintenance|debug|admin|jailbreak|dan|god|test|unrestricted)\s+mode\b
  | \b(?:enter|enable|activate|switch\s+(?:in)?to|engage)\s+(?:\w+\s+)?(?:developer|debug|admin|jailbreak|dan|god|unrestricted)\s+mode\b
  | \byou\s+are\s+(?:now\s+)?(?:an?|the|our|just\s+an?)\s+(?:\w+\s+){{0,3}}?(?:ai|a\.i\.|language\s+model|chatbot|helpful\s+assistant|automated\s+assistant|llm|classifier)\b
  | \byou\s+are\s+(?:now\s+)?dan\b | \byou\s+are\s+now\s+(?:an?\s+)?(?:\w+\s+){{0,3}}?(?:bot|assistant|model|(?:ai|triage|routing|autonomous)\s+agent|router)\b
  | \bif\s+you\s+are\s+(?:an?\s+|the\s+)?{_MACHINE}\b | \bas\s+an\s+(?:ai|llm)\b
  | \b(?:pretend\s+to\s+be|act\s+as|behave\s+(?:as|like)|role-?play\s+as)\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,3}}?(?:ai|assistant|model|terminal|classifier|llm|dan)\b
  | \b(?:note|message|instructions?|attention|memo|notice|reminder|request|orders?|hint|commands?|guidance|attn|psa|warning)\s*(?:to|for|:|-)\s*
        (?:(?:the|any|all|our|this|every|whichever|your|council'?s?|housing)\s+){{0,3}}(?:{_MACHINE}|bot|(?<=the\ )model)\s*[,:;-]+\s*{_ORDER}
  | (?:^|[.!?>"'(\[]|--)[ \t*]*(?:note|message|instructions?|attention|memo|notice|reminder|request|orders?|hint|commands?|guidance|attn|psa|warning)\s*(?:to|for|:|-)\s*
        (?:(?:the|any|all|our|this|every|whichever|your|council'?s?|housing)\s+){{0,3}}(?:{_MACHINE}|bot|(?<=the\ )model)[ \t]*:
  | \b(?:dear|hey|hello|hi|ok|attention|attn)(?:\ ?:)?[^\S\n]+(?:(?:the|any|all|our|every|whichever)\s+){{0,2}}{_MACHINE}\s*(?:[,:;!-]|\b(?:that|which|who|reading|reads|processing|handling|seeing|looking|behind)\b)
  | \b(?:to|for)(?:\ ?:)?[^\S\n]+(?:(?:the|any|all|our|every|whichever)\s+){{0,2}}{_MACHINE}\s*
        (?:[,:;!-]+\s*{_ORDER}|\b(?:(?:that|which|who)\s+(?:is\s+)?)?(?:reading|reads|processing|processes|handling|handles|seeing|sees)\s+(?:this|these|it|my)\b)
  | \b(?:ai|assistant|llm|classifier|gpt)\s+(?:instructions?|directive|command|notice|note|message|prompt|task|update)s?\b\s*[:=>-]
  | ^[ \t>*"'\[(\#]*(?:system|machine|model)\s+(?:instructions?|directive|command|notice|note|message|prompt|task|update)s?\b\s*[:=>]
  | \b(?:system|machine|model)\s+(?:instruction|directive|command|prompt)s?\b\s*[:=>]
  | \bbot\s+instructions?\b\s*[:=-]
  | \b(?:new|updated|revised|secret|hidden|additional|following)\s+(?:system\s+)?(?:instructions?|directives?|prompt)\b\s*(?:[:=>]|for\s+(?:the\s+)?{_MACHINE})
  | \byour\s+(?:new|updated|revised)\s+(?:(?:task|goal|objective)\s*(?:is\b|:)|(?:instructions?|directive|prompt)\b)
  | \b(?:end|begin(?:ning)?|start)\s+(?:of\s+)?(?:the\s+)?(?:new|system|user)\s+(?:instructions?|prompt)\b
  | ^[^\w\n]{{0,9}}(?:end|begin|start)\s+(?:of\s+)?(?:the\s+)?(?:instructions?|prompt)\b[^\w\n]{{0,9}}$
  | \baddressed\s+to\s+(?:the\s+)?(?:{_MACHINE}|bot|automated\s+\w+)\b
  | \b(?:the|this|any|every|our|your)\s+(?:{_MACHINE}|model)\s+(?:must|should|shall|will|is\s+to|has\s+to|needs\s+to|ought\s+to)\s+(?:now\s+|not\s+|only\s+|always\s+|never\s+|please\s+)?
        (?:classify|label|categori[sz]e|output|disregard)\b
  | \b(?:the|this|any|every|our|your)\s+(?:ai|llm|gpt|classifier|(?:\w+\s+)?model|(?:triage|routing)\s+(?:ai|bot))\s+(?:must|should|shall|will|is\s+to|has\s+to)\s+(?:now\s+|not\s+|only\s+|always\s+|never\s+)?
        (?:treat|mark|ignore|return|assign|route|flag|score|raise|file)\b
  | \b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)?(?:of\s+)?(?:the\s+)?(?:instructions?|rules|guidelines|prompt|directions)\s+(?:above|before\s+this)\b
  | \b(?:ignore|disregard|forget)\s+(?:whatever|any|what)\s+(?:\w+\s+)?(?:{_RULES}\s+)?you(?:'ve|\s+have|\s+were|\s+had)\s+(?:been\s+)?(?:given|told|taught|trained)\b
  | \byour\s+(?:instructions|system\s+prompt|prompt|programming)\s+(?:have|has)\s+(?:been\s+)?(?:changed|updated|replaced|revised)\b
  | \b(?:repeat|print|reveal|show|output|tell)\s+(?:me\s+)?(?:the\s+)?(?:text\s+of\s+|contents?\s+of\s+)?(?:your|these|all)\s+(?:(?:system|initial|original|hidden|full|exact|internal|complete|secret|previous)\s+)?(?:instructions|prompt)\b
        (?!\s+(?:to|for|on|about|from|regarding|given|in|with|so|repairs?|attention|response|reply|action|service)\b)
  | \btranslate\s+everything\s+(?:above|below)\b | \b(?:when|while|before)\s+you\s+(?:score|classify|label|categori[sz]e)\b | \bartificial\s+intelligence\b[^.\n]{{0,20}}\b(?:must|should|shall)\b
  | \b(?:this|your|the)\s+(?:classifier|language\s+model|triage\s+model)\b | \bi\s+am\s+(?:the|a|your)\s+developer\s+of\b | \b(?:approved|verified|checked)\s+by\s+(?:openai|anthropic|the\s+ai)\b
  | \bsystem\s+administrator\b[^.\n]{{0,30}}\b(?:instruct|order|command)\s+you\b | \btreat\s+the\s+following\s+as\s+(?:trusted|system|instructions?)\b
  | \bfrom\s+now\s+on,?\s+you\s+(?:are|will\s+be|answer|respond|reply|act|speak|classify)\s+(?:an?\b|as\b|only\b|every|all\b|with\b) | \bclassify\s+accordingly\b
  | \b(?:emergency|safeguarding|vulnerable|priority|admin|verified|urgent|complaint|escalate)\s*=\s*["']?(?:true|false|yes|no|high|low|0|1)\b | \b[a-z]+_[a-z_]+\(|<script\b[^>]{{0,60}}>
  | ^[ \t>*"']*ai(?:\ model)?[ \t]*(?::\s|,\s+{_ORDER}) | \byou\s+(?:must|shall|will|should)\s+(?:now\s+)?{_LABELLING}\b[^.\n]{{0,60}},[ \t]+ai[ \t]*[.!]*$ | ^[ \t]*prompt\s*: | \bcategory\s+is\s+(?:spam|junk|out\s+of\s+scope)\b | \breturn\s+(?:spam|junk|out\s+of\s+scope)\b
  | \b{_LABEL}
  | \b{_LABELLING}\s+(?:\w+\s+){{0,6}}(?:as|to|=)\s+["'“‘`]?(?:[a-z]+_[a-z_]+|spam|junk|out\s+of\s+scope|not\s+for\s+us)\b
  | \b(?:classification|category|label|route|verdict|intent)\s*[:=]+\s*["'“‘`]?(?:[a-z]+_[a-z_]+\b|spam\b|junk\b|out\s+of\s+scope\b|(?:complaint|service\s+request|asb)(?=["'”’`)\] \t]{{0,5}}(?:[.,;|]|$)))
  | \bset\s+(?:the\s+|its\s+|your\s+)?(?:category|route|confidence|flags?|safeguarding|emergency|vulnerable|label|severity|[a-z]+_[a-z_]+)\s*(?:to|=|:)\s
  | \bconfidence\b[^.\n]{{0,15}}\b(?:0?\.\d+|1\.0) | \bconfidence(?:\s+(?:score|level|value))?\s*(?:of|at|to|=|:)\s*(?:100|9\d)\s?%
  | \b(?:respond|reply|answer|output|return|print)\s+(?:only|just|exactly|solely|strictly)\s+
        (?:(?:with\s+|in\s+)?(?:(?:the|a|one|valid|single)\s+){{0,2}}["'“‘`]?(?:json|yaml|label|category)|(?:with\s+)?(?:the|one|a\s+single)\s+word
        |with\s+["'“‘`]?(?:spam|junk|complaint|service\s+request|out\s+of\s+scope))\b
  | \b(?:respond|reply|answer|output|return|print)\s+(?:with\s+|in\s+)?(?:only\s+)?(?:valid\s+|the\s+)?(?:json|yaml|the\s+label|the\s+category|the\s+word\s+["'“‘]?\w+_\w+)\b
  | \b(?:correct|expected|true|gold|final|predicted|target)\s+(?:label|output|classification)\s*(?:is\b|[:=])
  | \{{\s*["'“](?:category|label|class|route|verdict|intent|role|flags|reason|confidence|instruction|system)["'”]\s*:[^}}\n]{{0,300}}\}}?
  | <\|[a-z_]+\|> | \[/?(?:inst|sys|system|assistant)\] | <</?sys>> | </?(?:system|instructions?|prompt|assistant|user_input|user_message|untrusted|context|ai)\b[^>\n]{{0,60}}>
  | ^\#{{1,}}\s*(?:system|assistant|instructions?|new\s+task|response|prompt)\b | ^[ \t>*"'`]*(?:system|assistant|developer)\s*:
  | ^[ \t]*sudo\s | \bdrop\s+table\b
  | \bignor(?:ez|er|a|iere|ieren|e|i|uj|ă|ati|ad|en)\s+(?:\w+\s+){{0,3}}?(?:instructions|anweisungen|instrucciones|instrucoes|istruzioni|instructiunile)\s+(?:precedentes?|anteriores|precedenti|anterioare|de\s+arriba)\b
  | \bignoriere[nt]?\s+(?:\w+\s+){{0,3}}(?:anweisungen|regeln|befehle)\b | \bzignoruj\w*\s+(?:\w+\s+){{0,3}}(?:instrukcj\w+|polecen\w+)\b
  | \bonceki\s+(?:\w+\s+){{0,2}}talimat\w*\b | \bigno(?:ra|re|rar)\s+(?:\w+\s+){{0,3}}(?:instrucciones|instrucoes|istruzioni|regras|reglas)\b
  | \b(?:vergiss|olvida|oublie[zr]?|dimentica|esqueca|zapomnij|ignora|missachte)\s+(?:\w+\s+){{0,3}}?(?:anweisungen|instrucciones|instructions|consignes|istruzioni|instrucoes|instrukcj\w+)\b
  | تجاهل\s+(?:\w+\s+){{0,2}}التعليمات | (?:تمام\s+)?ہدایات\s+کو\s+نظر\s*انداز | নির্দেশ\S*\s+উপেক্ষা
    """,
    re.VERBOSE | re.MULTILINE,
)
_ON_ANY_LINE: Final = rf"""
    \bclassif(?:y|ication|ier)\b | \bcategori[sz]e\b | \blabel\s+(?:this|it|the|every|all|as)\b | \bjson\b | \bdebug\b | \bconfidence\s*[:=]\s*\d | \b{_LABEL}
  | \b(?:system|hidden)\s+prompts? | \boutput\b | \btest\s+data\b | \b(?:comply|obey|unrestricted|jailbreak)\b
  | \bend\s+of\s+(?:the\s+)?(?:system\s+)?(?:instructions?|prompt|input)\b | \bend\s+(?:system\s+)?prompt\b
  | \bdo\s+not\s+(?:raise\s+(?:a|an|any)|log|flag|escalate|acknowledge|classify|label|analyse|show\s+this)\b
  | ^\W{{0,20}}?(?:-->|<!--|```\w{{0,20}}|"{{3}}|\]\]|</?\w{{1,20}}>|\*{{1,20}}/|\}})\W{{0,20}}$
"""
ON_ANY_LINE: Final = re.compile(_ON_ANY_LINE, re.VERBOSE | re.MULTILINE)
"""What makes a sentence the sequel of an order that stands on the line before or after."""
_BEGINS: Final = r"""^\W{0,20}(?:(?:and|then|also|instead|now|so|please|just|always|never|only|simply|kindly
    |you\s+(?:must|should|will|shall|now|are\s+to|have\s+to|need\s+to))\s+){0,3}"""
"""What may stand before the verb of an order: a resident's "the door wont close it sticks" begins otherwise."""
_NAMED_MACHINE: Final = rf"(?:{_MACHINE.replace('(?:ai|', '(?:(?:an|the|any|every|dear|hey|this|our|your) ai|', 1)}|the\s+(?:model|assistant)\s+(?:must|should|shall|will|is|has|needs|can))"
"""A machine by a name that is no word of another language: "ai" alone is French and Vietnamese."""
ON_ITS_LINE: Final = re.compile(
    rf"""
    {_ON_ANY_LINE}
  | {_BEGINS}(?:
        (?:respond|reply|answer|return|print|say|write)\s+(?:only|with|nothing|exactly|just|solely|in\s+(?:one|a\s+single))\b
      | mark\s+(?:\w+\s+){{1,4}}(?:as|resolved|closed|no)\b
      | (?:print|repeat|reveal|show|give|tell|quote)\s+(?:\w+\s+){{0,4}}(?:in\s+full|word\s+for\s+word|verbatim)\b
      | do\s+not\s+(?:raise|open|create|treat|reveal|register|alert|consider|record|follow|process)\b
      | (?:close|delete|resolve|dismiss|discard|archive)\s+(?:this|the|all|every|any|it)\b | approve\s+(?:every|all|any|this)\b
      | treat\s+(?:this|it|the|all|every|everything)\s+(?:\w+\s+){{0,3}}?as\s+(?:an?\s+|the\s+)?
            (?:urgent|closed|resolved|solved|spam|junk|trusted|verified|low|high|highest|out|emergency|test|nothing|complete|general|not)\b
      | set\s+(?:the|its|all|every|priority)\b
      | (?:flag|tag|score|rate|route|rank|assign|prioriti[sz]e)\s+(?:this|it|the|as|to|all|every)\b
      | (?:system|user|assistant|developer|admin(?:istrator)?)\s*[:>\]]
      | developer\s+mode\b )
  | ^\W{{0,20}}(?:(?:and|so|now)\s+)?you\s+(?:(?:will|must|should|shall)\s+(?:now|always|never|only|instead|treat|answer|classify|respond|reply)
      | are\s+(?:now|no\s+longer|free|allowed)|now\s+(?:approve|answer|obey|act|work|serve|follow))\b
  | \bis\s+classified\s+as\b | \b(?:correct|right|true|final)\s+label\b | \bthe\s+label\s+(?:is|must|should|shall|will)\b | \b(?:your|this|the|previous|prior)\s+prompts?\b | \bprompts\b
  | \b(?:new|these|those|all|any|(?:the\s+)?(?:above|previous|prior|following))\s+instructions\b | \boverrid | \b{_NAMED_MACHINE}\b
  | \bconfidence\s*(?:score|level|value)?\s*(?:of|at|to|is|=|:)?\s*\d | \b(?:set|close|get|add|is|mark|approve|route)_[a-z_]+\b
  | \btest\s+(?:message|case)\b | \bfrom\s+now\s+on,?\s+(?:you|every|all|each|any|this)\b | \b(?:completion|result)\s*:
  | \bno\s+(?:human|person|officer)\s+(?:is\s+(?:to|needed|required)|needs?\s+to|should|must|may|review)\b | \bend\s+of\s+(?:message|text|note|user)\b
  | \bthe\s+(?:above|following|previous|preceding|next|rest\s+of\s+the)\s+(?:text|message|content|words|lines?)\b
  | \bhighest\s+(?:priority|compensation|score|band)\b
  | ^\W*(?:it|this)\s+is\s+not\s+(?:an?\s+)?(?:complaint|service\s+request|emergency|report)\W*$
    """,
    re.VERBOSE | re.MULTILINE,
)
"""The same where the order stands on the same line."""
HINTS: Final = (
    *"""
    ignor disregard forget overrid bypass discard overwrite abandon guideline instruct directive prompt programming
    jailbr mode llm gpt copilot chatbot assistant classif categor algorithm machine automat virtual digital triage
    terminal system developer task goal objective spam junk scope label route verdict intent confidence json yaml output
    _ { < [ # sudo above score olvida oublie zapomnij vergiss dimentica esqueca missachte translate artificial openai
    anthropic onceki تجاهل ہدایات উপেক্ষা
    """.split(),  # noqa: SIM905 - one word a line would fill the page
    "do anything now",
    "you are now",
    "drop table",
    "from now on",
    "what you",
    "whatever",
)
SHORT_HINTS: Final = re.compile(
    r"\b(?:ai|a\.i\.|bot|dan|set|for\s+us)\b|\b(?:respond|reply|answer|return|print)\s+(?:only|just|exactly|solely|strictly)\b"
)
"""Of these, one stands in every find; to look for them first costs a twentieth of what the pattern does."""
