"""One connection to an IMAP server: only the commands that the door needs, each with a time limit.

Errors, by what they mean::

    imaplib.IMAP4.abort, OSError   the connection is dead: begin anew
    Busy                           the server gives nothing at all now: go away for a while
    other imaplib.IMAP4.error      the server said no, or something that is no IMAP: this command failed
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import imapclient

from intake.mailbox.settings import Settings
from intake.mailbox.trouble import busy

LINK_ERRORS = (imaplib.IMAP4.abort, OSError)
SEARCH_WINDOW = 50_000
"""Messages asked for in one SEARCH: the library refuses lines over a million bytes."""
CANARY_BYTES = 65_536
"""Of a message that is asked for only to see whether the server gives any."""
GLANCE = 1.0
"""Seconds of IDLE between two looks at the stop sign."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the server says of a message before it is fetched; ``size`` in bytes."""

    size: int = 0
    received_at: datetime | None = None
    deleted: bool = False


class Link:
    """A session for one thread; another one may only interrupt it."""

    def __init__(self, settings: Settings, token: str | None = None) -> None:
        """Connect; raise what the library raises. Whoever has the link closes it; ``token`` stands for the password."""
        self._settings = settings
        self._token = token
        self.heard_at = time.monotonic()
        self.uidvalidity = 0
        self._exists = 0
        self._folders: dict[str, str] = {}
        self._tls = ssl.create_default_context(cafile=settings.ca_file)
        limits = imapclient.SocketTimeout(settings.connect_timeout, settings.timeout)
        self._client = imapclient.IMAPClient(
            settings.host, settings.port, ssl=settings.tls == "tls", ssl_context=self._tls, timeout=limits
        )

    def log_in(self) -> None:
        """Begin the session, in clear only where the settings say so."""
        # Times with their zone: the server's hour is a legal fact.
        self._client.normalise_times = False
        # The library formats every line for its log even when nobody reads it.
        self._client._imap.debug = 0  # noqa: SLF001 - there is no public switch
        if self._settings.tls == "starttls":
            self._client.starttls(self._tls)
        with _asking():
            self._show_key()
        self._heard()

    def _show_key(self) -> None:
        settings = self._settings
        if settings.password_file is not None:
            self._client.login(settings.username, settings.password_file.read_text(encoding="utf-8").strip())
        else:
            self._client.oauth2_login(settings.username, self._token or "")

    def close(self) -> None:
        """Log out, or just let go."""
        with contextlib.suppress(Exception):
            self._client.logout()
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def interrupt(self) -> None:
        """End whatever another thread waits for here."""
        with contextlib.suppress(Exception):
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def prepare(self, folders: Iterable[str]) -> str | None:
        """Make the folders that are missing, or say why not: mail is read in any case."""
        for folder in folders:
            try:
                self._folders[folder] = self._found_or_made(folder)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                return f"the folder {folder} could not be made: {error}"
        self._heard()
        return None

    def _found_or_made(self, folder: str) -> str:
        # Some servers keep all folders under one: INBOX.Processed (RFC 2342).
        inner = self._prefix() + folder
        for name in (folder, inner):
            if self._client.folder_exists(name):
                return name
        try:
            self._client.create_folder(folder)
        except imaplib.IMAP4.error:
            if inner == folder:
                raise
            self._client.create_folder(inner)
            return inner
        return folder

    def _prefix(self) -> str:
        if not self._client.has_capability("NAMESPACE"):
            return ""
        personal = self._client.namespace().personal
        return str(personal[0][0]) if personal else ""

    def select(self) -> None:
        """Open the folder, for reading and moving, and learn its UIDVALIDITY and count."""
        with _asking():
            answer = self._client.select_folder(self._settings.folder)
        self.uidvalidity = int(answer[b"UIDVALIDITY"])
        self._exists = int(answer[b"EXISTS"])
        self._heard()

    def uids(self) -> list[int]:
        """Return the UIDs of all messages in the folder, in order: no flag and no date hides one."""
        found: set[int] = set()
        for first in range(1, self._exists + 1, SEARCH_WINDOW):
            last = first + SEARCH_WINDOW - 1
            with _asking():
                found.update(self._client.search([f"{first}:{last if last < self._exists else '*'}"]))
            self._heard()
        return sorted(found)

    def facts(self, uids: list[int]) -> dict[int, Facts]:
        """Return size, receipt time and deletion mark of these messages, as far as the server knows them."""
        with _asking():
            answer = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
        self._heard()
        return {uid: _facts(told) for uid, told in answer.items()}

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """Return the whole bytes of these messages, without marking them read; one that is missing has gone."""
        return self._fetch(uids, "BODY.PEEK[]", b"BODY[]")

    def beginning(self, uid: int) -> bytes | None:
        """Return the first bytes of a message that is too large to be taken whole."""
        size = self._settings.max_message_size
        return self._fetch([uid], f"BODY.PEEK[]<0.{size}>", b"BODY[]<0>").get(uid)

    def header_and_text(self, uid: int) -> tuple[bytes | None, bytes | None]:
        """Return a message by its two halves: some servers can still give these, or one, when the whole fails."""
        head = self._fetch([uid], "BODY.PEEK[HEADER]", b"BODY[HEADER]").get(uid)
        try:
            text = self._fetch([uid], "BODY.PEEK[TEXT]", b"BODY[TEXT]").get(uid)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            text = None
        return head, text

    def gives_from(self, folder: str) -> bool:
        """Return whether the server gives the newest message of another folder, and open ours again."""
        try:
            with _asking():
                there = int(self._client.select_folder(self._folders.get(folder, folder), readonly=True).get(b"EXISTS", 0))
                uids = self._client.search([str(there)]) if there else []
            found = self._fetch(uids, f"BODY.PEEK[]<0.{CANARY_BYTES}>", b"BODY[]<0>") if uids else {}
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            found = {}
        self.select()
        return any(found.values())

    def _fetch(self, uids: list[int], item: str, key: bytes) -> dict[int, bytes]:
        with _asking():
            answer = self._client.fetch(uids, [item])
        self._heard()
        return {uid: told[key] for uid, told in answer.items() if isinstance(told.get(key), bytes)}

    def move(self, uids: list[int], folder: str) -> bool:
        """Move messages that are safe with us; return whether they have left this folder.

        Where the server cannot move, they are copied and marked, and only these are expunged.
        """
        gone, real = True, self._folders.get(folder, folder)
        if self._client.has_capability("MOVE"):
            with _asking():
                self._client.move(uids, real)
        else:
            with _asking():
                self._client.copy(uids, real)
            self._client.add_flags(uids, [imapclient.DELETED], silent=True)
            # Without UIDPLUS they stay: a plain EXPUNGE would also remove what another reader has marked.
            gone = bool(self._client.has_capability("UIDPLUS"))
            if gone:
                self._client.uid_expunge(uids)
        self._heard()
        return gone

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait for news, at most so long; IDLE is only a hint, the caller looks again in any case."""
        if not (self._settings.idle and self._client.has_capability("IDLE")):
            stop.wait(seconds)
            self._heard()
            return
        if not self._begin_idle():
            return
        end = time.monotonic() + min(seconds, self._settings.idle_renewal)
        while (left := end - time.monotonic()) > 0 and not stop.is_set():
            glance = min(GLANCE, left)
            begun = time.monotonic()
            # On a dead connection the check comes back at once with nothing; idle_done then says so.
            if self._client.idle_check(timeout=glance) or time.monotonic() - begun < glance / 2:
                break
            self._heard()
        self._client.idle_done()
        self._heard()

    def _begin_idle(self) -> bool:
        try:
            self._client.idle()
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            # News came before the server's "go on", which the library takes for a fault; it is what we wait for.
            while self._client._imap._get_response() is not None:  # noqa: SLF001 - None stands for the "go on"
                self._heard()
            self._client.idle_done()
            self._heard()
            return False
        return True

    def _heard(self) -> None:
        self.heard_at = time.monotonic()


@contextlib.contextmanager
def _asking() -> Iterator[None]:
    """Turn a refusal that concerns the whole server into ``Busy``."""
    try:
        yield
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if (told := busy(error)) is not None:
            raise told from error
        raise


def _facts(told: dict[bytes, Any]) -> Facts:
    received_at = told.get(b"INTERNALDATE")
    return Facts(
        size=int(told.get(b"RFC822.SIZE", 0)),
        received_at=received_at.astimezone(UTC) if isinstance(received_at, datetime) else None,
        deleted=imapclient.DELETED in told.get(b"FLAGS", ()),
    )
