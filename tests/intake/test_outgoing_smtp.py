"""Letters handed to a relay: taken, refused, postponed, or not known; one connection kept for many."""

import asyncio
import contextlib
import email
import email.policy
import ssl
from datetime import timedelta

import certificates
import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from test_outgoing_maildir import reply

from handlers.outbox import LEASE
from intake.channel import Outgoing, OwnFault, PermanentFailure, TemporaryFailure, UncertainOutcome
from intake.outgoing import smtp


class Sink:
    """Takes mail, and answers as it is told for some recipients."""

    def __init__(self):
        self.mails = []
        self.sessions = set()
        self.answers = {}
        self.at_end = "250 2.0.0 queued as 42"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.sessions.add(session.peer)
        if self.at_end.startswith("250"):
            self.mails.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return self.at_end


@contextlib.asynccontextmanager
async def served(answering):
    """Serve one protocol or one stream story on a free port."""
    loop = asyncio.get_running_loop()
    if isinstance(answering, Sink):
        server = await loop.create_server(
            lambda: SMTP(answering, enable_SMTPUTF8=True, hostname="sink", loop=loop), "127.0.0.1", 0
        )
    else:
        server = await asyncio.start_server(answering, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def run(answering, story, **settings):
    async def scene():
        async with asyncio.timeout(30), served(answering) as port:
            relay = smtp.build(
                smtp.Settings(**({"host": "127.0.0.1", "port": port, "tls": "none", "hostname": "us.example"} | settings))
            )
            assert isinstance(relay, Outgoing)
            try:
                return await story(relay)
            finally:
                await relay.close()

    return asyncio.run(scene())


def test_a_letter_arrives_with_a_null_reverse_path_and_the_relays_words_are_kept():
    sink = Sink()
    sent = run(sink, lambda relay: relay.send(reply(text="One.\n.\n..two\n.three", html="<p>x</p>")))
    assert sent.answer == "250 2.0.0 queued as 42"
    ((mail_from, rcpt_to, content),) = sink.mails
    assert (mail_from, rcpt_to) == ("<>", ("tenant@example.org",))
    mail = email.message_from_bytes(content, policy=email.policy.SMTP)
    assert mail["Message-ID"] == "<1@landlord.example>"
    assert mail.get_body(("plain",)).get_content() == "One.\r\n.\r\n..two\r\n.three\r\n"


def test_a_relay_that_wants_an_address_gets_one():
    sink = Sink()
    run(sink, lambda relay: relay.send(reply()), envelope_sender="bounces@landlord.example")
    assert sink.mails[0][0] == "bounces@landlord.example"


def test_a_letter_with_a_reverse_path_of_its_own_leaves_with_it():
    sink = Sink()
    run(sink, lambda relay: relay.send(reply(reverse_path="b.1.tag@re.landlord.example")), envelope_sender="all@x.example")
    assert sink.mails[0][0] == "b.1.tag@re.landlord.example"


@pytest.mark.parametrize("answer", ["550 5.7.60 no null sender here", "501 5.1.7 bad sender"])
def test_a_relay_that_refuses_our_reverse_path_speaks_of_us_and_no_letter_is_given_up(answer):
    sink = Sink()

    async def refuse(server, session, envelope, address, options):
        return answer

    sink.handle_MAIL = refuse
    with pytest.raises(OwnFault, match="reverse path"):
        run(sink, lambda relay: relay.send(reply()))


@pytest.mark.parametrize("answer", ["554 5.2.252 SendAsDenied; housing not allowed to send as", "550 5.7.60 SMTP; no send as"])
def test_a_relay_that_lets_this_login_not_write_in_our_name_speaks_of_us_too(answer):
    sink = Sink()
    sink.at_end = answer
    with pytest.raises(OwnFault, match="the relay said 55"):
        run(sink, lambda relay: relay.send(reply()))


def test_every_yes_after_the_last_byte_is_a_yes():
    sink = Sink()

    async def forwarded(server, session, envelope):
        return "251 2.0.0 taken, will forward"

    sink.handle_DATA = forwarded
    assert run(sink, lambda relay: relay.send(reply())).answer.startswith("251")


def test_a_letter_for_which_no_connection_is_free_in_time_goes_back_and_does_not_go_late():
    sink, hung = Sink(), asyncio.Event()

    async def hang(server, session, envelope):
        await hung.wait()
        sink.mails.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return "250 2.0.0 queued"

    sink.handle_DATA = hang

    async def story(relay):
        first = asyncio.create_task(relay.send(reply(1)))
        await asyncio.sleep(0)
        with pytest.raises(TemporaryFailure, match="no connection"):
            await relay.send(reply(2, recipient="late@example.org"))
        hung.set()
        return await first

    assert run(sink, story, connections=1, before_dot=0.5).answer.startswith("250")
    assert [rcpt for _, rcpt, _ in sink.mails] == [("tenant@example.org",)]


def test_a_relay_that_is_slow_before_the_last_byte_has_not_taken_the_letter():
    sink = Sink()

    async def slow(server, session, envelope, address, options):
        await asyncio.sleep(30)

    sink.handle_RCPT = slow
    with pytest.raises(TemporaryFailure, match="too slow"):
        run(sink, lambda relay: relay.send(reply()), before_dot=0.5)
    assert not sink.mails


def test_a_letter_is_under_way_for_less_time_than_it_is_held():
    settings = smtp.Settings(host="relay.example")
    assert timedelta(seconds=settings.before_dot + settings.timeout_after_dot) < LEASE
    with pytest.raises(ValueError, match="870 seconds"):
        smtp.Settings(host="relay.example", timeout_after_dot=800)


def test_many_letters_share_the_kept_connections():
    sink = Sink()

    async def story(relay):
        for _ in range(3):
            await asyncio.gather(*(relay.send(reply(number, recipient=f"r{number}@example.org")) for number in range(40)))

    run(sink, story, connections=4)
    assert len(sink.mails) == 120
    assert len(sink.sessions) <= 4
    assert len({rcpt for _, rcpt, _ in sink.mails}) == 40


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("550 5.1.1 no such user", PermanentFailure),
        ("450 4.2.1 mailbox busy", TemporaryFailure),
        ("530 5.7.0 log in first", TemporaryFailure),
        ("421 4.3.2 stopping", TemporaryFailure),
    ],
)
def test_f17_each_recipient_has_an_outcome_of_its_own(answer, failure):
    sink = Sink()
    sink.answers["bad@example.org"] = answer

    async def story(relay):
        return await asyncio.gather(
            *(
                relay.send(reply(number, recipient=name))
                for number, name in enumerate(["a@example.org", "bad@example.org", "b@example.org"])
            ),
            return_exceptions=True,
        )

    first, second, third = run(sink, story, connections=1)
    assert "queued" in first.answer
    assert "queued" in third.answer
    assert isinstance(second, failure)
    assert answer in str(second)
    assert {rcpt for _, rcpt, _ in sink.mails} == {("a@example.org",), ("b@example.org",)}


@pytest.mark.parametrize(("answer", "failure"), [("554 5.7.1 spam", PermanentFailure), ("451 4.3.0 later", TemporaryFailure)])
def test_an_answer_to_the_final_dot_is_final(answer, failure):
    sink = Sink()
    sink.at_end = answer

    async def story(relay):
        with pytest.raises(failure, match=answer):
            await relay.send(reply())
        sink.at_end = "250 ok"
        return await relay.send(reply())

    assert run(sink, story, connections=1).answer == "250 ok"


def test_f17_with_the_relay_down_the_failure_is_temporary_and_later_it_works():
    async def scene():
        async with served(Sink()) as port:
            pass
        relay = smtp.build(smtp.Settings(host="127.0.0.1", port=port, tls="none", connect_timeout=2))
        with pytest.raises(TemporaryFailure):
            await relay.send(reply())
        sink = Sink()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(sink, hostname="sink", loop=loop), "127.0.0.1", port)
        await relay.send(reply())
        await relay.close()
        server.close()
        return sink

    assert len(asyncio.run(scene()).mails) == 1


def breaking(at):
    """Speak SMTP up to a point and cut the connection there; later connections are cut in the same place."""

    async def story(reader, writer):
        async def say(words):
            writer.write(words.encode() + b"\r\n")
            await writer.drain()

        try:
            await say("220 sink")
            while line := await reader.readline():
                verb = line[:4].upper().strip().decode()
                if verb == at:
                    break
                if verb == "DATA":
                    await say("354 go on")
                    if at == "body":
                        await reader.readexactly(1000)
                        break
                    await reader.readuntil(b"\r\n.\r\n")
                    if at == "silence":
                        await reader.read()
                    break
                await say("250 ok")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    return story


@pytest.mark.parametrize(
    ("at", "failure"),
    [
        ("EHLO", TemporaryFailure),
        ("MAIL", TemporaryFailure),
        ("RCPT", TemporaryFailure),
        ("DATA", TemporaryFailure),
        ("body", TemporaryFailure),
        ("dot", UncertainOutcome),
        ("silence", UncertainOutcome),
    ],
)
def test_a_link_lost_before_the_dot_is_temporary_and_after_it_nobody_knows(at, failure):
    # Larger than any socket's buffers, so that the far side's end is seen while bytes still wait here.
    long = reply(text="wet wall\n" * (4_000_000 if at == "body" else 10))

    async def story(relay):
        with pytest.raises(failure):
            await relay.send(long)

    run(breaking(at), story, timeout=5, timeout_after_dot=0.5)


def test_a_connection_that_the_relay_closed_meanwhile_is_opened_again():
    sink = Sink()

    async def story(relay):
        await relay.send(reply(1))
        connection = relay._connections[-1] if relay._connections[-1]._client else relay._connections[0]
        connection._client.transport.abort()
        await asyncio.sleep(0.05)
        await relay.send(reply(2))

    run(sink, story, connections=1)
    assert len(sink.mails) == 2
    assert len(sink.sessions) == 2


def test_a_relay_that_says_goodbye_to_an_old_connection_is_asked_anew():
    talks = []

    async def story(reader, writer):
        talks.append(0)
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            talks[-1] += line.upper().startswith(b"MAIL")
            if line.upper().startswith(b"MAIL") and talks[-1] == 2:
                writer.write(b"421 4.3.2 too many mails\r\n")
                break
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 ok\r\n")
        writer.close()

    async def two(relay):
        return [await relay.send(reply(1)), await relay.send(reply(2))]

    assert [sent.answer for sent in run(story, two, connections=1)] == ["250 ok", "250 ok"]
    assert talks == [2, 1]


def test_an_address_in_another_script_needs_smtputf8():
    sink = Sink()
    run(sink, lambda relay: relay.send(reply(recipient="zoë@bücher.example")))
    assert sink.mails[0][1] == ("zoë@xn--bcher-kva.example",)

    async def ascii_only(reader, writer):
        writer.write(b"220 sink\r\n")
        while await reader.readline():
            writer.write(b"250 ok\r\n")
        writer.close()

    async def story(relay):
        with pytest.raises(PermanentFailure, match="SMTPUTF8"):
            await relay.send(reply(recipient="zoë@example.org"))

    run(ascii_only, story)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"host": "r", "username": "x"},
        {"host": "r", "username": "x", "password_file": "p", "tls": "none"},
        {"host": "r", "connections": 0},
    ],
)
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ValueError):
        smtp.Settings(**settings)


def test_a_relay_that_wants_starttls_and_a_password_gets_both(tmp_path):
    cert, key = certificates.make(tmp_path)
    (tmp_path / "password").write_text("open sesame\n")
    sink, logins = Sink(), []

    def authenticate(server, session, envelope, mechanism, data):
        logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    async def story(relays):
        good, unknown, wrong, distrustful = relays
        await good.send(reply(1))
        await good.send(reply(2))
        (tmp_path / "password").write_text("wrong\n")
        for relay in (unknown, wrong, distrustful):
            with pytest.raises(TemporaryFailure):
                await relay.send(reply(3))

    login = {"username": "us", "password_file": tmp_path / "password"}
    variants = [login, {}, login, {"ca_file": None}]
    options = {
        "authenticator": authenticate,
        "auth_required": True,
        "require_starttls": True,
        "tls_context": server_side(cert, key),
    }
    asyncio.run(
        with_relays(
            lambda: SMTP(sink, hostname="sink", **options),
            story,
            [{"tls": "starttls", "ca_file": cert} | one for one in variants],
        )
    )
    assert len(sink.mails) == 2
    assert logins[0] == (b"us", b"open sesame")
    assert set(logins[1:]) == {(b"us", b"wrong")}


def test_a_relay_that_speaks_only_tls_is_believed_only_with_a_known_certificate(tmp_path):
    cert, key = certificates.make(tmp_path)
    sink = Sink()

    async def story(relays):
        await relays[0].send(reply(1))
        with pytest.raises(TemporaryFailure, match="certificate"):
            await relays[1].send(reply(2))

    variants = [{"tls": "tls", "ca_file": cert}, {"tls": "tls"}]
    asyncio.run(with_relays(lambda: SMTP(sink, hostname="sink"), story, variants, ssl=server_side(cert, key)))
    assert len(sink.mails) == 1


def server_side(cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def with_relays(protocol, story, variants, **serving):
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, **serving)
    port = server.sockets[0].getsockname()[1]
    relays = [
        smtp.build(smtp.Settings(host="127.0.0.1", port=port, hostname="us.example", connect_timeout=5, **one))
        for one in variants
    ]
    try:
        async with asyncio.timeout(30):
            await story(relays)
    finally:
        for relay in relays:
            await relay.close()
        server.close()
