"""The rounds of an IMAP door: connect, take all there is, wait for news, and begin anew when the connection dies."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime

from imapclient.exceptions import LoginError

from intake.channel import Inbox
from intake.mailbox.harvest import Harvest
from intake.mailbox.link import Link
from intake.mailbox.memory import Memory
from intake.mailbox.settings import Settings
from intake.mailbox.trouble import Busy
from intake.oauth.tokens import tokens_for, warning

FIRST_BACKOFF = 1.0
log = logging.getLogger(__name__)


class Rounds:
    """Works in one thread of its own until it is told to stop."""

    def __init__(self, settings: Settings, inbox: Inbox, now: Callable[[], datetime]) -> None:
        """Read this mailbox into ``inbox``."""
        self._settings = settings
        self._inbox = inbox
        self._now = now
        self._memory = Memory()
        self._link: Link | None = None
        self._stop = threading.Event()
        self._backoff = FIRST_BACKOFF
        self._was_good = False
        self._tokens = None if settings.oauth is None else tokens_for(settings.oauth, settings.username)
        self._standing: dict[str, str | None] = {}

    def stop(self) -> None:
        """Ask the thread to end; called from another one. A commit that is under way is finished."""
        self._stop.set()
        self.interrupt()

    def interrupt(self) -> None:
        """End the present connection, whatever it waits for."""
        if self._link is not None:
            self._link.interrupt()

    def silent_for(self) -> float:
        """Return for how many seconds nothing was heard from a server we are connected to."""
        link = self._link
        return 0.0 if link is None else time.monotonic() - link.heard_at

    def run(self) -> None:
        """Do the rounds until stopped; no fault ends them."""
        while not self._stop.is_set():
            try:
                self._connected()
            except Exception as error:
                # The edge of the loop: a broken link, or a server that says what it likes, is tried again after a while.
                if self._stop.is_set():
                    return
                log.warning("mailbox round failed", exc_info=error, extra={"account": self._settings.account})
                self._tell(_sentence(error))
                self._stop.wait(self._pause_after(error))

    def _connected(self) -> None:
        self._was_good = False
        # Before there is a link: a giver of tokens who takes his time is no silent mail server.
        self._link = Link(self._settings, self._token())
        try:
            self._log_in(self._link)
            self._stand("folders", self._link.prepare((self._settings.processed, self._settings.unprocessable)))
            while not self._stop.is_set():
                complaint = self._pass(self._link)
                self._was_good = True
                self._tell(complaint)
                # What is wrong with one message must not keep the next one waiting for longer than the poll.
                poll = self._settings.poll
                self._link.wait(poll if complaint is None else min(poll, self._next_pause()), self._stop)
                if complaint is None:
                    self._backoff = FIRST_BACKOFF
        finally:
            link, self._link = self._link, None
            link.close()

    def _token(self) -> str | None:
        if self._tokens is None:
            return None
        self._stand("credential", warning(self._tokens, self._now()))
        return self._tokens.token()

    def _log_in(self, link: Link) -> None:
        try:
            link.log_in()
        except LoginError:
            if self._tokens is not None:
                self._tokens.forget()
            raise

    def _pass(self, link: Link) -> str | None:
        harvest = Harvest(link, self._inbox, self._settings, self._memory, self._now)
        try:
            harvest.run()
        finally:
            self._stand("gap", harvest.gap)
            self._count(harvest.moved)
        self._stand("messages", harvest.complaint)
        return harvest.complaint

    def _tell(self, error: str | None) -> None:
        # The desk's view of this mailbox is worth nothing if telling it can stop the mail.
        with contextlib.suppress(Exception):
            self._inbox.heard("imap", self._settings.account, error)

    def _count(self, moved: int) -> None:
        # Held against what was kept: a mail that was moved and is not here would show.
        with contextlib.suppress(Exception):
            if moved:
                self._inbox.tallied("imap", self._settings.account, {"said_yes": moved})

    def _stand(self, matter: str, trouble: str | None) -> None:
        """Keep what must be mended before the desk: mail that comes in meanwhile does not mend it."""
        if matter in self._standing and self._standing[matter] == trouble:
            return
        with contextlib.suppress(Exception):
            self._inbox.stands("imap", self._settings.account, matter, trouble)
            self._standing[matter] = trouble

    def _pause_after(self, error: Exception) -> float:
        pause = self._next_pause()
        if isinstance(error, Busy):
            return max(pause, error.pause)
        # A link that dies after each good look costs no more than the poll would.
        return min(pause, self._settings.poll) if self._was_good else pause

    def _next_pause(self) -> float:
        # Many mailboxes that fail at once must not come back at once.
        pause = self._backoff * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._backoff = min(self._backoff * 2, self._settings.longest_backoff)
        return pause


def _sentence(error: Exception) -> str:
    """Say what went wrong, without the library's own words where these may quote a mail."""
    name = type(error).__name__
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, LoginError):
        return f"{name}: the mail server broke off or made no sense"
    return f"{name}: {error}"
