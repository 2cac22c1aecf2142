"""The same words said twice: a repeat where nothing new can be meant, and never where somebody asks again, or elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_house import came, open_tasks, rows

from chatting import Chat, chat_in
from houses import arrive, mail, settle
from intake.webchat.document import Said, of_page
from promises.looking import later
from store.act_rows import close_tasks_by_ids
from store.models import Case, Disposition, Message, OutboxEntry, Task

ADA = "ada@resident.example"
DAMP = "service_request! There is damp in the bedroom."
TAP = "service_request! The tap drips."
OUTRIGHT = "service_request? This is a complaint."


@pytest.fixture
def house(house_of):
    """Two cases of one resident."""
    house = house_of()
    came(house, TAP)
    came(house, DAMP)
    return house


def closed(house, kind):
    """Let a colleague see to what was asked."""
    ids = [task.id for task in rows(house, Task, kind=kind, closed_at=None)]
    with house.store.unit("T6") as unit:
        close_tasks_by_ids(unit, ids, at=house.clock.now(), by="olive", outcome="rang them")
        unit.commit()
    return len(ids)


def by_mail(house, case):
    (letter,) = rows(house, OutboxEntry, case_id=case.id)
    arrive(house, mail(OUTRIGHT, In_Reply_To=letter.header_id, message_id=f"<{case.id}@resident.example>"))


def on_their_page(house, case):
    words = "This is a complaint."
    said = Said(once=f"complaint-{case.id}", at=house.clock.now(), words=words, pressed="complaint")
    house.reception.put([of_page(said, reference=case.reference, party=ADA)])


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("say", [by_mail, on_their_page])
def test_this_is_a_complaint_said_of_two_cases_makes_both_complaints(house, say, order, at_once):
    for case in rows(house, Case)[::order]:
        say(house, case)
        if not at_once:
            settle(house)
    settle(house)
    assert [case.category for case in rows(house, Case)] == ["complaint", "complaint"]
    assert [letter.kind for letter in rows(house, OutboxEntry)].count("complaint_acknowledged") == 2


def test_stage_2_asked_for_again_is_a_task_again_where_the_first_was_seen_to(house):
    (case, _) = rows(house, Case)
    for number in range(2):
        said = Said(once=f"stage2-{number}", at=house.clock.now(), words="I ask for stage 2.", pressed="stage2")
        house.reception.put([of_page(said, reference=case.reference, party=ADA)])
        settle(house)
        assert closed(house, "stage2_request") == 1


def test_the_same_mail_sent_twice_is_a_repeat_whether_it_joined_a_case_or_opened_one_beside_it(house):
    letter = rows(house, OutboxEntry)[0]
    for number in range(2):
        named = {"In_Reply_To": letter.header_id, "message_id": f"<{number}@resident.example>"}
        arrive(house, mail("complaint! You were to come on Tuesday and nobody came.", **named))
        arrive(house, mail("service_request? Thank you.", **named | {"message_id": f"<thanks-{number}@resident.example>"}))
        settle(house)
    came_to = [row.disposition for row in rows(house, Message)[2:]]
    assert sorted(came_to[:2]) == [Disposition.CASE, Disposition.FOLLOW_UP] and came_to[2:] == [Disposition.REPEAT] * 2
    assert len(rows(house, Case)) == 3


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


@pytest.mark.parametrize(("words", "kind"), [("Talk to a person", "wants_person"), ("still leaking", "reply")])
def test_what_is_asked_by_chat_again_is_asked_again(chat, words, kind):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    for _ in range(2):
        chat.say(words)
        assert kind in open_tasks(chat.house)
        assert closed(chat.house, kind) == 1
        chat.wait(hours=5)


def test_a_greeting_said_yesterday_hides_nothing_that_is_said_after_it_today(chat):
    chat.say("service_request? Hi")
    chat.wait(hours=12)
    chat.tell({"text": "service_request? Hi"}, {"text": "my ceiling came down"})
    chat.wait()
    messages = chat.all(Message)
    assert [row.disposition for row in messages] == [Disposition.CASE, Disposition.FOLLOW_UP, Disposition.PART]
    assert all(row.lease is None for row in messages) and "ceiling" in messages[1].new_text
    assert "reply" in open_tasks(chat.house)


def test_the_first_message_of_a_case_is_the_one_that_holds_all_its_words(chat):
    """A platform may hand over the second part first: it has the lower number, and yet it is but a part."""
    chat.tell({"text": "and nobody ever rang me about it"}, {"text": "service_request? Nobody came to mend the boiler."})
    with chat.house.store.unit("T3") as unit:
        unit.update(Message, 1, received_at=chat.house.clock.now() + timedelta(seconds=2))
        unit.commit()
    chat.wait()
    assert [row.disposition for row in chat.all(Message)] == [Disposition.PART, Disposition.CASE]
    (case,) = chat.all(Case)
    chat.tell({"type": "press", "pressed": f"complaint/{case.reference}"})
    chat.wait()
    (case,) = chat.all(Case)
    assert "boiler" in str(case.definition) and "rang" in str(case.definition)


RING_ME = "service_request! Please ring me, thank you."


def dateless(words):
    """A mail as a web form or an alarm writes it: without Message-ID and Date."""
    return b"\n".join(line for line in mail(words, message_id=None).split(b"\n") if not line.startswith(b"Date:"))


def test_the_same_words_of_an_alarm_two_months_later_are_a_new_report(house_of):
    house = house_of()
    for _time in range(2):
        arrive(house, dateless("service_request! No hot water."))
        settle(house)
        later(house, days=60)
    assert [message.disposition for message in rows(house, Message)] == [Disposition.CASE] * 2
    assert len(rows(house, OutboxEntry)) == 2


def test_the_same_words_under_another_subject_are_another_report(house_of):
    house = house_of()
    came(house, RING_ME, subject="Kitchen leak", message_id="<1@r.example>")
    came(house, RING_ME, subject="Neighbour threatens me with a knife", message_id="<2@r.example>")
    came(house, RING_ME, subject="AW: Re: Kitchen  leak", message_id="<3@r.example>")
    assert [message.disposition for message in rows(house, Message)] == [Disposition.CASE, Disposition.CASE, Disposition.REPEAT]


def test_a_scanner_that_uses_one_id_for_all_its_mails_loses_none(house_of):
    house = house_of()
    for subject in ("The lift", "The roof"):
        came(house, "service_request! See the subject.", subject=subject, message_id="<1@scanner.example>")
    assert len(rows(house, Case)) == 2


def test_what_is_said_again_of_a_closed_case_is_a_report_again(house_of):
    house = house_of()
    came(house, RING_ME, message_id="<1@r.example>")
    with house.store.unit("T6") as unit:
        unit.update(Case, 1, status="closed")
        unit.commit()
    came(house, RING_ME, message_id="<2@r.example>")
    assert [message.case_id for message in rows(house, Message)] == [1, 2]


def test_what_is_said_again_in_a_forged_name_touches_no_case(house_of):
    house = house_of(mail={"from_address": "h@landlord.example", "from_name": "H", "trusted_authservs": ("border.example",)})
    came(house, RING_ME, message_id="<1@r.example>")
    came(house, RING_ME, message_id="<2@r.example>", Authentication_Results="border.example; dmarc=fail")
    assert [message.disposition for message in rows(house, Message)] == [Disposition.CASE] * 2


def test_what_is_said_again_is_put_before_somebody_once(house_of):
    house = house_of()
    for number in range(3):
        came(house, RING_ME, message_id=f"<{number}@r.example>")
    assert [message.case_id for message in rows(house, Message)] == [1] * 3
    assert open_tasks(house).count("reply") == 1


def test_a_mail_with_a_notice_that_one_route_put_above_it_is_said_once(house_of):
    house = house_of()
    notice = "CAUTION: This email originated from outside of the organisation. Do not click links.\n\n"
    for head in ("", notice):
        came(house, f"{head}{RING_ME}", message_id="<1@r.example>")
    assert [message.disposition for message in rows(house, Message)] == [Disposition.CASE, Disposition.REPEAT]
    assert "reply" not in open_tasks(house)


def test_an_empty_mail_that_comes_by_two_routes_waits_once(house_of):
    house, empty = house_of(), b"From: ada@resident.example\r\nTo: housing@landlord.example\r\nMessage-ID: <9@r>\r\n\r\n"
    for route in (b"", b"Received: from gateway by repairs; Mon, 23 Nov 2026 12:00:01 +0000\r\n"):
        arrive(house, route + empty)
        settle(house)
    assert [message.disposition for message in rows(house, Message)] == [Disposition.QUARANTINED, Disposition.DUPLICATE]
    assert open_tasks(house).count("quarantine") == 1
    assert len(rows(house, Case)) == 1
