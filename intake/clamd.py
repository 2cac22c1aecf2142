"""Asks clamd, the scanner of ClamAV, about bytes: a small client of its INSTREAM over a unix socket or TCP.

::

    ClamdError
    ├── ClamdAway   nobody answers at the address: no file is to blame, try later
    └── NoVerdict   it was given a file and said nothing that settles it: try that file a few times

Source: clamd(8), "COMMANDS". Nothing but these errors ever leaves this module.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

LARGEST: Final = 25 * 1024 * 1024
"""Bytes of a file that is sent: what clamd takes unless its StreamMaxLength says otherwise."""
CHUNK: Final = 64 * 1024
LONGEST_ANSWER: Final = 4_096
LONGEST_NAME: Final = 200
END: Final = struct.pack(">I", 0)
TOO_LARGE: Final = "it is larger than the scanner takes"
LOCKED: Final = "it is locked with a password, so nobody could look into it"
TOO_MUCH: Final = "it holds more than the scanner looks through"
CANNOT_LOOK: Final = (("Heuristics.Encrypted", LOCKED), ("Heuristics.Limits.Exceeded", TOO_MUCH))
"""Names by which clamd says of a file, where its own settings ask for it, that it could not look into all of it."""
_FOUND: Final = re.compile(r"^stream: (.+) FOUND$")


class ClamdError(Exception):
    """The scanner gave no verdict."""


class ClamdAway(ClamdError):
    """Nobody answers at the address, or not as clamd does."""


class NoVerdict(ClamdError):
    """The scanner was given a file and said nothing that settles it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where clamd listens: at a path of this machine, or at a host and port."""

    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        """Return it as settings name it."""
        return f"unix:{self.path}" if self.path else f"tcp:{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What the scanner says of a file; ``told`` is the signature's name, or why it could not be scanned."""

    state: Literal["clean", "infected", "unscannable"]
    told: str = ""


def address_of(text: str) -> Address:
    """Return the address that a setting names, or raise ``ValueError`` with what to mend."""
    kind, _, rest = text.partition(":")
    if kind == "unix" and rest.startswith("/") and "\0" not in rest:
        return Address(path=rest)
    host, _, port = rest.rpartition(":")
    if kind == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536:  # noqa: PLR2004 - ports have 16 bits
        return Address(host=host.strip("[]"), port=int(port))
    raise ValueError('say "unix:/path/of/its/socket" or "tcp:host:port"')


class Clamd:
    """One scanner at one address; each question has a connection of its own, so threads may share it."""

    def __init__(
        self, address: Address, *, connect_within: float = 5.0, answer_within: float = 60.0, largest: int = LARGEST
    ) -> None:
        """Ask at this address; times in seconds, ``largest`` in bytes."""
        self.address = address
        self._connect_within = connect_within
        self._answer_within = answer_within
        self._largest = largest

    def version(self) -> str:
        """Return the engine's and the signatures' version (``ClamAV 1.4.6/27500/...``); raise ``ClamdAway``."""
        with self._connected() as line:
            try:
                line.sendall(b"zVERSION\0")
                said = _answer(line, time.monotonic() + self._connect_within)
            except OSError as error:
                raise ClamdAway(f"{self.address} does not answer ({_reason(error)})") from error
        if not said.startswith("ClamAV "):
            raise ClamdAway(f"{self.address} does not answer as clamd does")
        return said

    def scan(self, content: bytes) -> Finding:
        """Return what the scanner says of these bytes, or raise ``ClamdAway`` or ``NoVerdict``."""
        if len(content) > self._largest:
            return Finding(state="unscannable", told=TOO_LARGE)
        with self._connected() as line:
            until = time.monotonic() + self._answer_within
            cut = self._send(line, content)
            try:
                said = _answer(line, until)
            except OSError as error:
                raise NoVerdict(f"the scanner broke off ({_reason(cut or error)})") from error
        return _finding(said)

    def _send(self, line: socket.socket, content: bytes) -> OSError | None:
        """Send a file; a scanner that has heard enough hangs up, and its reason may still be there to read."""
        view = memoryview(content)
        try:
            line.settimeout(self._answer_within)
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = view[start : start + CHUNK]
                line.sendall(struct.pack(">I", len(piece)))
                line.sendall(piece)
            line.sendall(END)
        except OSError as error:
            return error
        return None

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            line = self._connect()
        except (OSError, UnicodeError) as error:  # a host's name may be none that can be asked for
            raise ClamdAway(f"nobody answers at {self.address} ({_reason(error)})") from error
        with line:
            yield line

    def _connect(self) -> socket.socket:
        if not self.address.path:
            return socket.create_connection((self.address.host, self.address.port), self._connect_within)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(self._connect_within)
            line.connect(self.address.path)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket, until: float) -> str:
    """Return what is said up to its NUL or the end; a scanner that says it letter by letter has no longer than another."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        line.settimeout(left)
        if not (more := line.recv(LONGEST_ANSWER)):
            break
        said += more
    words = said.partition(b"\0")[0].decode("ascii", "replace")
    return "".join(sign for sign in words if sign.isprintable()).strip()


def _finding(said: str) -> Finding:
    if said == "stream: OK":
        return Finding(state="clean")
    if found := _FOUND.match(said):
        name = found[1][:LONGEST_NAME]
        why = next((why for begins, why in CANNOT_LOOK if name.startswith(begins)), None)
        return Finding(state="unscannable", told=why) if why else Finding(state="infected", told=name)
    if said.endswith("size limit exceeded. ERROR"):
        return Finding(state="unscannable", told=TOO_LARGE)
    raise NoVerdict(f"the scanner said {said[:LONGEST_NAME]!r}" if said else "the scanner said nothing")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
