"""STARTTLS at the SMTP door."""

import asyncio
import contextlib
import smtplib
import ssl

import certificates
import pytest
from doors import MemoryInbox, open_door, wire

MAIL = b"Subject: Damp\r\n\r\nThe wall is wet."


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    cert, key = certificates.make(tmp_path_factory.mktemp("tls"))
    return {"tls_cert": cert, "tls_key": key}


def run(story, **settings):
    inbox = MemoryInbox()

    async def scene():
        async with open_door(inbox, **settings) as door, asyncio.timeout(20):
            await story(door)

    asyncio.run(scene())
    return inbox


def test_a_mail_comes_in_over_starttls_and_its_trace_says_so(certificate):
    async def story(door):
        def deliver():
            context = ssl.create_default_context(cafile=certificate["tls_cert"])
            with smtplib.SMTP("127.0.0.1", door.port) as client:
                client.starttls(context=context)
                assert door.seats._taken.total() == 1
                client.ehlo()
                assert "auth" not in client.esmtp_features
                assert "starttls" not in client.esmtp_features
                for _ in range(3):
                    client.sendmail("a@b.example", ["c@d.example"], MAIL + b"x" * 100_000)

        await asyncio.to_thread(deliver)

    kept = run(story, **certificate).messages
    assert len(kept) == 3
    assert b" with ESMTPS id " in kept[0].raw


def test_commands_sent_in_clear_behind_starttls_are_not_obeyed(certificate):
    async def story(door):
        async with wire(door) as client:
            client.send(b"STARTTLS\r\nMAIL FROM:<forged@b.example>\r\n")
            assert (await client.answer()).startswith("220")
            context = ssl.create_default_context(cafile=certificate["tls_cert"])
            await client.writer.start_tls(context, server_hostname="127.0.0.1")
            await client.say("EHLO relay.example")
            assert (await client.say("RCPT TO:<c@d.example>")).startswith("503")

    run(story, **certificate)


def test_where_tls_is_required_nothing_is_taken_in_clear(certificate):
    async def story(door):
        async with wire(door) as client:
            assert (await client.say("MAIL FROM:<a@b.example>")).startswith("530")

    run(story, require_tls=True, **certificate)


def test_a_client_that_cannot_finish_tls_does_no_harm(certificate):
    async def story(door):
        async with wire(door) as client:
            assert (await client.say("STARTTLS")).startswith("220")
            client.send(b"this is no handshake" * 100)
            with contextlib.suppress(ConnectionError):
                await client.reader.read()
        async with wire(door) as client:
            assert (await client.deliver(MAIL)).startswith("250")
            assert door.seats._taken.total() == 1

    assert len(run(story, **certificate).messages) == 1
