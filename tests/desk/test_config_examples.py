"""Every example in the configuration that is commented out is one that the program takes, once it is not."""

from __future__ import annotations

import re
import tomllib

import pytest

from desk.config import EXAMPLE, ChannelSettings, Mistake, load_settings
from intake.loading import kinds

BLOCKS = re.findall(r"^# \[\[channels\]\][^\n]*\n(?:# \w[^\n]*\n)+", EXAMPLE.read_text(), re.MULTILINE)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r'kind = "(\w+)"', block)[1])
def test_a_commented_channel_is_one_that_the_program_takes(block):
    told = tomllib.loads("".join(line.removeprefix("# ") for line in block.splitlines(keepends=True)))
    (channel,) = told["channels"]
    assert ChannelSettings(**channel).own().account


def test_there_is_an_example_of_every_channel():
    shown = {re.search(r'kind = "(\w+)"', block)[1] for block in BLOCKS} | {c.kind for c in load_settings(EXAMPLE).channels}
    assert shown >= set(kinds("intake.channels")) - {"folder"}  # a folder that is watched is for trials


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        (("webform", "web"), ("webchat", "web"), False),
        (("webform", "web"), ("webform", "web"), False),
        (("webform", "web"), ("webchat", "chat"), True),
    ],
)
def test_two_channels_never_share_an_account(tmp_path, first, second, fine):
    tables = "".join(f'\n[[channels]]\nkind = "{kind}"\naccount = "{account}"\n' for kind, account in (first, second))
    path = with_channels(tmp_path, tables)
    if fine:
        assert len(load_settings(path).channels) == 2
    else:
        with pytest.raises(Mistake, match="'web'"):
            load_settings(path)


@pytest.mark.parametrize("kind", ["webform", "webchat"])
def test_the_public_door_has_one_form_and_one_chat(tmp_path, kind):
    tables = "".join(f'\n[[channels]]\nkind = "{kind}"\naccount = "web{number}"\n' for number in (1, 2))
    with pytest.raises(Mistake, match=f"two are of the kind '{kind}'"):
        load_settings(with_channels(tmp_path, tables))


def page(account, number, also=""):
    """Return the table of a page."""
    files = "".join(f'{name}_file = "/run/{name}"\n' for name in ("app_secret", "verify_token", "access_token"))
    return f'\n[[channels]]\nkind = "messenger"\naccount = "{account}"\npage_id = "{number}"\n{files}{also}'


@pytest.mark.parametrize(
    ("second", "fine"),
    [(page("second-page", 222), True), (page("another-page", 222), False), ("", False)],
    ids=["a table of its own", "another name", "no table"],
)
def test_a_page_that_comes_by_anothers_webhook_has_a_table_by_which_it_is_answered(tmp_path, second, fine):
    path = with_channels(tmp_path, page("first-page", 111, 'also = { "222" = "second-page" }\n') + second)
    if fine:
        assert len(load_settings(path).channels) == 2
    else:
        with pytest.raises(Mistake, match="also names 'second-page' for 222"):
            load_settings(path)


def with_channels(folder, tables):
    """Return a configuration file with these channels and no others."""
    path = folder / "config.toml"
    bare = re.sub(r"^\[\[channels\]\][^\n]*\n(?:\w[^\n]*\n)+", "", EXAMPLE.read_text(), flags=re.MULTILINE)
    path.write_text(bare + tables)
    return path
