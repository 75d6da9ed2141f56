"""Terms, windows and calendars: each unit, each way, and what each refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jalon.core.timekeeping.calendars import NEXT_OPENING, Calendar, Freeze, subtract, union
from jalon.core.timekeeping.civil import (
    add_months,
    add_term,
    aligned,
    backward,
    in_months,
    month_name,
    period_id,
    period_name,
    windows,
)
from jalon.core.timekeeping.holidays import holidays
from jalon.core.timekeeping.terms import Term
from jalon.core.timekeeping.timetable import Year, days_between

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(((time(9), time(18)),) if day < 5 else () for day in range(7))
OFFICE = Calendar(PARIS, WEEK, "FR-metropole")
THURSDAY_OFF = Calendar(PARIS, tuple(() if day in (3, 5, 6) else ((time(9), time(18)),) for day in range(7)))
NEVER = Calendar(PARIS, ((),) * 7)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "term", "last", "rolled"),
    [
        ("2026-01-05", "P10BD", "2026-01-19", "2026-01-19"), ("2026-04-30", "P1BD", "2026-05-04", "2026-05-04"),
        ("2026-01-05", "P5D", "2026-01-10", "2026-01-12"), ("2026-01-31", "P1M", "2026-02-28", "2026-03-02"),
        ("2024-02-29", "P1Y", "2025-02-28", "2025-02-28"), ("2026-04-01", "P1M", "2026-05-01", "2026-05-04"),
    ],
)  # fmt: skip
def test_a_term_is_counted_from_the_day_after_and_rolls_where_the_rule_says_so(
    start: str, term: str, last: str, rolled: str
) -> None:
    day, length = date.fromisoformat(start), Term.parse(term)
    assert add_term(day, length, OFFICE, roll=False) == date.fromisoformat(last)
    assert add_term(day, length, OFFICE, roll=True) == date.fromisoformat(rolled)


@pytest.mark.parametrize(
    ("before", "term", "last"),
    [
        ("2026-01-19", "P10BD", "2026-01-05"), ("2026-05-04", "P1BD", "2026-04-30"), ("2026-01-12", "P2D", "2026-01-10"),
        ("2026-03-31", "P1M", "2026-02-28"), ("2024-02-29", "P1Y", "2023-02-28"),
    ],
)  # fmt: skip
def test_a_term_counted_back_never_rolls(before: str, term: str, last: str) -> None:
    assert backward(date.fromisoformat(before), Term.parse(term), OFFICE) == date.fromisoformat(last)


@pytest.mark.parametrize("written", ["PT9WH", "PT24H"])
def test_hours_end_at_an_instant_and_not_on_a_day(written: str) -> None:
    with pytest.raises(ValueError, match="ends at an instant"):
        add_term(date(2026, 1, 5), Term.parse(written), OFFICE, roll=False)
    with pytest.raises(ValueError, match="counted in hours"):
        backward(date(2026, 1, 5), Term.parse(written), OFFICE)
    with pytest.raises(ValueError, match="not a number of months"):
        in_months(Term.parse(written))


@pytest.mark.parametrize(
    "written", ["P10BD", "P1M", "P2Y", "P15D", "PT9WH", "PT24H"]
)  # fmt: skip
def test_a_term_is_written_as_it_is_read(written: str) -> None:
    assert str(Term.parse(written)) == written


@pytest.mark.parametrize("written", ["10 days", "P0D", "PT0H", "P1W", "PT1D", "p1m", "P-1D", ""])
def test_what_is_no_term_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a term|longer than zero"):
        Term.parse(written)


def test_months_and_years_are_counted_in_months() -> None:
    assert (in_months(Term(3, "months")), in_months(Term(2, "years"))) == (3, 24)
    with pytest.raises(ValueError, match="P15D is not a number of months"):
        in_months(Term(15, "days"))


def test_windows_are_anchored_and_never_chained() -> None:
    found = windows(date(2026, 1, 31), 1)
    assert [next(found) for _ in range(3)] == [
        (date(2026, 1, 31), date(2026, 2, 27)), (date(2026, 2, 28), date(2026, 3, 30)), (date(2026, 3, 31), date(2026, 4, 29)),
    ]  # fmt: skip
    assert len(list(windows(date(2026, 1, 1), 1))) == 1200


@pytest.mark.parametrize(
    ("day", "every", "first"),
    [("2026-01-01", 1, "2026-01-01"), ("2026-01-02", 1, "2026-02-01"), ("2026-02-01", 3, "2026-04-01"), ("2026-04-01", 3, "2026-04-01"),
     ("2026-04-02", 6, "2026-07-01"), ("2026-12-02", 12, "2027-01-01"), ("2026-01-02", 12, "2027-01-01")],
)  # fmt: skip
def test_a_calendar_period_begins_on_the_first_of_its_month(day: str, every: int, first: str) -> None:
    assert aligned(date.fromisoformat(day), every) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("first", "every", "id", "fr", "en"),
    [
        ("2026-05-01", 1, "2026-05", "mai 2026", "May 2026"),
        ("2026-01-01", 3, "2026-Q1", "1er trimestre 2026", "Q1 2026"), ("2026-10-01", 3, "2026-Q4", "4e trimestre 2026", "Q4 2026"),
        ("2026-02-01", 3, "2026-02", "février 2026 à avril 2026", "February 2026 to April 2026"),
        ("2026-01-01", 6, "2026-H1", "1er semestre 2026", "first half of 2026"),
        ("2026-07-01", 6, "2026-H2", "2d semestre 2026", "second half of 2026"),
        ("2026-04-01", 6, "2026-04", "avril 2026 à septembre 2026", "April 2026 to September 2026"),
        ("2026-01-01", 12, "2026", "2026", "2026"), ("2026-02-01", 12, "2026-02", "février 2026 à janvier 2027", "February 2026 to January 2027"),
    ],
)  # fmt: skip
def test_a_period_has_a_stable_name_and_one_that_people_say(
    first: str, every: int, id: str, fr: str, en: str
) -> None:
    day = date.fromisoformat(first)
    assert period_id(day, every) == id
    assert (period_name(day, every).fr, period_name(day, every).en) == (fr, en)


def test_every_month_has_its_name_in_both_languages() -> None:
    names = [month_name(date(2026, month, 1)) for month in range(1, 13)]
    assert [name.fr for name in names[::3]] == ["janvier 2026", "avril 2026", "juillet 2026", "octobre 2026"]
    assert [name.en for name in names[::3]] == ["January 2026", "April 2026", "July 2026", "October 2026"]
    assert len({name.fr for name in names}) == len({name.en for name in names}) == 12


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-03-31", -1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"),
     ("2026-01-15", 0, "2026-01-15"), ("2024-02-29", 12, "2025-02-28")],
)  # fmt: skip
def test_months_added_to_a_day(day: str, count: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(then)


# -- calendars


def test_each_day_skipped_says_why() -> None:
    closed = Calendar(PARIS, WEEK, "FR-metropole", closures=frozenset({date(2026, 8, 3)}))
    said = {day: closed.skipped(day) for day in days_between(date(2026, 7, 13), date(2026, 8, 3))}
    assert said[date(2026, 7, 13)] is None
    assert said[date(2026, 7, 14)].en == "Bastille Day"  # type: ignore[union-attr]
    assert said[date(2026, 7, 18)].en == "weekend"  # type: ignore[union-attr]
    assert said[date(2026, 8, 3)].en == "closure"  # type: ignore[union-attr]
    thursday = THURSDAY_OFF.skipped(date(2026, 7, 16))
    assert thursday is not None and (thursday.fr, thursday.en) == ("jour fermé", "closed day")


def test_the_holidays_that_were_fixed_rule_whatever_the_statute_says() -> None:
    frozen = Calendar(
        PARIS, WEEK, "FR-metropole", frozen={2026: frozenset({date(2026, 7, 14), date(2026, 7, 15)})}
    )
    assert frozen.skipped(date(2026, 7, 14)).en == "Bastille Day"  # type: ignore[union-attr]
    assert frozen.skipped(date(2026, 7, 15)).en == "public holiday"  # type: ignore[union-attr]
    assert frozen.skipped(date(2026, 12, 25)) is None
    assert frozen.skipped(date(2025, 12, 25)).en == "Christmas Day"  # type: ignore[union-attr]


def test_a_calendar_that_follows_another_moves_nothing_before_its_day() -> None:
    changed = OFFICE.followed_by(THURSDAY_OFF, date(2026, 3, 1))
    assert changed.skipped(date(2026, 2, 26)) is None
    assert changed.skipped(date(2026, 3, 5)) is not None
    assert (changed.on(date(2026, 2, 28)), changed.on(date(2026, 3, 1))) == (OFFICE, changed)
    twice = changed.followed_by(OFFICE, date(2026, 4, 1))
    assert [
        twice.is_business_day(day) for day in (date(2026, 2, 26), date(2026, 3, 26), date(2026, 4, 2))
    ] == [True, False, True]


def test_days_fixed_during_a_year_hold_from_the_day_of_their_fixing() -> None:
    from pathlib import Path

    from jalon.core.agreement.loading import parse

    folder = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
    spec = parse((folder / "agreement.yaml").read_text(encoding="utf-8")).calendars["provider"]
    days = frozenset({date(2026, 1, 2), date(2026, 7, 15)})
    calendar = Calendar.of(
        spec, [Freeze(date(2026, 6, 1), 2026, days, frozenset({date(2026, 5, 4), date(2026, 8, 3)}))]
    )
    assert not calendar.is_business_day(date(2026, 5, 1))  # before: by the statute
    assert calendar.is_business_day(date(2026, 1, 2))
    assert calendar.is_business_day(date(2026, 7, 14)) and not calendar.is_business_day(date(2026, 7, 15))
    assert calendar.is_business_day(date(2026, 5, 4)) and not calendar.is_business_day(date(2026, 8, 3))
    again = Calendar.of(
        spec,
        [
            Freeze(date(2026, 6, 1), 2026, days),
            Freeze(date(2026, 9, 1), 2026, frozenset({date(2026, 11, 2)})),
        ],
    )
    assert not again.is_business_day(date(2026, 7, 15)) and not again.is_business_day(date(2026, 11, 2))


def test_business_days_both_ways() -> None:
    monday = date(2026, 1, 5)
    assert OFFICE.add_business_days(monday, 0) == monday
    assert OFFICE.business_days(date(2026, 1, 2), monday) == [monday]
    assert OFFICE.business_days(monday, date(2026, 1, 7)) == [date(2026, 1, 6), date(2026, 1, 7)]
    assert OFFICE.roll(date(2026, 1, 3)) == monday == OFFICE.roll(monday)


def test_what_happens_exactly_at_closing_time_is_the_calendars_own_rule() -> None:
    rolls = Calendar(PARIS, WEEK, "FR-metropole", at_closing=NEXT_OPENING)
    nine_hours = timedelta(hours=9)
    assert OFFICE.add_working_time(at("2026-01-09T09:00"), nine_hours) == at("2026-01-09T18:00")
    assert rolls.add_working_time(at("2026-01-09T09:00"), nine_hours) == at("2026-01-12T09:00")
    assert rolls.add_working_time(at("2026-01-09T09:00"), timedelta(hours=1)) == at("2026-01-09T10:00")


def test_no_time_at_all_is_the_next_opening() -> None:
    friday_night = at("2026-01-09T20:00")
    assert OFFICE.add_working_time(friday_night, timedelta()) == at("2026-01-12T09:00")
    assert OFFICE.counted_spans(friday_night, timedelta()) == [
        (at("2026-01-12T09:00"), at("2026-01-12T09:00"))
    ]
    assert OFFICE.next_opening(at("2026-12-31T18:00")) == at("2027-01-04T09:00")
    assert OFFICE.next_opening(at("2026-01-09T10:00")) == at("2026-01-09T10:00")


def test_a_calendar_that_is_never_open_says_so() -> None:
    with pytest.raises(ValueError, match="no open day"):
        NEVER.next_opening(at("2026-01-05T10:00"))
    with pytest.raises(ValueError, match="no open day"):
        NEVER.add_working_time(at("2026-01-05T10:00"), timedelta(hours=1))


def test_pauses_give_back_the_open_time_that_they_take() -> None:
    start = at("2026-01-05T09:00")
    lunch = (at("2026-01-05T12:00"), at("2026-01-05T14:00"))
    night = (at("2026-01-05T17:00"), at("2026-01-06T10:00"))
    later = (at("2026-01-20T09:00"), at("2026-01-20T10:00"))
    end = OFFICE.add_working_time(start, timedelta(hours=9), [later, night, lunch])
    assert end == at("2026-01-06T13:00")
    spans = OFFICE.counted_spans(start, timedelta(hours=9), [lunch, night, later])
    assert sum((b - a for a, b in spans), timedelta()) == timedelta(hours=9)
    assert spans[-1][1] == end
    assert OFFICE.working_time(start, end, [lunch, night, later]) == timedelta(hours=9)
    assert OFFICE.working_time(end, start) == timedelta()


def test_stretches_are_joined_and_cut() -> None:
    def hour(n: int) -> datetime:
        return datetime(2026, 1, 5, n, tzinfo=UTC)

    assert union(
        [(hour(3), hour(5)), (hour(1), hour(2)), (hour(2), hour(3)), (hour(7), hour(7)), (hour(4), hour(4))]
    ) == [(hour(1), hour(5))]
    assert union([(hour(1), hour(6)), (hour(2), hour(3)), (hour(8), hour(9))]) == [
        (hour(1), hour(6)),
        (hour(8), hour(9)),
    ]
    cut = [(hour(2), hour(3)), (hour(5), hour(7)), (hour(9), hour(10))]
    assert list(subtract([(hour(1), hour(6)), (hour(6), hour(8))], cut)) == [
        (hour(1), hour(2)), (hour(3), hour(5)), (hour(7), hour(8)),
    ]  # fmt: skip
    assert list(subtract([(hour(5), hour(6))], cut)) == []
    assert list(subtract([(hour(3), hour(5))], cut)) == [(hour(3), hour(5))]


def test_the_open_time_of_a_year_is_one_ruler() -> None:
    def hour(n: int) -> datetime:
        return datetime(1970, 1, 1, n, tzinfo=UTC)

    one = 3_600_000_000
    year = Year.of([(hour(1), hour(2)), (hour(2), hour(4)), (hour(6), hour(6)), (hour(8), hour(10))])
    assert (year.starts, year.ends, year.before, year.total) == (
        (one, 8 * one),
        (4 * one, 10 * one),
        (0, 3 * one),
        5 * one,
    )
    assert [year.open_before(n * one) for n in (0, 1, 2, 4, 6, 8, 9, 12)] == [
        0,
        0,
        one,
        3 * one,
        3 * one,
        3 * one,
        4 * one,
        5 * one,
    ]
    assert [year.reached(n * one) for n in (1, 3, 4, 5)] == [2 * one, 4 * one, 9 * one, 10 * one]
    assert [year.opening_after(n * one) for n in (0, 1, 3, 4, 9, 10)] == [
        one,
        one,
        3 * one,
        8 * one,
        9 * one,
        None,
    ]
    assert list(year.between(2 * one, 9 * one)) == [(2 * one, 4 * one), (8 * one, 9 * one)]
    assert list(year.between(4 * one, 8 * one)) == []
    assert list(year.between(0, 24 * one)) == [(one, 4 * one), (8 * one, 10 * one)]
    inside = Year.of([(hour(1), hour(5)), (hour(2), hour(3))])
    assert (inside.starts, inside.ends) == ((one,), (5 * one,))


def test_an_unknown_list_of_holidays_is_refused_and_none_has_none() -> None:
    with pytest.raises(ValueError, match="“FR” is not a holiday set: write one of none, FR-metropole"):
        holidays("FR", 2026)
    assert holidays("none", 2026) == {}
    assert date(2026, 4, 3) not in holidays("FR-alsace-moselle", 2026)
    assert date(2026, 4, 3) in holidays("FR-alsace-moselle", 2026, good_friday=True)
    assert date(2026, 12, 26) not in holidays("FR-metropole", 2026)
