"""How a platform delivers: a fifth of it twice, a tenth of it late, and again whatever was not taken."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence
from typing import Any

import httpx2

from intake.channel import WebhookAnswer, WebhookRequest

REPEATED, LATE = 0.2, 0.1
FURTHEST = 60
"""How many messages later a late or repeated one comes at most."""
BATCH = 20
AGAIN = 0.1
BATCH_TAKES = 60.0
"""Seconds after which a batch that nobody takes is offered anew, as platforms do."""


def order(messages: int, seed: int) -> list[int]:
    """Return the numbers 1 to ``messages`` as they are delivered, with repeats and late ones."""
    chance = random.Random(seed)
    places = {number: float(number) for number in range(1, messages + 1)}
    for number in chance.sample(range(1, messages + 1), round(messages * LATE)):
        places[number] += chance.uniform(2, FURTHEST)
    told = [(place, number) for number, place in places.items()]
    again = chance.sample(range(1, messages + 1), round(messages * REPEATED))
    told += [(places[number] + chance.uniform(0, FURTHEST), number) for number in again]
    return [number for _, number in sorted(told)]


class Far:
    """A channel that runs in another process: a bench tells it of updates as it would one of its own."""

    def __init__(self, port: int, account: str) -> None:
        self.account = account
        self.refused = 0
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)

    def answer(self, request: WebhookRequest) -> WebhookAnswer:
        """Post to the webhook; whoever is away has not taken it."""
        try:
            answer = self._client.request(
                request.method,
                f"/hooks/{self.account}",
                params=list(request.query),
                headers=list(request.headers),
                content=request.body,
            )
        except httpx2.HTTPError:
            self.refused += 1
            return WebhookAnswer(status=503)
        self.refused += answer.status_code != httpx2.codes.OK
        return WebhookAnswer(status=answer.status_code, body=answer.text)

    async def listen(self) -> None:
        """Wait until cancelled: the other process polls."""
        await asyncio.Event().wait()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


async def deliver(bench: Any, far: Far, updates: Sequence[Any]) -> int:
    """Tell the channel of all updates in this order; return how many batches had to be offered anew."""
    anew = 0
    for begin in range(0, len(updates), BATCH):
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BATCH_TAKES):
                    await bench.bring(far, updates[begin : begin + BATCH])
                    break
            anew += 1
            await asyncio.sleep(AGAIN)
    return anew
