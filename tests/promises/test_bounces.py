"""Letters that come back: tied to the letter, taken back where they acknowledged, and never without a way onwards (mail rule A14)."""

import pytest

from houses import Postbag, arrive, mail, settle
from promises.looking import everything, later, must_hold, notification, send
from store.models import Case, Deadline, Message, OutboxEntry, OutboxState, Task

COMPLAINT = "complaint! The boiler is broken and nobody came."


def in_words(letter, returned=None):
    returned = f"Message-ID: {letter.header_id}" if returned is None else returned
    return (
        b"From: MAILER-DAEMON@resident.example\r\nTo: housing@landlord.example\r\nSubject: failure notice\r\n\r\n"
        b"Hi. This is the mail program at resident.example.\r\nI was not able to deliver your message to these addresses.\r\n"
        b"This is a permanent error; I have given up.\r\n\r\n<ada@resident.example>:\r\nNo mailbox here by that name. (#5.1.1)\r\n\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\nSubject: x\r\n" + returned.encode() + b"\r\n"
    )


def answered(house, *complaints):
    for number, words in enumerate(complaints or [COMPLAINT]):
        arrive(house, mail(words, subject=f"Thing {number}"))
    settle(house)
    send(house)
    return everything(house, OutboxEntry)


NOT_ARRIVED = {
    "nobody there": notification,
    "gave up after days": lambda letter: notification(letter, status="4.4.7"),
    "mailbox full": lambda letter: notification(letter, status="5.2.2"),
    "only In-Reply-To names it": lambda letter: notification(letter, returned="Subject: x", In_Reply_To=letter.header_id),
    "plain words": in_words,
}


@pytest.mark.parametrize("bounce", NOT_ARRIVED.values(), ids=NOT_ARRIVED)
def test_f15_whatever_was_given_up_is_a_task_and_an_acknowledgement_no_more(house_of, bounce):
    house = house_of()
    (letter,) = answered(house)
    assert everything(house, Case)[0].acknowledged_at
    for _twice in range(2):
        arrive(house, bounce(letter), sender="")
        settle(house)
        later(house, minutes=1)
    (letter,) = everything(house, OutboxEntry)
    assert letter.state is OutboxState.FAILED
    (task,) = everything(house, Task, kind="undelivered_letter")
    assert task.case_id == letter.case_id
    assert "next-best way" in task.why
    assert everything(house, Case)[0].acknowledged_at is None
    assert [one.met_at for one in everything(house, Deadline, rule="acknowledge_1")] == [None]
    assert everything(house, Message)[1].case_id == letter.case_id
    must_hold(house)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_still_under_way_or_has_arrived_changes_nothing(house_of, action):
    house = house_of()
    (letter,) = answered(house)
    arrive(house, notification(letter, status="4.4.1" if action == "delayed" else "2.0.0", action=action), sender="")
    settle(house)
    assert everything(house, OutboxEntry)[0].state is OutboxState.SENT
    assert everything(house, Case)[0].acknowledged_at
    assert not everything(house, Task, kind="undelivered_letter")


NOTHING_PROVED = {
    "a report": lambda letter: notification(letter, returned="Subject: x"),
    "a report of another mail": lambda letter: notification(letter, returned="Message-ID: <1@x.example>"),
    "plain words": lambda letter: in_words(letter, returned="To: ada@resident.example"),
}


@pytest.mark.parametrize("complaints", [[COMPLAINT], [COMPLAINT, "complaint! The roof leaks."]], ids=["one", "several"])
@pytest.mark.parametrize("sender", ["", "eve@elsewhere.example"])
@pytest.mark.parametrize("bounce", NOTHING_PROVED.values(), ids=NOTHING_PROVED)
def test_a_bounce_that_proves_no_letter_is_told_once_and_changes_none_however_few_it_fits(house_of, bounce, sender, complaints):
    house = house_of()
    letters = answered(house, *complaints)
    before = [letters, everything(house, Case), everything(house, Deadline)]
    for _twice in range(2):
        arrive(house, bounce(letters[0]), sender=sender)
        settle(house)
        later(house, hours=1)
    assert [everything(house, OutboxEntry), everything(house, Case), everything(house, Deadline)] == before
    (task,) = everything(house, Task, kind="unmatched_bounce")
    assert task.case_id is None
    assert "ada@resident.example" in task.why
    assert [message.case_id for message in everything(house, Message)[-2:]] == [None, None]
    later(house, days=1)
    arrive(house, bounce(letters[0]), sender=sender)
    settle(house)
    assert len(everything(house, Task, kind="unmatched_bounce")) == 2
    arrive(house, mail("complaint! I write again.", subject="Again"))
    settle(house)
    assert everything(house, OutboxEntry)[-1].state is OutboxState.DUE


def test_forged_bounces_hide_no_true_one_and_flood_nobody(house_of):
    house = house_of()
    for number in range(25):
        sender = f"t{number}@resident.example"
        arrive(house, mail(f"complaint! {'Damp. ' * (number + 1)}", sender=sender, subject=f"Thing {number}"), sender=sender)
    settle(house)
    send(house)
    letters = everything(house, OutboxEntry)
    for letter in letters[:3] + letters:
        arrive(house, notification(letter, recipient=letter.recipient, returned="Subject: x"), sender="")
    settle(house)
    arrive(house, notification(letters[0], recipient=letters[0].recipient), sender="")
    settle(house)
    told = [task.why for task in everything(house, Task, kind="unmatched_bounce")]
    assert len(told) == len(set(told)) == 20
    assert len(everything(house, Task, kind="undelivered_letter")) == 1


def test_mail_that_we_never_sent_may_come_back_without_troubling_anybody(house_of):
    house = house_of()
    (letter,) = answered(house)
    arrive(house, notification(letter, recipient="stranger@x.example", returned="Message-ID: <1@x.example>"), sender="")
    settle(house)
    assert everything(house, OutboxEntry)[0].state is OutboxState.SENT
    assert {task.kind for task in everything(house, Task)} == {"confirm_definition"}


def test_f15_no_machine_writes_again_to_an_address_where_nobody_is(house_of):
    house = house_of()
    (letter,) = answered(house, "complaint? I am not happy with the boiler.")
    arrive(house, notification(letter), sender="")
    settle(house)
    for _day in range(9):
        later(house, days=1)
        house.sweep().once()
    acknowledgement = everything(house, OutboxEntry)[-1]
    assert acknowledgement.kind == "complaint_acknowledged"
    assert (acknowledgement.state, acknowledgement.rule) == (OutboxState.SUPPRESSED, "dead-address")
    arrive(house, mail("complaint! I write again.", subject="Again"))
    settle(house)
    assert everything(house, OutboxEntry)[-1].state is OutboxState.DUE
    send(house, Postbag())


OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "reply_domain": "re.landlord.example"}


@pytest.mark.parametrize("for_machines", [True, False])
def test_a_letter_of_a_machine_has_a_reverse_path_of_its_own_only_where_the_landlord_wants_it(house_of, for_machines):
    house = house_of(mail=OURS | {"bounces_of_machines": for_machines})
    arrive(house, mail(COMPLAINT))
    settle(house)
    (reply,) = send(house).sent
    assert (reply.reverse_path or "").endswith("@re.landlord.example") is for_machines


def test_what_comes_back_to_a_letters_own_path_is_about_that_letter_and_a_guessed_path_is_about_none(house_of):
    house = house_of(mail=OURS | {"bounces_of_machines": True})
    arrive(house, mail(COMPLAINT, subject="One"))
    arrive(house, mail("complaint! The roof leaks.", subject="Two"))
    settle(house)
    first, second = send(house).sent
    guessed = second.reverse_path.replace("b.2.", "b.1.")
    assert guessed != second.reverse_path
    letters = everything(house, OutboxEntry)
    for path in (guessed, second.reverse_path):
        arrive(house, notification(letters[0], returned="Subject: x", Message_ID=f"<{path}>"), sender="", to=path)
        settle(house)
    states = {letter.header_id: letter.state for letter in everything(house, OutboxEntry)}
    assert states == {first.message_id: OutboxState.SENT, second.message_id: OutboxState.FAILED}
