"""A real Postfix on both sides of us: it carries our letters away, and brings residents' mail to the door."""

import asyncio
import email
import email.policy
import smtplib

import pytest
from aiosmtpd.smtp import SMTP
from doors import MemoryInbox, open_door
from test_outgoing_maildir import reply
from test_outgoing_smtp import Sink

from intake.channel import PermanentFailure
from intake.outgoing import smtp

pytestmark = pytest.mark.real("postfix")
MAIL = b"From: tenant@example.org\r\nSubject: Damp\r\nMessage-ID: <%d@example.org>\r\n\r\nThe wall is wet.\r\n..\r\n"


async def until(condition, seconds=30):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.05)


def test_our_letters_arrive_behind_the_relay_as_they_were_written(postfix):
    sink = Sink()

    async def scene():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(sink, hostname="sink", loop=loop), "127.0.0.1", postfix.next_hop)
        relay = smtp.build(smtp.Settings(host="127.0.0.1", port=postfix.port, tls="none", hostname="us.example"))
        letters = [
            reply(number, text="Zoë’s flat is damp.\n.\n", html="<p>Damp</p>", in_reply_to="<theirs@example.org>")
            for number in range(30)
        ]
        outcomes = await asyncio.gather(
            *(relay.send(letter) for letter in letters),
            relay.send(reply(99, recipient="refused@example.org")),
            return_exceptions=True,
        )
        await until(lambda: len(sink.mails) >= 30)
        await relay.close()
        server.close()
        return outcomes

    *sent, refused = asyncio.run(scene())
    assert all("queued as" in one.answer for one in sent)
    assert isinstance(refused, PermanentFailure)
    assert len(sink.mails) == 30
    for mail_from, _, content in sink.mails:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert mail_from == "<>"
        assert mail["Auto-Submitted"] == "auto-replied"
        assert mail["In-Reply-To"] == "<theirs@example.org>"
        assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Zoë’s flat is damp.\n.\n"
    assert {email.message_from_bytes(content)["Message-ID"] for _, _, content in sink.mails} == {
        f"<{number}@landlord.example>" for number in range(30)
    }


def hand_in(port, mails):
    with smtplib.SMTP("127.0.0.1", port) as client:
        for mail in mails:
            client.sendmail("tenant@example.org", ["housing@landlord.example"], mail)


def test_mail_from_a_relay_is_kept_once_although_our_inbox_was_down(postfix):
    inbox = MemoryInbox()
    inbox.down = True

    async def scene():
        async with open_door(inbox, port=postfix.next_hop):
            await asyncio.to_thread(hand_in, postfix.port, [MAIL % number for number in range(20)])
            await until(lambda: postfix.log().count("status=deferred") >= 20)
            assert "451 4.3.0 not now" in postfix.log()
            assert not inbox.messages
            inbox.down = False
            await asyncio.to_thread(postfix.flush)
            await until(lambda: postfix.log().count("status=sent") >= 20)

    asyncio.run(scene())
    assert len(inbox.messages) == 20
    assert len({email.message_from_bytes(kept.raw)["Message-ID"] for kept in inbox.messages}) == 20
    (kept,) = [kept for kept in inbox.messages if b"<7@example.org>" in kept.raw]
    assert kept.raw.endswith(b"The wall is wet.\r\n..\r\n")
    assert kept.raw.startswith(b"Received: from relay.landlord.example ([127.0.0.1])\r\n")


def test_an_unknown_recipient_is_refused_so_that_the_relay_tells_the_sender(postfix):
    inbox = MemoryInbox()

    async def scene():
        async with open_door(inbox, port=postfix.next_hop, recipients=("housing@landlord.example",)):

            def wrong():
                with smtplib.SMTP("127.0.0.1", postfix.port) as client:
                    client.sendmail("tenant@landlord.example", ["hosuing@landlord.example"], MAIL % 1)

            await asyncio.to_thread(wrong)
            await until(lambda: "status=bounced" in postfix.log())

    asyncio.run(scene())
    assert "550 5.1.1 no such recipient here" in postfix.log()
    assert not inbox.messages
