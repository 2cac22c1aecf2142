"""A round that fails is told and is not the last one, whatever it failed by; only a stop ends them."""

import asyncio

import pytest
from structlog.testing import capture_logs

from desk.rounds import rounds
from store.errors import StoreUnavailable


def test_what_fails_is_told_and_tried_again_until_it_is_stopped():
    faults = [StoreUnavailable("the store is away"), ValueError("a fault of our own"), None]
    done = []

    async def once():
        fault = faults[len(done)] if len(done) < len(faults) else asyncio.CancelledError()
        done.append(fault)
        if fault is not None:
            raise fault

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        asyncio.run(rounds(once, 0.0, "hand-overs"))
    assert len(done) == 4
    told = [(log["event"], log["what"], log["log_level"]) for log in logs]
    assert told == [("waits for the store", "hand-overs", "warning"), ("a round failed", "hand-overs", "error")]
