"""Every example in the configuration that is commented out is one that the program takes, once it is not."""

from __future__ import annotations

import re
import tomllib

import pytest

from desk.config import EXAMPLE, ChannelSettings, Mistake, load_settings

BLOCKS = re.findall(r"^# \[\[channels\]\][^\n]*\n(?:# \w[^\n]*\n)+", EXAMPLE.read_text(), re.MULTILINE)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r'kind = "(\w+)"', block)[1])
def test_a_commented_channel_is_one_that_the_program_takes(block):
    told = tomllib.loads("".join(line.removeprefix("# ") for line in block.splitlines(keepends=True)))
    (channel,) = told["channels"]
    assert ChannelSettings(**channel).own().account


def test_there_is_an_example_of_every_channel():
    shown = {re.search(r'kind = "(\w+)"', block)[1] for block in BLOCKS} | {c.kind for c in load_settings(EXAMPLE).channels}
    assert shown >= {
        "smtp",
        "imap",
        "webform",
        "webchat",
        "telegram",
        "messenger",
        "instagram",
        "whatsapp",
        "mastodon",
        "bluesky",
    }


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        (("webform", "web"), ("webchat", "web"), False),
        (("webform", "web"), ("webform", "web"), False),
        (("webform", "web"), ("webchat", "chat"), True),
    ],
)
def test_two_channels_never_share_an_account(tmp_path, first, second, fine):
    tree = re.sub(r"^\[\[channels\]\][^\n]*\n(?:\w[^\n]*\n)+", "", EXAMPLE.read_text(), flags=re.MULTILINE)
    tree += "".join(f'\n[[channels]]\nkind = "{kind}"\naccount = "{account}"\n' for kind, account in (first, second))
    path = tmp_path / "config.toml"
    path.write_text(tree)
    if fine:
        assert len(load_settings(path).channels) == 2
    else:
        with pytest.raises(Mistake, match="'web'"):
            load_settings(path)
