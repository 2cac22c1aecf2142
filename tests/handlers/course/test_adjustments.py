"""Adjustments: kept for the person on every case, obeyed by every letter, looked at again, ended (Code 5.10, policy 12)."""

from datetime import date, timedelta

import pytest
from people_house import REVIEW, TODAY, agreed, complaint, staffed
from timing import kinds, later, letters_leave, one, open_tasks, rows

from chats import ADA, wrote
from handlers.case_acts import Refused
from handlers.identities import link
from handlers.people.adjustments import Agreed, agree, end, keep
from handlers.people.restriction_letter import RestrictionNotice
from handlers.people.wishes import ADJUSTMENTS
from houses import arrive, house_of, mail, settle
from intake.identity import identity_of
from store.models import Case, CaseEvent, OutboxEntry, OutboxState, Task
from store.people_models import Adjustment

__all__ = ["house_of"]
WORDS = "complaint! [adjustment] I cannot see small print. The lift is broken and nobody comes."
NOTICE = RestrictionNotice(
    limit="Please write to us.",
    limit_reasons=(),
    starts_on=TODAY,
    review_on=TODAY + timedelta(30),
    ends_on=TODAY + timedelta(60),
)
"""A letter of an act, of any kind: what it says is not the point here."""


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    return complaint(house)


def written_by_an_act(house, case, of=1):
    """Let a person's act write a letter; return it."""
    with house.acts.on(case.id, "olive") as act:
        house.course.posting.put(act, "restriction_notice", NOTICE, of=of)
        act.done("Written.")
    return rows(house, OutboxEntry)[-1]


def again(house, words="complaint! Now the boiler is broken too.", **more):
    """Let the resident complain about something else a day later; return the letter that answers it."""
    house.clock.at += timedelta(days=1)
    arrive(house, mail(words, subject="My boiler", **more), sender=more.get("sender", "ada@resident.example"))
    settle(house)
    return rows(house, OutboxEntry)[-1]


def test_what_was_agreed_is_kept_with_whom_when_and_until_when_and_told_by_an_event(house, case):
    row = agreed(house, case, "large_print", words="24 point", disability="macular degeneration", message_id=1)
    assert (row.address, row.kind, row.words) == ("ada@resident.example", "large_print", "24 point")
    assert (row.agreed_on, row.agreed_with, row.by, row.review_on) == (TODAY, "Ada Resident", "olive", REVIEW)
    assert (row.disability, row.message_id) == ("macular degeneration", 1)
    event = rows(house, CaseEvent, case_id=case.id, kind="adjustment_agreed")[0]
    assert event.by == "olive"
    assert "Large print" in event.why
    assert "Ada" not in event.why + event.details, "an event is never erased"


def test_a_disability_stands_in_no_event_and_no_task(house, case):
    agreed(house, case, "braille", disability="blindness since birth")
    written_by_an_act(house, case)
    later(house, REVIEW)
    told = [*rows(house, CaseEvent), *rows(house, Task), *rows(house, OutboxEntry)]
    assert not [row for row in told if "blindness" in str(row.model_dump())]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "bigger"}, "kind"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 2_001}, "words"),
        ({"agreed_with": " "}, "agreed_with"),
        ({"agreed_on": TODAY + timedelta(days=1)}, "agreed_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": TODAY + timedelta(days=367)}, "review_on"),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for_and_nothing_is_kept(house, case, changed, field):
    told = {"kind": "audio", "words": "on a disc", "agreed_on": TODAY, "agreed_with": "Ada", "review_on": REVIEW} | changed
    with pytest.raises(Refused) as refused:
        agree(house.acts, case.id, "olive", Agreed(**told))
    assert refused.value.field == field
    assert rows(house, Adjustment) == []


@pytest.mark.parametrize("nobody", ["machine", "sweep", ""])
def test_no_machine_agrees_keeps_or_ends_anything(house, case, nobody):
    row = agreed(house, case, "audio")
    with pytest.raises(Refused, match="person"):
        agree(
            house.acts, case.id, nobody, Agreed(kind="braille", words="x", agreed_on=TODAY, agreed_with="A", review_on=REVIEW)
        )
    with pytest.raises(Refused, match="person"):
        keep(house.acts, case.id, nobody, row.id, words="x", review_on=REVIEW, why="it helps")
    with pytest.raises(Refused, match="person"):
        end(house.acts, case.id, nobody, row.id, why="x")


def test_what_cannot_both_be_kept_to_is_refused_and_the_same_is_not_agreed_twice(house, case):
    agreed(house, case, "no_telephone")
    with pytest.raises(Refused, match="both cannot be kept to"):
        agreed(house, case, "telephone_only")
    with pytest.raises(Refused, match="agreed already"):
        agreed(house, case, "no_telephone")
    agreed(house, case, "other")
    agreed(house, case, "other", words="and this")
    assert len(rows(house, Adjustment)) == 3


def test_the_task_of_a_message_that_asks_for_an_adjustment_is_ended_by_agreeing_on_one(house):
    case = complaint(house, words=WORDS)
    assert len(open_tasks(house, case, "adjustment")) == 1
    agreed(house, case, "large_print")
    assert open_tasks(house, case, "adjustment") == []
    (task,) = rows(house, Task, case_id=case.id, kind="adjustment")
    assert (task.closed_by, task.outcome) == ("olive", "agreed: Large print")


# --- the machine's letters ---


def test_large_print_changes_the_page_of_every_letter_and_nothing_else(house, case):
    small = again(house)
    agreed(house, case, "large_print")
    large = again(house, "complaint! And the window leaks.")
    assert "font-size:16px" in small.html
    assert "font-size:24px" in large.html
    assert "font-size:16px" not in large.html
    assert (large.state, large.recipient) == (OutboxState.DUE, "ada@resident.example")
    assert "font-size:24px" in written_by_an_act(house, case).html


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("post_only", "by post"),
        ("braille", "in braille"),
        ("audio", "as audio"),
        ("easy_read", "in easy read"),
        ("telephone_only", "read out by telephone"),
    ],
)
def test_letters_that_people_carry_are_kept_with_a_task_that_names_the_format_and_nothing_goes_another_way(
    house, case, kind, named
):
    agreed(house, case, kind)
    letter = again(house)
    assert letter.kind == "complaint_acknowledged"
    assert (letter.state, letter.rule, letter.recipient, letter.way) == (OutboxState.SUPPRESSED, "adjustment", None, "post")
    second = rows(house, Case)[-1]
    (task,) = open_tasks(house, second, "letter_by_hand")
    assert named in task.why
    assert "complaint_acknowledged" in task.why
    of_act = written_by_an_act(house, case)
    assert (of_act.state, of_act.rule, of_act.recipient) == (OutboxState.SUPPRESSED, "adjustment", None)
    (task,) = open_tasks(house, case, "letter_by_hand")
    assert named in task.why
    assert letters_leave(house).sent == []


def test_by_email_only_means_by_email_even_where_they_wrote_by_chat(house, case):
    link(house.acts, case.id, "olive", "ada@resident.example", ADA, why="she said so")
    agreed(house, case, "mail_only")
    wrote(house, "complaint! The stairs are dirty.")
    letter = rows(house, OutboxEntry)[-1]
    assert identity_of(letter.recipient) is None
    assert (letter.way, letter.recipient, letter.short, letter.state) == ("mail", "ada@resident.example", None, OutboxState.DUE)
    assert (letter.buttons, letter.in_reply_to, letter.references) == ([], None, [])
    (sent,) = letters_leave(house).sent
    assert sent.recipient == "ada@resident.example"


def test_by_email_only_without_a_known_address_waits_for_a_person(house):
    wrote(house, "complaint! The stairs are dirty.")
    case = rows(house, Case)[-1]
    agreed(house, case, "mail_only")
    house.clock.at += timedelta(days=1)
    wrote(house, "complaint! The lift is broken.")
    letter = rows(house, OutboxEntry)[-1]
    assert (letter.state, letter.rule, letter.recipient) == (OutboxState.SUPPRESSED, "adjustment", None)
    assert [task for task in rows(house, Task, kind="letter_by_hand", closed_at=None) if "by email only" in task.why]


def test_what_is_agreed_at_one_address_holds_at_every_linked_one_until_the_link_is_undone(house, case):
    link(house.acts, case.id, "olive", "ada@resident.example", "ada@work.example", why="she said so")
    agreed(house, case, "braille")
    assert again(house, sender="ada@work.example").rule == "adjustment"
    assert again(house, "complaint! The bins.", sender="bo@resident.example").rule is None


def test_an_ended_adjustment_is_kept_to_no_more(house, case):
    row = agreed(house, case, "post_only")
    end(house.acts, case.id, "olive", row.id, why="she would like mail again")
    assert again(house).state is OutboxState.DUE
    (ended,) = rows(house, Adjustment)
    assert (ended.ended_by, ended.ended_why) == ("olive", "she would like mail again")
    with pytest.raises(Refused, match="ended already"):
        end(house.acts, case.id, "olive", row.id, why="again")


# --- looked at again ---


def test_a_review_that_is_due_becomes_a_task_once(house, case):
    row = agreed(house, case, "large_print")
    later(house, REVIEW - timedelta(days=1))
    assert open_tasks(house, case, "adjustment_review") == []
    later(house, REVIEW)
    later(house, REVIEW + timedelta(days=9))
    (task,) = open_tasks(house, case, "adjustment_review")
    assert f"adjustment {row.id}," in task.why
    assert kinds(house, case).count("review_asked") == 1


def test_keeping_it_sets_a_new_date_closes_its_task_and_asks_again_then(house, case):
    row = agreed(house, case, "large_print")
    other = agreed(house, case, "no_telephone")
    later(house, REVIEW)
    assert len(open_tasks(house, case, "adjustment_review")) == 2
    again_on = date(2027, 11, 1)
    keep(house.acts, case.id, "ben", row.id, words="28 point", review_on=again_on, why="her sight is worse")
    (task,) = open_tasks(house, case, "adjustment_review")
    assert f"adjustment {other.id}," in task.why
    (kept,) = rows(house, Adjustment, id=row.id)
    assert (kept.words, kept.review_on, kept.reviewed_by) == ("28 point", again_on, "ben")
    later(house, again_on)
    assert len(open_tasks(house, case, "adjustment_review")) == 2


def test_it_can_be_ended_from_another_case_of_the_same_person_and_from_nobody_elses(house, case):
    row = agreed(house, case, "audio")
    later(house, REVIEW)
    second, stranger = (
        complaint(house, words="complaint! Bins."),
        complaint(house, words="complaint! Door.", sender="bo@x.example"),
    )
    with pytest.raises(Refused, match="no such adjustment"):
        end(house.acts, stranger.id, "olive", row.id, why="it is not hers")
    end(house.acts, second.id, "olive", row.id, why="she can read again")
    assert open_tasks(house, case, "adjustment_review") == []
    assert "adjustment_ended" in kinds(house, second)


def test_every_kind_of_adjustment_can_be_agreed_and_leaves_a_letter_that_goes_or_waits_with_a_task(house, case):
    for number, kind in enumerate(ADJUSTMENTS):
        row = agreed(house, case, kind)
        letter = written_by_an_act(house, case, of=number)
        waits = [
            task for task in rows(house, Task, kind="letter_by_hand", closed_at=None) if letter.created_at == task.opened_at
        ]
        assert (letter.state is OutboxState.DUE) is not bool(waits)
        end(house.acts, case.id, "olive", row.id, why="the next one")
        house.clock.at += timedelta(minutes=1)
        letters_leave(house)


def test_who_has_but_a_telephone_number_is_known_by_it(house):
    case = complaint(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, resident_address=None, resident_phone="020 7946 0000")
        unit.commit()
    assert agreed(house, case, "braille").address == "tel:02079460000"
    assert one(house, Adjustment).address == "tel:02079460000"
