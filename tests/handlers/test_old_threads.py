"""What a mail in an old thread comes to: it goes on with its case, or is a matter of its own; and who may say what there."""

from __future__ import annotations

import pytest
from desk_house import came, must_stand, open_tasks, rows, send

from houses import arrive, mail, settle
from promises.looking import later
from store.models import Case, Deadline, Disposition, Message, OutboxEntry, Party, Task

ADA, EVE = "ada@resident.example", "eve@elsewhere.example"
OURS = {"from_address": "housing@landlord.example", "from_name": "Housing", "trusted_authservs": ("border.example",)}
DAMP, TAP = "complaint! Damp in the bedroom.", "service_request! The tap drips and my daughter has asthma."
LIFT = "complaint! The lift has been dead for three weeks and nobody answers me."
BOILER = "service_request! The boiler is dead now and we are all very cold here."
KNIFE = "asb_report! The man next door threatens us with a knife every night."
THANKS = "service_request! Thank you, Tuesday is fine."
OUTRIGHT = "service_request? This is a complaint."


@pytest.fixture
def house(house_of):
    return house_of(mail=OURS)


def passed(address=ADA):
    return {"sender": address, "Authentication_Results": f"border.example; dmarc=pass header.from={address.rpartition('@')[2]}"}


def begun(house, words, *, closed=False, answered=False, **headers):
    """A case that these words opened; return our letter's Message-ID."""
    came(house, words, message_id="<1@r.example>", **headers)
    with house.store.unit("T6") as unit:
        if closed:
            unit.update(Case, 1, status="closed")
        for line in unit.find(Deadline, case_id=1, rule="respond_1") if answered else ():
            unit.update(Deadline, line.id, met_at=house.clock.now())
        unit.commit()
    return rows(house, OutboxEntry)[0].header_id


def answered_with(house, words, letter, **headers):
    """The case to which an answer to our letter came, and its message."""
    number = came(house, words, message_id="<2@r.example>", **{"In_Reply_To": letter, **passed(), **headers})
    (message,) = rows(house, Message, id=number)
    return message.case_id, message


OWN = [
    ("a grievance and a closed complaint", DAMP, LIFT, {"closed": True}),
    ("another complaint and an answered complaint", DAMP, f"{LIFT} This is a new complaint.", {"answered": True}),
    ("a few plain words and a closed complaint", DAMP, OUTRIGHT, {"closed": True}),
    ("a repair and a closed complaint", DAMP, BOILER, {"closed": True}),
    ("a report of violence and an open complaint", DAMP, KNIFE, {}),
    ("a report of violence and an open request", TAP, KNIFE, {}),
    ("a repair and a closed request", TAP, BOILER, {"closed": True}),
    ("a grievance and an open request", TAP, LIFT, {}),
]


@pytest.mark.parametrize(("old", "new", "state"), [row[1:] for row in OWN], ids=[row[0] for row in OWN])
def test_f11_a_matter_of_its_own_in_an_old_thread_gets_its_own_case_letter_and_clock(house, old, new, state):
    letter = begun(house, old, **state)
    case_id, _message = answered_with(house, new, letter)
    assert case_id == 2
    (case,) = rows(house, Case, id=2)
    assert case.related_case_id == 1
    assert "possible_reply" not in open_tasks(house, case_id=2), "who writes is proved"
    assert len(rows(house, OutboxEntry, case_id=2)) == 1
    if new.startswith(LIFT):
        assert {line.rule for line in rows(house, Deadline, case_id=2)} >= {"acknowledge_1", "respond_1"}
    must_stand(house)


GOES_ON = [
    ("thanks and an open complaint", DAMP, THANKS, {}),
    ("thanks and a closed complaint", DAMP, THANKS, {"closed": True}),
    ("a repair and an open complaint", DAMP, BOILER, {}),
    ("a repair and an open request", TAP, BOILER, {}),
    ("a grievance and an open complaint", DAMP, LIFT, {}),
    ("a grievance and an answered complaint", DAMP, LIFT, {"answered": True}),
    ("stage 2 and an answered complaint", DAMP, f"complaint! [stage2] {LIFT[11:]}", {"answered": True}),
    (
        "doubt and a closed complaint",
        DAMP,
        "service_request? The boiler is dead now and we are all very cold.",
        {"closed": True},
    ),
]


@pytest.mark.parametrize(("old", "new", "state"), [row[1:] for row in GOES_ON], ids=[row[0] for row in GOES_ON])
def test_what_goes_on_with_its_case_is_a_task_there(house, old, new, state):
    letter = begun(house, old, **state)
    case_id, message = answered_with(house, new, letter)
    assert (case_id, message.disposition) == (1, Disposition.FOLLOW_UP)
    assert {"reply", "new_matter", "stage2_request"} & set(open_tasks(house, case_id=1))


def test_a_person_is_told_that_a_grievance_in_an_open_complaint_may_be_another(house):
    answered_with(house, LIFT, begun(house, DAMP))
    (task,) = rows(house, Task, kind="new_matter")
    assert "may be another matter" in task.why


def test_what_answers_a_case_long_after_it_was_closed_is_looked_at_on_its_own(house):
    letter = begun(house, TAP, closed=True)
    later(house, days=15)
    assert answered_with(house, THANKS, letter)[0] == 2


FORWARD = (
    "service_request! See below.\n\n---------- Forwarded message ----------\nFrom: Mum <mum@x.example>\nSubject: {}\n\nHelp me."
)


def test_a_mail_of_somebody_else_that_is_handed_on_is_looked_at_on_its_own(house):
    letter = begun(house, DAMP)
    assert answered_with(house, FORWARD.format("lift"), letter, subject="Fwd: lift")[0] == 2
    assert rows(house, Case, id=2)[0].related_case_id == 1


def test_a_letter_of_ours_that_is_handed_back_goes_on_with_its_case(house):
    letter = begun(house, DAMP)
    named = rows(house, Case)[0].reference
    assert answered_with(house, FORWARD.format(named), letter, subject=f"Fwd: {named}")[0] == 1


def test_an_answer_whose_sender_nobody_checked_joins_by_our_letter_alone_and_says_so(house):
    letter = begun(house, DAMP)
    came(house, THANKS, message_id="<2@r.example>", In_Reply_To=letter.upper())
    came(house, f"{THANKS} Or Friday?", message_id="<3@r.example>", In_Reply_To="<1@r.example>")
    assert [message.case_id for message in rows(house, Message)] == [1, 1, 2]
    assert any("nobody has checked" in task.why for task in rows(house, Task, kind="reply"))
    assert "possible_reply" in open_tasks(house, case_id=2)


def test_of_several_mails_that_are_answered_the_writers_own_case_counts(house):
    letter = begun(house, TAP)
    came(house, "service_request! I write for Ada.", message_id="<c@ward.example>", sender="cllr@ward.example")
    case_id, _message = answered_with(house, THANKS, "<c@ward.example>", References=f"{letter} <c@ward.example>")
    assert case_id == 1


@pytest.mark.parametrize("headers", [passed("neighbour@n.example"), {"sender": "neighbour@n.example"}])
def test_a_person_copied_in_turns_no_request_into_a_complaint_and_gets_no_word_of_it(house, headers):
    letter = begun(house, TAP, Cc="neighbour@n.example")
    came(house, OUTRIGHT, message_id="<2@n.example>", In_Reply_To=letter, **headers)
    assert [message.case_id for message in rows(house, Message)] == [1, 1]
    assert rows(house, Case)[0].category == "service_request"
    assert not [sent for sent in send(house) if sent.recipient == "neighbour@n.example"]
    assert any("ask the resident" in task.why for task in rows(house, Task, kind="reply"))


def test_whom_a_resident_copies_in_later_may_answer_too(house):
    letter = begun(house, TAP)
    answered_with(house, THANKS, letter, Cc="Daughter <daughter@d.example>, housing@landlord.example")
    number = came(
        house, f"{THANKS} Monday too.", message_id="<3@d.example>", In_Reply_To="<2@r.example>", **passed("daughter@d.example")
    )
    assert rows(house, Message, id=number)[0].case_id == 1
    assert {party.address: party.role for party in rows(house, Party)} == {ADA: "resident", "daughter@d.example": "copied"}


def test_nobody_is_a_party_by_a_reply_to_nor_by_a_copy_in_a_forged_name(house):
    begun(house, DAMP, Reply_To=EVE)
    came(house, LIFT, Cc=EVE, Authentication_Results="border.example; dmarc=fail")
    assert {party.address for party in rows(house, Party)} == {ADA}


def test_a_domain_spelled_in_its_own_letters_is_the_same_as_in_those_of_the_dns(house):
    encoded = passed("ada@xn--bcher-kva.example")
    letter = begun(house, TAP, **encoded)
    raw = mail(THANKS, message_id="<2@r.example>", In_Reply_To=letter, **encoded)
    number = arrive(house, raw.replace(b"<ada@xn--bcher-kva.example>", "<ada@b\u00fccher.example>".encode()))
    settle(house)
    (message,) = rows(house, Message, id=number)
    assert (message.sender_address, message.case_id) == ("ada@b\u00fccher.example", 1)


def test_a_mail_that_joins_with_the_id_of_another_is_marked(house):
    letter = begun(house, DAMP)
    number = came(house, THANKS, message_id="<1@r.example>", In_Reply_To=letter)
    (message,) = rows(house, Message, id=number)
    assert (message.case_id, message.reading_problems) == (1, ["shares_message_id"])


@pytest.mark.parametrize("named", ["a reference", "a thread", "a bounce"])
def test_automatic_mail_of_a_stranger_touches_no_case(house, named):
    begun(house, DAMP)
    reference = rows(house, Case)[0].reference
    told = {"subject": f"Automatic reply: {reference}"} if named == "a reference" else {"In_Reply_To": "<1@r.example>"}
    if named == "a bounce":
        told |= {"subject": "Undeliverable", "Return_Path": "<>", "sender": "mailer-daemon@elsewhere.example"}
    else:
        told |= {"sender": EVE, "Auto_Submitted": "auto-replied"}
    number = came(house, "Out of the office until Monday.", message_id="<a@e.example>", **told)
    assert rows(house, Message, id=number)[0].case_id != 1


def test_a_control_header_and_the_header_of_an_attached_mail_join_nothing(house):
    letter = begun(house, DAMP)
    came(house, THANKS, message_id="<2@r.example>", X_Case_Id="1", X_Intake_Case="1", **passed())
    inner = f"service_request! See.\n\n--b\nContent-Type: message/rfc822\n\nFrom: {ADA}\nIn-Reply-To: {letter}\n\nhello\n--b--"
    came(house, inner, message_id="<3@r.example>", **passed())
    assert [message.case_id for message in rows(house, Message)] == [1, 2, 3]
