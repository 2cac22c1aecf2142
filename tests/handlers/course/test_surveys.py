"""After a complaint has ended its resident is invited to the landlord's survey: once, in peace, and never against their wish (policy 10.2)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from answering_house import SORRY, TWO, issue, save, staffed
from people_house import agreed
from timing import complaint, kinds, later, letters_leave, one, rows

from chatting import Chat, chat_in
from handlers.case_acts import Refused
from handlers.clock import london_day
from handlers.closing import close, reopen
from handlers.course.posting import Posting
from handlers.course.remedies import do_remedy, offer_remedy
from handlers.identities import link
from handlers.people.restrictions import Proposed, propose
from handlers.rows import event_row
from handlers.surveys.figures import survey_figures
from handlers.surveys.inviting import _look, invite
from handlers.surveys.stopping import says_stop, settle
from houses import arrive, mail
from houses import settle as settled
from store.chain import append_events
from store.course_models import Remedy
from store.models import Case, CaseEvent, CaseStatus, OutboxEntry, Task
from store.people_models import SurveyStop

LINK = "https://surveys.example.gov.uk/complaints?stage={stage}"
ADA = "ada@resident.example"


@pytest.fixture
def house(house_of):
    return staffed(house_of(surveys={"link": LINK}))


def finish_tasks(house, case):
    with house.store.unit("T6") as unit:
        unit.update_many(
            Task,
            [
                {"id": task.id, "closed_at": house.clock.now(), "closed_by": "olive"}
                for task in unit.find(Task, case_id=case.id, closed_at=None)
            ],
        )
        unit.commit()


def ended(house, outcome="answered", sender=ADA):
    """Let a complaint come in by mail, answer and close it; return the case."""
    words = f"complaint! Lift {len(rows(house, Case)) + 1} has been broken for three weeks.\n\nPlease mend it."
    return answered(house, complaint(house, words, sender=sender), outcome)


def answered(house, case, outcome="answered", leave=letters_leave):
    """Answer a complaint, give what it promised, and close it; return the case."""
    house.confirming.confirm(case.id, "olive", case.definition_version, TWO, "two points")
    save(house, case)
    offer_remedy(house.course, case.id, "olive", SORRY)
    issue(house, case)
    leave(house)
    finish_tasks(house, case)
    for remedy in rows(house, Remedy, case_id=case.id, done_at=None):
        do_remedy(house.course, case.id, "olive", remedy.id, "given in the answer")
    finish_tasks(house, case)
    close(house.acts, case.id, "olive", outcome, "all is done")
    return one(house, Case, id=case.id)


def days_on(house, days):
    return london_day(house.clock.now()) + timedelta(days=days)


def invitations(house, **wanted):
    return rows(house, OutboxEntry, kind="survey_invitation", **wanted)


def judged(house, case):
    """Return what came of the question on a case, in order: ``invited`` or the reason."""
    found = rows(house, CaseEvent, case_id=case.id, kind=["survey_invited", "survey_not_invited"])
    return [json.loads(event.details).get("reason", "invited") for event in found]


def say(house, words, sender=ADA, **more):
    arrive(house, mail(words, sender=sender, **more), sender=sender)
    settled(house)


def test_a_resident_is_invited_once_some_days_after_the_end_and_never_again(house):
    case = ended(house)
    later(house, days_on(house, 6))
    assert invitations(house) == []
    later(house, days_on(house, 1), hour=23)
    (letter,) = invitations(house)
    assert letter.automatic is True
    assert (letter.recipient, letter.state, letter.kind) == (ADA, "sent", "survey_invitation")
    for words in (
        "https://surveys.example.gov.uk/complaints?stage=1",
        "You do not have to answer.",
        "It changes nothing for you",
        "What you say in the survey is not logged as a complaint.",
        "reply with the words “this is a complaint”",
        "Reply with the words “no more surveys”.",
        "apart from your case",
    ):
        assert words in letter.text
    assert case.reference not in letter.text.split("The survey is here:")[1].split("\n")[0]
    for _ in range(3):
        later(house, days_on(house, 1))
    assert len(invitations(house)) == 1
    assert judged(house, case) == ["invited"]


def test_without_a_link_nobody_is_invited_and_nothing_is_noted(house_of):
    house = staffed(house_of())
    case = ended(house)
    later(house, days_on(house, 9))
    assert invitations(house) == []
    assert judged(house, case) == []


def test_a_second_look_at_the_same_case_writes_no_second_letter(house):
    case = ended(house)
    until = house.clock.now() + timedelta(days=1)
    assert [_look(house.course, case.id, until) for _ in range(2)] == [1, 0]
    assert len(invitations(house)) == 1


class Broken(Posting):
    """Writes the letter, and then the power goes."""

    def put(self, *given, **more):
        super().put(*given, **more)
        raise RuntimeError


def test_a_crash_after_the_letter_was_written_leaves_one_letter_in_the_end(house):
    case, posting = ended(house), house.course.posting
    house.clock.at += timedelta(days=8)
    broken = Broken(correspondence=posting.correspondence, own=posting.own, windows=posting.windows)
    with pytest.raises(RuntimeError):
        invite(replace(house.course, posting=broken))
    assert (invitations(house), judged(house, case)) == ([], [])
    assert [invite(house.course), invite(house.course)] == [1, 0]
    assert len(invitations(house)) == 1


def test_one_that_ended_long_before_a_link_was_set_is_left_alone(house):
    ended(house)
    later(house, days_on(house, 38))
    assert invitations(house) == []


def test_one_that_is_opened_again_is_asked_about_when_it_has_ended_again(house):
    case = ended(house)
    reopen(house.acts, case.id, "olive", "the lift stands again")
    later(house, days_on(house, 8))
    assert invitations(house) == []
    finish_tasks(house, case)
    close(house.acts, case.id, "olive", "answered", "it runs")
    later(house, days_on(house, 6))
    assert invitations(house) == []
    later(house, days_on(house, 2))
    assert len(invitations(house)) == 1


CHANGED = {
    "restricted": {"restricted": True},
    "anonymous": {"complainant_kind": "anonymous"},
}


@pytest.mark.parametrize("reason", sorted(CHANGED))
def test_some_cases_are_left_in_peace(house, reason):
    case = ended(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, **CHANGED[reason])
        unit.commit()
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], [reason])


@pytest.mark.parametrize("outcome", ["passed_on", "same_matter"])
def test_one_that_did_not_end_with_its_answer_is_left_in_peace(house, outcome):
    case = ended(house, outcome)
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["not_answered"])


def test_a_complaint_that_was_never_answered_is_left_in_peace(house):
    case = complaint(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, case.id, status=CaseStatus.CLOSED)
        append_events(unit, [event_row(case.id, "closed", "refused", house.clock.now(), "olive", outcome="answered")])
        unit.commit()
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["not_answered"])


def test_what_is_open_on_the_case_comes_first(house):
    case = ended(house)
    say(house, "Thank you, but who do I ask about the keys?", in_reply_to=invitation_thread(house, case))
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["still_open"])


def invitation_thread(house, case):
    return rows(house, OutboxEntry, case_id=case.id)[-1].header_id


def test_whoever_has_another_complaint_open_is_not_asked_how_we_did(house):
    case = ended(house)
    complaint(house, "complaint! There are mice in the bin store, and nobody comes.")
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["other_complaint"])


def test_a_person_is_asked_once_in_the_time_however_many_complaints_end(house):
    first, second = ended(house), ended(house)
    later(house, days_on(house, 8))
    assert (judged(house, first), judged(house, second)) == (["invited"], ["invited_lately"])
    house.clock.at += timedelta(days=180)
    third = ended(house)
    later(house, days_on(house, 8))
    assert judged(house, third) == ["invited"]


def test_a_restriction_that_stands_or_is_proposed_keeps_invitations_away(house):
    case, today = ended(house), london_day(house.clock.now())
    dates = {"starts_on": today, "review_on": today + timedelta(days=30), "ends_on": today + timedelta(days=60)}
    words = {"reasons": "You shouted.", "proportion": "Two warnings.", "equality": "We asked; none."}
    propose(house.course, case.id, "olive", Proposed(kind="in_writing", incidents=[{"words": "shouted"}], **words, **dates))
    finish_tasks(house, case)
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["contact_limited"])


def test_a_wish_holds_for_every_address_that_is_linked(house):
    case = ended(house)
    settle(house.acts, case.id, "olive", "stop", why="she said so on the telephone")
    house.clock.at += timedelta(days=1)
    link(house.acts, case.id, "olive", ADA, "ada@work.example", why="she said so")
    other = ended(house, sender="ada@work.example")
    later(house, days_on(house, 8))
    assert judged(house, other) == ["wants_none"]


def test_by_chat_the_link_is_in_the_short_letter_and_stop_is_enough(house_of, tmp_path):
    house = staffed(house_of(surveys={"link": LINK}, channels=[chat_in(tmp_path)]))
    chat = Chat(house, tmp_path)
    chat.say("complaint! The lift has been broken for three weeks, and nobody tells us anything.")
    chat.send()
    case = answered(house, one(house, Case), leave=lambda _house: chat.send())
    later(house, days_on(house, 8))
    (letter,) = invitations(house)
    assert "https://surveys.example.gov.uk/complaints?stage=1" in (letter.short or "")
    assert "reply: no more surveys" in letter.short
    chat.say("Stop")
    assert [(row.address, row.case_id) for row in rows(house, SurveyStop)] == [(case.resident_address, case.id)]
    assert rows(house, OutboxEntry)[-1].kind == "survey_invitation"


def test_letters_that_are_carried_by_hand_stay_so(house):
    case = ended(house)
    agreed(house, case, "post_only")
    later(house, days_on(house, 8))
    (letter,) = invitations(house)
    assert (letter.way, letter.state, letter.rule) == ("post", "suppressed", "adjustment")


def test_where_no_way_works_nobody_is_given_a_letter_to_carry(house):
    case = ended(house)
    with house.store.unit("T6") as unit:
        for letter in unit.find(OutboxEntry, case_id=case.id):
            unit.update(OutboxEntry, letter.id, state="failed", answer="550 5.1.1 no such user")
        unit.commit()
    later(house, days_on(house, 8))
    assert (invitations(house), judged(house, case)) == ([], ["no_way"])


@pytest.mark.parametrize(
    "words",
    [
        "no more surveys",
        "No more surveys, please.",
        "STOP",
        "unsubscribe",
        "Please don't send me any more of these.\n\nAda Resident",
    ],
)
def test_whoever_asks_for_no_more_gets_no_more_and_the_message_joins_its_case(house, words):
    case = ended(house)
    later(house, days_on(house, 8))
    say(house, words, in_reply_to=invitations(house)[0].header_id)
    assert [(row.address, row.case_id) for row in rows(house, SurveyStop)] == [(ADA, case.id)]
    assert {"reply_received", "survey_stopped"} <= set(kinds(house, case))
    (task,) = rows(house, Task, case_id=case.id, closed_at=None)
    assert (task.kind, task.why.partition(":")[0]) == ("reply", "asks for no more surveys")
    assert rows(house, OutboxEntry)[-1].kind == "survey_invitation", "nobody is told that they disagree with our answer"
    say(house, words, in_reply_to=invitations(house)[0].header_id)
    assert len(rows(house, SurveyStop)) == 1
    house.clock.at += timedelta(days=200)
    finish_tasks(house, case)
    other = ended(house)
    later(house, days_on(house, 8))
    assert judged(house, other) == ["wants_none"]


def test_the_same_words_where_nobody_was_invited_stop_nothing(house):
    case = ended(house)
    say(house, "Stop", in_reply_to=invitation_thread(house, case))
    assert rows(house, SurveyStop) == []


@pytest.mark.parametrize(
    "words",
    [
        *("Stop the leak", "no more damp surveys", "Stop sending surveys and mend my boiler", "", "no", "thank you"),
        *("This is a complaint", "I do not want to move", "Please stop the noise", "no heating", None, "stop " * 60),
        *("No more surveys. There is no heating.", "I want to complain, stop"),
    ],
)
def test_words_that_say_more_stop_nothing(words):
    assert (says_stop(words), says_stop(words, "Ada Resident")) == (False, False)


@pytest.mark.parametrize(
    "words", ["Opt out", "Please take me off the list", "No surveys", "I don’t want any more surveys, thank you"]
)
def test_plain_words_are_understood(words):
    assert says_stop(words)


def test_a_person_keeps_the_wish_and_takes_it_back(house):
    case = ended(house)
    settle(house.acts, case.id, "olive", "stop", why="she said so on the telephone")
    with pytest.raises(Refused, match="stands so already"):
        settle(house.acts, case.id, "olive", "stop", why="again")
    with pytest.raises(Refused, match="Choose whether"):
        settle(house.acts, case.id, "olive", "", why="again")
    settle(house.acts, case.id, "ben", "again", why="she changed her mind")
    (row,) = rows(house, SurveyStop)
    assert (row.by, row.ended_by, row.ended_at) == ("olive", "ben", house.clock.now())
    assert kinds(house, case)[-2:] == ["survey_stopped", "survey_allowed"]
    later(house, days_on(house, 8))
    assert judged(house, case) == ["invited"]


def test_figures_say_how_many_ended_were_invited_and_why_others_were_not(house):
    ended(house)
    ended(house)
    today = london_day(house.clock.now())
    with house.store.glance() as glance:
        assert survey_figures(glance, today, today).not_looked_at == 2
    later(house, days_on(house, 8))
    with house.store.glance() as glance:
        found, none = survey_figures(glance, today, today), survey_figures(glance, days_on(house, 0), days_on(house, 0))
    assert (found.ended, found.invited, found.not_invited, found.not_looked_at) == (2, {"1": 1}, {"invited_lately": 1}, 0)
    assert none.ended == 0
