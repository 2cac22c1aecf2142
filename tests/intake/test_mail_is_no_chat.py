"""A mail that names somebody's chat as its sender is from nobody: platforms prove identities, and mails do not."""

from __future__ import annotations

import pytest

from houses import NOON
from intake.addresses import addresses
from intake.identity import identity_of
from intake.mime import read_mail


@pytest.mark.parametrize(
    "written",
    [
        "<telegram:housing-bot:12345>",
        "Ada <telegram:housing-bot:12345>",
        '"Ada" <TELEGRAM:housing-bot:12345>',
        "<mastodon:housing:ada@server.example>",
        "<whatsapp:housing:447700900123>, <bea@x.example>",
        "telegram:housing-bot:12345",
        "telegram:housing-bot:12345;",
        "=?utf-8?q?telegram=3Ahousing-bot=3A12345?=",
        "<=?utf-8?q?telegram=3Ahousing-bot=3A12345?=>",
        '<"telegram:housing-bot:12345">',
    ],
)
@pytest.mark.parametrize("header", ["From", "Reply-To", "Cc", "To"])
def test_no_header_of_a_mail_gives_the_identity_of_a_chat(written, header):
    reading = read_mail(f"From: Eve\n{header}: {written}\nSubject: x\n\nhello there\n".encode(), NOON)
    people = (reading.sender, *reading.to, *reading.cc, *reading.reply_to, *addresses(written))
    found = [person.address for person in people if person.address]
    assert [address for address in found if identity_of(address.lower()) is not None] == []


def test_the_name_beside_it_is_still_shown():
    reading = read_mail(b"From: Ada <telegram:housing-bot:12345>\nSubject: x\n\nhello there\n", NOON)
    assert (reading.sender.address, reading.sender.name) == (None, "Ada")


def test_an_address_with_colons_in_quotes_is_a_mail_address():
    (sender,) = addresses('"telegram:housing-bot:1"@x.example')
    assert sender.address == '"telegram:housing-bot:1"@x.example'
