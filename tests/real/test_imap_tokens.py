"""The IMAP door with tokens instead of a password, against a real Dovecot that asks who gave them."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta

import certificates
import pytest
from doors import Clock, MemoryInbox
from dovecot import Dovecot
from parts import need
from test_imap_dovecot import LATER, listening, mail, until

from intake.channels import imap
from intake.mailbox.rounds import Rounds
from intake.oauth.settings import Google, Microsoft
from intake.oauth.tokens import NoToken, tokens_for, warning
from standins.tokens import TokenGiver

pytestmark = pytest.mark.real("dovecot")
MAILBOX = "user1"


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("rsa"), kind=("rsa:2048",), days=90)


@pytest.fixture
def giver(key):
    giver = TokenGiver(*key, mailbox=MAILBOX)
    giver.open()
    yield giver
    giver.close()


def microsoft(giver, tmp_path, **changes):
    secret = tmp_path / "secret"
    secret.write_text(giver.secret + "\n")
    values = {"kind": "microsoft", "tenant": giver.tenant, "client_id": "app", "client_secret_file": secret}
    return Microsoft(**values | {"authority": giver.url, "ca_file": giver.certificate} | changes)


def certified(giver, tmp_path):
    files = {"certificate_file": giver.certificate, "key_file": giver.key}
    return microsoft(giver, tmp_path, client_secret_file=None, **files)


def google(giver, tmp_path):
    file = tmp_path / "service.json"
    account = {"type": "service_account", "client_email": "intake@landlord.example", "token_uri": f"{giver.url}/token"}
    file.write_text(json.dumps(account | {"private_key": giver.key.read_text()}))
    return Google(kind="google", service_account_file=file, ca_file=giver.certificate)


WAYS = pytest.mark.parametrize("way", [microsoft, certified, google])


@WAYS
def test_a_mailbox_is_read_with_a_token_and_a_token_that_is_taken_no_more_is_asked_for_anew(giver, tmp_path, way):
    need("dovecot", "the package dovecot-imapd", "dovecot", "doveadm")
    with Dovecot.running(introspection=giver.introspection) as server:
        user = server.new_user()
        assert user == MAILBOX
        server.deliver(user, [mail(1)])
        settings = imap.Settings(
            host="127.0.0.1", port=server.port, tls="none", username=user, oauth=way(giver, tmp_path), poll=0.3, timeout=10
        )
        inbox = MemoryInbox()

        async def scene():
            async with listening(settings, inbox) as door:
                await until(lambda: len(inbox.messages) == 1)
                assert len(giver.given) == 1
                # Withdrawn at the portal: the session ends, and the kept token opens no new one.
                giver.gone.add("token-1")
                door._rounds.interrupt()
                await asyncio.to_thread(server.deliver, user, [mail(2)])
                await until(lambda: len(inbox.messages) == 2)

        asyncio.run(scene())
        assert giver.given == ["token-1", "token-2"]
        assert any("LoginError" in (error or "") for _, _, error in inbox.contacts)


@WAYS
def test_a_token_is_kept_until_it_is_about_to_run_out(giver, tmp_path, way):
    tokens = tokens_for(way(giver, tmp_path), MAILBOX)
    assert [tokens.token() for _ in range(3)] == ["token-1"] * 3
    tokens.forget()
    assert tokens.token() == "token-2"


def test_google_is_asked_for_one_mailbox_alone(giver, tmp_path):
    tokens_for(google(giver, tmp_path), "complaints@landlord.example").token()
    (claims,) = giver.claims
    assert (claims["sub"], claims["scope"]) == ("complaints@landlord.example", "https://mail.google.com/")


@WAYS
@pytest.mark.parametrize("reason", ["invalid_client", "unauthorized_client"])
def test_a_refused_token_is_a_sentence_with_its_code_and_without_a_secret(giver, tmp_path, way, reason):
    giver.refuses = reason
    with pytest.raises(NoToken) as raised:
        tokens_for(way(giver, tmp_path), MAILBOX).token()
    assert reason in str(raised.value)
    assert giver.secret not in str(raised.value)
    assert "traces" not in str(raised.value)


def test_a_giver_of_tokens_that_is_away_or_unknown_is_a_sentence_too(giver, tmp_path):
    strange = microsoft(giver, tmp_path, ca_file=None)
    with pytest.raises(NoToken):
        tokens_for(strange, MAILBOX).token()
    giver.close()
    with pytest.raises(NoToken):
        tokens_for(microsoft(giver, tmp_path), MAILBOX).token()


def test_a_wrong_secret_is_read_again_once_it_is_mended(giver, tmp_path):
    settings = microsoft(giver, tmp_path)
    settings.client_secret_file.write_text("old")
    tokens = tokens_for(settings, MAILBOX)
    with pytest.raises(NoToken):
        tokens.token()
    settings.client_secret_file.write_text(giver.secret)
    tokens.forget()
    assert tokens.token() == "token-1"


@pytest.mark.parametrize(("days", "said"), [(31, None), (29, "ends on"), (-1, "ended on")])
def test_thirty_days_before_a_credential_ends_it_is_said(giver, tmp_path, days, said):
    ends = date(2026, 12, 24)
    now = datetime(2026, 12, 24, tzinfo=UTC) - timedelta(days=days)
    sentence = warning(tokens_for(microsoft(giver, tmp_path, secret_ends=ends), MAILBOX), now)
    assert sentence is None if said is None else f"{said} 24 December 2026" in sentence


def test_a_certificates_own_end_stands_before_the_desk(giver, tmp_path):
    tokens = tokens_for(certified(giver, tmp_path), MAILBOX)
    near = Clock(tokens.ends_at() - timedelta(days=3))
    inbox = MemoryInbox()
    settings = imap.Settings(host="127.0.0.1", port=1, tls="none", username=MAILBOX, oauth=certified(giver, tmp_path))
    with pytest.raises(OSError):
        Rounds(settings, inbox, near.now)._connected()
    assert "renew it" in inbox.standing["credential"]
    assert warning(tokens, LATER.now()).count("ended on") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret_file": None},
        {"certificate_file": "c.pem"},
        {"certificate_file": "c.pem", "key_file": "k.pem"},
        {"authority": "http://login.example"},
        {"tenant": "a/../b"},
        {"client_secret": "in the settings"},
    ],
)
def test_wrong_settings_of_a_token_are_refused(giver, tmp_path, changes):
    with pytest.raises(ValueError):
        microsoft(giver, tmp_path, **changes)


def test_a_door_has_exactly_one_key_and_shows_a_token_to_nobody_in_clear(giver, tmp_path):
    oauth = google(giver, tmp_path)
    secret = tmp_path / "password"
    for wrong in ({}, {"oauth": oauth, "password_file": secret}, {"oauth": oauth, "tls": "none"}):
        with pytest.raises(ValueError):
            imap.Settings(host="imap.example", username="u", **wrong)
    assert imap.Settings(host="imap.example", username="u", oauth=oauth).tls == "tls"
