"""What the configuration check says of a border that is not configured: right settings, and what follows from them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk.config import EXAMPLE
from desk.mail_settings import NO_BORDER, NO_HOSTS, NO_HOSTS_BY_IMAP, MailSettings, notices_about

OURS = {"from_address": "housing@landlord.example", "from_name": "Housing"}
BORDER, HOSTS = {"trusted_authservs": ("mx.landlord.example",)}, {"border_hosts": (".outlook.com",)}


@pytest.mark.parametrize(
    ("given", "kinds", "said"),
    [
        ({}, ["smtp"], [NO_BORDER]),
        (HOSTS, ["imap", "smtp"], [NO_BORDER]),
        (BORDER, ["smtp"], [NO_HOSTS]),
        (BORDER, ["telegram", "imap"], [NO_HOSTS_BY_IMAP]),
        (BORDER | HOSTS, ["smtp", "imap"], []),
        ({}, ["folder", "telegram"], []),
        ({}, [], []),
    ],
)
def test_a_border_that_is_left_out_is_named_with_what_follows(given, kinds, said):
    assert list(notices_about(MailSettings(**OURS, **given), kinds)) == said


def test_the_check_says_it_and_the_configuration_is_right():
    done = CliRunner().invoke(app, ["check-config", "--config", str(EXAMPLE)])
    assert done.exit_code == 0
    assert f"warning: {NO_BORDER}" in done.stderr
