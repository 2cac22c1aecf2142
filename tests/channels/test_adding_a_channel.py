"""The walk through the worked example says what the example says, and what it shows works."""

from __future__ import annotations

import hashlib
import hmac
import re
import tomllib
from pathlib import Path

import pytest

from channels.scenes import NOON, staged
from desk.config import ChannelSettings
from intake.channel import WebhookRequest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adding-a-channel.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "intake" / "channels" / "signed_json.py").read_text(encoding="utf-8")
BENCH = (ROOT / "tests" / "channels" / "benches" / "signed_json.py").read_text(encoding="utf-8")
FOR_THE_SYSTEM = "def signed("


def blocks(language):
    """Return the code blocks of the page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_every_part_that_is_shown_stands_in_the_file():
    shown = [block for block in blocks("python") if FOR_THE_SYSTEM not in block]
    assert len(shown) >= 10
    assert [block for block in shown if block not in EXAMPLE and block not in BENCH] == []


def test_the_configuration_that_is_shown_is_one():
    (channel,) = tomllib.loads(blocks("toml")[0])["channels"]
    own = ChannelSettings(**channel).own()
    assert (own.kind, own.account, own.longest) == ("signed_json", "tenants-app", 1600)


@pytest.fixture
def kind():
    return "signed_json"


async def test_the_request_that_is_shown_signed_as_shown_is_taken_and_read(kind, store, tmp_path):
    ours = {"hmac": hmac, "hashlib": hashlib}
    exec(next(block for block in blocks("python") if FOR_THE_SYSTEM in block), ours)
    body = blocks("json")[0].encode()
    async with staged(kind, store, tmp_path) as scene:
        channel = scene.channel
        headers = ours["signed"]((scene.folder / "app.secret").read_bytes().strip(), body, int(NOON.timestamp()))
        small = tuple((name.lower(), value) for name, value in headers.items())
        assert channel.answer(WebhookRequest(method="POST", query=(), headers=small, body=body)).status == 200
        readings = [kept.reading() for kept in scene.box.kept()]
        assert [reading.chat.act for reading in readings] == ["message", "edit", "press", "receipt"]
        assert [reading.problems for reading in readings] == [()] * 4
        assert scene.box.put_in[0].files[0].name == "lift.jpg"


def test_what_the_suite_asks_is_said_for_every_file_of_it():
    told = {"arrivals": "kept once", "letters": "arrive as written", "files": "byte for byte", "listening": "cancelled",
            "silence": "no secret", "trouble": "refused, counted", "every_channel": "without a bench fails by name"}  # fmt: skip
    files = {path.stem.removeprefix("test_contract_") for path in Path(__file__).parent.glob("test_contract_*.py")}
    assert files == set(told)
    assert all(words in PAGE for words in told.values())
