"""By chat a resident gets what a resident who writes mail gets; what is peculiar to chat loses nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from chatting import ACCOUNT, ME, Chat, chat_in
from desk.public_wiring import door_of
from desks import add_person
from handlers.rows import event_row
from houses import arrive, mail, settle
from intake.channel import RouteClosed
from intake.chat import media_type_of
from intake.message import InboundMessage
from store.case_rows import take_out
from store.chain import append_events
from store.chat_models import Conversation, IdentityLink, Question
from store.models import Case, CaseEvent, CaseStatus, Disposition, Message, OutboxEntry, Party, Task


@pytest.fixture
def chat(house_of, tmp_path):
    return Chat(house_of(channels=(chat_in(tmp_path),)), tmp_path)


def test_a_complaint_by_chat_is_logged_and_acknowledged_where_it_came_from(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday. Please send somebody.", name="Ada")
    (case,) = chat.all(Case)
    assert (case.category, case.resident_address, case.resident_name, case.channel_kind) == ("complaint", ME, "Ada", "chat")
    (sent,) = chat.send()
    assert sent.recipient == ME and case.reference in sent.short and len(sent.short) <= 900
    assert f"{chat.house.settings.public.url}/case/" in sent.short, "the definition stands on the resident's own page"
    (letter,) = chat.all(OutboxEntry)
    assert (letter.way, letter.kind) == (f"signed_json:{ACCOUNT}", "complaint_acknowledged")
    assert "boiler" in letter.text and chat.all(Case)[0].acknowledged_at is not None


def test_short_messages_in_a_row_are_one_matter(chat):
    chat.tell({"text": "complaint! hi"}, {"text": "nobody came on tuesday"})
    assert chat.wait(seconds=2) == 0, "more may come"
    chat.tell({"text": "and nobody rang"})
    assert chat.wait(seconds=4) == 0, "the last word begins the quiet anew"
    assert chat.wait(seconds=2) == 3
    (case,) = chat.all(Case)
    assert [row.disposition for row in chat.all(Message)] == [Disposition.CASE, Disposition.PART, Disposition.PART]
    assert {row.case_id for row in chat.all(Message)} == {case.id}
    assert "nobody rang" in str(case.definition) and len(chat.all(OutboxEntry)) == 1


def test_somebody_who_never_stops_writing_is_read_all_the_same(chat):
    for _ in range(9):
        chat.tell({"text": "complaint! and another thing"})
        chat.wait(seconds=4)
    assert chat.all(Case), "the first words waited half a minute, not for ever"


def test_two_people_who_write_at_once_have_a_case_each(chat):
    chat.tell({"text": "complaint! The lift is broken again and nobody answers"})
    chat.tell({"text": "complaint! My letters are not answered by your office"}, person="bea")
    chat.wait()
    assert {case.resident_address for case in chat.all(Case)} == {ME, ME.replace("ada", "bea")}
    assert all(row.disposition is Disposition.CASE for row in chat.all(Message))


def test_an_unsure_message_is_asked_about_once_with_buttons_and_the_answer_counts(chat):
    chat.say("service_request? it is still not done")
    (case,) = chat.all(Case)
    assert case.status is CaseStatus.TRIAGE
    (sent,) = chat.send()
    labels = [button.label for button in sent.buttons]
    assert labels == ["How you handled it", "A new problem", "A neighbour", "Something else", "Talk to a person"]
    assert "Reply with a number" in sent.short and "\n1: How you handled it\n" in sent.short
    chat.tell({"type": "press", "pressed": sent.buttons[0].payload})
    chat.wait()
    (case,) = chat.all(Case)
    assert case.category == "complaint" and case.logged_at is not None
    assert [letter.kind for letter in chat.all(OutboxEntry)] == ["receipt", "complaint_acknowledged"]
    assert not [task for task in chat.all(Task) if task.kind == "triage" and task.closed_at is None]
    question = next(one for one in chat.all(Question) if one.kind == "category")
    assert (question.answer, question.answered_at) == ("complaint", chat.house.clock.now())


@pytest.mark.parametrize(
    ("typed", "category", "letter"),
    [
        ("2", "service_request", "service_request_logged"),
        ("A new problem.", "service_request", "service_request_logged"),
        ("3", "asb_report", "asb_report_logged"),
        ("1", "complaint", "complaint_acknowledged"),
        ("4", None, None),
    ],
)
def test_an_answer_may_be_typed(chat, typed, category, letter):
    chat.say("service_request? it is still not done")
    chat.say(typed)
    (case,) = chat.all(Case)
    assert case.category == category
    assert [one.kind for one in chat.all(OutboxEntry)] == ["receipt", *([letter] if letter else [])]


def test_what_a_colleague_decided_stays_but_a_complaint_is_always_taken(chat):
    chat.say("service_request? it is still not done")
    (row,) = chat.all(Message)
    chat.house.deciding().decide(row.id, "asb_report", "olive", "it is the neighbours")
    payloads = [f"{choice}/{chat.all(Case)[0].reference}" for choice in ("request", "complaint")]
    chat.tell({"type": "press", "pressed": payloads[0]})
    chat.wait()
    assert chat.all(Case)[0].category == "asb_report"
    chat.tell({"type": "press", "pressed": payloads[1]})
    chat.wait()
    assert chat.all(Case)[0].category == "complaint"


def test_nobody_can_press_a_button_of_somebody_elses_case(chat):
    chat.say("service_request? it is still not done")
    chat.tell({"type": "press", "pressed": f"complaint/{chat.all(Case)[0].reference}"}, person="mallory")
    chat.wait()
    assert chat.all(Case)[0].category is None
    assert not [event for event in chat.all(CaseEvent) if event.kind == "answered"]


@pytest.mark.parametrize("words", ["Talk to a person", "can I speak to a human please?", "agent", "I want to talk to someone."])
def test_talk_to_a_person_always_works(chat, words):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.say(words)
    (task,) = [task for task in chat.all(Task) if task.kind == "wants_person"]
    assert task.closed_at is None and len(chat.all(Case)) == 1


def test_a_person_can_be_asked_for_before_there_is_a_case_and_among_other_words(chat):
    chat.tell({"type": "press", "pressed": "person"})
    chat.wait()
    assert [task.kind for task in chat.all(Task) if task.kind == "wants_person"] == ["wants_person"]
    chat.tell({"text": "complaint! Nobody came to mend the boiler."}, {"text": "I want to talk to a person."}, person="bea")
    chat.wait()
    cases = {case.resident_address: case.id for case in chat.all(Case)}
    assert [task.case_id for task in chat.all(Task) if task.kind == "wants_person"] == [
        cases[ME],
        cases[ME.replace("ada", "bea")],
    ]


def test_who_and_where_is_asked_once_and_taken_and_nothing_waits_for_it(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    assert "name and address" in chat.send()[0].short
    chat.say("My name is Ada Byron\n12 Example Street\nLondon SE6 4RU\nada@resident.example 020 7946 0000")
    (case,) = chat.all(Case)
    assert (case.resident_name, case.home) == ("Ada Byron", "12 Example Street, London SE6 4RU")
    assert case.resident_phone == "020 7946 0000"
    assert {party.address for party in chat.all(Party)} == {ME}, "nobody has shown yet whose address it is"
    chat.wait(days=40)
    chat.say("asb_report! The people upstairs play music until three in the morning every night.")
    assert "name and address" not in chat.send()[-1].short and len(chat.bag.sent) == 3


def test_a_mail_address_given_by_chat_is_asked_whether_it_is_theirs_and_proved_by_a_press(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.say("Ada Byron\n12 Example Street\nSE6 4RU\nada@resident.example")
    letter = next(letter for letter in chat.all(OutboxEntry) if letter.kind == "address_confirmation")
    assert (letter.way, letter.recipient) == ("mail", "ada@resident.example") and "boiler" not in letter.text
    token = re.search(r"/proof/(\S+)", letter.text)[1]
    pages = door_of(chat.house).residents
    assert pages.claimed(token).address == "ada@resident.example" and not chat.all(IdentityLink), "a link alone proves nothing"
    assert pages.prove(token) and pages.prove(token)
    (link,) = chat.all(IdentityLink)
    assert {link.first, link.second} == {ME, "ada@resident.example"} and link.how == "proof"
    assert "identity_linked" in [event.kind for event in chat.all(CaseEvent)]
    assert {(party.address, party.role) for party in chat.all(Party)} == {
        (ME, "resident"),
        ("ada@resident.example", "resident"),
    }
    with chat.house.store.unit("T6") as unit:
        take_out(unit, Party, next(party.id for party in chat.all(Party) if party.address != ME))
        append_events(unit, [_removed(chat)])
        unit.commit()
    assert pages.prove(token) and len(chat.all(Party)) == 1, "what a colleague undid since stays undone"
    assert not pages.prove(token[:-1] + ("a" if token[-1] != "a" else "b")) and pages.claimed("same.x.y.z") is None
    chat.house.clock.at += timedelta(days=8)
    assert pages.claimed(token) is None, "it holds for some days"


def _removed(chat):
    (case,) = chat.all(Case)
    told = {"address": "ada@resident.example", "name": "", "role": "resident"}
    return event_row(case.id, "party_removed", "it is not hers", chat.house.clock.now(), "olive", **told)


@pytest.mark.parametrize(
    "words",
    [
        "I told bob@contractor.example last week, and nothing happened",
        "I've emailed {ours} five times",
        "my email is {ours}",
        "my email is Us+LBL@{domain}",
    ],
)
def test_an_address_that_somebody_only_speaks_of_and_our_own_are_nobodys(chat, words):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    ours = chat.house.own.addresses[0]
    local, _, domain = ours.partition("@")
    chat.say(words.format(ours=ours, domain=domain).replace("Us+", f"{local.title()}+"))
    assert {party.address for party in chat.all(Party)} == {ME} and len(chat.all(OutboxEntry)) == 1
    assert next(one for one in chat.all(Question) if one.kind == "details").answered_at is None, "it was no answer"
    chat.say("Ada Byron\n12 Example Street\nSE6 4RU")
    assert chat.all(Case)[0].home == "12 Example Street, SE6 4RU"


def test_whoever_is_asked_about_an_address_that_is_not_theirs_gets_nothing_of_the_case(chat):
    chat.say("service_request! The tap in the kitchen drips all night, please mend it.")
    chat.say("my email is bob@home.example")
    chat.say("my email is bob@home.example")
    (asked,) = [letter for letter in chat.all(OutboxEntry) if letter.kind == "address_confirmation"]
    assert "complaint" not in asked.text and "complaint" not in asked.html, "nothing invites a stranger to write of the case"
    reply = mail("complaint! This is a complaint", sender="bob@home.example", In_Reply_To=asked.header_id)
    arrive(chat.house, reply, sender="bob@home.example")
    settle(chat.house)
    assert chat.all(Message)[-1].case_id != chat.all(Case)[0].id
    assert not [letter for letter in chat.all(OutboxEntry) if letter.recipient == "bob@home.example" and "tap" in letter.text]


def test_any_news_goes_to_the_case_and_a_new_matter_opens_its_own(chat):
    chat.say("service_request! The tap in the kitchen drips all night, please mend it.")
    chat.wait(days=3)
    chat.say("service_request? any news")
    assert len(chat.all(Case)) == 1 and chat.all(Message)[-1].disposition is Disposition.FOLLOW_UP
    chat.wait(days=3)
    chat.say("asb_report! The people upstairs play music until three in the morning every night.")
    assert [case.category for case in chat.all(Case)] == ["service_request", "asb_report"]
    chat.say("They did it again")
    assert chat.all(Message)[-1].case_id == chat.all(Case)[-1].id, "the talk is about the newer matter now"


DAMP = "complaint! Damp in the bedroom since March, and nobody came to look at it."
LIFT = "complaint! The lift has been dead for three weeks and nobody answers me."


def test_a_grievance_in_an_open_complaint_asks_a_person_once_its_first_day_is_over(chat):
    chat.say(DAMP)
    chat.wait(hours=2)
    chat.say("complaint! It is in the kitchen now too, all along the wall.")
    assert not chat.all(Task, kind="new_matter"), "on its first day a complaint by chat comes in pieces"
    chat.wait(days=2)
    chat.say(LIFT)
    chat.say("complaint! The bins were not emptied for a month and it smells.")
    assert len(chat.all(Case)) == 1
    asked = chat.all(Task, kind="new_matter", closed_at=None)
    assert len(asked) == 2, "each question is about its own words"
    assert all("may be another matter" in task.why for task in asked)


def test_what_is_a_matter_of_its_own_in_a_chat_gets_its_own_case_and_letter_there(chat):
    add_person(chat.house, "olive", "officer")
    chat.say(DAMP)
    chat.wait(days=2)
    chat.tell({"text": LIFT})
    chat.tell({"text": "Photo of it"})
    chat.wait()
    came_in = chat.all(Message)[1].received_at
    (asked,) = chat.all(Task, kind="new_matter")
    chat.wait(days=1)
    chat.house.logging_apart.log(asked.id, "olive", "complaint")
    own = chat.all(Case)[-1]
    assert (own.id, own.category, own.received_at) == (2, "complaint", came_in)
    assert [message.case_id for message in chat.all(Message)] == [1, 2, 2], "what was read as one goes along"
    letter = chat.letter()
    assert (letter.case_id, letter.kind, letter.recipient) == (2, "complaint_acknowledged", ME)
    assert chat.all(Task, kind="new_matter", closed_at=None) == []
    chat.say("Any news?")
    assert chat.all(Message)[-1].case_id == 2, "the talk is about the newer matter now"


def test_what_was_said_since_goes_on_where_it_went(chat):
    add_person(chat.house, "olive", "officer")
    chat.say(DAMP)
    chat.wait(days=2)
    chat.say(LIFT)
    chat.wait(hours=1)
    chat.say("And the damp is still there")
    (asked,) = chat.all(Task, kind="new_matter")
    chat.house.logging_apart.log(asked.id, "olive", "complaint")
    assert [message.case_id for message in chat.all(Message)] == [1, 2, 1]
    chat.say("Any news?")
    assert chat.all(Message)[-1].case_id == 1


def test_whoever_was_taken_out_of_a_case_does_not_write_into_it_any_more(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    (case,) = chat.all(Case)
    with chat.house.store.unit("T6") as unit:
        take_out(unit, Party, chat.all(Party)[0].id)
        unit.commit()
    chat.say("And another thing that I want you to know.")
    assert chat.all(Message)[-1].case_id != case.id
    assert "possible_reply" in [task.kind for task in chat.all(Task)]


def test_an_edit_is_a_version_and_can_make_it_a_complaint(chat):
    first = chat.say("service_request! The tap drips.")
    chat.say("complaint! The tap drips, and nobody came though I asked three times.", type="edit", about=first)
    assert chat.all(Message)[0].new_text == "service_request! The tap drips.", "what came first stands as it came"
    assert any(case.category == "complaint" for case in chat.all(Case))


def test_a_withdrawn_message_stays_on_the_record(chat):
    first = chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.tell({"type": "withdrawal", "about": first})
    chat.wait()
    row = chat.all(Message)[0]
    assert row.withdrawn_at is not None and "boiler" in row.new_text
    assert "message_withdrawn" in [event.kind for event in chat.all(CaseEvent)]


def test_receipts_only_go_forward_whatever_their_order(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.bag.send = _with_id(chat.bag)
    chat.send()
    for progress in ("read", "delivered", "sent", "failed"):
        chat.tell({"type": "receipt", "about": "p1", "progress": progress})
        chat.wait(seconds=1)
    assert chat.letter().progress == "read"
    assert not [task for task in chat.all(Task) if task.kind == "undelivered_letter"]


def _with_id(bag):
    from dataclasses import replace

    plain = bag.send

    async def send(reply):
        return replace(await plain(reply), provider_id=f"p{len(bag.sent)}")

    return send


def test_a_letter_that_the_platform_could_not_deliver_is_a_persons(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.bag.send = _with_id(chat.bag)
    chat.send()
    chat.tell({"type": "receipt", "about": "p1", "progress": "failed", "code": "window"})
    chat.wait(seconds=1)
    assert [task.kind for task in chat.all(Task) if task.kind == "undelivered_letter"] == ["undelivered_letter"]


def test_f25_a_redelivered_or_reordered_webhook_gives_one_message(chat):
    first, second = {"id": "m1", "text": "complaint! Nobody came."}, {"id": "m2", "text": "And nobody rang."}
    for told in ([second, first], [first], [first, second], [second]):
        chat.tell(*told)
    chat.wait()
    chat.tell(first, second)
    chat.wait()
    assert [row.external_id for row in chat.all(Message)] == ["m2", "m1"] and len(chat.all(Case)) == 1
    assert len(chat.all(OutboxEntry)) == 1


def test_a_letter_that_was_only_announced_acknowledges_nothing(chat):
    from dataclasses import replace

    plain = chat.bag.send

    async def announce(reply):
        return replace(await plain(reply), answer="only announced by the template", whole=False)

    chat.bag.send = announce
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.send()
    (case,) = chat.all(Case)
    (task,) = [task for task in chat.all(Task) if task.kind == "undelivered_letter"]
    assert case.acknowledged_at is None and "only announced" in task.why


def test_f25_a_reply_after_the_window_goes_by_the_next_route_or_fails_for_all_to_see(chat):
    def closed(reply):
        if reply.recipient == ME:
            raise RouteClosed("too late for the platform", "window")

    chat.bag._fail = closed
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.send()
    assert chat.letter().state == "failed"
    (task,) = [task for task in chat.all(Task) if task.kind == "undelivered_letter"]
    assert "too late" in task.why
    (case,) = chat.all(Case)
    with chat.house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": case.id, "address": "ada@resident.example", "role": "resident"}])
        unit.commit()
    chat.say("2 more things: nobody rings back either, and this is a complaint")
    chat.say("complaint! And here is another thing that went wrong with you.", type="message")
    with chat.house.store.unit("T6") as unit:
        unit.update(OutboxEntry, chat.letter().id, state="due", next_at=chat.house.clock.now())
        unit.commit()
    assert [reply.recipient for reply in chat.send()] == ["ada@resident.example"]
    letter = chat.letter()
    assert (letter.way, letter.state) == ("mail", "sent")
    assert "letter_rerouted" in [event.kind for event in chat.all(CaseEvent)]


def test_somebody_who_blocks_us_is_a_task_and_a_closed_route_until_they_write_again(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.tell({"type": "blocked"})
    chat.wait(seconds=1)
    assert [task.kind for task in chat.all(Task)].count("route_closed") == 1
    assert chat.all(Conversation)[0].closed_at is not None
    chat.house.clock.at += timedelta(hours=1)
    chat.tell({"text": "I am back"})
    assert chat.all(Conversation)[0].closed_at is None


def test_somebody_who_has_moved_has_not_turned_us_away_and_where_to_is_told(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.tell({"type": "blocked", "code": "gone", "text": "[WhatsApp: the new id is GB.New]"})
    chat.wait(seconds=1)
    (task,) = [task for task in chat.all(Task) if task.kind == "route_closed"]
    assert "reaches nobody any more" in task.why and "GB.New" in task.why and "do not take" not in task.why
    assert "GB.New" in chat.all(Conversation)[0].closed_why


def test_what_is_said_in_public_gets_one_fixed_sentence_and_a_person(chat):
    chat.say("complaint! @council your repairs team never came to 12 Example Street", type="public")
    chat.say("complaint! @council still nothing", type="public")
    (case,) = chat.all(Case)
    (sent,) = chat.send()
    assert sent.short == chat.house.settings.public.answer_in_public and not sent.buttons
    assert case.reference not in sent.short and "/case/" not in sent.short
    assert case.status is CaseStatus.TRIAGE and chat.all(Case)[0].acknowledged_at is None
    chat.wait(days=2)
    chat.say("complaint! @council and again nobody", type="public")
    assert [reply.short for reply in chat.send()] == [chat.house.settings.public.answer_in_public] * 2


def test_nothing_said_in_public_is_ever_acknowledged_there(chat):
    chat.say("complaint! @council your repairs team never came to 12 Example Street", type="public")
    chat.house.clock.at += timedelta(days=9)
    chat.house.sweep().once()
    chat.send()
    (case,) = chat.all(Case)
    assert (case.category, case.acknowledged_at) == ("complaint", None)
    first, held = chat.all(OutboxEntry)
    sentence = chat.house.settings.public.answer_in_public
    assert (first.kind, first.text, first.html) == ("receipt", sentence, None), "what is kept is what went"
    assert (held.kind, held.state, held.rule) == ("complaint_acknowledged", "suppressed", "in-public")
    assert [reply.text for reply in chat.bag.sent] == [sentence]
    (task,) = [task for task in chat.all(Task) if task.kind == "unsent_letter"]
    assert "where others read" in task.why and task.closed_at is None


def test_a_bot_in_public_is_answered_neither_at_first_nor_later(chat):
    for number, words in enumerate(("complaint! @council no lift", "complaint! @council still no lift"), start=1):
        account = {"id": "7", "acct": "bot@elsewhere.example", "bot": True}
        status = {"id": str(number), "visibility": "public", "content": f"<p>{words}</p>", "account": account}
        raw = json.dumps({"account": "homes", "own": {}, "update": {"status": status}}).encode()
        told = {"account": "homes", "external_id": str(number), "conversation": "mastodon:homes:7", "act": "public"}
        told |= {"received_at": chat.house.clock.now(), "media_type": media_type_of("mastodon")}
        chat.house.reception.put([InboundMessage(channel="mastodon", raw=raw, **told)])
        chat.wait(hours=30)
    assert not chat.send()
    assert {(letter.state, letter.rule) for letter in chat.all(OutboxEntry)} == {("suppressed", "bot")}
    assert [event.kind for event in chat.all(CaseEvent)].count("letter_suppressed") == len(chat.all(OutboxEntry)) == 2


def test_a_button_that_we_never_offered_is_a_message_with_its_words(chat):
    chat.tell({"type": "press", "pressed": "MENU_REPAIRS", "text": "service_request! Report a repair"})
    chat.wait()
    assert [case.category for case in chat.all(Case)] == ["service_request"]


def test_a_bot_is_never_answered_but_kept(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.", machine=True)
    assert chat.all(Message)


def test_an_echo_from_elsewhere_is_on_record_and_ours_is_not_told_twice(chat):
    chat.say("complaint! Nobody came to mend the boiler on Tuesday.")
    chat.tell({"type": "echo", "text": "Hello, Sam here: we come on Friday."})
    chat.wait(seconds=1)
    events = [event.kind for event in chat.all(CaseEvent)]
    assert events.count("written_elsewhere") == 1
    chat.send()
    part = chat.letter().short.split("\n\n")[1]
    chat.tell({"type": "echo", "text": part})
    chat.wait(seconds=1)
    assert [event.kind for event in chat.all(CaseEvent)].count("written_elsewhere") == 1
    assert chat.all(Message)[-1].disposition is Disposition.ACT
