"""Every file in ``intake/channels`` that reads updates of its own has a bench, and keeps to the port's words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.bench import Refusal
from channels.scenes import BENCHES, CHANNELS, bench_of
from intake.channel import Channel, Webhook
from intake.chat import channel_of, media_type_of
from intake.identity import identity_of
from intake.loading import window_of

AWAITED: frozenset[str] = frozenset()
"""Channels whose bench is still to come."""


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_channel_has_a_bench(kind):
    assert kind in BENCHES or kind in AWAITED, f"write tests/channels/benches/{kind}.py: see docs/adding-a-channel.md"


def test_every_bench_is_of_a_channel_that_there_is():
    assert set(BENCHES) <= set(CHANNELS)


def test_a_bench_says_what_its_platform_knows(kind):
    bench = bench_of(kind)
    assert bench.kind == kind and channel_of(media_type_of(kind)) == kind
    assert set(bench.refusals) <= set(Refusal.__args__)
    assert {"busy", "429", "refused", "blocked", "timeout_after_accept", "cut_before"} <= set(bench.refusals)
    assert bench.longest > 0


async def test_what_a_bench_does_not_tell_of_is_what_its_platform_lacks(stage):
    async with stage() as scene:
        bench = scene.bench
        told = {
            "edit": bench.edit(1, "later words"),
            "withdrawal": bench.withdrawal(1),
            "press": bench.press(2, "case:LBL-26-4F7K2P-9D:person"),
            "echo": bench.echo(3, "a colleague's words"),
            "file": bench.file(4, b"a photo"),
        }
        assert {what for what, update in told.items() if update is None} == bench.lacks


async def test_what_is_built_is_a_channel(stage):
    async with stage() as scene:
        channel = scene.channel
        assert isinstance(channel, Channel)
        assert (channel.channel, channel.account) == (scene.bench.kind, scene.bench.account)
        assert channel.quiet >= timedelta(0) and (channel.window is None or channel.window > timedelta(0))
        assert (channel.longest, channel.window) == (scene.bench.longest, window_of(scene.bench.kind))
        assert not hasattr(channel, "answer") or isinstance(channel, Webhook)


async def test_a_persons_identity_is_one_text_that_says_by_which_way_to_write_back(stage):
    async with stage() as scene:
        people = [scene.bench.person(number) for number in range(1, 30)]
        assert len(set(people)) == len(people)
        for person in people:
            identity = identity_of(person)
            assert identity is not None and str(identity) == person == person.lower()
            assert identity.way == f"{scene.bench.kind}:{scene.bench.account}"
