"""The key of our letters' tokens is made once, and whole from the moment it has its name."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.config import Mistake
from desk.facts import bounce_addresses, old_token_keys, token_key
from handlers.resident_links import ResidentLinks
from handlers.tokens import made_here, message_id_for
from houses import house_in
from intake.message import Envelope, Reading


def test_processes_that_start_at_once_have_the_same_key(tmp_path):
    path, start = tmp_path / "new" / "intake.key", threading.Barrier(16)

    def started(_):
        start.wait()
        return token_key(path)

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(started, range(16)))
    assert len(keys) == 1 and keys == {token_key(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "no key"])
def test_a_key_that_is_none_is_never_replaced_by_a_new_one(tmp_path, content):
    path = tmp_path / "intake.key"
    path.write_text(content)
    with pytest.raises(Mistake, match="restore it from the backup"):
        token_key(path)
    assert path.read_text() == content


OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "reply_domain": "re.landlord.example"}
ADA = "ada@resident.example"


def replaced(tmp_path, *, listed=True):
    """A house before its key is replaced, and the same house after it."""
    before = house_in(tmp_path, "sqlite://", mail=OURS)
    assert before.key.secret
    old = (tmp_path / "intake.key").rename(tmp_path / "intake-old.key")
    return before, house_in(tmp_path, "sqlite://", mail=OURS, old_key_files=(old,) if listed else ())


def believed(before, after):
    """Which things that the house made before are believed by it after."""
    links, now = (ResidentLinks(key=house.key, old_keys=house.old_keys) for house in (before, after))
    page = now.page_link(links.page(7, ADA))
    paths = bounce_addresses(after.settings, after.key, *after.old_keys)
    back = Envelope(mail_from="", rcpt_to=(bounce_addresses(before.settings, before.key).path_of(5, automatic=False),))
    to = Envelope(mail_from=ADA, rcpt_to=(before.reply_addresses.address_for(7, ADA),))
    return {
        "answers": after.reply_addresses.cases(Reading(), to) == (7,),
        "bounces": paths.letter_id(Reading(), back) == 5,
        "pages": page is not None and now.is_for(page, ADA) and not now.is_for(page, "eve@elsewhere.example"),
        "chats": now.talk_user(links.talk("a" * 32)) == "a" * 32,
        "letters": made_here(message_id_for(before.key, "receipt", 7, domain="x.example"), after.own.keys),
    }


def test_what_an_old_key_made_is_believed_and_new_things_are_made_with_the_new_one(tmp_path):
    before, after = replaced(tmp_path)
    assert before.key != after.key
    assert set(believed(before, after).values()) == {True}
    assert before.reply_addresses.address_for(7, ADA) != after.reply_addresses.address_for(7, ADA)
    assert set(believed(after, after).values()) == {True}


def test_what_a_key_made_that_is_listed_no_more_is_nobodys(tmp_path):
    assert set(believed(*replaced(tmp_path, listed=False)).values()) == {False}


def test_an_old_key_is_never_made_anew(tmp_path):
    with pytest.raises(Mistake, match="restore it"):
        old_token_keys([tmp_path / "gone.key"])
    assert list(tmp_path.iterdir()) == []
