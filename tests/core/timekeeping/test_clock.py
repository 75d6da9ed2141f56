"""Working time against a counter that goes minute by minute, and holidays against a kept library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays as library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.timekeeping.calendars import NEXT_OPENING, Calendar
from jalon.core.timekeeping.civil import add_months
from jalon.core.timekeeping.holidays import holidays

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(((time(9), time(12, 30)), (time(14), time(18))) if day < 5 else () for day in range(7))
OFFICE = Calendar(PARIS, WEEK, "FR-metropole")
ALWAYS = Calendar(PARIS, tuple(((time(), time()),) for _day in range(7)))
# Both changes of the clocks of 2026, and ordinary weeks.
STARTS = st.one_of(
    st.integers(0, 4 * 24 * 60).map(lambda m: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=m)),
    st.integers(0, 4 * 24 * 60).map(lambda m: datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=m)),
    st.integers(0, 300 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)),
)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the minute that begins at `at` is working time, asked of the clock on the wall."""
    local = at.astimezone(PARIS)
    if not calendar.is_business_day(local.date()):
        return False
    wall = local.time()
    return any(
        start <= wall and (wall < end or end == time()) for start, end in calendar.open[local.weekday()]
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([OFFICE, ALWAYS]), STARTS, st.integers(1, 20 * 60))
def test_adding_working_time_agrees_with_counting_minutes(calendar, start, minutes):
    at, left = start, minutes
    while left:
        left -= is_open(calendar, at)
        at += timedelta(minutes=1)
    assert calendar.add_working_time(start, timedelta(minutes=minutes)) == at


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([OFFICE, ALWAYS]), STARTS, st.integers(0, 3 * 24 * 60))
def test_working_time_agrees_with_counting_minutes(calendar, start, length):
    counted = sum(is_open(calendar, start + timedelta(minutes=m)) for m in range(length))
    assert calendar.working_time(start, start + timedelta(minutes=length)) == timedelta(minutes=counted)


def test_four_hours_across_the_end_of_summer_time():
    start = datetime(2026, 10, 25, 0, 30, tzinfo=PARIS)
    assert (
        ALWAYS.add_working_time(start, timedelta(hours=4)).astimezone(PARIS).isoformat()
        == "2026-10-25T03:30:00+01:00"
    )


def test_the_statute_and_a_kept_library_agree_on_every_holiday():
    for year in range(2008, 2051):  # from 2005 to 2007 the library leaves Whit Monday out (day of solidarity)
        assert set(holidays("FR-metropole", year)) == set(library.country_holidays("FR", years=year))
        alsace = library.country_holidays("FR", subdiv="6AE", years=year)
        assert set(holidays("FR-alsace-moselle", year, good_friday=True)) == set(alsace)


def test_the_act_and_a_kept_library_agree_on_every_bank_holiday_of_england():
    for year in range(2016, 2051):
        kept = {day for day in library.country_holidays("GB", subdiv="ENG", years=year) if day.weekday() < 5}
        assert set(holidays("GB-england", year)) == kept, year


def test_months_keep_the_day_number_or_take_the_last():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)


def test_a_term_of_days_rolls_over_a_weekend_and_easter_monday():
    from jalon.core.timekeeping.civil import add_term, backward
    from jalon.core.timekeeping.terms import Term

    assert add_term(date(2026, 3, 20), Term.parse("P15D"), OFFICE, roll=True) == date(2026, 4, 7)
    assert add_term(date(2026, 4, 20), Term.parse("P10BD"), OFFICE, roll=False) == date(2026, 5, 5)
    assert backward(date(2025, 2, 28), Term.parse("P60D"), OFFICE) == date(2024, 12, 30)


def test_what_happens_exactly_at_closing_time_is_a_rule_of_the_calendar():
    friday = datetime(2026, 5, 22, 16, tzinfo=PARIS)  # Whit Monday follows
    rolling = replace(OFFICE, at_closing=NEXT_OPENING)
    two = timedelta(hours=2)
    assert OFFICE.add_working_time(friday, two) == datetime(2026, 5, 22, 18, tzinfo=PARIS)
    assert rolling.add_working_time(friday, two) == datetime(2026, 5, 26, 9, tzinfo=PARIS)
    before_lunch = datetime(2026, 5, 22, 11, 30, tzinfo=PARIS)
    assert rolling.add_working_time(before_lunch, timedelta(hours=1)) == datetime(
        2026, 5, 22, 14, tzinfo=PARIS
    )
    assert rolling.add_working_time(before_lunch, timedelta(minutes=59)) == datetime(
        2026, 5, 22, 12, 29, tzinfo=PARIS
    )
    # What never closes has no closing time, at midnight either.
    around_the_clock = replace(ALWAYS, at_closing=NEXT_OPENING)
    assert around_the_clock.add_working_time(friday, timedelta(hours=8)) == datetime(
        2026, 5, 23, tzinfo=PARIS
    )


def test_a_calendar_that_is_never_open_says_so():
    never = Calendar(PARIS, ((),) * 7)
    with pytest.raises(ValueError, match="no open day"):
        never.add_working_time(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1))
    with pytest.raises(ValueError, match="no open day"):
        never.next_opening(datetime(2026, 1, 1, tzinfo=UTC))
    assert (
        never.working_time(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)) == timedelta()
    )


def test_a_dated_closure_and_a_frozen_year_are_not_open():
    closed = replace(OFFICE, closures=frozenset({date(2026, 3, 3)}))
    assert str(closed.skipped(date(2026, 3, 3)).en) == "closure"
    assert closed.add_working_time(datetime(2026, 3, 2, 17, tzinfo=PARIS), timedelta(hours=2)) == datetime(
        2026, 3, 4, 10, tzinfo=PARIS
    )
    # The list of a year is the one that was frozen, whatever the statute says since: here 14 July is worked, 15 July is not.
    frozen = replace(OFFICE, frozen={2026: frozenset({date(2026, 7, 15)})})
    assert frozen.is_business_day(date(2026, 7, 14)) and not frozen.is_business_day(date(2026, 7, 15))
    assert not frozen.is_business_day(date(2027, 7, 14))
