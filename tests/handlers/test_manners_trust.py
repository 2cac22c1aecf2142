"""Whose word counts about a sender: the landlord's own mail border's, on top, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.authenticity import read_results
from handlers.manners import trust_of
from intake.message import Reading, Sender

BORDER = ["mx.homes.example"]


def mail(*results, address="amina@mail.example"):
    return Reading(sender=Sender(address=address), headers={"authentication-results": results} if results else {})


AUTHENTIC = [
    "mx.homes.example; dmarc=pass header.from=mail.example",
    "mx.homes.example 1; dmarc=pass (p=reject dis=none) header.from=mail.example",
    "MX.Homes.Example; DMARC=Pass",
    "mx.homes.example; dkim=pass header.d=mail.example; spf=fail smtp.mailfrom=x@other.example",
    'mx.homes.example; dkim=pass header.i="@mail.example" header.s=s1',
    'mx.homes.example; dkim=pass reason="good; really" header.d=mail.example',
    "mx.homes.example; dkim=fail header.d=mail.example; dkim=pass header.d=mail.example",
    "mx.homes.example; spf=pass smtp.mailfrom=amina@mail.example",
    "mx.homes.example; spf=pass smtp.mailfrom=bounce.mail.example; dmarc=none",
    "mx.homes.example; spf=none; dkim=none; dmarc=none; compauth=pass reason=109",
    "mx.homes.example (was: evil; dmarc=fail); dmarc=pass",
    "mx.homes.example; dkim/1=pass header.d = mail.example",
]


@pytest.mark.parametrize("result", AUTHENTIC)
def test_a_sender_that_our_border_vouches_for_is_authentic(result):
    assert trust_of(mail(result), BORDER) == "authentic"


FAILED = [
    "mx.homes.example; dmarc=fail header.from=mail.example",
    "mx.homes.example; dkim=pass header.d=mail.example; dmarc=fail",
    "mx.homes.example; dmarc=pass; dmarc=fail",
    "mx.homes.example; compauth=pass; dmarc=fail action=quarantine",
]


@pytest.mark.parametrize("result", FAILED)
def test_a_failed_dmarc_outweighs_everything(result):
    assert trust_of(mail(result), BORDER) == "failed"


UNKNOWN = [
    "evil.example; dmarc=pass header.from=mail.example",
    "evil.example; dmarc=fail",
    "mx.homes.example.evil.example; dmarc=pass",
    "mx.homes.example; none",
    "mx.homes.example",
    "mx.homes.example; dmarc=none; spf=neutral; dkim=none",
    "mx.homes.example; dmarc=temperror",
    "mx.homes.example; dmarc=passed",
    "mx.homes.example; dkim=pass header.d=other.example",
    "mx.homes.example; dkim=pass header.d=example",
    "mx.homes.example; dkim=pass header.d=evilmail.example",
    "mx.homes.example; dkim=pass header.d=il.example",
    "mx.homes.example; spf=pass smtp.mailfrom=amina@mail.example.evil.example",
    "mx.homes.example; spf=pass smtp.helo=mail.example",
    "mx.homes.example; auth=pass smtp.auth=x; iprev=pass",
    "mx.homes.example; (dmarc=pass)",
    'mx.homes.example; dkim=fail reason="; dmarc=pass; "',
    "; dmarc=pass",
    "",
    "(((((",
    '"unended; dmarc=pass',
]


@pytest.mark.parametrize("result", UNKNOWN)
def test_what_our_border_does_not_say_is_unknown(result):
    assert trust_of(mail(result), BORDER) == "unknown"


def test_with_no_border_configured_a_pass_counts_as_unknown():
    assert trust_of(mail("mx.homes.example; dmarc=pass"), []) == "unknown"


def test_mail_that_no_border_saw_is_unknown():
    assert trust_of(mail(), BORDER) == "unknown"


def test_a_forged_result_below_the_borders_own_is_not_read():
    forged = "mx.homes.example; dmarc=pass header.from=mail.example"
    assert trust_of(mail("mx.homes.example; dmarc=fail", forged), BORDER) == "failed"
    assert trust_of(mail("relay.example; spf=none", forged), BORDER) == "unknown"


def test_a_border_without_a_name_is_believed_only_when_configured():
    exchange = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=mail.example; dkim=none; dmarc=pass action=none header.from=mail.example;compauth=pass reason=100"
    assert trust_of(mail(exchange), [""]) == "authentic"
    assert trust_of(mail(exchange), BORDER) == "unknown"


@pytest.mark.parametrize("address", [None, "", "nobody"])
def test_without_a_from_domain_nothing_can_be_authentic(address):
    assert trust_of(mail("mx.homes.example; dmarc=pass", address=address), BORDER) == "unknown"


def test_domains_are_compared_as_dns_does():
    assert (
        trust_of(mail("mx.homes.example; dkim=pass header.d=xn--bcher-kva.example", address="x@Bücher.example"), BORDER)
        == "authentic"
    )


def test_the_findings_of_a_header_are_read_with_their_properties():
    name, findings = read_results('mx.example; dkim=pass (2048-bit key) header.d=a.example header.b="x;y"; spf=softfail')
    assert name == "mx.example"
    assert [(one.method, one.result) for one in findings] == [("dkim", "pass"), ("spf", "softfail")]
    assert findings[0].properties == {"header.d": "a.example", "header.b": "x;y"}


@given(st.text(alphabet='mx.homes=; ()"\\dmarcpasfil/1\r\n\t', max_size=300) | st.text())
def test_no_header_does_harm(value):
    assert trust_of(mail(value), BORDER) in {"authentic", "unknown", "failed"}
