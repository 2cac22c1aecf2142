"""A way out that hears of its letters, in the settings: what is said of its key and token, and whose address at the public door is whose."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from all_commands import app
from desk import logs
from desk.config import EXAMPLE, Mistake, load_settings
from standins.notify import TEMPLATE, TOKEN, key

MAILDIR = 'kind = "maildir"\npath = "var/sent"'


def configured(folder: Path, *, secret: str, token: str = TOKEN, more: str = "", after: str = "") -> Path:
    """Write the example with letters by Notify; return its path."""
    for name, words in (("key", secret), ("token", token)):
        (folder / name).write_text(words)
        (folder / name).chmod(0o600)
    notify = f"""kind = "notify"
key_file = "{folder}/key"
key_type = "live"
callback_token_file = "{folder}/token"
template_id = "{TEMPLATE}"
{more}
"""
    path = folder / "config.toml"
    path.write_text(EXAMPLE.read_text().replace(MAILDIR, notify) + after)
    return path


@pytest.mark.parametrize(
    ("secret", "token", "said"),
    [
        (key("live"), TOKEN, None),
        (key("test"), TOKEN, 'warning: outgoing: key_type is "live" and the key\'s name does not say so'),
        ("a password", TOKEN, "warning: outgoing: key_file holds no key of GOV.UK Notify's"),
        (key("live"), "short", "warning: outgoing: callback_token_file holds fewer than 10 characters"),
    ],
)
def test_check_config_says_what_is_wrong_with_key_and_token_and_shows_neither(tmp_path, secret, token, said):
    done = CliRunner().invoke(app, ["check-config", "--config", str(configured(tmp_path, secret=secret, token=token))])
    assert done.exit_code == 0
    assert (said is None and "warning: outgoing" not in done.output) or (said is not None and said in done.output)
    assert "outgoing.key_type = live" in done.output
    assert secret not in done.output
    assert token not in done.output


def test_a_channel_may_not_have_the_address_that_notify_calls_back(tmp_path):
    channel = '\n[[channels]]\nkind = "telegram"\naccount = "hook"\ntoken_file = "x"\n'
    load_settings(configured(tmp_path, secret=key("live"), after=channel))
    with pytest.raises(Mistake, match="two have the account 'hook'"):
        load_settings(configured(tmp_path, secret=key("live"), more='account = "hook"', after=channel))


def test_what_notifys_client_warns_of_is_not_logged():
    root, silent = logging.getLogger(), [logging.getLogger(name) for name in logs.SILENT]
    before = root.level, [*root.handlers], [one.level for one in silent]
    try:
        logs.set_up()
        assert not any(one.isEnabledFor(logging.CRITICAL) for one in silent)
        assert "notifications_python_client" in logs.SILENT
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        for one, level in zip(silent, before[2], strict=True):
            one.setLevel(level)
