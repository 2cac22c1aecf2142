"""What is counted to watch the machine: each verdict once, people's last words, what came of the checks; and by which index."""

import re
from datetime import timedelta

import pytest
from sample_rows import NOON, keep_case, keep_messages, task_row
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from store.drift_figures import (
    CheckCount,
    JudgedCount,
    SaidCount,
    Sides,
    check_counts,
    checks_question,
    first_number,
    judged_counts,
    judged_question,
    said_counts,
    said_question,
)
from store.models import Disposition, Message, Task, Verdicting

DAY = timedelta(days=1)
AGES = (7, 28, 118)
SIDES = Sides(machine="machine", not_people=("machine", "sweep"), spoken_for=("machine", "the resident"), logged=("telephone",))


def judged(message_id, days=1.0, **values):
    row = {
        "message_id": message_id,
        "at": NOON - days * DAY,
        "by": "machine",
        "model": "linear-1",
        "input_sha256": "0" * 64,
        "category": "service_request",
        "route": "auto",
        "why": "sure: 0.99 for service_request",
    }
    return {**row, **values}


def said(message_id, category, days=0.5, **values):
    return judged(message_id, days, **{"by": "olive", "model": "olive", "category": category, "why": "looked: so", **values})


def keep(store, *rows):
    with store.unit("T3") as unit:
        unit.add(Verdicting, rows)
        unit.commit()


@pytest.fixture
def messages(store):
    """Keep nine messages that opened a case, and one that a colleague wrote down."""
    ids = keep_messages(store, 10)
    with store.unit("T3") as unit:
        for id_ in ids:
            unit.update(Message, id_, disposition=Disposition.CASE)
        unit.update(Message, ids[9], channel="telephone")
        unit.commit()
    return ids


def all_counts(store, first=0):
    with store.glance() as glance:
        return (
            judged_counts(glance, NOON, AGES, SIDES, first),
            said_counts(glance, NOON, AGES, SIDES, first),
            check_counts(glance, NOON, AGES, SIDES),
        )


def count(days, number, **values):
    alike = {"channel": "smtp", "model": "linear-1", "category": "service_request", "route": "auto", "code": "", "opened": True}
    return JudgedCount(days=days, number=number, **(alike | values))


def test_nothing_kept_is_nothing_counted(store):
    assert all_counts(store) == ([], [], [])


def test_verdicts_are_counted_by_age_and_by_all_else_in_which_they_differ(store, messages):
    with store.unit("T3") as unit:
        unit.update(Message, messages[5], disposition=Disposition.FOLLOW_UP)
        unit.update(Message, messages[6], disposition=None, channel="webform")
        unit.commit()
    keep(
        store,
        judged(messages[0], 119),  # older than anything asked for
        judged(messages[1], 118),
        judged(messages[2], 28.001),
        judged(messages[3], 28),
        judged(messages[4], 7, category="complaint", route="triage", why="torn: 0.5: for complaint"),
        judged(messages[5], 0),
        judged(messages[6], 0, model="linear-2", route="triage", why="nobody says why"),
        judged(messages[7], 0, route="triage", why=": a sentence with no code"),
    )
    found, _said, _checks = all_counts(store)
    assert sorted(found, key=str) == sorted(
        [
            count(118, 2),
            count(28, 1),
            count(7, 1, category="complaint", route="triage", code="torn"),
            count(7, 1, opened=False),
            count(7, 1, channel="webform", model="linear-2", route="triage", opened=False),
            count(7, 1, route="triage"),
        ],
        key=str,
    )


def test_only_the_machines_own_word_about_what_it_read_itself_is_its_verdict(store, messages):
    keep(
        store,
        judged(messages[0]),
        judged(messages[1], model="the resident"),  # written by the machine, said by a resident
        judged(messages[2], model="machine"),
        judged(messages[3], by="sweep", model="sweep"),
        said(messages[4], "complaint"),
        judged(messages[9]),  # a colleague heard it
    )
    assert all_counts(store)[0] == [count(7, 1)]


def test_of_peoples_words_the_last_that_was_not_taken_back_counts_against_the_machines_first(store, messages):
    one, two, three, four, five, six, seven, *_ = messages
    keep(
        store,
        judged(one, 30),
        said(one, "complaint", 20),
        said(one, "asb_report", 10),
        judged(two, 3, route="triage", why="torn: so"),
        said(two, "complaint"),
        said(two, "asb_report", undone_at=NOON),
        judged(three, 3),
        judged(three, 2, category="asb_report"),  # the machine read it again
        said(three, "service_request"),
        judged(four, 3),
        judged(four, 2, model="the resident", category="complaint"),
        judged(five, 3),
        judged(five, 2, by="sweep", model="sweep", category="complaint"),
        judged(six, 3),
        said(six, "complaint", undone_at=NOON),
        judged(seven, 119),
        said(seven, "complaint"),
        judged(messages[9]),
        said(messages[9], "complaint"),
    )
    found = all_counts(store)[1]
    alike = {"category": "service_request", "route": "auto", "opened": True}
    assert sorted(found, key=str) == sorted(
        [
            SaidCount(**alike | {"days": 118, "said": "asb_report", "number": 1}),
            SaidCount(**alike | {"days": 7, "route": "triage", "said": "complaint", "number": 1}),
            SaidCount(**alike | {"days": 7, "said": "service_request", "number": 1}),
        ],
        key=str,
    )


def test_a_check_waits_until_a_person_speaks_or_is_closed_without_a_word(store, messages):
    case_id = keep_case(store)
    keep(store, *(judged(id_, 10) for id_ in messages), judged(messages[0], 2, category="asb_report"))
    keep(store, said(messages[0], "complaint"), said(messages[1], "complaint"), said(messages[2], "service_request"))
    keep(store, said(messages[2], "complaint", undone_at=NOON))

    def check(id_, **values):
        return {**task_row(case_id, "spot_check", NOON, message_id=id_, closed_at=NOON, opened_at=NOON - 9 * DAY), **values}

    rows = [
        *(check(id_) for id_ in messages[:3]),
        check(messages[3], closed_at=None),
        check(messages[4], closed_at=None),
        check(messages[5]),
        check(messages[6], kind="triage"),
        check(messages[7], opened_at=NOON - 119 * DAY),
        check(messages[9]),  # a colleague wrote it down
    ]
    with store.unit("T3") as unit:
        unit.add(Task, rows)
        unit.commit()
    alike = {"days": 28, "category": "service_request"}
    assert sorted(all_counts(store)[2], key=str) == sorted(
        [
            CheckCount(**alike, said="complaint", waiting=False, number=2),
            CheckCount(**alike, said="service_request", waiting=False, number=1),
            CheckCount(**alike, said=None, waiting=True, number=2),
            CheckCount(**alike, said=None, waiting=False, number=1),
        ],
        key=str,
    )


def test_a_period_begins_after_the_last_judgement_before_it(store, messages):
    keep(store, judged(messages[0], 130), judged(messages[1], 119), judged(messages[2], 100), judged(messages[3], 1))
    with store.glance() as glance:
        first = first_number(glance, NOON - 118 * DAY)
        assert first_number(glance, NOON - 200 * DAY) == 0
        assert first_number(glance, NOON) > first
    assert sum(one.number for one in all_counts(store, first)[0]) == 2


@pytest.mark.parametrize("question", ["judged", "said", "checks"])
def test_a_period_is_found_by_its_numbers_and_all_else_by_an_index_however_much_is_kept(store, database, question):
    statement = {
        "judged": lambda: judged_question(NOON, AGES, SIDES, 900, embedded=store.embedded),
        "said": lambda: said_question(NOON, AGES, SIDES, 900),
        "checks": lambda: checks_question(NOON, AGES, SIDES),
    }[question]()
    plan = plan_of(store, statement, database)
    whole = "SCAN (?!alike)" if database == "sqlite" else "Seq Scan"
    assert not re.search(whole, plan), plan
    start = {"sqlite": "INTEGER PRIMARY KEY (rowid>?)", "postgresql": "pk_verdicting"}
    assert ("ix_task_kind_opened" if question == "checks" else start[database]) in plan


def plan_of(store, statement, database):
    """Return how the database would go about a question, were its tables large."""
    dialect = sqlite.dialect() if database == "sqlite" else postgresql.dialect()
    asked = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with store.unit("T2") as unit:
        if database == "postgresql":
            unit.run(text("SET LOCAL enable_seqscan = off"))
        explain = text(f"EXPLAIN {'QUERY PLAN' if database == 'sqlite' else ''} " + asked.replace(":", r"\:"))
        return "\n".join(str(row) for row in unit.all(explain))
