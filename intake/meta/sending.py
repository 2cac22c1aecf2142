"""How a letter goes to Meta in parts: what was already taken is not sent again, and what is refused is told by its class."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from intake.channel import PermanentFailure, Reply, RouteClosed, Sent, UncertainOutcome
from intake.identity import Identity, identity_of
from intake.meta.failures import NeedsMending, Restricted
from intake.meta.graph import Graph
from intake.meta.json_values import Json
from intake.meta.watching import SENDING, Watch

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
REMEMBERED = 1000
"""Letters of which it is known how many parts were taken, for when one is tried again."""


class Parts:
    """Sends the parts of letters, one after the other."""

    def __init__(self, graph: Graph, watch: Watch, path: str) -> None:
        """Post to ``path``."""
        self._graph, self._watch, self._path = graph, watch, path
        self._taken: OrderedDict[tuple[str, str], list[str]] = OrderedDict()

    async def send(self, letter: str, user: str, bodies: Sequence[Json], id_of: Callable[[Json], str | None]) -> Sent:
        """Send each body of a letter that this user was not sent before, and return the proof of them."""
        if not bodies:
            raise PermanentFailure("the letter has no words")
        taken = self._taken.setdefault((letter, user), [])
        try:
            for body in bodies[len(taken) :]:
                taken.append(await self._part(body, id_of))
                self._forget_oldest()
        except PermanentFailure:
            # Whoever else gets this letter, or sends it again, begins at its beginning.
            self._taken.pop((letter, user), None)
            raise
        self._taken.pop((letter, user), None)
        return Sent(answer=f"taken by Meta as {', '.join(taken)}", provider_id=taken[-1], earlier_ids=tuple(taken[:-1]))

    async def _part(self, body: Json, id_of: Callable[[Json], str | None]) -> str:
        try:
            answer = await self._graph.post(self._path, body)
        except (NeedsMending, Restricted) as failure:
            await self._watch.tell(SENDING, f"letters do not go out, and somebody must mend it at Meta: {failure}")
            raise
        await self._watch.tell(SENDING, None)
        name = id_of(answer)
        if not name:
            raise UncertainOutcome("Meta answered without the message's id")
        return name

    def _forget_oldest(self) -> None:
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)


def recipient_of(reply: Reply, channel: str, account: str) -> str:
    """Return Meta's id of the recipient; raise ``PermanentFailure`` for somebody whom this account does not know."""
    identity: Identity | None = identity_of(reply.recipient)
    if identity is None or (identity.channel, identity.account) != (channel, account):
        raise PermanentFailure(f"the recipient is nobody whom {channel} {account} knows")
    return identity.user


def age_of(reply: Reply, now: datetime) -> timedelta | None:
    """Return how long ago the recipient last wrote, or None where that is not known."""
    return None if reply.heard_at is None else now - reply.heard_at


def too_late(age: timedelta | None, window: timedelta = WINDOW) -> bool:
    """Say whether the platform's window has closed; where nothing is known, the platform itself decides."""
    return age is not None and age > window


def closed() -> RouteClosed:
    """Return the failure of a letter that comes too late."""
    return RouteClosed("more than 24 hours have passed since the resident wrote here", "window")


def words_of(reply: Reply) -> str:
    """Return what is sent by chat."""
    return reply.short or reply.text
