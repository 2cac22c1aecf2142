"""Cases go to whoever does the work, and come back as news: nothing is told twice, lost in silence or closed by itself."""

import asyncio
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from handover_house import ASKED, REPAIRS, STREETS, TAP, events, given, house_with, request, rows, sent, waiting

from classifiers.taxonomy import Category
from desk.config import Settings
from desk.handover_wiring import sending_of
from handlers.case_acts import Refused, Stale
from handlers.handover import giving
from handlers.handover.by_mail import BACK_TOKEN, status_in
from handlers.handover.news import ask_after
from handlers.handover.sending import BACK_OFF, LEASE
from handlers.handover.summary import Asked
from handlers.named import NOBODY
from houses import Postbag, arrive, house_of, mail, settle
from intake.channel import PermanentFailure, TemporaryFailure, UncertainOutcome
from promises.looking import notification
from store.errors import StoreUnavailable
from store.handover_models import Handover, HandoverNews
from store.models import Case, CaseEvent, CaseStatus, Message, OutboxEntry, Party, Task

__all__ = ["house_of"]


@pytest.fixture
def house(house_of):
    return house_with(house_of)


@pytest.fixture
def case(house):
    return request(house)


def state(house):
    return [row.state for row in rows(house, Handover)]


def answered(house, letter, words, sender="repairs@team.example", **headers):
    """Let a mail come in that answers a letter."""
    arrive(house, mail(words, sender=sender, In_Reply_To=letter.message_id, **headers), sender=sender)
    settle(house)


# --- by mail ---


def test_the_partner_is_told_once_by_mail_what_where_and_whom_to_ask_and_the_case_stays_open(house, case):
    row = given(house, case)
    bag = sent(house)
    assert sent(house).sent == []
    (letter,) = bag.sent
    assert letter.recipient == "repairs@team.example"
    for words in (
        case.reference,
        "Mend the kitchen tap.",
        "12 Rose Lane",
        "after four",
        "Ada Resident",
        "status: done",
        row.key,
    ):
        assert words in letter.text
    assert state(house) == ["with_partner"]
    assert rows(house, Case)[0].status is CaseStatus.OPEN
    assert events(house, case) == ["handed_over", "handover_sent"]


def test_what_a_partner_is_told_is_no_letter_of_the_resident(house, case):
    given(house, case)
    sent(house)
    assert {letter.recipient for letter in rows(house, OutboxEntry)} == {"ada@resident.example"}


def test_the_resident_is_not_named_as_somebody_to_ask_where_the_officer_says_no(house, case):
    given(house, case, asked=Asked(what="Mend it", where="12 Rose Lane", contact=False))
    assert "ada@resident.example" not in sent(house).sent[0].text


@pytest.mark.parametrize(
    ("said", "status", "task"),
    [
        ("status: done\n\nA new washer.", "done", ["handover_check"]),
        ("> Status:  Completed.", "done", ["handover_check"]),
        ("status: not ours", "not_theirs", ["handover_check"]),
        ("status: taken on", "taken_on", []),
        ("Which kitchen is it?", "said", ["handover_news"]),
    ],
)
def test_an_answer_is_news_of_the_case_and_closes_nothing(house, case, said, status, task):
    given(house, case)
    (letter,) = sent(house).sent
    cases, letters = len(rows(house, Case)), len(rows(house, OutboxEntry))
    answered(house, letter, said)
    (news,) = rows(house, HandoverNews)
    assert (news.status, waiting(house, case)) == (status, task)
    assert (len(rows(house, Case)), len(rows(house, OutboxEntry))) == (cases, letters)
    assert rows(house, Case)[0].status is CaseStatus.OPEN
    assert rows(house, Message)[-1].case_id == case.id


def test_their_ticket_system_is_believed_though_it_answers_as_a_machine(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    answered(house, letter, "status: done", "tickets@team.example", Auto_Submitted="auto-generated")
    assert waiting(house, case) == ["handover_check"]


def test_whoever_else_has_the_mail_is_heard_as_anybody_is_for_it_may_be_a_complaint(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    answered(house, letter, "complaint! status: done is not true, nobody came.", "ada@resident.example")
    assert rows(house, HandoverNews) == []
    assert [one.category for one in rows(house, Case)] == ["service_request", "complaint"]


def test_a_party_of_the_case_who_answers_from_a_partners_address_is_no_partner(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    with house.store.unit("T6") as unit:
        unit.add(Party, [{"case_id": case.id, "address": "repairs@team.example", "name": None, "role": "household"}])
        unit.commit()
    answered(house, letter, "status: done")
    assert rows(house, HandoverNews) == []


def test_a_forged_message_id_is_no_news(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    forged = letter.message_id.replace("handover.1.", "handover.2.")
    arrive(house, mail("status: done", sender="repairs@team.example", In_Reply_To=forged), sender="repairs@team.example")
    settle(house)
    assert rows(house, HandoverNews) == []


@pytest.mark.parametrize(
    ("words", "status"),
    [("we are done", "said"), ("status: banana", "said"), ("STATUS: In_Progress", "taken_on"), ("", "said")],
)
def test_only_a_line_by_itself_is_a_status(words, status):
    assert status_in(words) == status


# --- nothing in silence ---


def test_nothing_heard_for_as_long_as_they_have_is_a_task_once(house, case):
    given(house, case)
    sent(house)
    house.clock.at += timedelta(days=3, seconds=-1)
    assert ask_after(house.course) == 0
    house.clock.at += timedelta(seconds=1)
    assert [ask_after(house.course) for _ in range(3)] == [1, 0, 0]
    assert waiting(house, case) == ["handover_silent"]


def test_news_begins_the_wait_anew_and_done_ends_it(house, case):
    row = given(house, case)
    sent(house)
    house.clock.at += timedelta(days=2)
    giving.note_news(house.course, case.id, "olive", row.id, status="taken_on", words="rang them")
    house.clock.at += timedelta(days=2)
    assert ask_after(house.course) == 0
    house.clock.at += timedelta(days=1)
    assert ask_after(house.course) == 1
    giving.note_news(house.course, case.id, "olive", row.id, status="done", words="rang them again")
    house.clock.at += timedelta(days=30)
    assert ask_after(house.course) == 0
    assert waiting(house, case) == ["handover_check", "handover_silent"]
    giving.checked(house.course, case.id, "olive", row.id, "saw it; told Ada", over="yes")
    assert (state(house), waiting(house, case)) == (["done"], [])
    assert rows(house, Case)[0].status is CaseStatus.OPEN


def test_a_partner_who_has_it_still_is_asked_after_again(house, case):
    row = given(house, case)
    sent(house)
    house.clock.at += timedelta(days=3)
    ask_after(house.course)
    giving.checked(house.course, case.id, "olive", row.id, "they come on Friday", over="no")
    assert waiting(house, case) == []
    house.clock.at += timedelta(days=3)
    assert ask_after(house.course) == 1


def test_the_sweep_asks_after_hand_overs(house, case):
    given(house, case)
    sent(house)
    house.clock.at += timedelta(days=4)
    house.sweep().once()
    assert waiting(house, case) == ["handover_silent"]


# --- what goes wrong ---


def failing(*failures):
    """Return a postbag that fails so, one after another, and then takes what it is given."""
    left = list(failures)

    def fail(reply):
        if left:
            raise left.pop(0)

    return Postbag(fail)


def test_a_server_that_is_down_is_tried_again_with_the_same_message_id(house, case):
    given(house, case)
    bag = failing(TemporaryFailure("busy"))
    sent(house, bag)
    assert (bag.sent, state(house)) == ([], ["due"])
    house.clock.at += timedelta(seconds=BACK_OFF[0])
    sent(house, bag)
    assert (len(bag.sent), state(house)) == (1, ["with_partner"])


def test_an_address_that_takes_nothing_is_a_persons_task_once(house, case):
    given(house, case)
    sent(house, failing(PermanentFailure("no such user")))
    assert (state(house), waiting(house, case)) == (["failed"], ["handover_silent"])
    house.clock.at += timedelta(days=30)
    assert (ask_after(house.course), sent(house).sent) == (0, [])


def test_a_link_that_breaks_is_tried_once_more_and_then_is_a_persons(house, case):
    given(house, case)
    broken = failing(UncertainOutcome("cut"), UncertainOutcome("cut"))
    for _ in range(4):
        sent(house, broken)
        house.clock.at += timedelta(hours=5)
    assert (state(house), waiting(house, case), broken.sent) == (["failed"], ["handover_silent"], [])


def test_killed_between_telling_and_keeping_it_is_told_at_most_once_more_under_the_same_name(house, case):
    given(house, case)
    bag = Postbag()
    for _ in range(4):
        sending = sending_of(house, bag)
        sending._write_down = _killed
        with pytest.raises(StoreUnavailable):
            asyncio.run(sending.once())
        house.clock.at += LEASE
        if len(bag.sent) > 1:
            break
    assert len(bag.sent) == 2
    assert len({letter.message_id for letter in bag.sent}) == 1
    sent(house, bag)
    assert (len(bag.sent), state(house), waiting(house, case)) == (2, ["failed"], ["handover_silent"])


def _killed(*_given):
    raise StoreUnavailable("the process dies here")


def test_a_lease_keeps_a_second_process_from_telling_it_meanwhile(house, case):
    given(house, case)
    bag = Postbag()

    async def both():
        await asyncio.gather(sending_of(house, bag).once(), sending_of(house, bag).once())

    asyncio.run(both())
    assert len(bag.sent) == 1


def test_what_was_taken_back_is_not_told_and_what_comes_of_an_attempt_meanwhile_is_not_kept(house, case):
    row = given(house, case)

    def taken_back(reply):
        giving.take_back(house.course, case.id, "olive", row.id, "given by mistake")

    bag = sent(house, Postbag(taken_back))
    assert state(house) == ["telling_back"]
    assert "handover_sent" not in events(house, case)
    # The first was on its way when it was taken back, so they hear of that too.
    assert (len(bag.sent), len(sent(house).sent), state(house)) == (1, 1, ["taken_back"])
    again = given(house, case)
    giving.take_back(house.course, case.id, "olive", again.id, "a mistake again")
    assert sent(house).sent == []
    with pytest.raises(Stale):
        giving.checked(house.course, case.id, "olive", again.id, "why", over="yes")


def test_a_partner_whom_the_settings_name_no_more_is_a_persons_task(house, case):
    given(house, case)
    house.__dict__["course"] = None
    del house.__dict__["course"]
    house.settings = house.settings.model_copy(update={"partners": ()})
    sent(house)
    assert (state(house), waiting(house, case)) == (["failed"], ["handover_silent"])


# --- who may, and what ---


@pytest.mark.parametrize("name", sorted(NOBODY))
def test_no_machine_hands_over_or_ends_a_hand_over(house, case, name):
    row = given(house, case)
    for act in (
        lambda: given(house, case, by=name),
        lambda: giving.take_back(house.course, case.id, name, row.id, "why"),
        lambda: giving.checked(house.course, case.id, name, row.id, "why", over="yes"),
        lambda: giving.note_news(house.course, case.id, name, row.id, status="done", words="x"),
    ):
        with pytest.raises(Refused):
            act()


def test_a_partner_has_a_case_once_at_a_time_and_its_keys_differ(house, case):
    row = given(house, case)
    with pytest.raises(Stale, match="have it already"):
        given(house, case)
    giving.take_back(house.course, case.id, "olive", row.id, "mistake")
    assert given(house, case).key != row.key


@pytest.mark.parametrize(
    "asked", [Asked(what=" ", where="here"), Asked(what="Mend it", where=""), Asked(what="x" * 3_501, where="y")]
)
def test_a_hand_over_says_what_and_where(house, case, asked):
    with pytest.raises(Refused) as refused:
        given(house, case, asked=asked)
    assert refused.value.field in ("what", "where")
    assert rows(house, Handover) == []


def test_only_what_a_partner_takes_is_handed_to_them(house):
    complaint = request(house, "complaint! You never mend anything.", "bo@else.example")
    unsure = request(house, "service_request? the light", "cy@else.example")
    closed = request(house)
    with house.store.unit("T6") as unit:
        unit.update(Case, closed.id, status=CaseStatus.CLOSED)
        unit.commit()
    for one in (complaint, unsure, closed):
        with pytest.raises(Refused):
            given(house, one)


def test_hand_overs_of_another_case_cannot_be_acted_on_from_here(house, case):
    row = given(house, case)
    other = request(house, TAP + " again", "bo@else.example")
    with pytest.raises(Refused, match="no such hand-over"):
        giving.take_back(house.course, other.id, "olive", row.id, "why")


@pytest.mark.parametrize(
    "words", ["asb_report! loud music", "service_request! [safeguarding] the tap", "service_request! [vulnerable] the tap"]
)
def test_what_is_nobody_elses_to_read_is_never_given_to_whoever_publishes(house_of, words):
    house = house_with(house_of, STREETS | {"takes": ["service_request", "asb_report"]})
    with pytest.raises(Refused, match="publish"):
        given(house, request(house, words), "streets")


def test_whoever_publishes_is_told_nothing_of_the_person(house, case):
    asked = Asked(what=TAP, where="outside 12 Rose Lane, the lamp post", access="ring Ada on 07700900123")
    given(house, case, "streets", asked)
    (letter,) = sent(house).sent
    for private in ("Ada", "Resident", "07700", "900123", "12 Rose", "resident.example"):
        assert private not in letter.text
    assert "The kitchen tap drips." in letter.text
    assert "lamp post" in letter.text


@pytest.mark.parametrize(
    ("changes", "told"), [({"address": None}, "address"), ({"key": "R!"}, "key"), ({"chase_days": 0}, "chase_days")]
)
def test_settings_of_a_partner_that_cannot_work_are_refused(house, changes, told):
    tree = house.settings.model_dump() | {"partners": [REPAIRS | changes]}
    with pytest.raises(ValueError, match=told):
        Settings(**tree)


def test_two_partners_of_one_key_are_refused(house):
    with pytest.raises(ValueError, match="two have the key"):
        Settings(**(house.settings.model_dump() | {"partners": [REPAIRS, REPAIRS]}))


def test_an_emergency_in_an_answer_is_a_task_of_danger(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    answered(house, letter, "service_request! [emergency] there is gas in the kitchen")
    (task,) = rows(house, Task, case_id=case.id, kind="handover_news")
    assert task.danger
    assert ASKED.what in rows(house, Handover)[0].summary["what"]


def test_a_stranger_who_has_our_mail_is_not_believed(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    answered(house, letter, "service_request! status: done", "stranger@else.example")
    assert (rows(house, HandoverNews), len(rows(house, Case))) == ([], 2)


def returned(house, header_id, recipient="repairs@team.example", **more):
    """Let a mail system say that a letter came back."""
    arrive(house, notification(SimpleNamespace(header_id=header_id), recipient=recipient, **more), sender="")
    settle(house)


@pytest.mark.parametrize("more", [{}, {"status": "4.4.7"}, {"returned": "Subject: x", "In_Reply_To": "named"}])
def test_f15_a_mail_to_a_partner_that_comes_back_is_a_persons_task_at_once_and_once(house, case, more):
    given(house, case)
    (letter,) = sent(house).sent
    more = {name: letter.message_id if value == "named" else value for name, value in more.items()}
    for _twice in range(2):
        returned(house, letter.message_id, **more)
    assert (state(house), waiting(house, case)) == (["failed"], ["handover_silent"])
    (task,) = rows(house, Task, case_id=case.id, kind="handover_silent")
    assert "Repairs team could not be told (our mail to them came back" in task.why
    assert [message.case_id for message in rows(house, Message)] == [case.id] * 3
    house.clock.at += timedelta(days=30)
    assert (ask_after(house.course), sent(house).sent, len(rows(house, Case))) == (0, [], 1)


def test_a_mail_that_is_only_delayed_or_was_passed_on_leaves_the_hand_over_as_it_is(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    returned(house, letter.message_id, status="4.4.1", action="delayed")
    assert (state(house), waiting(house, case)) == (["with_partner"], [])
    returned(house, letter.message_id, recipient="plumber@else.example")
    assert (state(house), waiting(house, case)) == (["with_partner"], ["handover_silent"])
    (task,) = rows(house, Task, case_id=case.id, kind="handover_silent")
    assert (
        task.why == "Repairs team passed our mail on to plumber@else.example, and from there it came back: ask them who has it"
    )


def test_a_report_that_names_no_mail_of_ours_changes_no_hand_over(house, case):
    given(house, case)
    (letter,) = sent(house).sent
    returned(house, letter.message_id.replace("@", "x@"))
    assert (state(house), waiting(house, case)) == (["with_partner"], [])


# --- taken back, and told so ---


def test_who_has_it_by_mail_is_told_that_it_was_taken_back_once_and_without_the_reason(house, case):
    row = given(house, case)
    (first,) = sent(house).sent
    giving.take_back(house.course, case.id, "olive", row.id, "she has complained about you")
    bag = sent(house)
    sent(house, bag)
    (letter,) = bag.sent
    assert (letter.recipient, letter.message_id != first.message_id) == ("repairs@team.example", True)
    assert "please do nothing more about it" in letter.text
    assert case.reference in letter.subject
    assert "complain" not in letter.subject + letter.text
    assert (state(house), waiting(house, case)) == (["taken_back"], [])
    assert events(house, case)[-2:] == ["handover_back", "handover_back_told"]
    assert BACK_TOKEN in letter.message_id
    answered(house, letter, "The plumber was there already.")
    assert waiting(house, case) == ["handover_news"]
    house.clock.at += timedelta(days=30)
    assert ask_after(house.course) == 0


def test_a_partner_who_was_never_told_is_not_told_that_it_was_taken_back(house, case):
    row = given(house, case)
    giving.take_back(house.course, case.id, "olive", row.id, "a mistake")
    assert (sent(house).sent, state(house), waiting(house, case)) == ([], ["taken_back"], [])


@pytest.mark.parametrize("failure", [PermanentFailure("no such user"), UncertainOutcome("cut")])
def test_a_partner_who_cannot_be_told_that_it_was_taken_back_is_rung(house_of, failure):
    house = house_with(house_of, REPAIRS | {"phone": "020 7946 0000"})
    case = request(house)
    row = given(house, case)
    sent(house)
    giving.take_back(house.course, case.id, "olive", row.id, "a mistake")
    bag = failing(failure, failure)
    for _ in range(3):
        sent(house, bag)
        house.clock.at += timedelta(hours=5)
    assert (bag.sent, state(house), waiting(house, case)) == ([], ["taken_back"], ["handover_tell"])
    (task,) = rows(house, Task, case_id=case.id, kind="handover_tell")
    assert "ring Repairs team (020 7946 0000)" in task.why


def test_a_partner_whom_the_mail_that_takes_back_did_not_reach_is_rung(house, case):
    row = given(house, case)
    sent(house)
    giving.take_back(house.course, case.id, "olive", row.id, "a mistake")
    (letter,) = sent(house).sent
    returned(house, letter.message_id)
    assert (state(house), waiting(house, case)) == (["taken_back"], ["handover_tell"])


def test_taking_back_waits_for_a_server_that_is_down(house, case):
    row = given(house, case)
    sent(house)
    giving.take_back(house.course, case.id, "olive", row.id, "a mistake")
    bag = failing(TemporaryFailure("busy"))
    sent(house, bag)
    assert state(house) == ["telling_back"]
    house.clock.at += timedelta(seconds=BACK_OFF[0])
    sent(house, bag)
    assert (len(bag.sent), state(house)) == (1, ["taken_back"])


# --- beside a complaint ---


def test_work_that_is_out_stays_on_a_case_that_becomes_a_complaint_and_can_be_taken_back(house, case):
    row = given(house, case)
    sent(house)
    house.deciding().decide(1, Category.COMPLAINT, "olive", "she is unhappy with us")
    (now,) = rows(house, Case)
    assert (now.category, now.also) == ("complaint", ["service_request"])
    assert state(house) == ["with_partner"]
    giving.take_back(house.course, case.id, "olive", row.id, "no request at all")
    assert state(house) == ["telling_back"]


def test_what_ended_is_never_asked_after(house, case):
    row = given(house, case)
    giving.take_back(house.course, case.id, "olive", row.id, "a mistake")
    with house.store.unit("T6") as unit:
        unit.update(Handover, row.id, chase_at=house.clock.now())
        unit.commit()
    assert ask_after(house.course) == 0
    assert waiting(house, case) == []


def test_one_that_cannot_be_written_down_keeps_no_other_from_it(house, case):
    other = request(house, TAP + " again", "bo@else.example")
    first = given(house, case)
    given(house, other)
    bag = Postbag()
    sending = sending_of(house, bag)
    real = sending._write_down

    def write(lease, row, what):
        if row.id == first.id:
            raise ValueError("words that no store can keep")
        real(lease, row, what)

    sending._write_down = write
    with pytest.raises(ValueError, match="no store"):
        asyncio.run(sending.once())
    assert (len(bag.sent), state(house)) == (2, ["due", "with_partner"])


# --- what is not ours ---

BINS = REPAIRS | {"key": "bins", "name": "Waste service", "takes": ["out_of_scope"]}
AGREED = {"consent": "Yes please pass it on, she said on the telephone", "consented_on": date(2026, 11, 23)}


def test_what_is_not_ours_goes_to_another_service_with_the_consent_that_is_kept_and_not_sent(house_of):
    house = house_with(house_of, BINS)
    case = request(house, "out_of_scope! The bins were not emptied.")
    given(house, case, "bins", Asked(what="Empty the bins", where="12 Rose Lane", **AGREED))
    (letter,) = sent(house).sent
    assert "Empty the bins" in letter.text
    assert "telephone" not in letter.text
    (event,) = rows(house, CaseEvent, case_id=case.id, kind="handed_over")
    assert AGREED["consent"] in event.details
    assert "2026-11-23" in event.details


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"consent": " "}, "consent"),
        ({"consented_on": None}, "consented_on"),
        ({"consented_on": date(2099, 1, 1)}, "consented_on"),
    ],
)
def test_what_is_not_ours_goes_nowhere_without_the_residents_consent(house_of, change, field):
    house = house_with(house_of, BINS)
    case = request(house, "out_of_scope! The bins were not emptied.")
    with pytest.raises(Refused) as refused:
        given(house, case, "bins", Asked(what="Empty the bins", where="12 Rose Lane", **(AGREED | change)))
    assert (refused.value.field, rows(house, Handover)) == (field, [])
