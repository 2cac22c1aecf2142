"""What is missing is noticed: each way in which a message, its bytes or its case can go is broken here by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from desk.health import look
from handlers.reconciling import Reconciling
from houses import arrive, house_of, mail, settle
from intake.message import InboundMessage
from store.holes import holes, spoilt
from store.models import Task
from store.tallies import accounts

__all__ = ["house_of"]
COMPLAINT = "complaint! the boiler {} is broken and nobody came"


@pytest.fixture
def house(house_of):
    house = house_of()
    for number in (0, 1, 2, 3, 4, 5, 0):
        sender = f"t{number}@r.example"
        arrive(house, mail(COMPLAINT.format(number), sender=sender), sender=sender)
    settle(house)
    return house


def found(house):
    with house.store.glance() as glance:
        return [*holes(glance), *spoilt(glance)]


def broken(house, *statements):
    with house.store.unit("desk") as unit:
        for statement in statements:
            unit.run(text(statement))
        unit.commit()


def test_nothing_is_missing_in_a_house_where_nothing_was_broken(house):
    assert found(house) == []
    health = look(house)
    assert health.balanced
    (sums,) = health.figures["reconciliation"]
    assert (sums["kept"], sums["there"], sums["again"], sums["gap"]) == (7, 7, 0, None)


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["DELETE FROM raw_content WHERE message_id = 2"], "1 messages without their bytes: number 2"),
        (["UPDATE raw_content SET body = CAST('x' AS {bytes}) WHERE message_id = 3"], "the bytes of message 3 were changed"),
        (["UPDATE message SET case_id = NULL WHERE id = 5"], "1 messages came to a case that is not there: number 5"),
        (["UPDATE message SET duplicate_of = NULL WHERE id = 7"], "1 messages are repeats of a message that is not there: number 7"),
        (["UPDATE message SET disposition = NULL WHERE id = 6"], "1 messages are handled and came to nothing: number 6"),
        (["UPDATE tally SET number = number + 1 WHERE outcome = 'kept'"], "8 messages were kept and 7 are there"),
        (
            ["INSERT INTO mailbox_position (account, folder, uidvalidity, uid) VALUES ('box', 'INBOX', 7, 999)"],
            "box INBOX was read up to UID 999, which is not there",
        ),
        (
            ["UPDATE message SET state = 'shunted', disposition = 'quarantined', case_id = NULL WHERE id = 1",
             "DELETE FROM task WHERE message_id = 1"],
            "1 messages are in quarantine and nobody was asked: number 1",
        ),
    ],
)  # fmt: skip
def test_each_thing_that_goes_is_noticed(house, statements, sentence):
    kind = "BLOB" if house.settings.store_url.startswith("sqlite") else "BYTEA"
    broken(house, *(statement.format(bytes=kind) for statement in statements))
    assert any(sentence in one for one in found(house))


def test_a_message_whose_row_is_gone_is_noticed_by_what_was_counted_when_it_was_kept(house):
    arrive(house, mail(COMPLAINT.format(9), sender="t9@r.example"), sender="t9@r.example")
    broken(house, "DELETE FROM raw_content WHERE message_id = 8", "DELETE FROM message WHERE id = 8")
    health = look(house)
    assert not health.balanced
    assert any("8 messages were kept and 7 are there" in trouble for trouble in health.troubles)


def test_an_answer_upstream_for_a_mail_that_is_not_here_is_noticed(house):
    house.reception.tallied("smtp", "test", {"said_yes": 7, "refused_size": 3})
    assert found(house) == []
    house.reception.tallied("smtp", "test", {"said_yes": 1})
    assert any("8 messages were answered for upstream, and only 7 were kept" in one for one in found(house))
    with house.store.glance() as glance:
        assert accounts(glance)[0].refused == {"refused_size": 3}


def test_what_comes_again_is_counted_apart(house):
    with house.store.glance() as glance:
        before = accounts(glance)[0]
    now = house.clock.now()
    message = InboundMessage(
        channel="smtp", account="test", external_id="twice", received_at=now, raw=b"Subject: x\r\n\r\ny\r\n"
    )
    for _ in range(2):
        house.reception.put([message])
    with house.store.glance() as glance:
        after = accounts(glance)[0]
    assert (before.tallies, after.tallies) == ({"kept": 7}, {"kept": 8, "again": 1})


def test_a_hole_stands_before_the_desk_until_it_is_mended_and_is_looked_for_once_an_hour(house):
    reconciling = Reconciling(house.store, house.clock, "contact")
    assert reconciling.once() == []
    broken(house, "UPDATE message SET case_id = NULL WHERE id = 5")
    assert reconciling.once() == []
    house.clock.at += timedelta(hours=1)
    assert len(reconciling.once()) == 1
    assert any("store all: 1 messages came to a case" in trouble for trouble in look(house).troubles)
    broken(house, "UPDATE message SET disposition = 'automatic' WHERE id = 5")
    house.clock.at += timedelta(hours=1)
    assert reconciling.once() == []
    assert not any("store all" in trouble for trouble in look(house).troubles)


def open_questions(house):
    with house.store.glance() as glance:
        return glance.find(Task, kind="reconciliation", closed_at=None)


def test_a_hole_is_one_task_of_the_triage_team_which_tells_what_changed_and_closes_when_nothing_is_missing(house):
    reconciling = Reconciling(house.store, house.clock, "contact")
    assert (reconciling.once(), open_questions(house)) == ([], [])
    broken(house, "UPDATE message SET case_id = NULL WHERE id = 5")
    for hours in range(3):
        if hours == 2:
            broken(house, "UPDATE message SET disposition = NULL WHERE id = 6")
        house.clock.at += timedelta(hours=1)
        reconciling.once()
        (task,) = open_questions(house)
        assert "came to a case that is not there: number 5" in task.why
    assert (task.team, task.opened_at) == ("contact", house.clock.at - timedelta(hours=2))
    assert "came to nothing: number 6" in task.why
    assert any("overdue" in trouble for trouble in look(house).troubles)
    broken(house, "UPDATE message SET disposition = 'automatic' WHERE id IN (5, 6)")
    house.clock.at += timedelta(hours=1)
    assert (reconciling.once(), open_questions(house)) == ([], [])
    with house.store.glance() as glance:
        (closed,) = glance.find(Task, kind="reconciliation")
    assert (closed.closed_by, closed.outcome) == ("sweep", "nothing is missing any more")


def test_a_task_that_a_person_closed_is_asked_again_while_something_is_missing(house):
    reconciling = Reconciling(house.store, house.clock, "contact")
    broken(house, "UPDATE message SET case_id = NULL WHERE id = 5")
    reconciling.once()
    with house.store.unit("desk") as unit:
        unit.update(Task, open_questions(house)[0].id, closed_at=house.clock.now(), closed_by="olive", outcome="looked")
        unit.commit()
    house.clock.at += timedelta(hours=1)
    reconciling.once()
    assert len(open_questions(house)) == 1
