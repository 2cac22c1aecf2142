"""Calls by the official client: each in a thread, with a session and a key of its own, and a deadline for the whole of it.

The client's ``timeout`` bounds each wait for a piece of an answer and not all of it, and its session must not be shared.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import requests
from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from intake.channel import TemporaryFailure, UncertainOutcome
from intake.notify.outcomes import NeedsMending, failure_of, nonsense
from intake.notify.settings import Settings, WrongKey

T = TypeVar("T")
Json = dict[str, Any]


class Calls:
    """Makes calls for one service; few at a time."""

    def __init__(self, settings: Settings) -> None:
        """Call nobody yet."""
        self._settings = settings
        self._threads = ThreadPoolExecutor(max_workers=settings.connections, thread_name_prefix="notify")

    async def call(self, job: Callable[[NotificationsAPIClient], T]) -> T:
        """Return what the job returns; raise a ``DeliveryFailure``, ``UncertainOutcome`` where it may have been done."""
        waiting = self._threads.submit(self._do, job)
        try:
            async with asyncio.timeout(self._settings.deadline):
                return await asyncio.wrap_future(waiting)
        except TimeoutError as error:
            # What had no turn was taken out of the queue by the deadline, and will never be done.
            if waiting.cancelled():
                raise TemporaryFailure("GOV.UK Notify is too slow: the letter had no turn in time") from error
            raise UncertainOutcome("GOV.UK Notify gave no answer in time") from error

    def close(self) -> None:
        """Begin nothing more; what is under way ends by the client's own timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _do(self, job: Callable[[NotificationsAPIClient], T]) -> T:
        session: requests.Session | None = None
        try:
            client = NotificationsAPIClient(
                self._settings.key(), base_url=self._settings.base_url, timeout=self._settings.timeout
            )
            session = self._private(client.request_session)
            return job(client)
        except InvalidResponse as error:
            raise nonsense(error) from error
        except APIError as error:
            raise failure_of(error) from error
        except WrongKey as error:
            raise NeedsMending(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise NeedsMending(f"key_file or ca_file cannot be read ({type(error).__name__})") from error
        finally:
            if session is not None:
                session.close()

    def _private(self, session: requests.Session) -> requests.Session:
        # Neither a password from .netrc in place of our token, nor a detour by a proxy or to where a redirect points.
        session.trust_env = False
        session.max_redirects = 0
        if self._settings.ca_file is not None:
            session.verify = str(self._settings.ca_file)
        return session


def all_of(answer: object) -> Json:
    """Return an answer that must be a JSON object."""
    if not isinstance(answer, dict):
        raise UncertainOutcome("GOV.UK Notify's answer made no sense")
    return answer
