"""Absence notes: tied to the letter that they answer, never judged, and no case is opened anew by one (mail rule A14)."""

import json

import pytest

from houses import arrive, mail, settle
from intake.composing import compose
from promises.looking import events_of, everything, send
from store.models import Case, CaseStatus, Disposition, Message, OutboxEntry, Task, Verdicting

AWAY = "complaint! I am away until Monday. In urgent cases ring my neighbour."
NOTES = {
    "auto-replied": ("ada@resident.example", {"Auto_Submitted": "auto-replied"}),
    "of an older system": ("ada@resident.example", {"X_Autoreply": "yes", "Precedence": "auto_reply"}),
    "with the null sender": ("", {"subject": "Away from my mail"}),
    "with the null sender and a mark": ("", {"Precedence": "bulk"}),
    "of Exchange": ("ada@resident.example", {"Auto_Submitted": "auto-generated", "subject": "Automatic reply: My home"}),
    "of a vacation program": ("ada@resident.example", {"Precedence": "junk", "subject": "Out of office"}),
}


@pytest.mark.parametrize(("sender", "marks"), NOTES.values(), ids=NOTES)
def test_a_note_is_tied_to_the_letter_it_answers_and_changes_nothing(house_of, sender, marks):
    house = house_of()
    arrive(house, mail("out_of_scope! My council tax is wrong."))
    settle(house)
    (letter,) = send(house).sent
    (before,) = everything(house, Case)
    assert before.status is CaseStatus.SIGNPOSTED
    judged, tasks = len(everything(house, Verdicting)), len(everything(house, Task))
    marks = {"subject": "Re: Tax", "In_Reply_To": letter.message_id} | marks
    number = arrive(house, mail(AWAY, **marks), sender=sender)
    settle(house)
    (case,) = everything(house, Case)
    assert case.status is CaseStatus.SIGNPOSTED
    assert everything(house, Message, id=number)[0].case_id == case.id
    assert (len(everything(house, Verdicting)), len(everything(house, Task))) == (judged, tasks)
    (told,) = events_of(house, case.id, "automatic_mail")
    assert json.loads(told.details) == {"message": number, "rule": "out-of-office", "header_id": letter.message_id}
    assert len(everything(house, OutboxEntry)) == 1


PASSED_ON = {
    "an answer": ("", {"In_Reply_To": "ours"}),
    "an answer passed on by a mailbox's rule": (
        "",
        {"In_Reply_To": "ours", "X_MS_Exchange_Inbox_Rules_Loop": "x@council.example"},
    ),
    "the same with its own reverse path": (
        "ada@resident.example",
        {"In_Reply_To": "ours", "X_MS_Exchange_Inbox_Rules_Loop": "x@y"},
    ),
    "a subject of non-delivery": ("", {"subject": "Undeliverable: my letter of May"}),
    "our loop mark": ("ada@resident.example", {"X_Loop": "ours"}),
}


@pytest.mark.parametrize(("sender", "marks"), PASSED_ON.values(), ids=PASSED_ON)
def test_a_persons_words_that_look_like_a_machines_are_judged_and_become_a_task_and_no_machine_answers(house_of, sender, marks):
    house = house_of()
    arrive(house, mail("complaint! The ceiling is wet."))
    settle(house)
    (letter,) = send(house).sent
    ours = {"In_Reply_To": letter.message_id, "X_Loop": letter.loop_mark}
    tasks = len(everything(house, Task))
    marks = {"subject": "Re: The ceiling"} | {name: ours[name] if value == "ours" else value for name, value in marks.items()}
    number = arrive(house, mail("complaint! The ceiling came down on my daughter.", **marks), sender=sender)
    settle(house)
    (message,) = everything(house, Message, id=number)
    assert message.case_id is not None
    assert message.disposition is not Disposition.AUTOMATIC
    assert [judged.message_id for judged in everything(house, Verdicting)].count(number)
    assert len(everything(house, Task)) > tasks
    assert send(house).sent == []


def test_mail_of_another_service_under_our_message_id_domain_opens_a_case_and_is_not_answered(house_of):
    house = house_of(
        mail={"from_address": "housing@council.example", "from_name": "Housing", "message_id_domain": "m.council.example"}
    )
    words = "complaint! The lift in our library is broken."
    arrive(house, mail(words, message_id="<intake.receipt.7.8.1.aaaaaaaaaaaaaaaa@m.council.example>"))
    settle(house)
    (case,) = everything(house, Case)
    (letter,) = everything(house, OutboxEntry)
    assert letter.rule == "own-message-id"
    assert "unsent_letter" in [task.kind for task in everything(house, Task, case_id=case.id)]


def test_two_services_of_one_council_have_message_ids_of_their_own(house_of):
    domains = {
        house_of(mail={"from_address": address, "from_name": "Council"}).settings.mail.domain
        for address in ("housing@council.example", "Repairs@council.example", "repairs@council.example")
    }
    assert len(domains) == 2
    assert all(domain.endswith(".council.example") for domain in domains)


def test_no_read_receipt_is_ever_sent(house_of):
    house = house_of()
    wanted = "ada@resident.example"
    asked = {"Disposition_Notification_To": wanted, "Return_Receipt_To": wanted, "X_Confirm_Reading_To": wanted}
    arrive(house, mail("complaint! The roof leaks.", **asked))
    arrive(house, mail("complaint? Perhaps you can read this.", subject="Two", **asked, Importance="high"))
    settle(house)
    house.sweep().once()
    replies = send(house).sent
    assert {reply.message_id for reply in replies} == {letter.header_id for letter in everything(house, OutboxEntry)}
    kinds = {letter.kind for letter in everything(house, OutboxEntry)}
    assert kinds == {"complaint_acknowledged", "receipt"}
    assert not any(b"disposition-notification" in compose(reply).lower() for reply in replies)
