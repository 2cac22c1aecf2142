"""A unit keeps all of its work or none; a glance sees one state and changes nothing."""

import shutil
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import pytest
from sample_rows import NOON, case_row, keep_case, keep_messages, letter_row, message_row
from sqlalchemy import delete, func, select, text, update

from store.engine import open_store
from store.errors import AlreadyThere, NotStorable, StoreError, StoreUnavailable
from store.models import Case, MailboxPosition, Message, Original, OutboxEntry, OutboxState, Party
from store.rows import core, insertion

NAIVE = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001


def references(store):
    with store.glance() as glance:
        return [case.reference for case in glance.find(Case)]


def test_a_unit_that_commits_is_seen(store):
    with store.unit("T3") as unit:
        unit.insert(Case, [case_row(1)])
        unit.commit()
    assert references(store) == ["LBL-26-000001-00"]


def test_a_unit_left_without_commit_leaves_nothing(store):
    with store.unit("T3") as unit:
        unit.insert(Case, [case_row(1)])
    assert references(store) == []


def test_a_unit_left_by_an_error_leaves_nothing_and_the_next_one_works(store):
    def fail():
        with store.unit("T3") as unit:
            unit.insert(Case, [case_row(1)])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    keep_case(store, 2)
    assert references(store) == ["LBL-26-000002-00"]


def test_after_its_commit_a_unit_can_do_no_more(store):
    with store.unit("T3") as unit:
        unit.insert(Case, [case_row(1)])
        unit.commit()
        with pytest.raises(StoreError):
            unit.insert(Case, [case_row(2)])
    assert references(store) == ["LBL-26-000001-00"]


def test_borders_are_told_right_before_and_right_after_a_commit(migrated_url):
    told = []

    def on_border(border, moment):
        with open_store(migrated_url) as other:
            told.append((border, moment, len(references(other))))

    with open_store(migrated_url, on_border) as store:
        keep_case(store)
        with store.unit("T5"):
            pass
    assert told == [("T3", "before", 0), ("T3", "after", 1)]


def test_a_transaction_without_a_name_in_the_design_is_refused(store):
    with pytest.raises(ValueError, match="T7"), store.unit("T7"):
        pass


WRITES = {
    "an insertion": insertion(Case).values(**case_row(2), also=[], flags=[], events=0, head_hash=""),
    "a change": update(core(Case)).values(team="nobody"),
    "a removal": delete(core(Case)),
    "a table": text("CREATE TABLE stray (id INTEGER)"),
    "a table's end": text("DROP TABLE contact"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_glance_changes_nothing(store, write):
    keep_case(store, 1)
    for _ in range(3):  # whatever connection it gets, one that was just written with too
        with store.glance() as glance, pytest.raises(StoreError):
            glance.run(write)
        with store.unit("T6") as unit:
            assert unit.update(Case, 1, subject="written")
            unit.commit()
    assert references(store) == ["LBL-26-000001-00"]
    with store.glance() as glance:
        assert [case.team for case in glance.find(Case)] == ["complaints"]
        assert glance.has_table("contact")
        assert not glance.has_table("stray")


def test_glances_and_units_of_many_threads_keep_out_of_each_others_way(store):
    keep_case(store, 1)

    def either(number):
        with store.glance() as glance, pytest.raises(StoreError):
            glance.run(WRITES["a change"])
        with store.unit("T6") as unit:
            assert unit.update(Case, 1, subject=str(number))
            unit.commit()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(either, range(30)))
    with store.glance() as glance:
        assert [case.team for case in glance.find(Case)] == ["complaints"]


def test_rows_are_found_by_a_value_by_any_of_several_and_by_having_none(store):
    first, second = keep_case(store, 1), keep_case(store, 2, reason="damp")
    with store.glance() as glance:
        assert [case.id for case in glance.find(Case, reason="damp")] == [second]
        assert [case.id for case in glance.find(Case, reason=None)] == [first]
        assert [case.id for case in glance.find(Case, id={second, first}, reason=None)] == [first]
        assert glance.find(Case, id=[]) == glance.find(Case, id=[], reason="damp") == []


def test_of_rows_with_a_key_the_new_ones_are_kept_and_it_is_said_whether_all_were(store):
    (message_id,) = keep_messages(store, 1)

    def add(*keys):
        with store.unit("T3") as unit:
            rows = [{"content_key": key, "message_id": message_id} for key in keys]
            all_new = unit.add_new(Original, rows, ["content_key"])
            unit.commit()
        return all_new

    assert add()
    assert add("a")
    assert not add("a")
    assert add("b", "c")
    assert not add("d", "a", "e")
    assert not add("f", "f")
    with store.glance() as glance:
        assert [row.content_key for row in glance.find(Original)] == ["a", "b", "c", "d", "e", "f"]


def test_a_glance_sees_one_state_though_others_write(store):
    with store.glance() as glance:
        before = glance.find(Case)
        keep_case(store)
        assert before == glance.find(Case) == []
    assert len(references(store)) == 1


def test_what_is_left_out_gets_its_default_and_all_comes_back_as_it_was_given(store):
    given = case_row(1, flags=["damp_mould", "hazard"], definition={"points": ["Kälte", "🥶 “mould”"]}, logged_at=NOON)
    case_id = keep_case(store, **{name: value for name, value in given.items() if name != "reference"})
    with store.glance() as glance:
        case = glance.get(Case, case_id)
    assert {name: getattr(case, name) for name in given} == given
    assert (case.also, case.reason, case.events, case.head_hash, case.acknowledged_at) == ([], None, 0, "", None)


def test_times_come_back_aware_and_in_utc(store):
    summer = datetime.fromisoformat("2026-07-01T09:30:00.123456+01:00")
    case_id = keep_case(store, received_at=summer)
    with store.glance() as glance:
        found = glance.get(Case, case_id).received_at
    assert found == summer
    assert found.isoformat() == "2026-07-01T08:30:00.123456+00:00"


def test_a_time_without_a_zone_is_refused(store):
    with store.unit("T3") as unit, pytest.raises(NotStorable):
        unit.insert(Case, [case_row(1, received_at=NAIVE)])
    assert references(store) == []


def test_ids_come_in_the_order_of_the_rows(store):
    with store.unit("T3") as unit:
        ids = unit.insert(Case, [case_row(number) for number in range(2_000)])
        more = unit.insert(Case, [case_row(9_999)])
        assert unit.insert(Case, []) == []
        unit.commit()
    with store.glance() as glance:
        assert [case.reference for case in glance.find(Case, id=ids)] == [f"LBL-26-{number:06}-00" for number in range(2_000)]
    assert more[0] not in ids
    assert ids == sorted(ids)


def test_ids_do_not_meet_when_many_write_at_once(store):
    def write(writer):
        with store.unit("T3") as unit:
            ids = unit.insert(Case, [case_row(writer * 100 + number) for number in range(50)])
            unit.commit()
        return ids

    with ThreadPoolExecutor(8) as threads:
        batches = list(threads.map(write, range(16)))
    ids = [id_ for batch in batches for id_ in batch]
    assert len(set(ids)) == len(ids) == 800
    assert len(references(store)) == 800


def test_two_programs_with_the_same_store_write_in_turns(migrated_url):
    with open_store(migrated_url) as one, open_store(migrated_url) as other, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: keep_case((one, other)[number % 2], number), range(60)))
        assert len(references(one)) == len(references(other)) == 60


def test_a_key_that_is_taken_is_said_to_be(store):
    keep_case(store, 1)
    with store.unit("T3") as unit, pytest.raises(AlreadyThere):
        unit.insert(Case, [case_row(1)])


@pytest.mark.parametrize(
    "row",
    [
        {"case_id": 4711, "address": "a@example.org", "role": "resident"},
        {"case_id": 1, "address": None, "role": "resident"},
        {"case_id": 1, "address": "\ud800", "role": "resident"},
    ],
    ids=["no such case", "nothing where something must be", "half a character"],
)
def test_a_row_that_breaks_a_rule_is_not_storable(store, row):
    keep_case(store)
    with store.unit("T3") as unit, pytest.raises(NotStorable):
        unit.add(Party, [row])


@pytest.mark.parametrize("fault", [{"recipient": "x", "created_at": None}, {"created_at": NAIVE}, {"kind": "\ud800"}])
def test_an_error_never_quotes_the_resident(store, fault):
    (message_id,), case_id = keep_messages(store, 1), keep_case(store)
    secret = uuid4().hex
    with pytest.raises(NotStorable) as caught, store.unit("T3") as unit:
        unit.add(OutboxEntry, [letter_row(1, case_id, message_id, **{"text": secret, "subject": secret, **fault})])
    assert secret not in "".join(traceback.format_exception(caught.value))


def test_rows_are_changed_by_their_key(store):
    first, second = keep_case(store, 1), keep_case(store, 2)
    with store.unit("T6") as unit:
        assert unit.update(Case, first, team="repairs", flags=["hazard"])
        assert not unit.update(Case, 4711, team="nobody")
        unit.update_many(Case, [{"id": first, "status": "closed"}, {"id": second, "status": "triage"}])
        unit.update_many(Case, [])
        assert unit.update(Case, second, looked_by="A. Officer", looked_at=NOON)
        unit.commit()
    with store.glance() as glance:
        one, two = glance.get(Case, first), glance.get(Case, second)
        assert glance.get(Case, 4711) is None
    assert (one.team, one.flags, one.status, one.looked_by) == ("repairs", ["hazard"], "closed", None)
    assert (two.team, two.flags, two.status, two.looked_by) == ("complaints", [], "triage", "A. Officer")


def test_a_key_may_have_several_columns(store):
    with store.unit("T1") as unit:
        unit.add(MailboxPosition, [{"account": "a", "folder": folder, "uidvalidity": 1, "uid": 5} for folder in ("x", "y")])
        assert unit.update(MailboxPosition, ("a", "y"), uid=6)
        unit.commit()
    with store.glance() as glance:
        assert glance.get(MailboxPosition, ("a", "y")).uid == 6
        assert glance.get(MailboxPosition, ("a", "x")).uid == 5


def test_find_takes_one_value_or_several(store):
    ids = keep_messages(store, 3)
    with store.glance() as glance:
        assert [message.id for message in glance.find(Message, external_id="mail-1")] == [ids[1]]
        assert [message.id for message in glance.find(Message, external_id=["mail-2", "mail-0"], channel="smtp")] == [
            ids[0],
            ids[2],
        ]
        assert glance.find(Message, external_id="mail-1", channel="imap") == []


def test_only_rows_with_a_new_key_are_added_and_each_is_told_apart(store):
    case_id = keep_case(store)
    rows = [{"case_id": case_id, "address": address, "role": role} for address, role in (("a", "1"), ("b", "2"), ("a", "3"))]
    with store.unit("T3") as unit:
        assert unit.insert_new(Party, rows, ["case_id", "address"]) == [True, True, False]
        assert unit.insert_new(Party, [*rows, {**rows[0], "address": "c"}], ["case_id", "address"]) == [
            False,
            False,
            False,
            True,
        ]
        unit.add_new(Party, [{**rows[0], "role": "9"}, {**rows[0], "address": "d"}], ["case_id", "address"])
        assert unit.insert_new(Party, [], ["case_id", "address"]) == []
        unit.commit()
    with store.glance() as glance:
        assert [(party.address, party.role) for party in glance.find(Party)] == [("a", "1"), ("b", "2"), ("c", "1"), ("d", "1")]


def test_states_are_kept_as_plain_text(store):
    (message_id,), case_id = keep_messages(store, 1), keep_case(store)
    with store.unit("T3") as unit:
        unit.insert(OutboxEntry, [letter_row(1, case_id, message_id, state=OutboxState.SUPPRESSED)])
        unit.commit()
    with store.glance() as glance:
        assert glance.find(OutboxEntry)[0].state is OutboxState.SUPPRESSED
        plain = select(func.lower(core(OutboxEntry).c.state, type_=core(OutboxEntry).c.kind.type))
        assert glance.run(plain).scalar_one() == "suppressed"


def test_a_file_whose_writer_hangs_is_unavailable_to_the_next(migrated_sqlite, tmp_path):
    shutil.copyfile(migrated_sqlite, tmp_path / "intake.db")
    with open_store(f"sqlite:///{tmp_path}/intake.db") as store:
        store.patience = 0.01
        with store.unit("T1"), pytest.raises(StoreUnavailable), store.unit("T1"):
            pass


def test_a_message_row_needs_its_time(store):
    row = {name: value for name, value in message_row(1, received_at=None).items() if name != "body"}
    with store.unit("T1") as unit, pytest.raises(NotStorable):
        unit.insert(Message, [row])


def test_a_broken_connection_is_unavailable_and_the_next_unit_works(new_postgresql, migrated_postgresql):
    with open_store(new_postgresql(migrated_postgresql)) as store:
        with store.unit("T3") as unit:
            own = unit.run(text("SELECT pg_backend_pid()")).scalar_one()
            unit.insert(Case, [case_row(1)])
            with store.unit("T6") as other:
                other.run(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            with pytest.raises(StoreUnavailable):
                unit.insert(Case, [case_row(2)])
        keep_case(store, 3)
        assert references(store) == ["LBL-26-000003-00"]
