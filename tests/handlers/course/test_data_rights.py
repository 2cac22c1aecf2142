"""Data protection complaints, subject access and FOI inside any message: found, timed, told and given to their office."""

import asyncio
from datetime import date, timedelta

import pytest
from hazard_house import BY, at, rows, state, told, waiting
from hypothesis import given, settings
from hypothesis import strategies as st

from desks import add_person
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Refused
from handlers.data_rights import acting
from handlers.data_rights.asking import KINDS, asks_for
from handlers.deadlines import by_rule
from houses import Postbag, arrive, house_of, mail, settle
from store.course_models import Breach
from store.models import Case, Deadline, OutboxEntry, Task

__all__ = ["house_of"]

COMPLAINS = "complaint! The lift is broken. And you gave my phone number to a contractor without asking me."
CALENDAR = WorkingCalendar()
SAID = {
    "data_protection": (
        "You gave my phone number to the contractor without asking me.",
        "I got someone else's letter with their details. This is a data breach.",
        "You shared my personal information with my ex",
        "my neighbour knows my medical details because your officer told him. You broke GDPR",
        "Please delete all my data",
        "I will report you to the Information Commissioner",
        "I want it taken off my file",
        "is my data in the breach?",
        "you emailed my details to everyone on the estate",
        "Under the data protection rules take my number off your system",
    ),
    "subject_access": (
        "This is a subject access request.",
        "Please send me a copy of all the information you hold about me.",
        "I want to see everything you have on me",
        "Can I have a copy of my housing file please",
        "i want my file and all notes you hold on me",
        "I would like access to my personal data",
        "DSAR, please",
    ),
    "information_request": (
        "Under the Freedom of Information Act please tell me about lifts",
        "FOI request",
        "Please tell me how much the council spent on lifts last year",
        "Can I get a copy of the fire risk assessment for Ferrier House?",
        "This is a request under the Environmental Information Regulations",
    ),
}
OTHER = (
    "My tap drips, please fix it",
    "The lift is broken and nobody sent me any information",
    "I gave you my address before, please send someone",
    "please give me your phone number",
    "I sent my details to you twice and nobody answered on Monday",
    "How many times do I have to ask",
    "Your contractor gave me a date and did not come",
    "I have given my number to your contractor",
    "This email and any attachment is confidential",
    "",
)


@pytest.fixture
def house(house_of):
    opened = house_of()
    add_person(opened, BY, "officer", teams=("complaints",))
    return opened


def leave(house):
    asyncio.run(house.outbox(Postbag()).once(500))


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, said in SAID.items() for words in said])
def test_what_people_say_of_data_is_found(kind, words):
    assert kind in asks_for("", words)
    assert kind in asks_for(words, "see subject")


@pytest.mark.parametrize("words", OTHER)
def test_what_people_say_of_other_things_is_left(words):
    assert asks_for("", words) == ()


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=400))
def test_any_words_are_looked_through_and_named_by_known_kinds(words):
    assert set(asks_for(words, words)) <= set(KINDS)


# --- the clocks ---


@pytest.mark.parametrize(
    ("rule", "received", "due"),
    [
        ("data_protection", date(2026, 11, 23), date(2026, 12, 23)),
        ("data_protection", date(2026, 11, 25), date(2026, 12, 29)),  # Christmas Day, Saturday, Sunday, a substitute day
        ("data_protection", date(2026, 11, 26), date(2026, 12, 29)),
        ("subject_access", date(2026, 11, 23), date(2026, 12, 23)),
        ("subject_access", date(2027, 1, 31), date(2027, 3, 1)),  # 28 February is a Sunday
        ("subject_access", date(2028, 1, 31), date(2028, 2, 29)),
        ("subject_access", date(2026, 12, 25), date(2027, 1, 25)),
        ("information_request", date(2026, 12, 11), date(2027, 1, 13)),
    ],
)
def test_each_has_its_own_time_and_ends_on_a_working_day(rule, received, due):
    assert by_rule(rule, received, CALENDAR).due_on == due


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2028, 10, 1)))
def test_thirty_days_and_a_month_are_never_shorter_and_end_on_the_first_working_day(received):
    for rule, least, most in (("data_protection", 30, 34), ("subject_access", 28, 35)):
        due = by_rule(rule, received, CALENDAR)
        assert CALENDAR.is_working_day(due.due_on)
        assert least <= (due.due_on - received).days <= most


# --- what a message makes ---


def test_a_message_may_be_a_complaint_and_a_data_protection_complaint_with_both_clocks(house):
    case = told(house, COMPLAINS)
    dates = {row.rule: row.due_on for row in rows(house, Deadline, case_id=case.id)}
    assert dates == {
        "acknowledge_1": date(2026, 11, 30),
        "respond_1": date(2026, 12, 7),
        "data_protection": date(2026, 12, 23),
    }
    task = waiting(house, case)["data_protection"]
    assert (task.team, task.due_at.date()) == ("complaints", date(2026, 12, 23))


@pytest.mark.parametrize("category", ["service_request!", "asb_report!", "out_of_scope!", "complaint?"])
def test_whatever_the_message_is_its_requests_are_tasks_with_their_dates(house, category):
    case = told(
        house, f"{category} Please send me all the information you hold about me. Also a copy of the fire risk assessment."
    )
    tasks = waiting(house, case)
    assert tasks["subject_access"].due_at.date() == date(2026, 12, 23)
    assert tasks["information_request"].due_at.date() == date(2026, 12, 21)
    assert {row.rule for row in rows(house, Deadline, case_id=case.id)} <= {"acknowledge_1", "respond_1"}


def test_a_reply_that_asks_for_data_is_found_too_and_asked_for_once(house):
    case = told(house, "complaint! the lift is broken")
    leave(house)
    header = rows(house, OutboxEntry, case_id=case.id)[0].header_id
    for number in range(2):
        arrive(house, mail(f"service_request! subject access request, and a data breach, {number}", In_Reply_To=header))
        settle(house)
    assert [row.rule for row in rows(house, Deadline, case_id=case.id)].count("data_protection") == 1
    assert [row.kind for row in rows(house, Task, case_id=case.id)].count("subject_access") == 1


def test_the_office_of_the_settings_has_the_task(house_of):
    routing = dict.fromkeys(("complaint", "service_request", "asb_report", "out_of_scope", "triage"), "complaints")
    house = house_of(routing=routing | {"information": "contact"})
    case = told(house, COMPLAINS)
    assert waiting(house, case)["data_protection"].team == "contact"


# --- what people do ---


def test_the_letter_that_has_gone_is_the_acknowledgement_within_thirty_days(house):
    case = told(house, COMPLAINS)
    house.clock.at = at(date(2026, 12, 23))
    acting.acknowledge(house.course, case.id, BY, "data_protection")
    assert state(house, case, "data_protection") == "running"
    leave(house)
    assert state(house, case, "data_protection") == "met"
    letter = rows(house, OutboxEntry, case_id=case.id)[-1]
    for words in ("We have your complaint about how we use", "Information Commissioner", "The rest of your message goes on"):
        assert words in letter.text
    assert "data_protection" in waiting(house, case), "the outcome is still owed"
    acting.answered(house.course, case.id, BY, "data_protection", "the contractor deleted it, and we wrote to her")
    assert "data_protection" not in waiting(house, case)


def test_a_request_is_told_the_day_of_its_answer_and_the_office_answers(house):
    case = told(house, "service_request! This is a subject access request.")
    acting.acknowledge(house.course, case.id, BY, "subject_access")
    assert "We will answer you by Wednesday 23 December 2026." in rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert state(house, case, "subject_access") == "running"
    acting.answered(house.course, case.id, BY, "subject_access", "sent on paper")
    assert state(house, case, "subject_access") == "met"


def test_the_landlords_own_letter_is_the_acknowledgement_whatever_its_subject_says(house_of, tmp_path):
    folder = tmp_path / "letters" / "data_rights"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("About {{ reference }}", encoding="utf-8")
    house = house_of(letters_dir=str(folder.parent))
    add_person(house, BY, "officer", teams=("complaints",))
    case = told(house, COMPLAINS)
    acting.acknowledge(house.course, case.id, BY, "subject_access")
    leave(house)
    assert state(house, case, "data_protection") == "running", "a letter about something else acknowledges nothing"
    acting.acknowledge(house.course, case.id, BY, "data_protection")
    leave(house)
    assert state(house, case, "data_protection") == "met"


def test_what_is_asked_anew_after_its_answer_has_a_date_of_its_own(house):
    case = told(house, "service_request! This is a subject access request.")
    acting.acknowledge(house.course, case.id, BY, "subject_access")
    acting.answered(house.course, case.id, BY, "subject_access", "sent on paper")
    leave(house)
    header = rows(house, OutboxEntry, case_id=case.id)[0].header_id
    house.clock.at = at(date(2027, 1, 11))
    arrive(house, mail("service_request! Another subject access request, please.", In_Reply_To=header))
    settle(house)
    acting.acknowledge(house.course, case.id, BY, "subject_access")
    assert "We will answer you by Thursday 11 February 2027." in rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert state(house, case, "subject_access") == "running"


def test_a_second_letter_about_what_was_acknowledged_tells_the_same_date_and_sets_no_clock(house):
    case = told(house, COMPLAINS)
    for _ in range(2):
        acting.acknowledge(house.course, case.id, BY, "data_protection")
        leave(house)
    assert len(rows(house, Deadline, case_id=case.id, rule="data_protection")) == 1


def test_what_the_machine_did_not_find_a_person_says_and_it_counts_from_the_message(house):
    case = told(house, "complaint! Somebody read my post at your office.")
    house.clock.at += timedelta(days=3)
    acting.acknowledge(house.course, case.id, BY, "data_protection")
    assert rows(house, Deadline, case_id=case.id, rule="data_protection")[0].due_on == date(2026, 12, 23)
    assert "data_protection" in waiting(house, case)


def test_what_is_none_owes_nothing(house):
    case = told(house, COMPLAINS)
    acting.none_of_it(house.course, case.id, BY, "data_protection", "she gave it herself")
    assert state(house, case, "data_protection") == "ended"
    assert "data_protection" not in waiting(house, case)
    with pytest.raises(Refused, match="Nothing of this kind"):
        acting.none_of_it(house.course, case.id, BY, "data_protection", "again")


def test_a_data_protection_complaint_is_not_answered_before_it_was_acknowledged(house):
    case = told(house, COMPLAINS)
    with pytest.raises(Refused, match="Tell the resident first"):
        acting.answered(house.course, case.id, BY, "data_protection", "done")


def test_thirty_days_without_a_letter_are_a_breach(house):
    case = told(house, COMPLAINS)
    house.clock.at = at(date(2026, 12, 24))
    house.sweep().once()
    assert "data_protection" in [row.rule for row in rows(house, Breach, case_id=case.id)]


@pytest.mark.parametrize("by", ["machine", "sweep"])
def test_no_machine_acknowledges_answers_or_dismisses(house, by):
    case = told(house, COMPLAINS)
    for act in (
        lambda: acting.acknowledge(house.course, case.id, by, "data_protection"),
        lambda: acting.answered(house.course, case.id, by, "data_protection", "x"),
        lambda: acting.none_of_it(house.course, case.id, by, "data_protection", "x"),
    ):
        with pytest.raises(Refused, match="person"):
            act()


@pytest.mark.parametrize("kind", ["", "everything"])
def test_an_unknown_kind_is_refused(house, kind):
    case = told(house, COMPLAINS)
    with pytest.raises(Refused):
        acting.acknowledge(house.course, case.id, BY, kind)
    assert len(rows(house, Case)) == 1
