"""What the contract suite asks of each channel: a stand-in of its platform, and ways to make residents write there.

Each file in ``tests/channels/benches/`` is the bench of the channel of the same name: one class in it has that name as its
``kind``, and is made without arguments. The suite runs on every one of them, and a channel without a bench fails by name.
A platform that can tell of an edit or a deletion only after the message itself says ``tells_in_order = True``.
The channel that a bench builds gives up waiting for an answer within a second or two, so that the suite need not wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from intake.channel import Channel, Inbox

Refusal = Literal["busy", "429", "refused", "blocked", "window", "timeout_after_accept", "cut_before"]
"""How the stand-in answers the next letter.

``busy`` (a 5xx), ``429`` with its delay, ``refused`` (a permanent error of the platform's own kind), ``blocked`` (the person does
not want letters), ``window`` (too late for the platform), ``timeout_after_accept`` (taken, and the answer never comes),
``cut_before`` (no connection, so surely not taken).
"""


@dataclass(frozen=True, kw_only=True)
class Update:
    """One update as the platform tells of it; ``body`` is its own JSON, ``external_id`` the id it must be kept under."""

    external_id: str
    body: Any = field(repr=False)


class Bench(AbstractAsyncContextManager["Bench"], Protocol):
    """A platform to test against; entered, its stand-in listens on the loopback."""

    kind: str
    account: str
    refusals: tuple[Refusal, ...]
    """Those of ``Refusal`` that this platform knows."""
    lacks: frozenset[str]
    """Which of edit, withdrawal, press, echo and file this platform does not have, or does not tell of."""
    longest: int
    """Characters of one message there."""

    def settings(self, folder: Path) -> dict[str, Any]:
        """Return the channel's settings, secrets written as files into the folder."""
        ...

    def channel(self, folder: Path, inbox: Inbox, clock: Any) -> Channel:
        """Build the channel as the program would, against the stand-in."""
        ...

    def person(self, number: int) -> str:
        """Return the identity of one of many residents."""
        ...

    def words(self, number: int, text: str, *, person: int = 1, at: datetime | None = None) -> Update:
        """Return a message with these words; the same number is the same message."""
        ...

    def edit(self, number: int, text: str, *, person: int = 1) -> Update | None:
        """Return an edit of that message; None where the platform has no edits."""
        ...

    def withdrawal(self, number: int, *, person: int = 1) -> Update | None:
        """Return the deletion of that message; None where the platform does not tell of it."""
        ...

    def press(self, number: int, payload: str, *, person: int = 1) -> Update | None:
        """Return a pressed button; None where the platform has no buttons."""
        ...

    def echo(self, number: int, text: str, *, person: int = 1) -> Update | None:
        """Return what somebody wrote to that person from our own account; None where we are not told."""
        ...

    def file(self, number: int, content: bytes, *, person: int = 1, said_size: int | None = None) -> Update:
        """Return a message with a file that the stand-in holds (or, at ``said_size``, says that it holds)."""
        ...

    def unknown(self, number: int, *, person: int = 1) -> Update:
        """Return a message of a type that nobody here has heard of, signed and delivered like any other."""
        ...

    def broken(self, number: int) -> Update:
        """Return an update that is JSON, but not of the platform's shape."""
        ...

    async def bring(self, channel: Channel, updates: Sequence[Update]) -> None:
        """Tell the channel of these updates, in this order, repeats included; return once each was acknowledged.

        A polled platform offers them until the cursor has passed; a webhook posts them, and posts again what was not
        answered with 200.
        """
        ...

    def refuse(self, how: Refusal) -> None:
        """Answer the next letter in this way."""
        ...

    def sent(self) -> list[tuple[str, str]]:
        """Return what the stand-in delivered to residents: identity and words, in order."""
        ...
