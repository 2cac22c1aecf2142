"""An officer's reply: sent as previewed, once, after its hold; taken back; carried by hand; answered by the resident."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.acts import note_act
from handlers.reply_checks import LONGEST, Around, checks
from handlers.reply_openings import corrected, greeting, opening, subject_of
from handlers.reply_orders import Barred, Changed, Finished, Order, Stale, sealed
from handlers.reply_ways import ways_of
from handlers.restricting import BARRED
from handlers.routes_out import Known, Trouble, chosen, routes_out
from handlers.undoing import CannotUndo, Undoing
from houses import NOON, Postbag, arrive, settle
from houses import mail as any_mail
from promises.looking import events_of, everything, later, must_hold, send
from store.chain import verify_chain
from store.desk_models import CaseStaff, DraftLetter, StaffAct
from store.models import Case, Message, OutboxEntry, OutboxState, Party, Task

OURS = "HousingComplaintsandFeedback@lewisham.gov.uk"
WORDS = "Dear Ada,\n\nWe are sorry. A plumber comes on Friday.\n"


def mail(words, **headers):
    """A mail to an address of ours, which is nobody's on the case."""
    return any_mail(words, to=OURS, **headers)


@pytest.fixture
def house(house_of):
    """A house with one complaint, acknowledged."""
    house = house_of()
    arrive(house, mail("complaint! nobody came to mend my boiler"))
    settle(house)
    send(house)
    return house


def the(house, table, **equals):
    (row,) = everything(house, table, **equals)
    return row


def drafted(house, *, way="mail", recipient="ada@resident.example", body=WORDS, message=None):
    case = everything(house, Case)[0]
    message_id = message or everything(house, Message, case_id=case.id)[0].id
    row = {"case_id": case.id, "message_id": message_id, "by": "olive", "at": house.clock.now(), "subject": "Your boiler"}
    with house.store.unit("desk") as unit:
        (draft_id,) = unit.insert(DraftLetter, [row | {"way": way, "recipient": recipient, "body": body}])
        unit.commit()
    return draft_id


def order(house, looked_at, **changes):
    """The order that follows from looking at the preview now."""
    case, draft = everything(house, Case)[0], the(house, DraftLetter, id=looked_at)
    message = the(house, Message, id=draft.message_id)
    letter = house.replying.letter(case, message, draft, "Olive Officer", house.clock.now())
    told = {"case_id": case.id, "draft_id": looked_at, "version": draft.version, "seal": sealed(draft, letter)}
    return Order(**(told | {"by": "olive", "officer": "Olive Officer"} | changes))


def reply_of(house, case_id=1):
    return next(letter for letter in everything(house, OutboxEntry) if letter.kind.startswith("officer_reply-"))


def test_a_reply_waits_for_its_hold_and_then_goes_once_just_as_it_was_previewed(house):
    draft_id = drafted(house)
    case, draft = the(house, Case), the(house, DraftLetter, id=draft_id)
    seen = house.replying.letter(case, the(house, Message), draft, "Olive Officer", house.clock.now())
    house.replying.send(order(house, draft_id))
    assert send(house).sent == []
    later(house, seconds=11)
    (gone,) = send(house).sent
    assert (gone.recipient, gone.subject, gone.text, gone.html) == (
        "ada@resident.example",
        f"Your boiler ({case.reference})",
        seen.text,
        seen.html,
    )
    assert "A plumber comes on Friday." in gone.text
    assert "Olive Officer" in gone.text
    assert gone.automatic is False
    assert "automatic" not in gone.text
    later(house, days=2)
    assert send(house).sent == []
    assert the(house, DraftLetter, id=draft_id).outcome == "sent"
    must_hold(house)


def test_a_reply_answers_the_message_in_its_thread(house):
    message = the(house, Message)
    ours = the(house, OutboxEntry).header_id
    house.replying.send(order(house, drafted(house)))
    reply = reply_of(house)
    assert reply.in_reply_to == message.header_id
    assert reply.references == [message.header_id]  # our acknowledgement came after what is answered
    later(house, hours=1)
    answer = mail(
        "service_request? it is still cold", In_Reply_To=ours, References=f"{message.header_id} {ours}", subject="Re: x"
    )
    arrive(house, answer)
    settle(house)
    second = everything(house, Message)[-1]
    assert second.case_id == message.case_id
    house.replying.send(order(house, drafted(house, message=second.id)))
    last = everything(house, OutboxEntry)[-1]
    assert last.in_reply_to == second.header_id
    assert last.references == [message.header_id, ours, second.header_id]


def test_the_thread_names_no_mail_of_another_party(house):
    case, first = the(house, Case), the(house, Message)
    with house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": case.id, "address": "ben@x.example", "role": "representative"}])
        unit.commit()
    letter = everything(house, OutboxEntry)[0].header_id
    arrive(house, mail("service_request? Ben here", sender="ben@x.example", In_Reply_To=letter), sender="ben@x.example")
    settle(house)
    later(house, hours=1)
    arrive(house, mail("service_request? Ada again", In_Reply_To=letter))
    settle(house)
    _, bens, last = everything(house, Message, case_id=case.id)
    house.replying.send(order(house, drafted(house, message=last.id)))
    assert bens.header_id not in reply_of(house).references
    assert reply_of(house).references[0] == first.header_id
    assert reply_of(house).references[-1] == last.header_id


def test_a_residents_answer_to_a_reply_joins_the_case(house):
    case = the(house, Case)
    house.replying.send(order(house, drafted(house)))
    later(house, seconds=11)
    (gone,) = send(house).sent
    arrive(
        house, mail("service_request? thank you, Friday is good", In_Reply_To=gone.message_id, subject=f"Re: {gone.subject}")
    )
    settle(house)
    answer = everything(house, Message)[-1]
    assert (answer.case_id, answer.disposition) == (case.id, "follow_up")
    assert len(everything(house, Case)) == 1


def test_a_strangers_answer_to_a_reply_does_not_join(house):
    house.replying.send(order(house, drafted(house)))
    later(house, seconds=11)
    (gone,) = send(house).sent
    arrive(house, mail("service_request? me too", sender="eve@x.example", In_Reply_To=gone.message_id), sender="eve@x.example")
    settle(house)
    assert len(everything(house, Case)) == 2


def test_the_history_says_who_wrote_it_and_the_chain_holds(house):
    case = the(house, Case)
    house.replying.send(order(house, drafted(house)))
    (event,) = [event for event in events_of(house, case.id, "letter_written") if event.by == "olive"]
    assert event.why == "a reply by Olive Officer"
    details = json.loads(event.details)
    assert details["letter"] == reply_of(house).kind
    assert details["template"].startswith("officer_reply@")
    assert "ada@resident.example" not in event.details
    with house.store.glance() as glance:
        assert verify_chain(glance) == []


def test_the_same_draft_never_goes_twice(house):
    draft_id = drafted(house)
    twice = order(house, draft_id)
    house.replying.send(twice)
    with pytest.raises(Finished):
        house.replying.send(twice)
    assert len(everything(house, OutboxEntry)) == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"version": 7}, Stale),
        ({"seal": "0" * 32}, Changed),
        ({"case_id": 99}, Finished),
        ({"draft_id": 99}, Finished),
    ],
)
def test_what_was_not_looked_at_does_not_go_and_nothing_changes(house, changes, refusal):
    asked = order(house, drafted(house), **changes)
    with pytest.raises(refusal):
        house.replying.send(asked)
    assert len(everything(house, OutboxEntry)) == 1
    assert everything(house, StaffAct) == []
    assert the(house, DraftLetter).finished_at is None


def test_a_preview_of_yesterday_is_looked_at_again_for_the_letter_bears_a_date(house):
    asked = order(house, drafted(house))
    later(house, days=1)
    with pytest.raises(Changed):
        house.replying.send(asked)


def test_whoever_is_barred_from_a_case_sends_nothing_on_it(house):
    with house.store.unit("T6") as unit:
        row = {"case_id": the(house, Case).id, "username": "olive", "relation": BARRED, "at": NOON, "by": "max", "why": "named"}
        unit.add(CaseStaff, [row])
        unit.commit()
    asked = order(house, drafted(house))
    with pytest.raises(Barred):
        house.replying.send(asked)
    assert len(everything(house, OutboxEntry)) == 1


def open_task(house, kind, **more):
    case = everything(house, Case)[0]
    row = {"kind": kind, "case_id": case.id, "team": case.team, "why": "x", "opened_at": NOON, "due_at": NOON}
    with house.store.unit("T6") as unit:
        (id_,) = unit.insert(Task, [row | more])
        unit.commit()
    return id_


def test_chosen_tasks_are_closed_with_the_reply_and_no_others(house):
    reply, other = open_task(house, "reply"), open_task(house, "undelivered_letter")
    house.replying.send(order(house, drafted(house), close=(reply,)))
    closed, still = the(house, Task, id=reply), the(house, Task, id=other)
    assert (closed.closed_by, closed.outcome) == ("olive", "answered")
    assert still.closed_at is None


def test_a_task_of_another_case_is_not_closed(house):
    arrive(house, mail("complaint! mine is another", sender="ben@x.example"), sender="ben@x.example")
    settle(house)
    case, other = everything(house, Case)
    task = next(one for one in everything(house, Task, case_id=other.id) if one.closed_at is None)
    house.replying.send(order(house, drafted(house), close=(task.id,)))
    assert the(house, Task, id=task.id).closed_at is None
    assert case.id != other.id


def undo(house, act):
    return Undoing(house.store, house.clock).undo(act, "olive")


def test_a_reply_that_is_undone_never_goes_and_its_draft_and_tasks_are_open_again(house):
    draft_id, task = drafted(house), open_task(house, "reply")
    act = house.replying.send(order(house, draft_id, close=(task,)))
    later(house, seconds=9)
    undone = undo(house, act)
    later(house, days=1)
    assert send(house).sent == []
    held = reply_of(house)
    assert (held.state, held.rule) == (OutboxState.SUPPRESSED, "undone")
    draft = the(house, DraftLetter, id=draft_id)
    assert (draft.finished_at, draft.outcome, draft.version) == (None, None, 2)
    assert the(house, Task, id=task).closed_at is None
    assert undone.reference == the(house, Case).reference
    must_hold(house)


def test_a_reply_that_was_taken_back_can_go_after_all_under_a_name_of_its_own(house):
    draft_id = drafted(house)
    undo(house, house.replying.send(order(house, draft_id)))
    house.replying.send(order(house, draft_id))
    later(house, seconds=11)
    (gone,) = send(house).sent
    first, second = [one for one in everything(house, OutboxEntry) if one.kind.startswith("officer_reply")]
    assert first.header_id != second.header_id == gone.message_id


def test_a_reply_that_a_sender_has_taken_up_stands(house):
    draft_id, task = drafted(house), open_task(house, "reply")
    act = house.replying.send(order(house, draft_id, close=(task,)))
    entry = reply_of(house)
    with house.store.unit("T4") as unit:
        unit.update(OutboxEntry, entry.id, lease="a sender", attempts=1)
        unit.commit()
    with pytest.raises(CannotUndo, match="on its way"):
        undo(house, act)
    assert the(house, DraftLetter, id=draft_id).finished_at is not None
    assert the(house, Task, id=task).closed_at is not None
    assert the(house, StaffAct, id=act).undone_at is None


def test_a_reply_is_undone_by_its_writer_alone_and_in_time(house):
    act = house.replying.send(order(house, drafted(house)))
    with pytest.raises(CannotUndo):
        Undoing(house.store, house.clock).undo(act, "mallory")
    later(house, seconds=10)
    with pytest.raises(CannotUndo, match="too late"):
        undo(house, act)


def test_a_reply_can_be_undone_whatever_else_happened_to_the_case_meanwhile(house):
    act = house.replying.send(order(house, drafted(house)))
    arrive(house, mail("service_request? one more thing", In_Reply_To=everything(house, OutboxEntry)[0].header_id))
    settle(house)
    undo(house, act)
    assert reply_of(house).state is OutboxState.SUPPRESSED


@pytest.mark.parametrize(
    ("way", "to", "answer"),
    [
        ("post", "1 High Street", "posted by Olive Officer on 22 November 2026"),
        ("telephone", "01632 960001", "read out by telephone by Olive Officer on 22 November 2026"),
        ("in_person", "", "handed over by Olive Officer on 22 November 2026"),
    ],
)
def test_what_people_carry_is_kept_as_sent_and_no_sender_takes_it(house_of, way, to, answer):
    house = house_of(at=NOON - timedelta(days=1))
    arrive(house, mail("complaint! nobody came to mend my boiler"))
    settle(house)
    send(house)
    draft_id = drafted(house, way=way, recipient=None)
    later(house, days=1)
    house.replying.record(order(house, draft_id), date(2026, 11, 22), to)
    later(house, days=3)
    assert send(house).sent == []
    kept = reply_of(house)
    assert (kept.state, kept.way, kept.recipient, kept.answer) == (OutboxState.SENT, way, to or None, answer)
    assert kept.sent_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    # The print bears the day on which it was written, and so does what is kept.
    assert "Date of this letter: Sunday 22 November 2026" in kept.text
    case = the(house, Case)
    assert [event.kind for event in events_of(house, case.id) if event.by == "olive"] == ["letter_written", "letter_sent"]
    must_hold(house)


def test_a_posted_reply_closes_the_task_that_asked_for_another_way(house):
    task = open_task(house, "undelivered_letter")
    draft_id = drafted(house, way="post", recipient=None)
    act = house.replying.record(order(house, draft_id, close=(task,)), house.clock.now().date(), "1 High Street")
    assert the(house, Task, id=task).outcome == "answered"
    undo(house, act)
    assert the(house, Task, id=task).closed_at is None
    assert reply_of(house).state is OutboxState.SUPPRESSED


def test_a_reply_that_fails_makes_a_task_for_the_next_best_way(house):
    from intake.channel import PermanentFailure

    def refuse(reply):
        raise PermanentFailure("550 no such person")

    house.replying.send(order(house, drafted(house)))
    later(house, seconds=11)
    send(house, Postbag(refuse))
    (task,) = [task for task in everything(house, Task) if task.kind == "undelivered_letter"]
    assert "550 no such person" in task.why
    with house.store.glance() as glance:
        ways = ways_of(glance, the(house, Case), the(house, Message), house.own, house.clock.now())
    assert ways[0].way != "mail"
    dead = next(way for way in ways if way.to == "ada@resident.example")
    assert dead.against == "a letter did not arrive: 550 no such person"


def test_what_a_person_writes_never_holds_back_an_acknowledgement(house):
    """Officers' letters are no part of the caps against loops."""
    later(house, days=2)
    for _ in range(6):
        house.replying.send(order(house, drafted(house)))
    later(house, minutes=1)
    assert len(send(house).sent) == 6
    arrive(house, mail("complaint! now my roof leaks too", subject="My home"))
    settle(house)
    assert len(send(house).sent) == 1


def bounce_of(letter):
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "MAILER-DAEMON@x.example", "housing@landlord.example", "Undelivered Mail"
    made["Message-ID"] = "<b1@x.example>"
    status = f"Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; {letter.recipient}\nAction: failed\nStatus: 5.1.1\n"
    text = "This is the mail system. Your message could not be delivered.\n"
    boundary = "=_b"
    made.set_type("multipart/report") if made.get_content_type() != "text/plain" else None
    head = made.as_bytes().rstrip() + b"\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;"
    parts = [
        f"Content-Type: text/plain\n\n{text}",
        f"Content-Type: message/delivery-status\n\n{status}",
        f"Content-Type: message/rfc822\n\nMessage-ID: {letter.header_id}\nSubject: {letter.subject}\n\nx\n",
    ]
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return head + f' boundary="{boundary}"\n\n{body}'.encode()


def test_an_address_from_which_a_letter_came_back_is_not_proposed_until_it_is_heard_again(house):
    letter = the(house, OutboxEntry)
    later(house, minutes=5)
    arrive(house, bounce_of(letter), sender="")
    settle(house)

    def mail_way():
        with house.store.glance() as glance:
            ways = ways_of(glance, the(house, Case), everything(house, Message)[0], house.own, house.clock.now())
        return ways[0].way, next(way for way in ways if way.to == "ada@resident.example").against

    first, against = mail_way()
    assert first != "mail"
    assert against == "a letter did not arrive: it came back (5.1.1)"
    later(house, minutes=5)
    arrive(house, mail("service_request? hello again", In_Reply_To=the(house, OutboxEntry).header_id))
    settle(house)
    assert mail_way() == ("mail", None)


ADA = Known(came_by="smtp", name="Ada", address="Ada@x.example")
AT = NOON


@pytest.mark.parametrize(
    ("known", "first"),
    [
        (ADA, "mail:ada@x.example"),
        (Known(came_by="telephone", address="a@x.example", phone="01632 960001"), "telephone"),
        (Known(came_by="telephone", address="a@x.example"), "mail:a@x.example"),
        (Known(came_by="letter", address="a@x.example", home="1 High Street"), "post"),
        (Known(came_by="visit", address="a@x.example"), "in_person"),
        (Known(came_by="smtp", address="a@x.example", parties={"b@x.example": "Ben"}), "mail:a@x.example"),
        (
            Known(
                came_by="smtp",
                address="a@x.example",
                parties={"b@x.example": "Ben"},
                troubles={"a@x.example": Trouble(at=AT, answer="550")},
            ),
            "mail:b@x.example",
        ),
        (
            Known(came_by="smtp", address="a@x.example", phone="0", troubles={"a@x.example": Trouble(at=AT, answer="550")}),
            "telephone",
        ),
        (
            Known(
                came_by="smtp",
                address="a@x.example",
                troubles={"a@x.example": Trouble(at=AT, answer="550")},
                heard={"a@x.example": AT + timedelta(seconds=1)},
            ),
            "mail:a@x.example",
        ),
        (Known(came_by="smtp", address="a@x.example", home="1 High Street", unproven=True), "post"),
        (Known(came_by="smtp", address="nobody", phone="01632 960001"), "telephone"),
        (Known(came_by="smtp"), "in_person"),
    ],
)
def test_the_best_way_out_is_proposed_first(known, first):
    assert routes_out(known)[0].code == first


def test_every_way_is_shown_with_its_reason_and_none_twice():
    known = Known(came_by="smtp", address="A@x.example", parties={"a@x.example": "Ada", "b@x.example": None})
    routes = routes_out(known)
    assert sorted(route.code for route in routes) == ["in_person", "mail:a@x.example", "mail:b@x.example", "post", "telephone"]
    assert all(route.why for route in routes)
    assert chosen(routes, "post") is not None
    assert chosen(routes, "mail:eve@x.example") is None
    assert chosen(routes, None) is None


OWN, SAME, STRANGE = "LBL-26-4F7K2P-9D", "LBL-26-000000-00", "LBL-26-000001-4M"


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("We come on Friday.", []),
        ("", ["empty"]),
        (" \n\u200b\n", ["empty"]),
        (opening("Ada", NOON), ["empty"]),
        (opening("Ada", NOON) + "We come.", []),
        ("y" * (LONGEST + 1), ["too-long"]),
        ("x " * 2500, ["long"]),
        ("Unfortunately we could not come.", ["words"]),
        ("You ALLEGED that.", ["words"]),
        ("As\nstated before.", ["words"]),
        ("The informality of it.", []),
        ("Dear [name], we come.", ["gap"]),
        ("We come on XXX.", ["gap"]),
        ("You wrote: [phone number]", []),
        ("Your writing that we are bastards is wrong.", ["abuse"]),
        ("Write to eve@x.example.", ["address"]),
        ("Write to ADA@x.example or team@x.example.", []),
    ],
)
def test_what_there_is_to_look_at_before_a_reply_goes(words, codes):
    around = Around(reference=OWN, opening=opening("Ada", NOON), addresses=["ada@x.example", "team@x.example"])
    assert [check.code for check in checks("Your boiler", words, around)] == codes


def test_a_reply_without_a_subject_is_stopped():
    (check,) = checks("  ", "We come.", Around(reference=OWN, opening=""))
    assert (check.code, check.stops) == ("subject", True)


def test_references_of_other_cases_are_pointed_at():
    from handlers.references import new

    own, same, strange = (str(new("LBL", 26)) for _ in range(3))
    around = Around(reference=own, opening="", references={same: True, strange: False})
    found = checks("About it", f"{own} {same} and {strange}", around)
    assert [check.said.split(".")[0] for check in found] == [
        f"{same} is another case of the same resident",
        f"{strange} is not a case of this resident",
    ]
    assert not any(check.stops for check in found)


@pytest.mark.parametrize(
    ("name", "words"), [("Ada", "Dear Ada,"), (" Ada\nB ", "Dear Ada B,"), (None, "Hello,"), ("  ", "Hello,")]
)
def test_a_greeting_names_the_resident_in_one_line(name, words):
    assert greeting(name) == words


def test_the_subject_begins_with_what_the_case_is():
    assert subject_of("complaint") == "Your complaint"
    assert subject_of(None) == subject_of("out_of_scope") == "Your message to us"


def test_the_corrected_definition_is_told_point_by_point():
    definition = {
        "points": [
            {"words": "The boiler is broken.", "responsibility": "ours", "who": None},
            {"words": "A parking ticket.", "responsibility": "not_ours", "who": "Street Parking"},
            {"words": "The tax band.", "responsibility": "being_clarified", "who": None},
        ],
        "outcomes": ["Mend it."],
        "question": None,
    }
    told = corrected("Ada", definition)
    assert told.startswith("Dear Ada,\n\nWe have corrected")
    assert "1. The boiler is broken.\n2. A parking ticket.\n3. The tax band.\n\n" in told
    assert "\n\n- Mend it.\n\n" in told
    assert "Point 2 is for Street Parking" in told
    assert "point 3 is for us or for somebody else" in told
    assert "would like" in corrected(None, definition | {"outcomes": [], "question": "What would you like?"})


def test_no_act_but_a_reply_is_undone_as_one(house):
    case = the(house, Case)
    with house.store.unit("T6") as unit:
        act = note_act(unit, case_id=case.id, by="olive", now=house.clock.now(), said="Done.")
        unit.commit()
    with pytest.raises(CannotUndo):
        undo(house, act)
