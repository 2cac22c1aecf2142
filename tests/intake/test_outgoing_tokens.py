"""Letters handed to a relay that takes tokens and no passwords, as Microsoft's and Google's do."""

import asyncio
import base64
import ssl

import certificates
import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from test_outgoing_maildir import reply
from test_outgoing_smtp import Sink

from intake.channel import TemporaryFailure
from intake.oauth.settings import Microsoft
from intake.outgoing import smtp
from standins.tokens import TokenGiver

MAILBOX = "complaints@landlord.example"


class TokenSink(Sink):
    """Takes mail of whoever shows a token that its giver knows."""

    def __init__(self, giver):
        super().__init__()
        self.giver = giver

    async def auth_XOAUTH2(self, server, args):
        user, token = (part.partition("=")[2] for part in base64.b64decode(args[1]).decode().split("\x01")[:2])
        known = user == MAILBOX and self.giver.knows(token.removeprefix("Bearer "))
        return AuthResult(success=known, handled=False)


@pytest.fixture
def giver(tmp_path):
    cert, key = certificates.make(tmp_path / "tls", kind=("rsa:2048",))
    giver = TokenGiver(cert, key, mailbox=MAILBOX)
    giver.open()
    yield giver
    giver.close()


def with_relay(giver, tmp_path, story):
    secret = tmp_path / "secret"
    secret.write_text(giver.secret)
    oauth = Microsoft(
        kind="microsoft",
        tenant=giver.tenant,
        client_id="app",
        client_secret_file=secret,
        authority=giver.url,
        ca_file=giver.certificate,
    )
    sink = TokenSink(giver)

    async def scene():
        loop = asyncio.get_running_loop()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(giver.certificate, giver.key)
        server = await loop.create_server(
            lambda: SMTP(sink, hostname="sink", loop=loop, tls_context=context, auth_required=True), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        relay = smtp.build(
            smtp.Settings(
                host="127.0.0.1", port=port, ca_file=giver.certificate, username=MAILBOX, oauth=oauth, hostname="us.example"
            )
        )
        try:
            async with asyncio.timeout(30):
                await story(relay)
        finally:
            await relay.close()
            server.close()

    asyncio.run(scene())
    return sink


def test_a_letter_goes_out_with_a_token_and_one_that_is_taken_no_more_is_asked_for_anew(giver, tmp_path):
    async def story(relay):
        await relay.send(reply())
        giver.gone.add("token-1")
        await relay.close()
        with pytest.raises(TemporaryFailure):
            await relay.send(reply())
        await relay.send(reply())

    assert len(with_relay(giver, tmp_path, story).mails) == 2
    assert giver.given == ["token-1", "token-2"]


def test_where_no_token_is_given_the_letter_waits(giver, tmp_path):
    async def story(relay):
        giver.refuses = "invalid_client"
        with pytest.raises(TemporaryFailure, match="invalid_client"):
            await relay.send(reply())
        giver.refuses = None
        await relay.send(reply())

    assert len(with_relay(giver, tmp_path, story).mails) == 1


@pytest.mark.parametrize("changes", [{"password_file": "p"}, {"username": None}, {"tls": "none"}])
def test_a_way_out_has_one_key_and_shows_it_to_nobody_in_clear(giver, changes):
    oauth = Microsoft(kind="microsoft", tenant="t", client_id="c", client_secret_file="s")
    with pytest.raises(ValueError):
        smtp.Settings(**{"host": "relay.example", "username": MAILBOX, "oauth": oauth} | changes)
