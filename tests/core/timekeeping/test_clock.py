"""Working time against a counter that goes minute by minute, and holidays against a kept library."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays as library
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.timekeeping.calendars import Calendar
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
