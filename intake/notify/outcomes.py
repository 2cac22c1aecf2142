"""What an answer of Notify's, or the lack of one, means for a letter.

Only its status and the kind of its errors are heeded (they are documented), and which field of ours its sentence begins
with. The sentences themselves may quote a resident, so they go nowhere.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from notifications_python_client.errors import APIError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from intake.channel import DeliveryFailure, PermanentFailure, TemporaryFailure, UncertainOutcome

OURS = re.compile(r"\b(?:template_id|email_reply_to_id|personalisation|sanitise_content_for|reference)\b", re.IGNORECASE)
"""Fields that our own people fill in or set up: where one of them is wrong, every letter would be refused."""
DAILY_LIMIT = "TooManyRequestsError"
GATEWAYS = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
"""Answered by whoever stands before Notify and has waited too long: what was asked may have been done."""
LETTERS_OWN = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
NEVER_LEFT = (NewConnectionError, ConnectTimeoutError)
_KIND = re.compile(r"[A-Za-z]{1,40}")


class NeedsMending(TemporaryFailure):
    """No letter goes out before our own people have mended something: they are told."""


class Refused(PermanentFailure):
    """Notify will not take this letter, as far as can be told from the answer alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer other than yes: its status, the kinds of its errors, and whether they speak of what we set up."""

    status: int
    kinds: tuple[str, ...] = ()
    of_our_setup: bool = False

    @property
    def sentence(self) -> str:
        """Say what was answered, and quote nothing."""
        return f"GOV.UK Notify answered {self.status}" + (f" ({', '.join(self.kinds)})" if self.kinds else "")


def failure_of(error: APIError) -> DeliveryFailure:
    """Return what a failed call means for the letter that it carried."""
    if error.response is None:
        return _unanswered(error)
    answer = _answer(error.response)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = NeedsMending if DAILY_LIMIT in answer.kinds else TemporaryFailure
        return kind(answer.sentence)
    if answer.status in GATEWAYS or (answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not answer.kinds):
        return UncertainOutcome(answer.sentence)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TemporaryFailure(answer.sentence)
    if answer.status in LETTERS_OWN and not answer.of_our_setup:
        return Refused(answer.sentence)
    return NeedsMending(f"{answer.sentence}: {_to_mend(answer)}")


def nonsense(error: APIError) -> DeliveryFailure:
    """Return what a yes means that cannot be read: the letter may well have been taken."""
    status = "nothing" if error.response is None else error.response.status_code
    return UncertainOutcome(f"GOV.UK Notify answered {status}, and the rest made no sense")


def _to_mend(answer: Answer) -> str:
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "look at the key, and whether this machine's clock is right"
    return "look at the template, template_id and reply_to_id" if answer.of_our_setup else "look at template_id and base_url"


def _unanswered(error: APIError) -> DeliveryFailure:
    """Tell a call that never left this machine from one on which the line broke, or nobody answered in time."""
    cause = error.__cause__
    said = f"GOV.UK Notify cannot be reached: {type(cause).__name__}"
    if isinstance(cause, requests.ConnectTimeout):
        return TemporaryFailure(said)
    reason = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    why = reason.reason if isinstance(reason, MaxRetryError) else None
    if isinstance(why, NEVER_LEFT):
        return TemporaryFailure(said)
    # Other faults of the encryption may come when all was said; this one, only before anything is.
    if isinstance(why, SSLError) and why.args and isinstance(why.args[0], ssl.SSLCertVerificationError):
        return NeedsMending(f"{said}: its certificate is not trusted: look at ca_file and base_url")
    return UncertainOutcome(f"the line to GOV.UK Notify broke before the answer: {type(cause).__name__}")


def _answer(response: requests.Response) -> Answer:
    errors = _errors(response)
    kinds = (kind for error in errors if isinstance(kind := error.get("error"), str) and _KIND.fullmatch(kind))
    return Answer(
        status=response.status_code,
        kinds=tuple(dict.fromkeys(kinds)),
        of_our_setup=any(OURS.search(str(error.get("message", ""))) for error in errors),
    )


def _errors(response: requests.Response) -> list[dict[str, Any]]:
    try:
        told: Any = response.json()
    except (ValueError, RecursionError):
        return []
    errors = told.get("errors") if isinstance(told, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
