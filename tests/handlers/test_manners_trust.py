"""Whose word counts about a sender: the landlord's own mail border's, on top, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.authenticity import read_results
from handlers.manners import trust_of
from intake.message import Reading, Sender
from intake.mime import read_mail

BORDER = ["mx.homes.example"]


def relayed(*lines, address="amina@mail.example", problems=()):
    """A mail with these trace headers, topmost first: a ``Received`` is named by its host alone."""
    trace = tuple(
        ("authentication-results", line) if ";" in line else ("received", f"from x by {line} with ESMTPS; now")
        for line in lines
    )
    return Reading(sender=Sender(address=address), trace=trace, problems=problems)


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
    "mx.homes.example; dkim=pass header.d=news.mail.example",
]


@pytest.mark.parametrize("result", AUTHENTIC)
def test_a_sender_that_our_border_vouches_for_is_authentic(result):
    assert trust_of(mail(result), BORDER) == "authentic"


FAILED = [
    "mx.homes.example; dmarc=fail header.from=mail.example",
    "mx.homes.example; dkim=pass header.d=mail.example; dmarc=fail",
    "mx.homes.example; dmarc=pass; dmarc=fail",
    "mx.homes.example; compauth=pass; dmarc=fail action=quarantine",
    "mx.homes.example; compauth=pass reason=130; dmarc=fail action=none",
    "mx.homes.example; spf=fail; dkim=none; dmarc=none; compauth=fail reason=001",
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
    "mx.homes.example; dmarc=pass header.from=evil.example",
    "mx.homes.example; compauth=pass reason=100; dmarc=bestguesspass header.from=evil.example",
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


ORGANISATIONS = [
    ("ada@resident.co.uk", "resident.co.uk", "authentic"),
    ("ada@mail.resident.co.uk", "resident.co.uk", "authentic"),
    ("ada@resident.co.uk", "bounces.resident.co.uk", "authentic"),
    ("ada@news.resident.co.uk", "mail.resident.co.uk", "authentic"),
    ("ada@resident.co.uk", "co.uk", "unknown"),
    ("ada@resident.co.uk", "other.co.uk", "unknown"),
    ("ada@resident.eu.org", "evil.eu.org", "unknown"),
    ("ada@resident.eu.org", "eu.org", "unknown"),
    ("ada@resident.github.io", "evil.github.io", "unknown"),
    ("ada@northmere.gov.uk", "homes.northmere.gov.uk", "authentic"),
    ("ada@northmere.gov.uk", "southmere.gov.uk", "unknown"),
    ("ada@eu.org", "evil.eu.org", "unknown"),
    ("ada@bücher.de", "mail.xn--bcher-kva.de", "authentic"),
]


@pytest.mark.parametrize(("address", "signed", "trust"), ORGANISATIONS)
@pytest.mark.parametrize("result", ["dkim=pass header.d={}", "spf=pass smtp.mailfrom=bounce@{}"])
def test_domains_are_aligned_within_what_somebody_registered(address, signed, trust, result):
    assert trust_of(mail(f"mx.homes.example; {result.format(signed)}", address=address), BORDER) == trust


def test_with_no_border_configured_a_pass_counts_as_unknown():
    assert trust_of(mail("mx.homes.example; dmarc=pass"), []) == "unknown"


def test_mail_that_no_border_saw_is_unknown():
    assert trust_of(mail(), BORDER) == "unknown"


def test_a_forged_result_below_the_borders_own_is_not_read():
    forged = "mx.homes.example; dmarc=pass header.from=mail.example"
    assert trust_of(mail("mx.homes.example; dmarc=fail", forged), BORDER) == "failed"
    assert trust_of(relayed("relay.example; spf=none", "mx.homes.example", forged), BORDER) == "unknown"


PASS, FAIL, NONE = (f"mx.homes.example; dmarc={result} header.from=mail.example" for result in ("pass", "fail", "none"))
STORE = ["store.homes.example", ".outlook.example"]


@pytest.mark.parametrize(
    ("lines", "trust"),
    [
        ([PASS, "mx.homes.example"], "authentic"),
        (["store.homes.example", PASS, "mx.homes.example", FAIL], "authentic"),
        (["eu7.PROD.outlook.example", "eu8.prod.outlook.example.", PASS, "mx.homes.example"], "authentic"),
        (["store.homes.example", "mx.homes.example", PASS], "unknown"),
        (["store.homes.example (by mx.homes.example)", "mx.homes.example", PASS], "unknown"),
        (["evil.example", PASS, "store.homes.example", PASS], "unknown"),
        (["outlook.example", PASS], "unknown"),
        (["store.homes.example.evil.example", PASS], "unknown"),
        (["mx.homes.example; dkim=none", FAIL, "evil.example"], "failed"),
        (["mx.homes.example; spf=pass smtp.mailfrom=mail.example", FAIL, "evil.example"], "failed"),
        (["store.homes.example; none", PASS, "mx.homes.example"], "authentic"),
        ([NONE, "evil.example", FAIL], "unknown"),
        ([NONE, "store.homes.example", PASS, "evil.example"], "unknown"),
        (["store.homes.example", NONE, "eu1.outlook.example", PASS], "unknown"),
        (["store.homes.example", PASS, "eu1.outlook.example", FAIL], "authentic"),
    ],
)
def test_the_results_above_the_first_foreign_hop_are_read_together_and_no_others(lines, trust):
    assert trust_of(relayed(*lines), BORDER, STORE) == trust


def test_a_border_that_writes_below_its_own_hop_is_believed_when_that_hop_is_named():
    lines = ["mx.homes.example", PASS, "evil.example", FAIL]
    assert trust_of(relayed(*lines), BORDER) == "unknown"
    assert trust_of(relayed(*lines), BORDER, ["mx.homes.example"]) == "authentic"


def test_whoever_writes_as_two_senders_is_authentic_as_neither():
    found = "mx.homes.example; dmarc=pass; dkim=pass header.d=mail.example"
    assert trust_of(relayed(found, problems=("several_from",)), BORDER) == "unknown"


def test_the_order_of_the_headers_is_read_from_the_mail_itself():
    raw = (
        f"Received: from a by store.homes.example; now\r\nAuthentication-Results: {NONE}\r\nReceived: from evil by mx.homes.example; now\r\n"
        f"Authentication-Results: {PASS}\r\nFrom: amina@mail.example\r\n\r\nwords"
    ).encode()
    assert trust_of(read_mail(raw), BORDER, STORE) == "unknown"
    assert trust_of(read_mail(raw.replace(NONE.encode(), PASS.encode())), BORDER, STORE) == "authentic"
    assert (
        trust_of(
            read_mail(raw.replace(NONE.encode(), PASS.encode()).replace(b"From:", b"From: x@evil.example\r\nFrom:")),
            BORDER,
            STORE,
        )
        == "unknown"
    )


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
