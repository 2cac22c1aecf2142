"""A danger in any message is assessed by a person, and the law's clocks run from when we became aware (SI 2025/1042)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hazard_house import BY, GAS, assessed, at, clocks, events, found, rows, state, told, waiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chats import update, updates, wrote
from classifiers.taxonomy import Category
from desks import add_person
from handlers.calendar import WorkingCalendar
from handlers.case_acts import Refused
from handlers.closing import close
from handlers.deadlines import by_rule
from handlers.hazards import assessing, telling, working
from handlers.hazards.catalogue import LEVELS, hazards, what_binds
from handlers.hazards.sent import summary_went
from houses import NOON, Postbag, arrive, house_of, mail, settle
from intake.channel import TemporaryFailure
from store.course_models import Breach, Warned
from store.hazard_models import Hazard
from store.models import Case, Deadline, OutboxEntry, Task

__all__ = ["house_of"]

TODAY = date(2026, 11, 23)
PHASE_2 = date(2026, 11, 30)


@pytest.fixture
def house(house_of):
    opened = house_of()
    add_person(opened, BY, "officer", teams=("repairs",))
    add_person(opened, "mona", "manager", teams=("repairs",))
    return opened


def leave(house, bag=None):
    bag = bag or Postbag()
    asyncio.run(house.outbox(bag).once(500))
    return bag


def looked(house, case, hazard, on=TODAY, outcome="danger"):
    return working.investigated(house.course, case.id, BY, hazard.id, on=on, outcome=outcome, found="There is mould.")


def summary(house, case, hazard, **changes):
    said = {"tenant": "Ada Resident", "found": "There is mould.", "doing": "- we clean it on Friday 27 November 2026"} | changes
    return telling.send_summary(house.course, case.id, BY, hazard.id, **said)


# --- the list ---


def test_the_hazards_are_dated_data_and_what_is_not_sure_says_so():
    listed = hazards()
    assert len(listed) == 30
    assert listed["damp_mould"].binds("significant", date(2025, 10, 27))
    assert not listed["damp_mould"].binds("significant", date(2025, 10, 26))
    assert listed["fire"].binds("emergency", date(2025, 10, 27))
    assert not listed["fire"].binds("significant", PHASE_2 - timedelta(days=1))
    assert listed["fire"].binds("significant", PHASE_2)
    assert not listed["overcrowding"].binds("emergency", date(2030, 1, 1))
    assert {row.kind for row in listed.values() if row.confirmed} == {"damp_mould", "overcrowding"}
    assert "to be confirmed" in what_binds("fire", "significant", TODAY)
    assert "sets no times" in what_binds("noise", "significant", TODAY)
    assert what_binds("noise", "emergency", TODAY) == ""


# --- a person is asked, whatever the message is ---


@pytest.mark.parametrize("category", ["service_request!", "complaint!", "asb_report!", "out_of_scope!", "complaint?"])
@pytest.mark.parametrize("flag", ["emergency", "hazard", "damp_mould"])
def test_a_message_of_any_category_with_a_danger_asks_a_person_to_assess_it(house, category, flag):
    case = told(house, f"{category} [{flag}] words")
    task = waiting(house, case)["hazard_assess"]
    assert task.danger is (flag != "damp_mould")
    assert (task.due_at == task.opened_at) is (flag == "emergency")
    assert [row.kind for row in rows(house, Task, case_id=case.id)].count("hazard_assess") == 1


def test_a_reply_that_tells_of_a_danger_asks_too_and_an_emergency_again(house):
    case = told(house, "service_request! a tap drips")
    leave(house)
    header = rows(house, OutboxEntry, case_id=case.id)[0].header_id
    for words in ("service_request! [hazard] now the socket sparks", "service_request! [emergency] it burns"):
        house.clock.at += timedelta(minutes=5)
        arrive(house, mail(words, In_Reply_To=header))
        settle(house)
    tasks = [task for task in rows(house, Task, case_id=case.id) if task.kind == "hazard_assess"]
    assert [task.due_at == task.opened_at for task in tasks] == [False, True]


def test_taking_the_danger_off_a_message_finishes_its_task(house):
    case = told(house, GAS)
    message = waiting(house, case)["hazard_assess"].message_id
    house.deciding().decide(message, Category.SERVICE_REQUEST, BY, "a drill", flags=())
    assert "hazard_assess" not in waiting(house, case)


# --- the assessment ---


def test_a_significant_hazard_is_looked_at_within_ten_working_days_of_the_message(house):
    house.clock.at = at(date(2026, 12, 23))
    case = told(house)
    house.clock.at = at(date(2026, 12, 29))
    hazard = assessed(house, case)
    assert clocks(house, case) == {"hazard_investigate": date(2027, 1, 11)}
    assert hazard.aware_at == at(date(2026, 12, 23))
    assert "hazard_assess" not in waiting(house, case)


def test_an_emergency_has_24_hours_as_they_pass_through_the_night_the_clocks_change(house):
    house.clock.at = datetime(2027, 3, 27, 20, 15, tzinfo=UTC)
    case = told(house, GAS)
    assessed(house, case, level="emergency", kind="uncombusted_gas")
    (row,) = rows(house, Deadline, case_id=case.id, rule="hazard_emergency")
    assert row.due_at == datetime(2027, 3, 28, 20, 15, tzinfo=UTC)


def test_its_clock_runs_beside_the_complaints(house):
    case = told(house, "complaint! [hazard] the ceiling falls and nobody comes")
    assessed(house, case, kind="structure")
    running = {row.rule for row in rows(house, Deadline, case_id=case.id, superseded_at=None)}
    assert running == {"acknowledge_1", "respond_1", "hazard_investigate"}


def test_a_hazard_that_the_law_does_not_bind_yet_has_the_same_clock_as_our_own_practice(house):
    case = told(house)
    assessed(house, case, kind="fire")
    (row,) = rows(house, Deadline, case_id=case.id, rule="hazard_investigate")
    assert (row.due_on, row.provision.startswith("the landlord's own practice")) == (date(2026, 12, 7), True)
    assessed(house, case, kind="damp_mould")
    assert rows(house, Deadline, case_id=case.id)[-1].provision.startswith("Hazards in Social Housing")


@pytest.mark.parametrize("level", ["none", "outside"])
def test_no_hazard_and_one_outside_the_law_set_no_clock_and_keep_the_reasons(house, level):
    case = told(house)
    hazard = assessed(house, case, level=level, tenure="not_tenant")
    assert clocks(house, case) == {}
    assert (hazard.reasons, hazard.by, hazard.ended_at is not None) == (found().reasons, BY, True)
    assert "hazard_assessed" in events(house, case)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "middling"}, "level"),
        ({"kind": "dragons"}, "kind"),
        ({"tenure": ""}, "tenure"),
        ({"reasons": "  "}, "reasons"),
        ({"level": "emergency", "tenure": "not_tenant"}, "level"),
    ],
)
def test_an_assessment_that_does_not_say_all_is_refused(house, changes, field):
    case = told(house)
    with pytest.raises(Refused) as refused:
        assessed(house, case, **changes)
    assert refused.value.field == field
    assert rows(house, Hazard) == []


@pytest.mark.parametrize("by", ["machine", "sweep", ""])
def test_no_machine_assesses_or_ends_anything(house, by):
    case = told(house)
    hazard = assessed(house, case)
    c, one = house.course, (case.id, by)
    acts = (
        lambda: assessing.assess(c, *one, found()),
        lambda: assessing.assess_again(c, *one, found(), hazard_id=hazard.id),
        lambda: working.investigated(c, *one, hazard.id, on=TODAY, outcome="nothing", found="no"),
        lambda: working.made_safe(c, *one, hazard.id, at=house.clock.now(), how="x", works="no"),
        lambda: working.works_begun(c, *one, hazard.id, on=TODAY, what="x"),
        lambda: working.cannot_be_safe(c, *one, hazard.id, why="x", stay="arranging", on=None),
        lambda: telling.send_summary(c, *one, hazard.id, tenant="A", found="x", doing="x"),
        lambda: telling.summary_given(c, *one, hazard.id, on=TODAY, how="x"),
    )
    for act in acts:
        with pytest.raises(Refused, match="person"):
            act()


# --- what is done about it ---


def test_summary_safety_and_works_run_from_the_end_of_the_investigation(house):
    house.clock.at = at(date(2026, 12, 23))
    case = told(house)
    hazard = assessed(house, case)
    house.clock.at = at(date(2026, 12, 29), 17)
    looked(house, case, hazard, on=date(2026, 12, 29))
    assert clocks(house, case) == {
        "hazard_summary": date(2027, 1, 4),
        "hazard_make_safe": date(2027, 1, 6),
        "hazard_begin": date(2027, 3, 23),
    }
    assert state(house, case, "hazard_investigate") == "met"


def test_the_summary_is_owed_until_its_letter_has_really_gone(house):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    leave(house)
    summary(house, case, hazard)
    letter = rows(house, OutboxEntry, case_id=case.id)[-1]
    assert "Dear Ada Resident," in letter.text
    assert "Damp and mould." in letter.text
    assert "make it safe by Monday 30 November 2026" in letter.text
    assert state(house, case, "hazard_summary") == "running"

    def refuse(_reply):
        raise TemporaryFailure("451 later")

    leave(house, Postbag(refuse))
    assert state(house, case, "hazard_summary") == "running"
    house.clock.at += timedelta(hours=1)
    leave(house)
    assert state(house, case, "hazard_summary") == "met"
    assert rows(house, Hazard)[0].summary_sent_at == house.clock.now()


def test_by_chat_a_summary_that_only_says_that_there_is_one_meets_nothing(house):
    wrote(house, "service_request! [hazard] the wall is wet")
    (case,) = rows(house, Case)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    telling.send_summary(house.course, case.id, BY, hazard.id, tenant="Ada", found="Wet.", doing="- we mend it")
    letter = rows(house, OutboxEntry, case_id=case.id)[-1]
    with house.store.unit("T5") as unit:
        unit.update(OutboxEntry, letter.id, short="We finished. Ask us for what we found.")
        assert summary_went(unit, case.id, letter.id, house.clock.now()) == []
        unit.update(OutboxEntry, letter.id, short="It is here: https://contact.example/case/x")
        assert [event["kind"] for event in summary_went(unit, case.id, letter.id, house.clock.now())] == ["deadline_met"]


def test_a_summary_given_on_paper_meets_its_clock_on_its_day(house):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    house.clock.at = at(date(2026, 11, 30))
    telling.summary_given(house.course, case.id, BY, hazard.id, on=date(2026, 11, 27), how="on paper at the visit")
    assert state(house, case, "hazard_summary") == "late"
    with pytest.raises(Refused, match="already"):
        telling.summary_given(house.course, case.id, BY, hazard.id, on=date(2026, 11, 27), how="again")


def test_a_hazard_ends_when_it_is_safe_begun_and_told_and_not_before(house):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    working.made_safe(house.course, case.id, BY, hazard.id, at=house.clock.now(), how="washed", works="yes")
    working.works_begun(house.course, case.id, BY, hazard.id, on=TODAY, what="the gutter")
    assert rows(house, Hazard)[0].ended_at is None
    summary(house, case, hazard)
    leave(house)
    assert rows(house, Hazard)[0].ended_at is not None
    assert clocks(house, case) == {}
    assert "hazard_ended" in events(house, case)


def test_nothing_found_owes_the_summary_alone(house):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard, outcome="nothing")
    assert set(clocks(house, case)) == {"hazard_summary"}
    summary(house, case, hazard, doing="")
    leave(house)
    assert rows(house, Hazard)[0].ended_at is not None


def test_an_emergency_is_made_safe_within_its_hours_whether_or_not_it_was_investigated(house):
    case = told(house, GAS)
    hazard = assessed(house, case, level="emergency", kind="uncombusted_gas")
    house.clock.at += timedelta(hours=30)
    at_ = NOON + timedelta(hours=24, minutes=1)
    working.made_safe(house.course, case.id, BY, hazard.id, at=at_, how="capped", works="no")
    assert state(house, case, "hazard_emergency") == "late"
    looked(house, case, hazard, on=TODAY)
    assert set(clocks(house, case)) == {"hazard_summary", "hazard_begin"}


def test_where_it_cannot_be_made_safe_in_time_somewhere_to_stay_is_owed_and_the_home_still_has_to_be_safe(house):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    c = house.course
    working.cannot_be_safe(c, case.id, BY, hazard.id, why="the wall must dry", stay="arranging", on=None)
    working.cannot_be_safe(c, case.id, BY, hazard.id, why="it still must dry", stay="arranging", on=None)
    (task,) = rows(house, Task, case_id=case.id, kind="hazard_stay")
    assert (task.danger, task.due_at.date()) == (True, date(2026, 11, 30))
    assert state(house, case, "hazard_make_safe") == "running"
    house.clock.at += timedelta(days=1)
    working.cannot_be_safe(c, case.id, BY, hazard.id, why="the wall must dry", stay="offered", on=date(2026, 11, 24))
    assert state(house, case, "hazard_make_safe") == "met"
    assert "hazard_stay" not in waiting(house, case)
    summary(house, case, hazard)
    leave(house)
    working.works_begun(c, case.id, BY, hazard.id, on=date(2026, 11, 24), what="drying")
    assert rows(house, Hazard)[0].ended_at is None
    working.made_safe(c, case.id, BY, hazard.id, at=house.clock.now(), how="dry", works="no")
    assert rows(house, Hazard)[0].ended_at is not None


def test_a_material_change_starts_an_assessment_anew_from_the_news_of_it(house):
    case = told(house)
    hazard = assessed(house, case)
    house.clock.at = at(date(2026, 11, 25))
    leave(house)
    header = rows(house, OutboxEntry, case_id=case.id)[0].header_id
    arrive(house, mail("service_request! [emergency] now the ceiling came down", In_Reply_To=header))
    settle(house)
    house.clock.at += timedelta(minutes=20)
    changed = found(level="emergency", kind="structure", reasons="the ceiling came down")
    assessing.assess_again(house.course, case.id, BY, changed, hazard_id=hazard.id)
    old, new = rows(house, Hazard)
    assert (old.replaced_by, old.ended_at is not None) == (new.id, True)
    assert state(house, case, "hazard_investigate") == "ended"
    (row,) = rows(house, Deadline, case_id=case.id, rule="hazard_emergency")
    assert row.due_at == at(date(2026, 11, 26))
    with pytest.raises(Refused, match="assessed again"):
        looked(house, case, hazard)


def test_two_hazards_of_one_case_have_clocks_of_their_own(house):
    case = told(house)
    first, second = assessed(house, case), assessed(house, case, kind="electrical")
    looked(house, case, first)
    running = [row.id for row in rows(house, Deadline, case_id=case.id, rule="hazard_investigate", met_at=None)]
    assert running == [second.clocks["hazard_investigate"]]


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 11, 24)])
def test_nothing_was_done_before_we_knew_or_will_have_been_done_tomorrow(house, on):
    case = told(house)
    hazard = assessed(house, case)
    with pytest.raises(Refused):
        looked(house, case, hazard, on=on)


@pytest.mark.parametrize("clock", ["", "25:00", "9", "9:61", "nine", "١:٠٠"])
def test_a_time_that_is_none_is_refused(clock):
    with pytest.raises(Refused) as refused:
        working.instant(TODAY, clock)
    assert refused.value.field == "clock"


def test_a_time_is_londons():
    assert working.instant(date(2027, 6, 1), "21.15") == datetime(2027, 6, 1, 20, 15, tzinfo=UTC)


# --- warnings, breaches, closing ---


def test_a_hazards_clock_that_nears_warns_and_one_that_passes_is_a_breach_like_any_other(house):
    case = told(house)
    assessed(house, case)
    house.clock.at = at(date(2026, 12, 4))
    house.sweep().once()
    assert {row.step for row in rows(house, Warned, case_id=case.id)} >= {"first"}
    house.clock.at = at(date(2026, 12, 8))
    house.sweep().once()
    assert [row.rule for row in rows(house, Breach, case_id=case.id)] == ["hazard_investigate"]


def test_an_emergency_that_is_not_safe_after_its_hours_is_a_breach_the_same_hour(house):
    case = told(house, GAS)
    assessed(house, case, level="emergency", kind="uncombusted_gas")
    house.clock.at = NOON + timedelta(hours=24, minutes=1)
    house.sweep().once()
    assert "hazard_emergency" in [row.rule for row in rows(house, Breach, case_id=case.id)]


@pytest.mark.parametrize("made_safe", [False, True])
def test_a_home_that_is_not_safe_by_its_date_asks_for_somewhere_to_stay_as_the_summary_promised(house, made_safe):
    case = told(house)
    hazard = assessed(house, case)
    looked(house, case, hazard)
    if made_safe:
        working.made_safe(house.course, case.id, BY, hazard.id, at=house.clock.now(), how="cleaned", works="no")
    house.clock.at = at(date(2026, 12, 1))
    for _ in range(2):
        house.sweep().once()
    tasks = rows(house, Task, case_id=case.id, kind="hazard_stay")
    assert [(task.danger, task.message_id) for task in tasks] == ([] if made_safe else [(True, hazard.message_id)])


def test_a_summary_of_a_complaint_that_is_late_promises_no_date_that_has_passed(house):
    case = told(house, "complaint! [damp_mould] Nobody did anything about the mould in my bedroom for a year.")
    hazard = assessed(house, case)
    house.clock.at = at(date(2026, 12, 9))
    looked(house, case, hazard, on=date(2026, 12, 9))
    summary(house, case, hazard)
    text = rows(house, OutboxEntry, case_id=case.id)[-1].text
    assert "We said that you would have it by Monday 7 December 2026. It is late, and we are sorry." in text
    assert "We will send you our answer by" not in text


def test_a_case_is_not_closed_while_a_hazards_clock_runs(house):
    case = told(house)
    assessed(house, case)
    with pytest.raises(Refused, match="investigate a significant hazard"):
        close(house.acts, case.id, BY, "done", "over")


CALENDAR = WorkingCalendar()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    aware=st.integers(0, 640 * 1440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    level=st.sampled_from(["emergency", "significant"]),
)
def test_the_clocks_never_run_backwards_and_an_emergencys_hours_are_exact(aware, level):
    assert level in LEVELS
    if level == "emergency":
        assert by_rule("hazard_emergency", aware, CALENDAR).due_at - aware == timedelta(hours=24)
        return
    looked_by = by_rule("hazard_investigate", aware, CALENDAR)
    assert len(looked_by.counted) == 10
    assert all(CALENDAR.is_working_day(day) for day in looked_by.counted)
    dues = [by_rule(rule, looked_by.due_on, CALENDAR) for rule in ("hazard_summary", "hazard_make_safe", "hazard_begin")]
    assert [due.due_at for due in dues] == sorted(due.due_at for due in dues)
    assert dues[2].due_on - looked_by.due_on == timedelta(weeks=12)


# --- the safety reply, end to end ---


@pytest.mark.parametrize("category", ["service_request!", "complaint!", "asb_report!", "out_of_scope!", "complaint?"])
def test_whoever_writes_of_an_emergency_is_told_at_once_to_phone_by_mail_and_by_chat(house, category):
    told(house, f"{category} [emergency] I smell gas")
    updates(house, update(house, 1, text=f"{category} [emergency] I smell gas in the hall"))
    by_mail, by_chat = rows(house, OutboxEntry)
    assert by_mail.created_at == by_mail.next_at == NOON
    assert by_mail.text.index("Please phone now if anyone is in danger") < by_mail.text.index("call 999") < 800
    for number in ("call 999", "0800 111 999", "0800 028 2028"):
        assert number in by_mail.text
    assert "In danger? Call 999." in by_chat.short
    assert "0800 028 2028" in by_chat.short


def test_a_reply_that_tells_of_an_emergency_is_told_at_once_too_and_any_other_reply_is_not(house):
    told(house, "service_request! a tap drips")
    leave(house)
    header = rows(house, OutboxEntry)[0].header_id
    for words in ("service_request! when do you come?", "service_request! [emergency] now it is gas"):
        house.clock.at += timedelta(minutes=5)
        arrive(house, mail(words, In_Reply_To=header))
        settle(house)
    _logged, receipt = rows(house, OutboxEntry)
    assert (receipt.kind, receipt.recipient, receipt.created_at) == ("receipt", "ada@resident.example", house.clock.now())
    assert "Please phone now if anyone is in danger" in receipt.text
    assert len(leave(house).sent) == 1


def test_a_reply_that_is_logged_as_a_complaint_is_answered_once_with_the_warning(house):
    told(house, "service_request! a tap drips")
    leave(house)
    header = rows(house, OutboxEntry)[0].header_id
    arrive(house, mail("complaint! [emergency] This is a complaint: it is gas.", In_Reply_To=header))
    settle(house)
    letters = rows(house, OutboxEntry)
    assert [letter.kind for letter in letters] == ["service_request_logged", "complaint_acknowledged"]
    assert "Please phone now if anyone is in danger" in letters[1].text
