"""The SMTP door: what it says, what it keeps, and that it never says yes too early."""

import asyncio
import smtplib
import threading

import pytest
from doors import Clock, MemoryInbox, open_door, wire

from intake.channels import smtp

MAIL = b"From: tenant@example.org\r\nSubject: Damp\r\n\r\nThe wall is wet."


def scene(story, **settings):
    """Run one story with an inbox and an open door."""
    inbox = MemoryInbox()

    async def run():
        async with open_door(inbox, **settings) as door, asyncio.timeout(30):
            await story(door, inbox)

    asyncio.run(run())
    return inbox


def test_a_mail_is_kept_with_its_envelope_and_our_received_header_in_front():
    async def story(door, inbox):
        async with wire(door) as client:
            answer = await client.deliver(MAIL)
            assert answer.startswith("250 2.0.0 kept as ")
            assert answer.split()[-1] == inbox.messages[0].external_id

    (kept,) = scene(story).messages
    assert (kept.channel, kept.account, kept.received_at) == ("smtp", "main", Clock().now())
    assert (kept.envelope.mail_from, kept.envelope.rcpt_to) == ("tenant@example.org", ("housing@landlord.example",))
    assert kept.envelope.peer == "127.0.0.1"
    header, rest = kept.raw[: -len(MAIL + b"\r\n")], kept.raw[-len(MAIL + b"\r\n") :]
    assert rest == MAIL + b"\r\n"
    assert header == (
        b"Received: from relay.example ([127.0.0.1])\r\n"
        b"\tby mx.landlord.example with ESMTP id " + kept.external_id.encode() + b"\r\n"
        b"\tfor <housing@landlord.example>; Fri, 20 Nov 2026 09:30:00 +0000\r\n"
    )


def test_nothing_is_answered_before_the_commit():
    committing, go_on = threading.Event(), threading.Event()

    def slow(messages):
        committing.set()
        go_on.wait(10)

    async def story(door, inbox):
        inbox.before_put = slow
        async with wire(door) as client:
            await client.begin()
            client.send(MAIL + b"\r\n.\r\n")
            await asyncio.to_thread(committing.wait, 10)
            reading = asyncio.create_task(client.answer())
            await asyncio.sleep(0.1)
            assert not reading.done()
            go_on.set()
            assert (await reading).startswith("250")

    assert len(scene(story).messages) == 1


def test_our_own_fault_is_temporary_and_says_nothing_of_it_and_then_it_works():
    async def story(door, inbox):
        async with wire(door) as client:
            inbox.down = True
            assert await client.deliver(MAIL) == "451 4.3.0 not now, please try again later"
            inbox.down = False
            inbox.refuses = lambda message: True
            assert await client.deliver(MAIL) == "451 4.3.0 not now, please try again later"
            assert not inbox.messages
            inbox.refuses = lambda message: False
            assert (await client.deliver(MAIL)).startswith("250 2.0.0")

    assert len(scene(story).messages) == 1


def test_two_mails_of_the_same_bytes_are_two_arrivals():
    async def story(door, inbox):
        async with wire(door) as client:
            await client.deliver(MAIL)
            await client.deliver(MAIL)

    first, second = scene(story).messages
    assert first.external_id != second.external_id


def test_the_greeting_announces_what_there_is_and_no_login():
    async def story(door, inbox):
        async with wire(door, greet=False) as client:
            hello = await client.greet()
            assert hello == (
                "250-mx.landlord.example\n250-SIZE 52428800\n250-8BITMIME\n250-SMTPUTF8\n250-PIPELINING\n250 ENHANCEDSTATUSCODES"
            )
            assert (await client.say("AUTH PLAIN AGEAYg==")).startswith("502 5.5.1")

    scene(story)


def test_pipelined_commands_are_answered_in_order():
    async def story(door, inbox):
        async with wire(door) as client:
            client.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA")
            assert [(await client.answer())[:3] for _ in range(3)] == ["250", "250", "354"]
            client.send(MAIL + b"\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
            assert [(await client.answer())[:3] for _ in range(4)] == ["250", "250", "250", "354"]
            assert (await client.say(b".\r\n")).startswith("250")

    _, second = scene(story).messages
    assert second.envelope.mail_from == ""
    assert second.raw.endswith(b"+0000\r\n")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"..a\r\n...b\r\n\r\n..\r\n.\r\n", b".a\r\n..b\r\n\r\n.\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"\r\r\n.\r\n", b"\r\r\n"),
        (b"bare\nline\rends\r\n.\r\n", b"bare\nline\rends\r\n"),
        ("naïve £120 🏚\r\n.\r\n".encode(), "naïve £120 🏚\r\n".encode()),
        (b"\x80\xff\x00nul\r\n.\r\n", b"\x80\xff\x00nul\r\n"),
    ],
)
def test_the_body_is_kept_byte_for_byte(sent, kept):
    async def story(door, inbox):
        async with wire(door) as client:
            await client.begin()
            assert (await client.say(sent)).startswith("250")
            assert (await client.say("NOOP")).startswith("250")

    assert scene(story).messages[0].raw.endswith(b"+0000\r\n" + kept)


def test_a_body_cut_into_single_bytes_is_the_same_body():
    async def story(door, inbox):
        async with wire(door) as client:
            await client.begin()
            for byte in b"..a\r\n\r\nb\r\n.\r\n":
                client.send(bytes([byte]))
                await client.writer.drain()
                await asyncio.sleep(0.002)
            assert (await client.answer()).startswith("250")

    assert scene(story).messages[0].raw.endswith(b"+0000\r\n.a\r\n\r\nb\r\n")


def test_a_line_of_four_mebibytes_is_kept():
    line = b"x" * (4 * 1024 * 1024)

    async def story(door, inbox):
        async with wire(door) as client:
            assert (await client.deliver(b"Subject: long\r\n\r\n" + line)).startswith("250")

    assert scene(story).messages[0].raw.endswith(b"\r\n\r\n" + line + b"\r\n")


@pytest.mark.parametrize(
    "false_end",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\n\x00.\r\n", b"\n..\r\n"],
)
def test_no_second_mail_can_be_smuggled(false_end):
    second = b"MAIL FROM:<forged@landlord.example>\r\nRCPT TO:<housing@landlord.example>\r\nDATA\r\nforged\r\n"

    async def story(door, inbox):
        async with wire(door) as client:
            await client.begin()
            assert (await client.say(b"first" + false_end + second + b".\r\n")).startswith("250")
            assert (await client.say("NOOP")).startswith("250")

    (kept,) = scene(story).messages
    assert b"forged" in kept.raw


def test_a_mail_over_the_limit_is_refused_before_or_after():
    async def story(door, inbox):
        async with wire(door) as client:
            assert (await client.say("MAIL FROM:<a@b.example> SIZE=100001")).startswith("552 5.3.4")
            assert (await client.deliver(b"x" * 200_000)).startswith("552 5.3.4")
            assert (await client.deliver(b"x" * 99_998)).startswith("250")

    assert len(scene(story, max_message_size=100_000).messages) == 1


def test_mail_beyond_the_memory_is_asked_to_come_later():
    async def story(door, inbox):
        async with wire(door) as big, wire(door) as small:
            await big.begin()
            big.send(b"x" * 3_000_000)
            await asyncio.sleep(0.2)
            assert (await small.deliver(b"x" * 2_000_000)).startswith("452 4.3.1")
            assert (await big.say(b"\r\n.\r\n")).startswith("250")
            assert (await small.deliver(b"x" * 2_000_000)).startswith("250")

    assert len(scene(story, max_memory=4 * 1024 * 1024).messages) == 2


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("<housing@landlord.example>", "250 2.1.5"),
        ("<HOUSING@Landlord.Example>", "250 2.1.5"),
        ("<housing+case-abc@landlord.example>", "250 2.1.5"),
        ("<anyone@cases.landlord.example>", "250 2.1.5"),
        ("<postmaster@landlord.example>", "250 2.1.5"),
        ("<abuse@cases.landlord.example>", "250 2.1.5"),
        ("<postmaster>", "250 2.1.5"),
        ("<someone@xn--bcher-kva.example>", "250 2.1.5"),
        ("<someone@bücher.example>", "250 2.1.5"),
        ("<other@landlord.example>", "550 5.1.1"),
        ("<housing@elsewhere.example>", "550 5.1.1"),
        ("<postmaster@elsewhere.example>", "550 5.1.1"),
        ("<housing>", "550 5.1.1"),
    ],
)
def test_only_served_recipients_are_taken(address, answer):
    served = ("housing@landlord.example", "cases.landlord.example", "bücher.example")

    async def story(door, inbox):
        async with wire(door) as client:
            await client.say("MAIL FROM:<a@b.example> SMTPUTF8")
            assert (await client.say(f"RCPT TO:{address}")).startswith(answer)

    scene(story, recipients=served)


def test_the_hundred_and_first_recipient_comes_later():
    async def story(door, inbox):
        async with wire(door) as client:
            await client.say("MAIL FROM:<a@b.example>")
            answers = [await client.say(f"RCPT TO:<r{number}@d.example>") for number in range(101)]
            assert {answer[:9] for answer in answers[:100]} == {"250 2.1.5"}
            assert answers[100].startswith("452 4.5.3")
            await client.say("DATA")
            assert (await client.say(MAIL + b"\r\n.\r\n")).startswith("250")

    (kept,) = scene(story).messages
    assert len(kept.envelope.rcpt_to) == 100
    assert b"for <" not in kept.raw


@pytest.mark.parametrize(("hops", "answer"), [(100, "250"), (101, "554 5.4.6")])
def test_a_mail_that_goes_in_circles_is_refused(hops, answer):
    async def story(door, inbox):
        async with wire(door) as client:
            mail = b"received: from a by b; Fri, 20 Nov 2026 09:00:00 +0000\r\n" * hops + MAIL
            assert (await client.deliver(mail + b"\r\nReceived: in the text does not count")).startswith(answer)

    scene(story)


def test_connections_over_the_cap_of_one_address_are_asked_to_come_later():
    async def story(door, inbox):
        async with wire(door) as first, wire(door):
            async with wire(door, greet=False) as third:
                assert (await third.answer()).startswith("421 4.7.0")
                assert await third.reader.read() == b""
            await first.say("QUIT")
            assert await first.reader.read() == b""
            async with wire(door, greet=False) as fourth:
                assert (await fourth.answer()).startswith("220")

    scene(story, max_connections_per_address=2)


def test_connections_over_the_cap_in_all_are_asked_to_come_later():
    async def story(door, inbox):
        async with wire(door), wire(door, greet=False) as second:
            assert (await second.answer()).startswith("421 4.7.0")

    scene(story, max_connections=1)


def test_a_full_disk_is_said_at_the_start_of_a_mail():
    async def story(door, inbox):
        async with wire(door) as client:
            assert (await client.say("MAIL FROM:<a@b.example>")).startswith("452 4.3.1")
            assert (await client.say("RCPT TO:<a@b.example>")).startswith("503 5.5.1")

    scene(story, min_free_disk=1 << 60)


def test_a_silent_connection_ends_but_a_slow_mail_does_not():
    async def story(door, inbox):
        async with wire(door) as silent, wire(door) as slow:
            await slow.begin()
            for _ in range(10):
                slow.send(b"one more line\r\n")
                await asyncio.sleep(0.1)
            assert (await slow.say(b".\r\n")).startswith("250")
            assert (await silent.answer()).startswith("421 4.4.2")

    assert len(scene(story, timeout=0.4).messages) == 1


def test_stopping_finishes_the_mail_under_way_and_takes_no_other():
    inbox = MemoryInbox()

    async def run():
        door = smtp.build(smtp.Settings(port=0, min_free_disk=0), inbox, Clock())
        task = asyncio.create_task(door.listen())
        await door.opened.wait()
        async with wire(door) as idle, wire(door) as busy:
            await busy.begin()
            task.cancel()
            assert (await idle.answer()).startswith("421 4.3.2")
            assert not task.done()
            assert (await busy.say(MAIL + b"\r\n.\r\n")).startswith("250")
            assert (await busy.answer()).startswith("421 4.3.2")
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", door.port)

    asyncio.run(run())
    assert len(inbox.messages) == 1


def test_a_door_that_was_closed_can_be_opened_again():
    inbox = MemoryInbox()

    async def run():
        door = smtp.build(smtp.Settings(port=0, min_free_disk=0), inbox, Clock())
        for _ in range(2):
            task = asyncio.create_task(door.listen())
            await door.opened.wait()
            async with wire(door) as client:
                assert (await client.deliver(MAIL)).startswith("250")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert len(inbox.messages) == 2


def test_stopping_cuts_a_mail_that_does_not_end():
    inbox = MemoryInbox()

    async def run():
        async with open_door(inbox, stop_within=0.1) as door:
            client = wire(door)
            stuck = await client.__aenter__()
            await stuck.begin()
            stuck.send(b"never ending")
        assert await stuck.reader.read() == b""
        await client.__aexit__(None, None, None)

    asyncio.run(run())
    assert not inbox.messages


def test_a_sender_that_hangs_up_inside_a_mail_leaves_nothing():
    async def story(door, inbox):
        async with wire(door) as client:
            await client.begin()
            client.send(MAIL)
        async with wire(door) as client:
            assert (await client.deliver(MAIL)).startswith("250")

    assert len(scene(story).messages) == 1


@pytest.mark.parametrize(
    "command", ["RCPT TO:<a@b.example>", "DATA", "MAIL FROM:a b c", "MAIL", "XYZZY", "VRFY tenant@example.org"]
)
def test_every_answer_has_an_enhanced_status_code(command):
    async def story(door, inbox):
        async with wire(door) as client:
            answer = await client.say(command)
            assert answer[4] == answer[0]
            assert answer[5] == "."

    scene(story)


def test_addresses_and_names_of_any_bytes_are_storable():
    async def story(door, inbox):
        async with wire(door, greet=False) as client:
            await client.answer()
            await client.say(b"EHLO \xff<script>\x01\r\n")
            client.send(b"MAIL FROM:<\xfftenant@example.org> SMTPUTF8\r\n")
            await client.answer()
            await client.say("RCPT TO:<zoë@landlord.example>")
            await client.say("DATA")
            assert (await client.say(MAIL + b"\r\n.\r\n")).startswith("250")

    (kept,) = scene(story).messages
    kept.envelope.mail_from.encode()
    assert kept.envelope.rcpt_to == ("zoë@landlord.example",)
    assert kept.raw.startswith(b"Received: from ?")
    assert b"with UTF8SMTP id" in kept.raw


@pytest.mark.parametrize("path", [b"<\xff@", b"<a@[:bc>", b"\xffc @[\t", b"<" + b"(" * 400, b"@", b"<@>"])
def test_a_path_that_makes_no_sense_is_refused_for_good(path):
    async def story(door, inbox):
        async with wire(door) as client:
            assert (await client.say(b"MAIL FROM:" + path + b"\r\n")).startswith("5")
            await client.say("MAIL FROM:<a@b.example>")
            assert (await client.say(b"RCPT TO:" + path + b"\r\n")).startswith("5")

    scene(story)


def test_the_desk_hears_that_the_door_is_open():
    async def story(door, inbox):
        while not inbox.contacts:  # noqa: ASYNC110 - the word is given from a thread
            await asyncio.sleep(0.01)

    assert scene(story).contacts[0] == ("smtp", "main", None)


def test_an_ordinary_client_delivers():
    async def story(door, inbox):
        def deliver():
            with smtplib.SMTP("127.0.0.1", door.port) as client:
                client.sendmail("a@b.example", ["c@d.example"], MAIL.decode(), ["BODY=8BITMIME"])

        await asyncio.to_thread(deliver)

    assert len(scene(story).messages) == 1


def test_fifty_sessions_at_once_lose_nothing():
    async def story(door, inbox):
        async def session(number):
            async with wire(door) as client:
                for turn in range(4):
                    assert (await client.deliver(MAIL + b" %d %d" % (number, turn))).startswith("250")

        await asyncio.gather(*(session(number) for number in range(50)))

    inbox = scene(story)
    assert len({kept.raw[-8:] for kept in inbox.messages}) == len(inbox.messages) == 200
    assert len(inbox.batches) < 200


@pytest.mark.parametrize(
    "settings",
    [{"tls_cert": "a.pem"}, {"require_tls": True}, {"port": 70000}, {"unknown": 1}, {"hostname": "a b"}, {"kind": "imap"}],
)
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ValueError):
        smtp.Settings(**settings)
