"""The working calendar, against GOV.UK's own list and at the ends of what is known."""

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from handlers.calendar import PUBLISHED, CalendarGap, WorkingCalendar

CALENDAR = WorkingCalendar()
FIRST, LAST = CALENDAR.reach()
OFFICIAL = BankHolidays(use_cached_holidays=True)
ENGLAND = BankHolidays.ENGLAND_AND_WALES


def _every_day():
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def test_every_day_within_reach_is_a_working_day_exactly_when_gov_uk_says_so():
    differing = [day for day in _every_day() if CALENDAR.is_working_day(day) != OFFICIAL.is_work_day(day, division=ENGLAND)]
    assert differing == []


def test_the_published_numbers_are_gov_uks():
    for year, number in PUBLISHED.items():
        assert len(OFFICIAL.get_holidays(division=ENGLAND, year=year)) == number, year


def test_the_years_published_follow_one_another_and_reach_the_last_of_gov_uks_list():
    assert list(PUBLISHED) == list(range(min(PUBLISHED), max(PUBLISHED) + 1))
    assert max(PUBLISHED) == max(holiday["date"].year for holiday in OFFICIAL.get_holidays(division=ENGLAND))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 12, 22), 5, ["2026-12-23", "2026-12-24", "2026-12-29", "2026-12-30", "2026-12-31"]),
        (date(2026, 12, 26), 1, ["2026-12-29"]),
        (date(2027, 3, 25), 2, ["2027-03-30", "2027-03-31"]),
        (date(2019, 12, 31), 1, ["2020-01-02"]),
        (date(2022, 6, 1), 1, ["2022-06-06"]),
        (date(2022, 9, 16), 1, ["2022-09-20"]),
        (date(2023, 5, 5), 1, ["2023-05-09"]),
    ],
)
def test_day_one_is_the_first_working_day_after_the_start(start, days, expected):
    assert [day.isoformat() for day in CALENDAR.count(start, days)] == expected


def test_a_proclaimed_extra_holiday_counts_as_a_bank_holiday_and_is_named_in_the_version():
    crowning = date(2027, 5, 12)
    calendar = WorkingCalendar(extra_holidays=[crowning])
    assert not calendar.is_working_day(crowning)
    assert calendar.count(date(2027, 5, 11), 1) == (date(2027, 5, 13),)
    assert calendar.version == f"{CALENDAR.version} +2027-05-12"


def test_the_landlords_own_closed_days_never_extend_a_clock():
    closed = [date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)]
    calendar = WorkingCalendar(closed_days=closed)
    assert calendar.closed_days == frozenset(closed)
    assert calendar.count(date(2026, 12, 22), 5) == CALENDAR.count(date(2026, 12, 22), 5)
    assert all(map(calendar.is_working_day, closed))
    assert calendar.version == CALENDAR.version


@pytest.mark.parametrize(
    ("start", "days"), [(date(2028, 12, 29), 1), (date(2028, 12, 22), 5), (date(2029, 1, 1), 1), (date(2019, 12, 30), 1)]
)
def test_f19_a_sum_beyond_the_known_years_is_refused_and_never_guessed(start, days):
    with pytest.raises(CalendarGap, match="beyond the bank holidays known from 2020 to 2028"):
        CALENDAR.count(start, days)


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2029, 1, 1), date(2029, 6, 6), date(1999, 1, 1)])
def test_f19_a_day_beyond_the_known_years_is_neither_a_working_day_nor_none(day):
    with pytest.raises(CalendarGap):
        CALENDAR.is_working_day(day)


def test_f19_the_last_known_days_are_still_counted():
    assert CALENDAR.count(date(2028, 12, 28), 1) == (date(2028, 12, 29),)


def test_f19_a_year_for_which_the_library_holds_no_holidays_is_refused():
    with pytest.raises(CalendarGap, match="has 0 bank holidays for 2101 where 8 are published"):
        WorkingCalendar(trusted_until=2101)


def test_f19_a_year_for_which_the_library_holds_too_few_holidays_is_refused(monkeypatch):
    # 2022 had ten: if the jubilee and the funeral were not in the data, every sum of that year would be short.
    monkeypatch.setitem(PUBLISHED, 2026, 9)
    with pytest.raises(CalendarGap, match="has 8 bank holidays for 2026 where 9 are published"):
        WorkingCalendar()


def test_a_person_who_compared_the_list_can_lengthen_the_reach():
    calendar = WorkingCalendar(trusted_until=2030)
    assert calendar.reach() == (date(2020, 1, 1), date(2030, 12, 31))
    assert calendar.count(date(2029, 1, 1), 1) == (date(2029, 1, 2),)
    assert "2020-2030" in calendar.version


def test_a_reach_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="begins in 2020"):
        WorkingCalendar(trusted_until=2019)


@pytest.mark.parametrize("days", [0, -1])
def test_no_days_cannot_be_counted(days):
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.count(date(2026, 6, 1), days)


def test_other_nations_bank_holidays_are_working_days():
    scotland, ireland = date(2026, 1, 2), date(2026, 3, 17)
    assert CALENDAR.is_working_day(scotland)
    assert CALENDAR.is_working_day(ireland)
