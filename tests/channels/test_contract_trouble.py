"""A platform in trouble, and whoever is no platform at all: nothing is lost by the one, and nothing is taken from the other."""

from __future__ import annotations

import itertools

import pytest

from intake.channel import TemporaryFailure, Webhook, WebhookRequest
from standins.loopback import Loopback, Said

FAULTS = {
    "403": Said(403, {"error": "Forbidden", "message": "not now"}),
    "429": Said(429, {"error": "RateLimitExceeded"}, {"Retry-After": "0"}),
    "500": Said(500, {"error": "InternalServerError"}),
    "502": Said(502, b"<html>Bad Gateway</html>"),
    "no_json": Said(200, b"<html>we are moving house</html>"),
    "hangs": Said(200, None, late=True),
}


async def test_a_platform_in_trouble_when_it_is_asked_loses_nothing(stage):
    async with stage() as scene:
        server = getattr(scene.bench, "server", None)
        if isinstance(scene.channel, Webhook) or not isinstance(server, Loopback):
            pytest.skip(f"{scene.bench.kind} tells us, or is asked by a library that has its own tests")
        updates = []
        for number, fault in enumerate(FAULTS.values(), 1):
            updates.append(scene.bench.words(number, f"message {number}"))
            server.faults = [fault] * 2
            await scene.bench.bring(scene.channel, updates[-1:])
            assert scene.box.names() == sorted(update.external_id for update in updates)
            assert not server.faults


async def test_a_file_that_is_not_to_be_had_now_is_to_be_had_later(stage):
    async with stage() as scene:
        server = getattr(scene.bench, "server", None)
        if "file" in scene.bench.lacks or not isinstance(server, Loopback):
            pytest.skip(f"{scene.bench.kind} carries no files, or has its own tests of this")
        await scene.bench.bring(scene.channel, [scene.bench.file(1, b"a photo" * 100)])
        (file,) = scene.box.put_in[0].files
        for fault in ("429", "500", "502"):
            server.faults = [FAULTS[fault]]
            with pytest.raises(TemporaryFailure):
                await scene.channel.fetch(file)
            assert (await scene.channel.fetch(file)).content == b"a photo" * 100


UNSIGNED = [(), (("x-hub-signature-256", "sha256=" + "0" * 64),), (("x-signature", "nonsense"),)]
NOBODYS = [b"", b"{}", b'{"object":"page","entry":[]}', b"[" * 10_000, "é".encode("latin-1")]


async def test_a_request_that_the_platform_did_not_sign_is_refused_counted_and_not_kept(stage):
    async with stage() as scene:
        if not isinstance(scene.channel, Webhook):
            pytest.skip(f"{scene.bench.kind} is asked, and never tells")
        for header, body in itertools.product(UNSIGNED, NOBODYS):
            answer = scene.channel.answer(WebhookRequest(method="POST", query=(), headers=header, body=body))
            assert answer.status in (401, 403) and scene.box.puts == 0
        assert scene.box.health == []
        assert scene.box.refused_requests == {(scene.bench.kind, scene.channel.account): len(UNSIGNED) * len(NOBODYS)}
