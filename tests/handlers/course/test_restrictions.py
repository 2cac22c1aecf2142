"""Restrictions: two people, reasons, proportion, the Equality Act, an end; they never touch what is received (Code 5.14, 5.15)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_house import TODAY, agreed, complaint, staffed
from timing import kinds, later, letter, letters_leave, one, open_tasks, rows

from handlers.case_acts import Refused
from handlers.letters import LetterBook
from handlers.people.restriction_letter import CHALLENGE, STILL
from handlers.people.restriction_words import FREE, KINDS, TO_TELL, TOLD
from handlers.people.restrictions import Proposed, approve, keep, lift, propose, send_back
from handlers.people.reviews import mind_restrictions
from handlers.withdrawing import withdraw
from houses import arrive, house_of, mail, settle
from store.models import Case, CaseEvent, Deadline, Message, MessageState, OutboxEntry, OutboxState, Verdicting
from store.people_models import Restriction

__all__ = ["house_of"]
REVIEW, END = TODAY + timedelta(days=60), TODAY + timedelta(days=90)
ASKED = Proposed(
    kind="one_contact",
    incidents=({"words": "5 May, shouted at Sam at the desk"},),
    reasons="On 5 May you shouted at Sam at the desk.",
    proportion="We asked twice, in writing, and it went on.",
    equality="She told us of no disability; we asked. She may still ring Olive.",
    starts_on=TODAY,
    review_on=REVIEW,
    ends_on=END,
)


@pytest.fixture
def house(house_of):
    return staffed(house_of())


@pytest.fixture
def case(house):
    return complaint(house)


def proposed(house, case, by="olive", **changed):
    propose(house.course, case.id, by, replace(ASKED, **changed))
    return rows(house, Restriction)[-1]


def in_force(house, case, **changed):
    row = proposed(house, case, **changed)
    approve(house.course, case.id, "mona", row.id, why="it is in proportion")
    return rows(house, Restriction, id=row.id)[0]


def test_what_was_proposed_binds_nobody_and_waits_for_a_manager(house, case):
    row = proposed(house, case)
    assert (row.state, row.proposed_by, row.letter_id) == ("proposed", "olive", None)
    assert (row.reasons, row.proportion, row.equality) == (ASKED.reasons, ASKED.proportion, ASKED.equality)
    assert row.incidents == list(ASKED.incidents)
    assert len(open_tasks(house, case, "restriction_proposed")) == 1
    assert not [one for one in rows(house, OutboxEntry) if one.kind.startswith("restriction_notice")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "no_contact"}, "kind"),
        ({"incidents": ()}, "incidents"),
        ({"reasons": " "}, "reasons"),
        ({"proportion": ""}, "proportion"),
        ({"equality": "\n"}, "equality"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": END + timedelta(days=1)}, "review_on"),
        ({"review_on": TODAY + timedelta(days=92), "ends_on": TODAY + timedelta(days=100)}, "review_on"),
        ({"ends_on": TODAY + timedelta(days=183)}, "ends_on"),
    ],
)
def test_none_is_proposed_without_incident_reasons_proportion_equality_review_and_end(house, case, changed, field):
    with pytest.raises(Refused) as refused:
        proposed(house, case, **changed)
    assert refused.value.field == field
    assert rows(house, Restriction) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(-3, 30), review=st.integers(-3, 260), end=st.integers(-3, 260))
def test_whatever_dates_are_asked_for_a_kept_restriction_is_reviewed_and_ends_within_the_limits(
    house, case, start, review, end
):
    dates = {"starts_on": TODAY + timedelta(start), "review_on": TODAY + timedelta(review), "ends_on": TODAY + timedelta(end)}
    before = len(rows(house, Restriction))
    try:
        row = proposed(house, case, **dates)
    except Refused:
        assert len(rows(house, Restriction)) == before
        return
    assert TODAY <= row.starts_on < row.review_on <= row.ends_on
    assert (row.review_on - row.starts_on).days <= house.course.people.restriction_review_days
    assert (row.ends_on - row.starts_on).days <= house.course.people.restriction_days
    send_back(house.course, case.id, "mona", row.id, why="only tried")


def test_the_landlord_settles_how_long_it_may_last(house_of):
    house = staffed(house_of(course={"restriction_days": 20, "restriction_review_days": 10}))
    case = complaint(house)
    with pytest.raises(Refused, match="20 days"):
        proposed(house, case, review_on=TODAY + timedelta(9), ends_on=TODAY + timedelta(21))
    proposed(house, case, review_on=TODAY + timedelta(10), ends_on=TODAY + timedelta(20))


@pytest.mark.parametrize("nobody", ["machine", "sweep", ""])
def test_no_machine_proposes_approves_keeps_or_lifts(house, case, nobody):
    with pytest.raises(Refused, match="person"):
        proposed(house, case, by=nobody)
    row = proposed(house, case)
    for act in (approve, send_back, lift):
        with pytest.raises(Refused, match="person"):
            act(house.course, case.id, nobody, row.id, why="because")
    with pytest.raises(Refused, match="person"):
        keep(house.course, case.id, nobody, row.id, review_on=REVIEW, why="because")
    assert one(house, Restriction).state == "proposed"


def test_its_second_person_is_another_and_a_manager(house, case):
    row = proposed(house, case, by="mona")
    with pytest.raises(Refused, match="second person"):
        approve(house.course, case.id, "mona", row.id, why="mine")
    with pytest.raises(Refused, match="manager"):
        approve(house.course, case.id, "ben", row.id, why="fine")
    assert one(house, Restriction).state == "proposed"
    approve(house.course, case.id, "max", row.id, why="in proportion")
    with pytest.raises(Refused, match="decided already"):
        approve(house.course, case.id, "max", row.id, why="again")
    assert (one(house, Restriction).state, one(house, Restriction).approved_by) == ("active", "max")


def test_the_letter_says_why_what_stays_open_how_to_challenge_until_when_and_who_helps(house, case):
    row = in_force(house, case)
    told = letter(house, case, "restriction_notice")
    assert row.letter_id == told.id
    words = (TOLD["one_contact"], ASKED.reasons, STILL, CHALLENGE, "Friday 22 January 2027", "Sunday 21 February 2027")
    for one_of in (*words, "Housing Ombudsman Service", "0300 111 3000"):
        assert one_of in told.text
        assert one_of.replace("'", "&#39;") in told.html or one_of in told.html
    assert told.state is OutboxState.DUE
    (sent,) = [reply for reply in letters_leave(house).sent if reply.message_id == told.header_id]
    assert sent.recipient == "ada@resident.example"
    assert open_tasks(house, case, "restriction_proposed") == []
    assert "limit_approved" in kinds(house, case)


def test_what_cannot_be_told_is_not_approved(house, case):
    row = proposed(house, case)
    posting = house.course.posting
    speechless = replace(posting.correspondence, letters=LetterBook(house.landlord, only="receipt"))
    course = replace(house.course, posting=replace(posting, correspondence=speechless))
    with pytest.raises(Refused, match="cannot be written"):
        approve(course, case.id, "mona", row.id, why="in proportion")
    assert one(house, Restriction).state == "proposed"
    assert "limit_approved" not in kinds(house, case)


def test_a_restriction_never_takes_an_adjustment_away(house, case):
    agreed(house, case, "telephone_only")
    with pytest.raises(Refused, match="Telephone only"):
        proposed(house, case, kind="in_writing")


def test_an_adjustment_agreed_meanwhile_stops_the_approval(house, case):
    row = proposed(house, case, kind="in_writing")
    agreed(house, case, "telephone_only")
    with pytest.raises(Refused, match="Telephone only"):
        approve(house.course, case.id, "mona", row.id, why="fine")
    assert one(house, Restriction).state == "proposed"


def test_one_that_was_sent_back_never_binds_anybody(house, case):
    row = proposed(house, case)
    send_back(house.course, case.id, "mona", row.id, why="talk to her first")
    sent_back = one(house, Restriction)
    assert (sent_back.state, sent_back.ended_by, sent_back.ended_why) == ("sent_back", "mona", "talk to her first")
    assert open_tasks(house, case, "restriction_proposed") == []
    with pytest.raises(Refused):
        approve(house.course, case.id, "max", row.id, why="after all")


def test_one_whose_dates_have_passed_before_anybody_checked_it_is_not_approved(house, case):
    row = proposed(house, case)
    house.clock.at += timedelta(days=100)
    with pytest.raises(Refused, match="dates have passed"):
        approve(house.course, case.id, "mona", row.id, why="late")


def test_a_review_that_is_due_becomes_a_task_once_and_keeping_it_never_goes_beyond_its_end(house, case):
    row = in_force(house, case)
    later(house, REVIEW - timedelta(days=1))
    assert open_tasks(house, case, "restriction_review") == []
    later(house, REVIEW)
    later(house, REVIEW + timedelta(days=1))
    assert len(open_tasks(house, case, "restriction_review")) == 1
    with pytest.raises(Refused, match="not after its end"):
        keep(house.course, case.id, "mona", row.id, review_on=END + timedelta(days=1), why="still needed")
    with pytest.raises(Refused, match="manager"):
        keep(house.course, case.id, "olive", row.id, review_on=END, why="still needed")
    keep(house.course, case.id, "mona", row.id, review_on=END, why="it happened again")
    assert open_tasks(house, case, "restriction_review") == []
    assert one(house, Restriction).review_on == END


def test_it_ends_by_itself_the_day_after_its_last_and_says_so(house, case):
    in_force(house, case)
    later(house, END)
    assert one(house, Restriction).state == "active"
    later(house, END + timedelta(days=1))
    ended = one(house, Restriction)
    assert (ended.state, ended.ended_by) == ("ended", "sweep")
    assert open_tasks(house, case, "restriction_review") == []
    assert rows(house, CaseEvent, case_id=case.id, kind="limit_ended")[0].by == "sweep"
    assert later(house, END + timedelta(days=2)) >= 0
    assert kinds(house, case).count("limit_ended") == 1


def test_whoever_was_restricted_hears_that_its_time_is_over(house, case):
    in_force(house, case)
    later(house, END)
    assert not [one for one in rows(house, OutboxEntry) if one.kind.startswith("restriction_ended")]
    later(house, END + timedelta(days=1))
    later(house, END + timedelta(days=2))
    (told,) = [one for one in rows(house, OutboxEntry) if one.kind.startswith("restriction_ended")]
    assert (told.state, told.recipient, told.automatic) == (OutboxState.SENT, "ada@resident.example", True)
    for words in (FREE["one_contact"], "It ended on Sunday 21 February 2027.", "Housing Ombudsman Service"):
        assert words in told.text
    assert "A computer sorted your message and sent this letter" in told.text
    assert "no longer need" not in told.text, "nobody looked at it"


def test_where_no_letter_can_be_written_it_ends_all_the_same_and_somebody_tells_them(house, case):
    in_force(house, case)
    posting = house.course.posting
    speechless = replace(posting.correspondence, letters=LetterBook(house.landlord, only="receipt"))
    house.clock.at += timedelta(days=100)
    assert mind_restrictions(replace(house.course, posting=replace(posting, correspondence=speechless))) == 1
    assert one(house, Restriction).state == "ended"
    (task,) = open_tasks(house, case, "contact_resident")
    assert "tell the resident that restriction 1 is over (policy 7.3)" in task.why


def test_a_letter_about_a_restriction_says_nothing_of_danger_that_was_seen_in_the_first_message(house):
    case = complaint(house, words="complaint! [emergency] The gas smells and nobody comes.")
    row = in_force(house, case)
    lift(house.course, case.id, "mona", row.id, why="she apologised")
    for kind in ("restriction_notice", "restriction_ended"):
        assert "We have marked your message as urgent" not in letter(house, case, kind).text
        assert "call 999" in letter(house, case, kind).text


def test_a_complaint_that_is_over_is_not_said_to_go_on(house, case):
    withdraw(house.course, case.id, "olive", "Forget it.", TODAY)
    row = in_force(house, case)
    lift(house.course, case.id, "mona", row.id, why="she apologised")
    for kind in ("restriction_notice", "restriction_ended"):
        text = letter(house, case, kind).text
        assert "goes on as before" not in text
        assert "reply with the words “this is a complaint”" in text


@pytest.mark.parametrize("kind", sorted(TO_TELL))
def test_what_its_letter_leaves_to_another_is_a_task_until_it_is_done_or_over(house, case, kind):
    row = in_force(house, case, kind=kind)
    assert "We will tell you" in letter(house, case, "restriction_notice").text
    (task,) = open_tasks(house, case, "restriction_details")
    assert TO_TELL[kind] in task.why
    lift(house.course, case.id, "mona", row.id, why="she apologised")
    assert open_tasks(house, case, "restriction_details") == []


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*TO_TELL}))
def test_a_letter_that_says_all_of_it_leaves_nobody_a_task(house, case, kind):
    in_force(house, case, kind=kind)
    assert "We will tell you" not in TOLD[kind]
    assert open_tasks(house, case, "restriction_details") == []


def test_a_manager_lifts_it_before_its_end(house, case):
    row = in_force(house, case)
    with pytest.raises(Refused, match="manager"):
        lift(house.course, case.id, "olive", row.id, why="she apologised")
    lift(house.course, case.id, "mona", row.id, why="she apologised")
    assert (one(house, Restriction).state, one(house, Restriction).ended_why) == ("lifted", "she apologised")
    with pytest.raises(Refused, match="not in force"):
        lift(house.course, case.id, "mona", row.id, why="again")
    told = letter(house, case, "restriction_ended")
    assert (told.state, told.automatic) == (OutboxState.DUE, False)
    for words in ("We no longer need the limit", "It ended on Monday 23 November 2026.", FREE["one_contact"], "mona".title()):
        assert words in told.text
    assert "she apologised" not in told.text, "what a manager noted is for colleagues"
    assert kinds(house, case)[-2:] == ["limit_lifted", "letter_written"]


def test_one_that_is_lifted_before_its_first_day_is_said_not_to_start_and_what_else_holds_is_named(house, case):
    in_force(house, case, kind="by_appointment")
    row = in_force(house, case, starts_on=TODAY + timedelta(days=3))
    proposed(house, case, kind="two_officers")
    lift(house.course, case.id, "mona", row.id, why="she apologised")
    text = letter(house, case, "restriction_ended").text
    assert "It was to start on Thursday 26 November 2026. It does not start." in text
    assert "It ended on" not in text
    assert f"- {TOLD['by_appointment']} This ends on Sunday 21 February 2027." in text
    assert TOLD["two_officers"] not in text, "it binds nobody yet"


def test_what_cannot_be_told_is_not_lifted(house, case):
    row = in_force(house, case)
    posting = house.course.posting
    speechless = replace(posting.correspondence, letters=LetterBook(house.landlord, only="receipt"))
    with pytest.raises(Refused, match="cannot be written"):
        lift(replace(house.course, posting=replace(posting, correspondence=speechless)), case.id, "mona", row.id, why="sorry")
    assert one(house, Restriction).state == "active"


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_restricted_is_received_judged_logged_and_acknowledged_as_ever(house_of, kind):
    """Two residents write the same; one of them is restricted in every way there is: nothing that follows differs."""
    house = staffed(house_of())
    case = complaint(house, words="complaint! First matter.")
    in_force(house, case, kind=kind)
    letters_leave(house)
    house.clock.at += timedelta(days=2)
    told = {}
    for sender in ("ada@resident.example", "bo@resident.example"):
        number = arrive(house, mail("complaint! The boiler is cold. Please mend it.", sender=sender), sender=sender)
        settle(house)
        bag = letters_leave(house)
        (message,) = rows(house, Message, id=number)
        (new,) = rows(house, Case, id=message.case_id)
        (judged,) = rows(house, Verdicting, message_id=number)
        told[sender] = (
            message.state,
            message.disposition,
            new.id != case.id,
            (new.category, new.status, new.stage, new.team, new.logged_at, new.acknowledged_at, new.definition),
            (judged.category, judged.confidence),
            sorted((row.rule, row.due_on, row.met_at) for row in rows(house, Deadline, case_id=new.id)),
            [(reply.recipient == sender, reply.subject.replace(new.reference, "")) for reply in bag.sent],
        )
    ada, bo = told.values()
    assert ada[0] is MessageState.HANDLED
    assert ada[3][5] is not None, "it was acknowledged"
    assert ada == bo
    assert ada[6][0][0], "the acknowledgement went to her"


def test_a_reply_of_somebody_restricted_joins_her_case_and_opens_its_task(house, case):
    in_force(house, case)
    first = rows(house, OutboxEntry, case_id=case.id)[0]
    arrive(house, mail("Nobody came again today.", subject=f"Re: {case.reference}", In_Reply_To=first.header_id))
    settle(house)
    assert rows(house, Message)[-1].case_id == case.id
    assert open_tasks(house, case, "reply")
