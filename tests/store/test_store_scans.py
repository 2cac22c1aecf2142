"""What the scanner said is kept by what is in a file, and which messages it has still to look at is asked of an index."""

import pytest
from alembic import command
from sample_rows import MINUTE, NOON, message_row
from sqlalchemy import text

from store.connecting import engine_for
from store.engine import open_store
from store.models import Message
from store.scan_models import FileScan
from store.scan_rows import files_scanned, keep_scans, messages_to_scan, scan_again, scan_figures, scans_of
from store.schema import configuration, migrate
from store.states import FileState

CLEAN, EVIL, NEW = "a" * 64, "b" * 64, "c" * 64


def scan_row(sha256, state, told="", engine="ClamAV 1"):
    return {"sha256": sha256, "state": state, "told": told, "engine": engine, "at": NOON}


def messages(*states):
    rows = [message_row(number, state=state) for number, state in enumerate(states, start=1)]
    return [{name: value for name, value in row.items() if name != "body"} for row in rows]


@pytest.fixture
def kept(store):
    with store.unit("T1") as unit:
        unit.insert(Message, messages("handled", "waiting", "handled", "shunted", "handled"))
        unit.commit()
    return store


def to_scan(store, limit=9):
    with store.glance() as glance:
        return [message.id for message in messages_to_scan(glance, limit)]


def change(store, act, *values):
    with store.unit("T5") as unit:
        act(unit, *values)
        unit.commit()


def test_the_newest_message_is_looked_at_first_and_none_that_is_still_to_be_read(kept):
    assert (to_scan(kept), to_scan(kept, 2)) == ([5, 4, 3, 1], [5, 4])
    change(kept, files_scanned, [5, 3], NOON)
    change(kept, files_scanned, [], NOON)
    assert to_scan(kept) == [4, 1]


def test_a_file_has_one_state_whoever_sent_it_and_the_first_word_stays(kept):
    change(kept, keep_scans, [scan_row(CLEAN, FileState.CLEAN), scan_row(EVIL, FileState.INFECTED, "Evil.Test")])
    change(kept, keep_scans, [scan_row(EVIL, FileState.CLEAN, engine="ClamAV 2")])
    with kept.glance() as glance:
        found = scans_of(glance, [CLEAN, EVIL, NEW, EVIL])
        assert scans_of(glance, []) == {}
        assert scan_figures(glance) == {"clean": 1, "infected": 1, "unscannable": 0, "messages_to_scan": 4}
    assert {sha256: (scan.state, scan.told, scan.engine) for sha256, scan in found.items()} == {
        CLEAN: (FileState.CLEAN, "", "ClamAV 1"),
        EVIL: (FileState.INFECTED, "Evil.Test", "ClamAV 1"),
    }
    assert found[EVIL].at == NOON


def test_what_is_asked_for_again_counts_as_not_scanned_until_then(kept):
    change(kept, keep_scans, [scan_row(CLEAN, FileState.CLEAN), scan_row(EVIL, FileState.INFECTED)])
    change(kept, files_scanned, [1, 3, 4, 5], NOON + MINUTE)
    change(kept, scan_again, 3, [EVIL])
    assert to_scan(kept) == [3]
    with kept.glance() as glance:
        assert set(scans_of(glance, [CLEAN, EVIL])) == {CLEAN}


def test_an_index_answers_although_every_message_was_looked_at(kept):
    asked = "SELECT id FROM message WHERE files_scanned_at IS NULL AND state != 'waiting' ORDER BY id DESC LIMIT 5"
    with kept.glance() as glance:
        if glance.embedded:
            (plan,) = glance.all(text(f"EXPLAIN QUERY PLAN {asked}"))
        else:
            plan = " ".join(str(row) for row in glance.all(text(f"EXPLAIN {asked}")))
            # So few rows are never looked up: that the index can serve is what its own definition says.
            plan += str(glance.all(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_message_unscanned'")))
    assert "ix_message_unscanned" in str(plan)


def test_messages_of_an_older_store_are_still_there_and_are_looked_at_too(kept, migrated_url):
    change(kept, keep_scans, [scan_row(CLEAN, FileState.CLEAN)])
    kept.close()
    engine = engine_for(migrated_url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0006")
    with engine.begin() as connection:
        connection.execute(text("UPDATE message SET subject = 'from before' WHERE id = 1"))
    engine.dispose()
    migrate(migrated_url)
    with open_store(migrated_url) as again, again.glance() as glance:
        assert [message.id for message in messages_to_scan(glance, 9)] == [5, 4, 3, 1]
        assert glance.get(Message, 1).subject == "from before"
        assert glance.find(FileScan) == []
