"""What the SMTP door says: each answer with its enhanced status code (RFC 3463), none with a detail of ours."""

from __future__ import annotations

import re

OK = "250 2.0.0 ok"
SENDER_OK = "250 2.1.0 sender ok"
RECIPIENT_OK = "250 2.1.5 recipient ok"
BYE = "221 2.0.0 bye"
GO_ON = "354 end data with <CRLF>.<CRLF>"
TRY_LATER = "451 4.3.0 not now, please try again later"
NO_DISK = "452 4.3.1 not enough storage, please try again later"
TOO_BIG = "552 5.3.4 message too big"
TOO_MANY_RECIPIENTS = "452 4.5.3 too many recipients, send the rest separately"
UNKNOWN_RECIPIENT = "550 5.1.1 no such recipient here"
LOOP = "554 5.4.6 too many hops: this mail is in a loop"
TOO_MANY_CONNECTIONS = "421 4.7.0 too many connections, please try again later"
STOPPING = "421 4.3.2 stopping, please try again later"
NOT_FOR_YOU = "554 5.7.1 no mail is taken from your address here"
TIMED_OUT = "421 4.4.2 no command for too long"
NO_AUTH = "502 5.5.1 no authentication here"

_PLAIN = re.compile(r"([245]\d\d) (?![245]\.\d{1,3}\.\d{1,3} )")
_DETAIL = {
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "530": "5.7.0",
    "552": "5.3.4",
    "553": "5.1.3",
    "554": "5.7.0",
    "555": "5.5.4",
    "252": "2.5.2",
    "454": "4.7.0",
}


def with_status(answer: str) -> str:
    """Return the answer with an enhanced status code, which we announce (RFC 2034 section 4); greetings stay bare."""
    plain = _PLAIN.match(answer)
    if plain is None or answer.startswith("220"):
        return answer
    code = plain.group(1)
    return f"{code} {_DETAIL.get(code, code[0] + '.0.0')} {answer[4:]}"
