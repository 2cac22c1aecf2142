"""What an error of the Graph API means for a letter, by its code and subcode; Meta's sentences may quote residents, so go nowhere.

Codes: Graph API error handling; Messenger Platform error codes; WhatsApp Cloud API error codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from intake.channel import DeliveryFailure, PermanentFailure, RouteClosed, TemporaryFailure
from intake.meta.json_values import Json, part

RESTRICTED = 1893063
WINDOW = frozenset({(10, 2018278), (10, 2534022), (10, RESTRICTED), (131047, None)})
"""Too late for the platform: Messenger, Instagram, a page that was restricted, WhatsApp."""
BLOCKED = frozenset({(551, None), (200, 1545041), (551, 1545041), (10, 2018108), (200, 2018108)})
GONE = frozenset({(100, 2018001), (100, 2534014), (131026, None)})
"""No such person any more, or nobody whom a letter can reach."""
BUSY = frozenset(
    {1, 2, 4, 17, 32, 341, 613, 1200, 80001, 80002, 80006, 80007, 80008}
    | {130429, 131000, 131016, 131048, 131056, 131057, 133004, 135000}
)
"""Faults and limits that pass by themselves."""
OURS = frozenset({0, 3, 10, 102, 190, 368, 130497, 131005, 131031, 131042, 131045, 133010})
"""What our own people must mend: the token, a permission, an account that is locked or not paid."""
PERMISSIONS = range(200, 300)
TAKEN_ALL_THE_SAME = (1, 1357046)
"""Meta's own words of it: the messages are all sent, and an error is answered."""
GATEWAYS = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
"""Answered without an error of the Graph API's, by whoever stands before it and has waited too long."""
PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_TRACE = re.compile(r"[\w-]{1,40}", re.ASCII)
Ending = Literal["window", "blocked", "gone"]


class NeedsMending(TemporaryFailure):
    """No letter goes out before our own people have mended something: they are told."""


class Restricted(RouteClosed):
    """The page as a whole may not write for now: staff are told, and this letter goes another way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphError:
    """An error as the Graph API tells it; ``trace`` is what Meta's support asks for."""

    status: int
    code: int | None = None
    subcode: int | None = None
    trace: str = ""

    @property
    def sentence(self) -> str:
        """Say what was answered, in numbers only."""
        numbers = "/".join(str(number) for number in (self.code, self.subcode) if number is not None)
        said = f"Meta answered {self.status}" + (f", error {numbers}" if numbers else "")
        return said + (f" (fbtrace_id {self.trace})" if self.trace else "")

    @property
    def is_ours(self) -> bool:
        """Say whether our own people must mend something before any letter can go out."""
        refused = self.status == HTTPStatus.UNAUTHORIZED
        return self.ending is None and (refused or self.code in OURS or self.code in PERMISSIONS)

    @property
    def ending(self) -> Ending | None:
        """Say whether, and why, nothing more may go to this person this way."""
        pairs = {(self.code, self.subcode), (self.code, None)}
        known: tuple[tuple[Ending, Any], ...] = (("window", WINDOW), ("blocked", BLOCKED), ("gone", GONE))
        return next((ending for ending, codes in known if pairs & codes), None)

    @property
    def leaves_open(self) -> bool:
        """Say whether what was asked may have been done all the same."""
        return (self.code, self.subcode) == TAKEN_ALL_THE_SAME or (self.code is None and self.status in GATEWAYS)

    @property
    def passes(self) -> bool:
        """Say whether it is worth asking again, by and by."""
        return self.status in PASSING or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.code in BUSY


def error_of(status: int, answer: Json) -> GraphError:
    """Read the error out of an answer."""
    told = part(answer, "error")
    trace = told.get("fbtrace_id")
    return GraphError(
        status=status,
        code=_number(told.get("code")),
        subcode=_number(told.get("error_subcode")),
        trace=trace if isinstance(trace, str) and _TRACE.fullmatch(trace) else "",
    )


def failure_of(error: GraphError) -> DeliveryFailure:
    """Return what the error means for the letter."""
    if error.ending is not None:
        kind = Restricted if error.subcode == RESTRICTED else RouteClosed
        return kind(error.sentence, error.ending)
    if error.is_ours:
        return NeedsMending(error.sentence)
    return TemporaryFailure(error.sentence) if error.passes else PermanentFailure(error.sentence)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
