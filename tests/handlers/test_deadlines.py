"""The worked examples of the strict reading, and the same sums by an independent slow count."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.calendar import CalendarGap, WorkingCalendar
from handlers.deadlines import (
    RULES,
    DeadlineRule,
    acknowledge_by,
    by_rule,
    end_of,
    explain,
    proposed_changes,
    respond_by,
    respond_by_if_extended,
)

CALENDAR = WorkingCalendar()
LONDON = ZoneInfo("Europe/London")


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


# received, stage, acknowledge by, acknowledged on, respond by, longest extension
WORKED = [
    (london(2026, 12, 22, 10), 1, "2026-12-31", "2026-12-22", "2027-01-08", "2027-01-22"),
    (london(2026, 12, 22, 10), 1, "2026-12-31", "2026-12-31", "2027-01-15", "2027-01-29"),
    (london(2026, 12, 24, 16, 45), 1, "2027-01-05", "2027-01-05", "2027-01-19", "2027-02-02"),
    (date(2026, 12, 26), 1, "2027-01-05", "2027-01-05", "2027-01-19", "2027-02-02"),
    (london(2026, 12, 31, 23, 59), 1, "2027-01-08", "2027-01-08", "2027-01-22", "2027-02-05"),
    (london(2027, 1, 1, 0, 1), 1, "2027-01-08", "2027-01-08", "2027-01-22", "2027-02-05"),
    (london(2027, 1, 8, 23, 59), 1, "2027-01-15", "2027-01-15", "2027-01-29", "2027-02-12"),
    (london(2027, 1, 9, 9), 1, "2027-01-15", "2027-01-15", "2027-01-29", "2027-02-12"),
    (date(2027, 3, 24), 1, "2027-04-02", "2027-04-02", "2027-04-16", "2027-04-30"),
    (utc(2027, 3, 25, 23, 59), 1, "2027-04-05", "2027-04-05", "2027-04-19", "2027-05-04"),
    (utc(2027, 3, 28, 1, 30), 1, "2027-04-05", "2027-04-05", "2027-04-19", "2027-05-04"),
    (date(2027, 4, 30), 1, "2027-05-10", "2027-05-10", "2027-05-24", "2027-06-08"),
    (date(2027, 5, 3), 1, "2027-05-10", "2027-05-10", "2027-05-24", "2027-06-08"),
    (utc(2027, 5, 6, 23, 30), 1, "2027-05-14", "2027-05-14", "2027-05-28", "2027-06-14"),
    (utc(2027, 2, 4, 23, 30), 1, "2027-02-11", "2027-02-11", "2027-02-25", "2027-03-11"),
    (date(2026, 12, 11), 2, "2026-12-18", "2026-12-14", "2027-01-14", "2027-02-11"),
    (date(2027, 3, 8), 2, "2027-03-15", "2027-03-09", "2027-04-08", "2027-05-07"),
]


@pytest.mark.parametrize("row", WORKED)
def test_the_worked_examples_come_out_as_written(row):
    received, stage, acknowledge, acknowledged, respond, extended = row
    at = date.fromisoformat(acknowledged)
    assert acknowledge_by(received, stage, CALENDAR).due_on.isoformat() == acknowledge
    assert respond_by(received, at, stage, CALENDAR).due_on.isoformat() == respond
    assert respond_by_if_extended(received, at, stage, CALENDAR).due_on.isoformat() == extended


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("hazard_investigate", date(2026, 12, 23), "2027-01-11"),
        ("hazard_summary", date(2026, 12, 29), "2027-01-04"),
        ("hazard_make_safe", date(2026, 12, 29), "2027-01-06"),
        ("hazard_begin", date(2026, 12, 29), "2027-03-23"),
    ],
)
def test_the_worked_examples_of_hazards_come_out_as_written(rule, start, due):
    assert by_rule(rule, start, CALENDAR).due_on.isoformat() == due


def test_an_emergency_hazard_has_twenty_four_hours_that_pass_over_the_change_of_the_clocks():
    due = by_rule("hazard_emergency", utc(2027, 3, 27, 20, 15), CALENDAR)
    assert due.due_at == london(2027, 3, 28, 21, 15)
    assert due.due_on == date(2027, 3, 28)
    assert "24 hours as they pass. Due Sun 28 Mar 2027 at 21:15, London time." in explain(due)


def test_the_window_for_escalating_can_end_before_a_lawful_answer_at_stage_one():
    window = CALENDAR.count(date(2027, 2, 1), 20)[-1]
    assert window == date(2027, 3, 1)
    assert respond_by_if_extended(date(2027, 2, 1), None, 1, CALENDAR).due_on == date(2027, 3, 8)


def test_a_late_acknowledgement_buys_no_time():
    received = date(2027, 1, 8)
    in_time = respond_by(received, date(2027, 1, 15), 1, CALENDAR)
    assert respond_by(received, date(2027, 2, 26), 1, CALENDAR) == in_time
    assert respond_by(received, None, 1, CALENDAR) == in_time


def test_an_acknowledgement_on_the_day_of_receipt_starts_the_clock_that_day():
    due = respond_by(utc(2027, 6, 7, 9), utc(2027, 6, 7, 9, 0, 1), 1, CALENDAR)
    assert (due.counted_from, due.due_on) == (date(2027, 6, 7), date(2027, 6, 21))


def test_an_acknowledgement_before_the_complaint_is_refused():
    with pytest.raises(ValueError, match="before it was received"):
        respond_by(date(2027, 1, 8), date(2027, 1, 7), 1, CALENDAR)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="give its zone"):
        acknowledge_by(datetime(2027, 1, 8, 9), 1, CALENDAR)  # noqa: DTZ001 - the zone is missing on purpose


def test_a_deadline_ends_with_the_last_second_of_its_london_day():
    assert end_of(date(2027, 1, 15)) == utc(2027, 1, 15, 23, 59, 59)
    assert end_of(date(2027, 5, 14)) == utc(2027, 5, 14, 22, 59, 59)
    due = acknowledge_by(date(2027, 5, 7), 1, CALENDAR)
    assert due.due_at == utc(2027, 5, 14, 22, 59, 59)


def test_a_deadline_carries_its_rule_provision_arithmetic_and_calendar():
    due = acknowledge_by(date(2026, 12, 22), 2, CALENDAR)
    assert (due.rule, due.provision, due.calendar) == ("acknowledge_2", "Code 6.11", CALENDAR.version)
    assert due.counted == CALENDAR.count(date(2026, 12, 22), 5)
    assert due.counted_from == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("code", "provision", "days"),
    [
        ("acknowledge_1", "Code 6.2", 5),
        ("acknowledge_2", "Code 6.11", 5),
        ("respond_1", "Code 6.3", 10),
        ("respond_2", "Code 6.14", 20),
        ("extend_1", "Code 6.4", 10),
        ("extend_2", "Code 6.15", 20),
        ("petition", "policy 6.3", 10),
        ("triage", "the landlord's own practice", 1),
        ("quarantine", "the landlord's own practice", 1),
        ("undelivered", "the landlord's own practice", 3),
        ("confirm_definition", "Code 5.6", 5),
    ],
)
def test_each_rule_has_the_days_of_its_provision(code, provision, days):
    rule = RULES[code]
    assert (rule.provision, rule.working_days) == (provision, days)
    due = by_rule(code, date(2026, 12, 22), CALENDAR)
    assert due.counted == CALENDAR.count(date(2026, 12, 22), days)


@pytest.mark.parametrize("periods", [{}, {"working_days": 5, "hours": 24}, {"working_days": -1}, {"calendar_days": 0}])
def test_a_rule_names_exactly_one_period(periods):
    with pytest.raises(ValueError, match="exactly one of"):
        DeadlineRule(code="odd", what="", provision="", starts_from="", **periods)


def test_hours_cannot_be_counted_from_a_bare_date():
    with pytest.raises(ValueError, match="needs a time"):
        by_rule("hazard_emergency", date(2027, 3, 27), CALENDAR)


def test_the_explanation_shows_every_day_counted_and_every_bank_holiday_left_out():
    said = explain(acknowledge_by(date(2026, 12, 22), 1, CALENDAR))
    assert "(Code 6.2): counted from Tue 22 Dec 2026 (receipt), which is day 0." in said
    assert "1 Wed 23 Dec 2026, 2 Thu 24 Dec 2026, 3 Tue 29 Dec 2026, 4 Wed 30 Dec 2026, 5 Thu 31 Dec 2026." in said
    assert "Bank holidays left out: Fri 25 Dec 2026, Mon 28 Dec 2026." in said
    assert "Due by the end of Thu 31 Dec 2026." in said


def test_every_rule_can_be_explained():
    for code, rule in RULES.items():
        said = explain(by_rule(code, utc(2027, 6, 7, 9), CALENDAR))
        assert rule.what in said
        assert rule.provision in said


# The slow count shares nothing with the code under test but the London time zone's name: GOV.UK's list, day by day.
HOLIDAYS = {
    holiday["date"] for holiday in BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
}


def slow_count(day, days):
    while days:
        day += timedelta(days=1)
        if day.strftime("%A") not in {"Saturday", "Sunday"} and day not in HOLIDAYS:
            days -= 1
    return day


def slow_dates(received, acknowledged, stage):
    last_acknowledgement = slow_count(received.astimezone(ZoneInfo("Europe/London")).date(), 5)
    start = last_acknowledgement
    if acknowledged is not None:
        start = min(start, acknowledged.astimezone(ZoneInfo("Europe/London")).date())
    respond = slow_count(start, {1: 10, 2: 20}[stage])
    return last_acknowledgement, respond, slow_count(respond, {1: 10, 2: 20}[stage])


def fast_dates(received, acknowledged, stage):
    sums = (
        acknowledge_by(received, stage, CALENDAR),
        respond_by(received, acknowledged, stage, CALENDAR),
        respond_by_if_extended(received, acknowledged, stage, CALENDAR),
    )
    return tuple(due.due_on for due in sums)


AWKWARD = [
    london(2025, 3, 30, 2, 30),
    london(2026, 10, 25, 1, 30),
    london(2026, 10, 25, 1, 30, 0, 0).replace(fold=1),
    london(2027, 10, 31, 0, 59, 59),
    london(2026, 12, 24, 23, 59, 59),
    london(2026, 12, 31, 23, 59),
    london(2028, 4, 13, 23, 30),
    london(2028, 2, 29, 12),
]
INSTANTS = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - the zone is missing on purpose
    max_value=datetime(2028, 12, 31, 23, 59, 59),  # noqa: DTZ001 - the zone is missing on purpose
    timezones=st.sampled_from([UTC, LONDON, ZoneInfo("Asia/Dhaka"), ZoneInfo("America/New_York")]),
)
DELAYS = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40))


def agree(received, delay, stage):
    acknowledged = None if delay is None else received.astimezone(UTC) + delay
    expected = slow_dates(received, acknowledged, stage)
    if expected[-1].year > 2028:
        # GOV.UK's list ends with 2028, so the slow count is not to be trusted, and the calendar must refuse.
        with pytest.raises(CalendarGap):
            fast_dates(received, acknowledged, stage)
    else:
        assert fast_dates(received, acknowledged, stage) == expected


@pytest.mark.parametrize("received", AWKWARD)
@pytest.mark.parametrize("stage", [1, 2])
def test_f18_awkward_instants_agree_with_a_slow_count_day_by_day(received, stage):
    agree(received, None, stage)
    agree(received, timedelta(hours=2), stage)


@given(received=INSTANTS, delay=DELAYS, stage=st.sampled_from([1, 2]))
@settings(max_examples=1_000, deadline=None, database=None)
def test_f18_a_thousand_random_instants_agree_with_a_slow_count_day_by_day(received, delay, stage):
    agree(received, delay, stage)


@pytest.mark.slow
@given(several=st.lists(st.tuples(INSTANTS, DELAYS, st.sampled_from([1, 2])), min_size=40, max_size=40))
@settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_f18_twenty_thousand_random_instants_agree_with_a_slow_count_day_by_day(several):
    # Drawn forty at a time: to draw an example costs far more than to count its days.
    for received, delay, stage in several:
        agree(received, delay, stage)


def test_f20_a_deadline_once_worked_out_cannot_be_changed():
    due = acknowledge_by(date(2027, 5, 7), 1, CALENDAR)
    with pytest.raises(FrozenInstanceError):
        due.due_on = date(2027, 5, 17)


def test_f20_a_proclaimed_holiday_moves_nothing_by_itself_and_lists_what_a_person_may_approve():
    before = [acknowledge_by(date(2027, 5, day), 1, CALENDAR) for day in (4, 7, 14)]
    kept = list(before)
    proclaimed = WorkingCalendar(extra_holidays=[date(2027, 5, 13)])
    changes = proposed_changes(before, proclaimed)
    assert before == kept
    # From 4 May day 5 is 11 May, before the new holiday; from 14 May the count begins after it.
    assert [(old.due_on.isoformat(), new.due_on.isoformat()) for old, new in changes] == [("2027-05-14", "2027-05-17")]
    assert changes[0][0].calendar == CALENDAR.version
    assert changes[0][1].calendar == proclaimed.version


def test_f20_deadlines_that_count_no_working_days_are_never_proposed_for_change():
    dues = [by_rule("hazard_begin", date(2027, 5, 7), CALENDAR), by_rule("hazard_emergency", utc(2027, 5, 12, 9), CALENDAR)]
    assert proposed_changes(dues, WorkingCalendar(extra_holidays=[date(2027, 5, 13), date(2027, 7, 30)])) == ()
